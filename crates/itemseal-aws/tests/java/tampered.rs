//! What was changed in the table is refused by both.

use itemseal::{AlgorithmSuite, AttributeValue, Item};

use crate::bench::{Bench, HOME, Side, key_of};
use crate::compare::same;
use crate::table::{Key, PARTITION, SORT, Table};

/// What AWS's library says.
const SIGNATURE: &str = "Signature of record does not match";
const COMMITMENT: &str = "Key commitment mismatch";
const KMS: &str = "InvalidCiphertextException";

/// The item with one bit of an attribute changed.
fn flipped(stored: &Item, name: &str, at: usize) -> Item {
    let mut bytes = stored.get(name).unwrap().as_b().unwrap().to_vec();
    bytes[at] ^= 1;
    stored.clone().with(name, bytes)
}

#[tokio::test]
async fn a_changed_item_is_refused_by_both_and_opens_again_when_it_is_put_back() {
    let Some(bench) = Bench::new() else { return };
    let mut refused = 0;
    for (version, suite) in [(1, AlgorithmSuite::EcdsaP384), (2, AlgorithmSuite::HmacOnly)] {
        let name = format!("Tampered-{version}");
        let table = Table { name, version, suite, partition: Key::S, sort: Key::N };
        bench.create(&table).await;
        let ours = bench.client(Side::Ours, &table, HOME).await;
        let java = bench.client(Side::Java, &table, HOME).await;
        for writer in [&ours, &java] {
            let item = Item::new()
                .with(PARTITION, "g")
                .with(SORT, AttributeValue::N("1".into()))
                .with("Card", "4111 1111 1111 1111")
                .with("Email", "a@example.com")
                .with("Status", "Shipped")
                .with("Tenant", "t-1")
                .with("Länder", true)
                .with("c", AttributeValue::N("7".into()));
            let item = [item];
            let key = [key_of(&item[0])];
            writer.run("put", &item).await.unwrap();
            let stored = bench.stored(&table, HOME, &item[0]);
            let header = stored.get("aws_dbe_head").unwrap().as_b().unwrap();
            let swap = |name| stored.get(name).unwrap().clone();
            let changes = [
                (SIGNATURE, flipped(&stored, "Card", 5)),
                (COMMITMENT, flipped(&stored, "aws_dbe_head", header.len() - 1)),
                (SIGNATURE, flipped(&stored, "aws_dbe_foot", 5)),
                (SIGNATURE, stored.clone().with("Status", "Returned")),
                // In version 2 it is in the context that KMS is given.
                (if version == 1 { SIGNATURE } else { KMS }, stored.clone().with("Tenant", "t-2")),
                (SIGNATURE, stored.clone().with("Card", swap("Email")).with("Email", swap("Card"))),
            ];
            let region = bench.lab.tables().region(HOME).unwrap();
            for (why, changed) in changes {
                region.put(&table.name, changed).unwrap();
                let error = java.run("get", &key).await.expect_err(why);
                assert!(error.contains(why), "{why}: {error}");
                ours.run("get", &key).await.expect_err(why);
                refused += 1;
            }
            region.put(&table.name, stored).unwrap();
            same("put back, by Java", &java.run("get", &key).await.unwrap(), &item);
            same("put back, by ours", &ours.run("get", &key).await.unwrap(), &item);
        }
    }
    println!("{refused} changed items refused by both");
}
