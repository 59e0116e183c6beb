//! What a change to a stored item does: nearly everything is refused, and what is not is listed.
//!
//! The rows are those of SECURITY.md, "What the format does not detect".

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "tests fail by panicking"
)]

use std::collections::BTreeMap;

use itemseal::{
    AlgorithmSuite, AttributeValue, ErrorKind, Item, ItemEncryptor, MultiKeyring, RawAesKeyring,
    TableConfig,
};

/// The ways to write an item that the matrix covers.
#[derive(Clone, Copy, Debug)]
struct Way {
    suite: AlgorithmSuite,
    version: u8,
    recipients: usize,
}

fn ways() -> Vec<Way> {
    let mut ways = Vec::new();
    for suite in [AlgorithmSuite::HmacOnly, AlgorithmSuite::EcdsaP384] {
        for version in [1, 2] {
            ways.extend([1, 2].map(|recipients| Way { suite, version, recipients }));
        }
    }
    ways
}

fn keyring(name: &str) -> RawAesKeyring {
    let key: Vec<u8> = name.bytes().cycle().take(32).collect();
    RawAesKeyring::new("tests", name, key).unwrap()
}

fn table(name: &str, way: Way) -> TableConfig {
    let table = TableConfig::builder(name)
        .partition_key("OrderID")
        .sort_key("Line")
        .sign_only(["Status", "Total", "Tags", "Weights"])
        .unsigned(["Views"])
        .unsigned_prefix(":")
        .suite(way.suite);
    if way.version == 2 { table.context(["Tenant"]).build() } else { table.build() }.unwrap()
}

/// Writes for every recipient.
fn writer(way: Way) -> ItemEncryptor {
    let mut keyrings = MultiKeyring::new(keyring("first"));
    for recipient in 1..way.recipients {
        keyrings = keyrings.and(keyring(&format!("other {recipient}")));
    }
    ItemEncryptor::new(table("Orders", way), keyrings)
}

/// Reads as the first recipient.
fn reader(way: Way) -> ItemEncryptor {
    ItemEncryptor::new(table("Orders", way), keyring("first"))
}

fn strings(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|&text| text.to_owned()).collect()
}

/// Every type in clear or encrypted; the number "1E3" has other spellings one bit away.
fn order() -> Item {
    Item::new()
        .with("OrderID", "order-1")
        .with("Line", AttributeValue::N("7".into()))
        .with("Status", "Shipped")
        .with("Total", AttributeValue::N("1E3".into()))
        .with("Tags", AttributeValue::Ss(strings(&["red", "new"])))
        .with("Weights", AttributeValue::Ns(strings(&["1.5", "20"])))
        .with("Tenant", "acme")
        .with("Views", AttributeValue::N("12".into()))
        .with(":note", "free")
        .with("Card", "4111 1111 1111 1111")
        .with("Photo", vec![1, 2, 3])
        .with("Gift", true)
        .with("Nothing", AttributeValue::Null)
        .with("Codes", AttributeValue::Bs(vec![vec![1], vec![2]]))
        .with("Lines", AttributeValue::L(vec!["a".into(), 5.into()]))
        .with("Address", AttributeValue::M(BTreeMap::from([("City".to_owned(), "Cork".into())])))
}

fn is_unsigned(name: &str) -> bool {
    name == "Views" || name == ":note"
}

/// Every value that differs from `value` in one bit of one leaf. Text that would no longer be UTF-8
/// cannot be given to this API, nor be stored by DynamoDB, and is left out.
fn one_bit_away(value: &AttributeValue) -> Vec<AttributeValue> {
    fn flips(bytes: &[u8]) -> impl Iterator<Item = Vec<u8>> + '_ {
        (0..bytes.len() * 8).map(|bit| {
            let mut flipped = bytes.to_vec();
            flipped[bit / 8] ^= 1 << (bit % 8);
            flipped
        })
    }
    fn text_flips(text: &str) -> impl Iterator<Item = String> + '_ {
        flips(text.as_bytes()).filter_map(|bytes| String::from_utf8(bytes).ok())
    }
    fn set_flips(set: &[String]) -> Vec<Vec<String>> {
        let one = |(index, text): (usize, &String)| {
            let with = move |flipped| {
                let mut set = set.to_vec();
                set[index] = flipped;
                set
            };
            text_flips(text).map(with).collect::<Vec<_>>()
        };
        set.iter().enumerate().flat_map(one).collect()
    }
    match value {
        AttributeValue::S(text) => text_flips(text).map(AttributeValue::S).collect(),
        AttributeValue::N(text) => text_flips(text).map(AttributeValue::N).collect(),
        AttributeValue::B(bytes) => flips(bytes).map(AttributeValue::B).collect(),
        AttributeValue::Ss(set) => set_flips(set).into_iter().map(AttributeValue::Ss).collect(),
        AttributeValue::Ns(set) => set_flips(set).into_iter().map(AttributeValue::Ns).collect(),
        other => panic!("no signed attribute of the stored item has the type {other:?}"),
    }
}

/// Which row of the list accepts a changed attribute, if any may.
fn accepting_row(
    way: Way,
    name: &str,
    stored: &AttributeValue,
    changed: &AttributeValue,
) -> Option<&'static str> {
    match (stored, changed) {
        (AttributeValue::N(a), AttributeValue::N(b)) if same_number(a, b) => Some("A4"),
        (AttributeValue::B(a), AttributeValue::B(b)) if name == "aws_dbe_foot" => {
            // The tags of recipients other than the reader.
            let foreign = 48..48 * way.recipients;
            let altered = a.iter().zip(b).position(|(a, b)| a != b)?;
            foreign.contains(&altered).then_some("A6")
        }
        _ => None,
    }
}

fn same_number(a: &str, b: &str) -> bool {
    match (itemseal::normalize_number(a), itemseal::normalize_number(b)) {
        (Ok(a), Ok(b)) => a == b,
        _ => false,
    }
}

#[tokio::test]
async fn every_bit_of_every_signed_byte() {
    let mut total = 0;
    for way in ways() {
        let reader = reader(way);
        let stored = writer(way).encrypt_item(order()).await.unwrap();
        let mut accepted: BTreeMap<&str, usize> = BTreeMap::new();
        let mut refused = 0;
        for (name, value) in stored.iter().filter(|(name, _)| !is_unsigned(name)) {
            for changed in one_bit_away(value) {
                let row = accepting_row(way, name, value, &changed);
                let mut item = stored.clone();
                item.insert(name, changed);
                match (reader.decrypt_item(item).await, row) {
                    (Err(_), None) => refused += 1,
                    (Ok(_), Some(row)) => *accepted.entry(row).or_default() += 1,
                    (Ok(_), None) => panic!("{way:?}: a changed {name} was accepted"),
                    (Err(error), Some(row)) => panic!("{way:?}: {name}, {row}: {error:?}"),
                }
            }
        }
        println!("{way:?}: {refused} changes refused, accepted by row {accepted:?}");
        assert!(refused > 8 * 400, "an item has more bytes than that");
        // "1E3" is "1e3" one bit away; a foreign tag has 384 bits.
        let foreign = (way.recipients - 1) * 384;
        let expected = if foreign == 0 {
            BTreeMap::from([("A4", 1)])
        } else {
            BTreeMap::from([("A4", 1), ("A6", foreign)])
        };
        assert_eq!(accepted, expected, "{way:?}");
        total += refused + accepted.values().sum::<usize>();
    }
    println!("tamper: {total} single-bit changes, 0 accepted outside of the list");
}

async fn refused(way: Way, what: &str, item: Item) {
    let error = reader(way).decrypt_item(item).await.expect_err(&format!("{way:?}: {what}"));
    let kind = error.kind();
    assert!(matches!(kind, ErrorKind::Authentication | ErrorKind::Malformed), "{what}: {error:?}");
    if kind == ErrorKind::Authentication {
        // It says no more than that.
        assert_eq!((error.attribute(), error.code(), error.region()), (None, None, None));
    }
}

#[tokio::test]
async fn truncated_extended_and_missing_parts() {
    for way in ways() {
        let stored = writer(way).encrypt_item(order()).await.unwrap();
        for (name, value) in stored.iter().filter(|(name, _)| !is_unsigned(name)) {
            let mut without = stored.clone();
            without.remove(name);
            refused(way, &format!("{name} dropped"), without).await;
            let Some(bytes) = value.as_b() else { continue };
            let mut lengths: Vec<_> =
                (0..bytes.len()).map(|length| bytes[..length].to_vec()).collect();
            lengths.push([bytes, &[0]].concat());
            for changed in lengths {
                let what = format!("{name} of {} bytes instead of {}", changed.len(), bytes.len());
                let mut item = stored.clone();
                item.insert(name, changed);
                refused(way, &what, item).await;
            }
        }
    }
}

#[tokio::test]
async fn attributes_swapped_added_retyped_or_renamed() {
    for way in ways() {
        let stored = writer(way).encrypt_item(order()).await.unwrap();
        let names: Vec<_> = stored.iter().map(|(name, _)| name.clone()).collect();
        for (index, a) in names.iter().enumerate() {
            for b in names.iter().skip(index + 1) {
                if is_unsigned(a) && is_unsigned(b) {
                    continue;
                }
                let mut item = stored.clone();
                let (value_a, value_b) = (item.remove(a).unwrap(), item.remove(b).unwrap());
                item.insert(a, value_b);
                item.insert(b, value_a);
                refused(way, &format!("{a} and {b} swapped"), item).await;
            }
        }
        refused(way, "added", stored.clone().with("Extra", "x")).await;
        refused(way, "BOOL to S", stored.clone().with("Gift", "true")).await;
        let number = stored.clone().with("Status", AttributeValue::N("1".into()));
        refused(way, "S to N", number).await;
        let mut renamed = stored.clone();
        let card = renamed.remove("Card").unwrap();
        refused(way, "renamed", renamed.with("Cart", card)).await;
        let text = stored.clone().with("aws_dbe_head", "text");
        refused(way, "header of another type", text).await;
    }
}

#[tokio::test]
async fn parts_of_another_item_or_version() {
    for way in ways() {
        let writer = writer(way);
        let stored = writer.encrypt_item(order()).await.unwrap();
        let older = writer.encrypt_item(order().with("Status", "Packed")).await.unwrap();
        let other = writer.encrypt_item(order().with("OrderID", "order-2")).await.unwrap();
        for (source, what) in [(&older, "an older version"), (&other, "another item")] {
            for name in ["aws_dbe_head", "aws_dbe_foot", "Card", "Lines"] {
                let mut item = stored.clone();
                item.insert(name, source.get(name).unwrap().clone());
                refused(way, &format!("{name} of {what}"), item).await;
            }
            let mut item = stored.clone();
            for name in ["aws_dbe_head", "aws_dbe_foot"] {
                item.insert(name, source.get(name).unwrap().clone());
            }
            refused(way, &format!("header and footer of {what}"), item).await;
        }
        for (name, value) in
            [("OrderID", "order-2".into()), ("Line", AttributeValue::N("8".into()))]
        {
            refused(way, "moved to another key", stored.clone().with(name, value)).await;
        }
        let elsewhere = ItemEncryptor::new(table("Returns", way), keyring("first"));
        let error = elsewhere.decrypt_item(stored.clone()).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Authentication, "another table");
        let stranger = ItemEncryptor::new(table("Orders", way), keyring("stranger"));
        let error = stranger.decrypt_item(stored).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Authentication, "another key");
    }
}

/// A1 to A6: what the format accepts by design.
#[tokio::test]
async fn rows_that_the_format_accepts() {
    for way in ways() {
        let (writer, reader) = (writer(way), reader(way));
        let older = writer.encrypt_item(order().with("Status", "Packed")).await.unwrap();
        let stored = writer.encrypt_item(order()).await.unwrap();

        // A1: an older version of the same item, whole.
        let back = reader.decrypt_item(older).await.unwrap();
        assert_eq!(back.get("Status"), Some(&"Packed".into()));
        // A2: another physical table of the same logical name.
        let copy = ItemEncryptor::new(table("Orders", way), keyring("first"));
        assert_eq!(
            copy.decrypt_item(stored.clone()).await.unwrap(),
            reader.decrypt_item(stored.clone()).await.unwrap()
        );
        // A3: unsigned attributes changed, dropped or added.
        let mut unsigned = stored.clone().with("Views", "lots").with(":new", true);
        unsigned.remove(":note");
        let back = reader.decrypt_item(unsigned).await.unwrap();
        assert_eq!((back.get("Views"), back.get(":note")), (Some(&"lots".into()), None));
        // A4: a signed number respelled, a signed set reordered; as they are stored, they come back.
        let respelled = stored
            .clone()
            .with("Total", AttributeValue::N("1000.0".into()))
            .with("Tags", AttributeValue::Ss(strings(&["new", "red"])))
            .with("Weights", AttributeValue::Ns(strings(&["2E1", "1.50"])));
        let back = reader.decrypt_item(respelled).await.unwrap();
        assert_eq!(back.get("Total").and_then(|v| v.as_n()), Some("1000.0"));
        // A5: more attributes of the format's own names; they do not reach the caller.
        let more = stored.clone().with("aws_dbe_x", "y");
        assert_eq!(
            reader.decrypt_item(more).await.unwrap(),
            reader.decrypt_item(stored.clone()).await.unwrap()
        );
        // A6: with several recipients, the tags swapped.
        if way.recipients == 2 {
            let mut footer = stored.get("aws_dbe_foot").unwrap().as_b().unwrap().to_vec();
            let (first, second) = footer.split_at_mut(48);
            first.swap_with_slice(&mut second[..48]);
            reader.decrypt_item(stored.with("aws_dbe_foot", footer)).await.unwrap();
        }
    }
}
