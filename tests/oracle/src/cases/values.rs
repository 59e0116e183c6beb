//! Types and values.

use std::collections::BTreeMap;

use itemseal::{AlgorithmSuite, AttributeValue, Item, MAX_DEPTH};

use super::{Case, Expect, encrypt, key, keys, number, order, orders};
use crate::compare;
use crate::probes::lists;
use crate::table::{Action, Table};

pub(super) async fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    for (name, why, value) in values() {
        // Encrypted, signed and in the context: all three in one item.
        let table = orders(2, AlgorithmSuite::HmacOnly);
        let item = Item::new()
            .with("OrderID", name)
            .with("CustomerID", 1)
            .with("Card", value.clone())
            .with("Status", value.clone())
            .with("Tenant", value);
        cases.push(case(name, why, table, item).await);
    }
    for (name, why, table, item) in items() {
        cases.push(case(name, why, table, item).await);
    }
    cases
}

async fn case(name: &str, why: &str, table: Table, item: Item) -> Case {
    let stored = encrypt(&table, &keys(1), &item).await;
    Case {
        name: name.to_owned(),
        why: why.to_owned(),
        expect: Expect::Opens(compare::expected(&table, &item)),
        table,
        keys: vec![key(0)],
        stored,
    }
}

fn texts<const N: usize>(set: [&str; N]) -> Vec<String> {
    set.map(str::to_owned).to_vec()
}

fn values() -> Vec<(&'static str, &'static str, AttributeValue)> {
    use AttributeValue::{B, Bool, Bs, L, M, Ns, Null, S, Ss};
    let keys = ["z", "\u{ff61}", "\u{1d11e}", "aa", "a"];
    let map = keys.map(|key| (key.to_owned(), S(key.to_owned()))).into();
    let mixed = vec![Null, number("1E2"), Ss(texts(["b", "a"])), L(vec![Bool(false)])];
    vec![
        ("string", "S, characters of one to four bytes", S("a\u{e9}\u{ff61}\u{1d11e}".to_owned())),
        ("number", "N, given with an exponent and superfluous zeros", number("-00120.50E+1")),
        ("binary", "B", B(vec![0, 1, 0xff])),
        ("boolean", "BOOL", Bool(true)),
        ("null", "NULL", Null),
        (
            "string-set",
            "SS in the order of UTF-16, which is not that of UTF-8",
            Ss(texts(["\u{ff61}", "\u{1d11e}", "b", "a", ""])),
        ),
        (
            "number-set",
            "NS in the order of the normal forms' text",
            Ns(texts(["9", "10", "1e0", "-2.50"])),
        ),
        (
            "binary-set",
            "BS in the order of the bytes",
            Bs(vec![vec![2], vec![], vec![1, 1], vec![1]]),
        ),
        ("list", "L of several types, with a set and a number to normalise inside", L(mixed)),
        ("map", "M with its keys in the order of UTF-16", M(map)),
        ("empty-string", "S of no characters", S(String::new())),
        ("empty-binary", "B of no bytes", B(Vec::new())),
        ("empty-list", "L of no elements", L(Vec::new())),
        ("empty-map", "M of no entries", M(BTreeMap::new())),
        (
            "empty-string-set",
            "SS of no elements; DynamoDB would not store it in clear",
            Ss(Vec::new()),
        ),
        ("nested-32-levels", "as deep as the format allows", lists(MAX_DEPTH)),
        (
            "largest-number",
            "9.99\u{2026}E+125 with 38 digits",
            number("9.9999999999999999999999999999999999999E+125"),
        ),
        ("smallest-number", "-1E-130", number("-1E-130")),
        ("minus-zero", "zero has no sign", number("-0.00")),
    ]
}

fn items() -> Vec<(&'static str, &'static str, Table, Item)> {
    let signed = || orders(1, AlgorithmSuite::EcdsaP384);
    let keyed = |value: AttributeValue| order(1).with("OrderID", value);
    let mut without_sort_key = signed();
    without_sort_key.sort_key = None;
    let mut no_sort_item = order(1);
    no_sort_item.remove("CustomerID");
    let mut named = signed();
    let names = ["a", "bb", "\u{e9}", "\u{ff61}", "\u{1d11e}", "\u{1d11e}\u{1d11e}", "a.b[0]", "$"];
    named.actions.extend(names.map(|name| (name.to_owned(), Action::Encrypt)));
    let names = names.into_iter().fold(order(1), |item, name| item.with(name, name));
    let only_keys = Item::new().with("OrderID", "12345").with("CustomerID", 567);
    vec![
        (
            "key-number",
            "a partition key of type N, not in normal form",
            signed(),
            keyed(number("1.50E1")),
        ),
        (
            "key-binary",
            "a partition key of type B",
            signed(),
            keyed(AttributeValue::B(vec![0, 0xff])),
        ),
        ("no-sort-key", "a table without a sort key", without_sort_key, no_sort_item),
        ("names", "names order by their length in UTF-16 first", named, names),
        (
            "only-keys",
            "an item of nothing but its keys: no field is encrypted",
            signed(),
            only_keys,
        ),
    ]
}
