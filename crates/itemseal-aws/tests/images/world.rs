use itemseal::{AlgorithmSuite, AttributeValue, Item, ItemEncryptor, RawAesKeyring, TableConfig};
use itemseal_aws::StreamOpener;
use serde_json::Value;

pub fn orders() -> ItemEncryptor {
    let table = TableConfig::builder("Orders")
        .partition_key("ID")
        .sort_key("Line")
        .unsigned(["Note"])
        .suite(AlgorithmSuite::HmacOnly)
        .build()
        .unwrap();
    ItemEncryptor::new(table, RawAesKeyring::new("ns", "key", [7; 32]).unwrap())
}

pub fn opener() -> StreamOpener {
    StreamOpener::new().table("Orders", orders())
}

pub fn item(number: usize, card: &str) -> Item {
    let number = i64::try_from(number).unwrap();
    keys(number).with("Card", card).with("Bytes", vec![0, 255]).with("Note", "as it is")
}

pub fn keys(number: i64) -> Item {
    Item::new().with("ID", "order").with("Line", number)
}

pub async fn sealed(number: usize, card: &str) -> Item {
    orders().encrypt_item(item(number, card)).await.unwrap()
}

/// The item with one bit of an encrypted attribute turned.
pub fn tampered(mut stored: Item) -> Item {
    let Some(AttributeValue::B(bytes)) = stored.get_mut("Card") else { panic!("encrypted") };
    *bytes.last_mut().unwrap() ^= 1;
    stored
}

pub fn json(item: &Item) -> Value {
    serde_json::from_str(&item.to_json()).unwrap()
}
