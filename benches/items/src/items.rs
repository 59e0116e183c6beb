//! The items that are measured. `pk` and `sk` are the table's keys.

use std::collections::BTreeMap;

use itemseal::{AttributeValue, Item, TableConfig};

/// An item and its name in the tables.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Sample {
    /// What the tables call it.
    pub name: &'static str,
    /// The item, plain.
    pub item: Item,
}

impl Sample {
    /// An item, and what the tables call it.
    pub fn new(name: &'static str, item: Item) -> Self {
        Self { name, item }
    }
}

/// Attributes that are signed and stored in clear, besides the keys.
pub const SIGN_ONLY: [&str; 2] = ["region", "status"];

/// The table that the items belong to.
///
/// # Errors
/// None: the configuration is constant.
pub fn table(suite: itemseal::AlgorithmSuite) -> itemseal::Result<TableConfig> {
    TableConfig::builder("Orders")
        .partition_key("pk")
        .sort_key("sk")
        .sign_only(SIGN_ONLY)
        .suite(suite)
        .build()
}

/// All of them, from small to large.
pub fn samples() -> Vec<Sample> {
    vec![
        Sample { name: "small", item: small() },
        Sample { name: "typical", item: typical() },
        Sample { name: "wide", item: wide(98, 30) },
        Sample { name: "deep", item: deep(20) },
        Sample { name: "blob", item: blob(100 * 1024) },
    ]
}

fn keys() -> Item {
    Item::new().with("pk", "customer-4711").with("sk", number("20261121"))
}

fn number(text: &str) -> AttributeValue {
    AttributeValue::N(text.to_owned())
}

fn texts(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|&text| text.to_owned()).collect()
}

/// 5 attributes, 3 of them encrypted strings; about 200 bytes.
pub fn small() -> Item {
    ["text1", "text2", "text3"].iter().fold(keys(), |item, &name| item.with(name, "x".repeat(50)))
}

/// 14 attributes, 10 of them encrypted, of every type; about 1 KB.
pub fn typical() -> Item {
    let line = map([("count", number("3")), ("sku", "A-1".into())]);
    let profile = map([
        ("language", "en".into()),
        ("notes", "z".repeat(80).into()),
        ("since", number("2019")),
    ]);
    keys()
        .with("status", "shipped")
        .with("region", "eu-west-1")
        .with("name", "n".repeat(120))
        .with("address", "a".repeat(300))
        .with("amount", number("1234567.89"))
        .with("photo", vec![0x17; 200])
        .with("active", true)
        .with("nothing", AttributeValue::Null)
        .with("tags", AttributeValue::Ss(texts(&["alpha", "beta", "gamma"])))
        .with("codes", AttributeValue::Ns(texts(&["1", "22", "333"])))
        .with("lines", AttributeValue::L(vec!["first line".into(), number("2"), line]))
        .with("profile", profile)
}

/// `count` encrypted strings of `length` bytes.
pub fn wide(count: usize, length: usize) -> Item {
    (0..count).fold(keys(), |item, n| item.with(format!("attribute{n:05}"), "w".repeat(length)))
}

/// A map in a map, `levels` deep.
pub fn deep(levels: usize) -> Item {
    let inner = AttributeValue::from("at the bottom");
    keys().with("tree", (1..levels).fold(inner, |inner, _| map([("level", inner)])))
}

/// One binary value of `length` bytes.
pub fn blob(length: usize) -> Item {
    keys().with("blob", vec![0x2a; length])
}

fn map<const N: usize>(entries: [(&str, AttributeValue); N]) -> AttributeValue {
    let entries = entries.into_iter().map(|(name, value)| (name.to_owned(), value));
    AttributeValue::M(entries.collect::<BTreeMap<_, _>>())
}
