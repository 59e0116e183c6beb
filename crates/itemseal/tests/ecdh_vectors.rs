//! Items that AWS's crate wrote with its ECDH keyrings, in `tests/vectors/ecdh/opens.json`.

#![cfg(feature = "aws-lc")]
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "tests fail by panicking"
)]

use itemseal::keyring::{EcdhCurve, RawEcdhKeyring};
use itemseal::{ErrorKind, Item, ItemEncryptor, Keyring, TableConfig};
use serde_json::Value;

fn with(keyring: impl Keyring + 'static) -> ItemEncryptor {
    let table = TableConfig::builder("Orders").partition_key("OrderID").build().unwrap();
    ItemEncryptor::new(table, keyring)
}

fn item(case: &Value, field: &str) -> Item {
    Item::from_json(case[field].to_string()).expect("an item in DynamoDB JSON")
}

#[tokio::test]
async fn items_that_aws_wrote_open_with_the_recipient_s_key_and_no_other() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/vectors/ecdh/opens.json");
    let file: Value = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
    let cases = file["cases"].as_array().unwrap();
    let keys: Vec<Vec<u8>> =
        cases.iter().map(|case| hex::decode(case["private"].as_str().unwrap()).unwrap()).collect();
    let mut opened = 0;
    for case in cases {
        let curve = match case["curve"].as_str().unwrap() {
            "p256" => EcdhCurve::P256,
            "p384" => EcdhCurve::P384,
            _ => EcdhCurve::P521,
        };
        let private = hex::decode(case["private"].as_str().unwrap()).unwrap();
        let mut readers = vec![RawEcdhKeyring::discovery(curve, &private).unwrap()];
        if let Some(peer) = case["peer"].as_str() {
            let peer = hex::decode(peer).unwrap();
            readers.push(RawEcdhKeyring::between(curve, &private, peer).unwrap());
        }
        for reader in readers {
            let read = with(reader).decrypt_item(item(case, "stored")).await;
            assert_eq!(read.unwrap(), item(case, "plain"), "{}", case["name"]);
            opened += 1;
        }
        for other in keys.iter().filter(|key| **key != private) {
            let Ok(reader) = RawEcdhKeyring::discovery(curve, other) else { continue };
            let error = with(reader).decrypt_item(item(case, "stored")).await.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Authentication);
        }
    }
    assert_eq!(opened, 9 + 6);
}
