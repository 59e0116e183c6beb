//! Versions, suites and recipients.

use itemseal::AlgorithmSuite;

use super::{Case, Expect, encrypt, key, keys, order, orders};
use crate::compare;
use crate::table::suite_name;

pub(super) async fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    for version in [1, 2] {
        for suite in [AlgorithmSuite::HmacOnly, AlgorithmSuite::EcdsaP384] {
            for recipients in 1..=3 {
                let (table, item) = (orders(version, suite), order(version));
                let stored = encrypt(&table, &keys(recipients), &item).await;
                for reader in 0..recipients {
                    let (n, suite) = (reader + 1, suite_name(suite));
                    cases.push(Case {
                        name: format!("v{version}-{suite}-recipient-{n}-of-{recipients}"),
                        why: format!(
                            "format version {version}, suite {suite}; the reader holds only key {n} of {recipients}"
                        ),
                        expect: Expect::Opens(compare::expected(&table, &item)),
                        table: table.clone(),
                        keys: vec![key(reader)],
                        stored: stored.clone(),
                    });
                }
            }
        }
    }
    cases
}
