use itemseal::{AttributeValue, ErrorKind, Item};

use super::round_trips::now;
use super::writer::{Writer, wrapped_materials};
use crate::{LegacyAction, LegacyDecryptor, MetaStoreKeys};

fn row(change: impl FnOnce(Item) -> Item) -> Item {
    let row = Item::new()
        .with("N", "orders")
        .with("V", AttributeValue::N("3".into()))
        .with("t", "0")
        .with("encAlg", "AES")
        .with("enc", super::writer::WRAPPING.to_vec())
        .with("intAlg", "HmacSHA256")
        .with("int", super::writer::SIGNING.to_vec());
    let mut writer = Writer::wrapped();
    writer.table = Some("store");
    writer.named = ["N", "V"].map(|name| (name.to_owned(), LegacyAction::SignOnly)).into();
    writer.write(&change(row))
}

fn open(row: Item) -> itemseal::Result<MetaStoreKeys> {
    let table = MetaStoreKeys::table("store").build(wrapped_materials()).unwrap();
    now(MetaStoreKeys::open(&table, [row]))
}

#[test]
fn an_item_under_materials_of_a_meta_store() {
    let keys = open(row(|row| row)).unwrap();
    assert_eq!(format!("{keys:?}"), "MetaStoreKeys([\"orders#3\"])");
    let legacy = LegacyDecryptor::builder(Some("table"), Some("pk"), None).build(keys).unwrap();
    let item = Item::new().with("pk", "key").with("a", "text");
    let written = |id: &str| Writer::wrapped().described("amzn-ddb-meta-id", id).write(&item);
    assert_eq!(now(legacy.decrypt_item(written("orders#3"))).unwrap(), item);
    let other = now(legacy.decrypt_item(written("orders#4"))).unwrap_err();
    assert_eq!(other.kind(), ErrorKind::Authentication);
    let none = now(legacy.decrypt_item(Writer::wrapped().write(&item))).unwrap_err();
    assert_eq!(none.kind(), ErrorKind::Malformed);
}

#[test]
fn rows_that_hold_no_materials() {
    for (name, value) in [
        ("t", AttributeValue::S("1".into())),
        ("encAlg", "DES".into()),
        ("intAlg", "HmacMD5".into()),
        ("enc", AttributeValue::B(vec![0; 5])),
        ("int", "text".into()),
        ("V", "text".into()),
    ] {
        let error = open(row(|row| row.with(name, value))).unwrap_err();
        let expected = [ErrorKind::Malformed, ErrorKind::Misuse];
        assert!(expected.contains(&error.kind()), "{name}: {error}");
    }
    let error = open(row(|row| row).with("V", 4)).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Authentication);
}
