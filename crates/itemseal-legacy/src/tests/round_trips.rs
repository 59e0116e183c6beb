//! Random items: what is written is read, and no change of what is signed is.

use std::collections::{BTreeMap, BTreeSet};

use itemseal::{AttributeValue, ErrorKind, Item, normalize_number};
use proptest::collection::{btree_map, btree_set, vec};
use proptest::prelude::*;

use super::writer::{CONTENT, Writer, verification, wrapped_materials};
use crate::canonical::{Dialect, serialized};
use crate::value::parse;
use crate::{LegacyAction, LegacyMaterials};

/// The future of a decryptor without KMS, which never waits.
pub(crate) fn now<F: Future>(future: F) -> F::Output {
    tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(future)
}

fn number() -> impl Strategy<Value = String> {
    // At most 28 digits: a set in which the Python client rounds two to one cannot be read.
    (any::<i64>(), 0..30i32, any::<bool>()).prop_map(|(digits, exponent, plain)| match plain {
        true => digits.to_string(),
        false => format!("{digits}E-{exponent}"),
    })
}

fn numbers() -> impl Strategy<Value = Vec<String>> {
    btree_set(number(), 1..4).prop_map(|set| {
        let by_value = set.into_iter().map(|n| (normalize_number(&n).unwrap().into_owned(), n));
        by_value.collect::<BTreeMap<_, _>>().into_values().collect()
    })
}

fn value() -> impl Strategy<Value = AttributeValue> {
    let leaf = prop_oneof![
        ".{0,8}".prop_map(AttributeValue::S),
        number().prop_map(AttributeValue::N),
        vec(any::<u8>(), 0..40).prop_map(AttributeValue::B),
        any::<bool>().prop_map(AttributeValue::Bool),
        Just(AttributeValue::Null),
        btree_set(".{1,3}", 1..4).prop_map(|s| AttributeValue::Ss(s.into_iter().collect())),
        numbers().prop_map(AttributeValue::Ns),
        btree_set(vec(any::<u8>(), 1..3), 1..4)
            .prop_map(|s| AttributeValue::Bs(s.into_iter().collect())),
    ];
    leaf.prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..3).prop_map(AttributeValue::L),
            btree_map(".{0,3}", inner, 0..3).prop_map(AttributeValue::M),
        ]
    })
}

fn action() -> impl Strategy<Value = LegacyAction> {
    prop_oneof![
        Just(LegacyAction::EncryptAndSign),
        Just(LegacyAction::SignOnly),
        Just(LegacyAction::DoNothing),
    ]
}

fn attributes() -> impl Strategy<Value = BTreeMap<String, (AttributeValue, LegacyAction)>> {
    btree_map("a.{0,3}", (value(), action()), 0..6)
}

/// The same value in one form: sets in order, numbers in theirs.
fn ordered(value: &AttributeValue) -> AttributeValue {
    let number = |text: &String| normalize_number(text).unwrap().into_owned();
    match value {
        AttributeValue::N(text) => AttributeValue::N(number(text)),
        AttributeValue::Ss(set) => {
            AttributeValue::Ss(set.iter().cloned().collect::<BTreeSet<_>>().into_iter().collect())
        }
        AttributeValue::Ns(set) => AttributeValue::Ns(
            set.iter().map(number).collect::<BTreeSet<_>>().into_iter().collect(),
        ),
        AttributeValue::Bs(set) => {
            AttributeValue::Bs(set.iter().cloned().collect::<BTreeSet<_>>().into_iter().collect())
        }
        AttributeValue::L(list) => AttributeValue::L(list.iter().map(ordered).collect()),
        AttributeValue::M(map) => {
            AttributeValue::M(map.iter().map(|(k, v)| (k.clone(), ordered(v))).collect())
        }
        other => other.clone(),
    }
}

fn ordered_item(item: &Item) -> Item {
    item.iter().map(|(name, value)| (name.clone(), ordered(value))).collect()
}

proptest! {
    #[test]
    fn what_was_written_is_read(attributes in attributes(), java in any::<bool>(), fixed in any::<bool>()) {
        let mut writer = Writer::wrapped();
        writer.dialect = if java { Dialect::Java } else { Dialect::Python };
        writer.named = attributes.iter().map(|(name, (_, action))| (name.clone(), *action)).collect();
        let item: Item = attributes.iter().map(|(name, (value, _))| (name.clone(), value.clone())).collect();
        let item = item.with("pk", "key").with("sk", 7);
        let materials = match fixed {
            true => LegacyMaterials::fixed(Some(&CONTENT), verification()).unwrap(),
            false => wrapped_materials(),
        };
        let (stored, reader) = (writer.write(&item), writer.reader(materials));
        let opened = now(reader.decrypt_item(stored.clone())).unwrap();
        prop_assert_eq!(ordered_item(&opened), ordered_item(&item));

        // Any signed attribute given another value, another's value, or left out.
        for (name, (_, action)) in attributes {
            let mut without = stored.clone();
            let value = without.remove(&name).unwrap();
            let other = stored.clone().with(&*name, format!("{name}?"));
            for forged in [without.clone(), other, without.with(format!("{name}?"), value)] {
                let answer = now(reader.decrypt_item(forged));
                if action != LegacyAction::DoNothing {
                    prop_assert_eq!(answer.unwrap_err().kind(), ErrorKind::Authentication);
                }
            }
        }
    }

    #[test]
    fn a_value_is_read_as_it_was_serialized(value in value(), java in any::<bool>()) {
        let dialect = if java { Dialect::Java } else { Dialect::Python };
        let bytes = serialized(&value, dialect).unwrap();
        prop_assert_eq!(ordered(&parse(&bytes).unwrap()), ordered(&value));
        for length in 0..bytes.len() {
            prop_assert!(parse(&bytes[..length]).is_err());
        }
    }

    #[test]
    fn no_bytes_make_the_parser_panic(value in value(), changes in vec((any::<usize>(), any::<u8>()), 1..4)) {
        let mut bytes = serialized(&value, Dialect::Python).unwrap();
        for (index, byte) in changes {
            let index = index % bytes.len();
            bytes[index] = byte;
        }
        if let Err(error) = parse(&bytes) {
            prop_assert_eq!(error.kind(), ErrorKind::Malformed);
        }
    }
}

/// Each dialect is another string to sign, and either is accepted.
#[test]
fn both_clients_items_where_they_differ() {
    let digits = "12345678901234567890123456789012345678";
    let item = Item::new()
        .with("pk", "key")
        .with("n", AttributeValue::N(digits.into()))
        .with("b", AttributeValue::Bs(vec![vec![0x7f], vec![0x80]]))
        .with("\u{ffff}", "last by code point but one")
        .with("\u{10000}", "last by code point, not by UTF-16");
    let mut signatures = BTreeSet::new();
    for dialect in [Dialect::Python, Dialect::Java] {
        for table in [Some("table"), None] {
            let mut writer = Writer::wrapped();
            (writer.dialect, writer.table) = (dialect, table);
            writer.named = ["n", "b"].map(|name| (name.to_owned(), LegacyAction::SignOnly)).into();
            let stored = writer.write(&item);
            signatures.insert(stored.get("*amzn-ddb-map-sig*").unwrap().as_b().unwrap().to_vec());
            let opened = now(writer.reader(wrapped_materials()).decrypt_item(stored)).unwrap();
            assert_eq!(opened, item, "no digit of a number that is signed only is lost");
        }
    }
    assert_eq!(signatures.len(), 4);
    // Java keeps all digits of what it encrypts.
    let mut writer = Writer::wrapped();
    writer.dialect = Dialect::Java;
    let opened = now(writer.reader(wrapped_materials()).decrypt_item(writer.write(&item))).unwrap();
    assert_eq!(opened.get("n").unwrap().as_n(), Some(digits));
}
