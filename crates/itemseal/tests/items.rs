//! Encrypting and decrypting as an application does it: what comes back, and what is refused.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "tests fail by panicking"
)]

use std::collections::BTreeMap;
use std::sync::Arc;

use itemseal::keyring::{BranchKey, BranchKeyring};
use itemseal::{
    AlgorithmSuite, AttributeValue, Error, ErrorKind, Item, ItemDescription, ItemEncryptor,
    MultiKeyring, RawAesKeyring, TableConfig, TableConfigBuilder,
};

fn orders() -> TableConfigBuilder {
    TableConfig::builder("Orders").partition_key("OrderID").sign_only(["Status"])
}

fn raw_aes() -> RawAesKeyring {
    RawAesKeyring::new("ns", "name", [7; 32]).unwrap()
}

fn encryptor(table: TableConfigBuilder) -> ItemEncryptor {
    ItemEncryptor::new(table.build().unwrap(), raw_aes())
}

fn order() -> Item {
    Item::new().with("OrderID", "1").with("Status", "New").with("Card", "4111")
}

async fn refused(table: TableConfigBuilder, item: Item) -> (ErrorKind, Option<String>) {
    let error = encryptor(table).encrypt_item(item).await.unwrap_err();
    (error.kind(), error.attribute().map(str::to_owned))
}

#[tokio::test]
async fn round_trips() {
    for suite in [AlgorithmSuite::HmacOnly, AlgorithmSuite::EcdsaP384] {
        for table in [orders(), orders().context(["Tenant"])] {
            let encryptor = encryptor(table.suite(suite));
            let item = order().with("Tenant", "acme");
            let stored = encryptor.encrypt_item(item.clone()).await.unwrap();
            assert_eq!(stored.get("Status"), item.get("Status"), "in clear");
            assert!(!stored.to_json().contains("4111"), "encrypted");
            assert_eq!(stored.len(), item.len() + 2, "header and footer");
            assert_eq!(encryptor.decrypt_item(stored).await.unwrap(), item);
        }
    }
}

#[tokio::test]
async fn encrypting_normalises_and_signing_does_not() {
    let encryptor = encryptor(orders().sign_only(["Total"]));
    let item = order()
        .with("Total", AttributeValue::N("1E3".into()))
        .with("Weight", AttributeValue::N("0.50".into()))
        .with("Tags", AttributeValue::Ss(vec!["b".into(), "a".into()]));
    let stored = encryptor.encrypt_item(item).await.unwrap();
    let back = encryptor.decrypt_item(stored).await.unwrap();
    assert_eq!(back.get("Total").unwrap().as_n(), Some("1E3"));
    assert_eq!(back.get("Weight").unwrap().as_n(), Some("0.5"));
    assert_eq!(back.get("Tags"), Some(&AttributeValue::Ss(vec!["a".into(), "b".into()])));
}

#[tokio::test]
async fn two_encryptions_share_nothing() {
    let encryptor = encryptor(orders());
    let a = encryptor.encrypt_item(order()).await.unwrap();
    let b = encryptor.encrypt_item(order()).await.unwrap();
    for name in ["Card", "aws_dbe_head", "aws_dbe_foot"] {
        assert_ne!(a.get(name), b.get(name), "{name}");
    }
}

#[tokio::test]
async fn what_cannot_be_encrypted_names_the_attribute() {
    let named = |kind, name: &str| (kind, Some(name.to_owned()));
    let misuse = ErrorKind::Misuse;
    assert_eq!(refused(orders(), Item::new().with("Card", "1")).await, named(misuse, "OrderID"));
    assert_eq!(refused(orders().sort_key("Line"), order()).await, named(misuse, "Line"));
    assert_eq!(refused(orders().context(["Tenant"]), order()).await, named(misuse, "Tenant"));
    // Never dropped, as it would be lost without a word.
    let reserved = order().with("aws_dbe_mine", "x");
    assert_eq!(refused(orders(), reserved).await, named(misuse, "aws_dbe_mine"));
    // AWS's libraries could never write it again.
    let reserved = order().with("aws-crypto-mine", "x");
    assert_eq!(refused(orders(), reserved).await, named(misuse, "aws-crypto-mine"));
    assert_eq!(refused(orders(), order().with("", "x")).await.0, misuse);
    assert_eq!(refused(orders(), order().with("x".repeat(65_536), "x")).await.0, misuse);
    let twice = order().with("Tags", AttributeValue::Ss(vec!["a".into(), "a".into()]));
    assert_eq!(refused(orders(), twice).await, named(misuse, "Tags"));
    let number = order().with("Total", AttributeValue::N("many".into()));
    assert_eq!(refused(orders(), number).await, named(ErrorKind::Malformed, "Total"));
    let signed = order().with("Status", AttributeValue::N("1E999".into()));
    assert_eq!(refused(orders(), signed).await, named(ErrorKind::Malformed, "Status"));
    let mut deep = AttributeValue::Null;
    for _ in 0..32 {
        deep = AttributeValue::L(vec![deep]);
    }
    assert_eq!(
        refused(orders(), order().with("Deep", deep)).await,
        named(ErrorKind::TooLarge, "Deep")
    );
    let long = order().with("OrderID", "x".repeat(65_536));
    assert_eq!(refused(orders(), long).await, named(ErrorKind::TooLarge, "OrderID"));
}

#[tokio::test]
async fn what_cannot_be_decrypted_says_what_is_missing() {
    let encryptor = encryptor(orders());
    let stored = encryptor.encrypt_item(order()).await.unwrap();
    let without = |name| {
        let mut item = stored.clone();
        item.remove(name);
        item
    };
    let error = encryptor.decrypt_item(order()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotEncrypted);
    for name in ["aws_dbe_head", "aws_dbe_foot", "OrderID"] {
        let error = encryptor.decrypt_item(without(name)).await.unwrap_err();
        assert_eq!((error.kind(), error.attribute()), (ErrorKind::Malformed, Some(name)));
        assert!(error.to_string().contains("projection"), "{error}");
    }
    let error = encryptor.decrypt_item(without("Card")).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Authentication);
}

#[tokio::test]
async fn an_encrypted_item_is_not_encrypted_again() {
    let encryptor = encryptor(orders());
    let stored = encryptor.encrypt_item(order()).await.unwrap();
    let error = encryptor.encrypt_item(stored).await.unwrap_err();
    assert_eq!((error.kind(), error.attribute()), (ErrorKind::Misuse, Some("aws_dbe_foot")));
}

#[tokio::test]
async fn actions_may_change_after_items_are_written() {
    // The legend in the item says what was done, not the configuration that reads it.
    let stored = encryptor(orders()).encrypt_item(order()).await.unwrap();
    let later =
        encryptor(TableConfig::builder("Orders").partition_key("OrderID").sign_only(["Card"]));
    assert_eq!(later.decrypt_item(stored).await.unwrap(), order());
}

#[tokio::test]
async fn each_recipient_of_a_multi_keyring_reads_alone() {
    let key = |name: &str, length| RawAesKeyring::new("ns", name, vec![9; length]).unwrap();
    let all = MultiKeyring::new(key("a", 16)).and(key("b", 24)).and(key("c", 32));
    let table = || orders().build().unwrap();
    let stored = ItemEncryptor::new(table(), all).encrypt_item(order()).await.unwrap();
    assert_eq!(ItemDescription::of(&stored).unwrap().edks().len(), 3);
    for (name, length) in [("a", 16), ("b", 24), ("c", 32)] {
        let one = ItemEncryptor::new(table(), key(name, length));
        assert_eq!(one.decrypt_item(stored.clone()).await.unwrap(), order(), "{name}");
    }
    // A multi-keyring reads with the first that can, here its second.
    let second = MultiKeyring::new(key("other", 32)).and(key("c", 32));
    assert_eq!(
        ItemEncryptor::new(table(), second).decrypt_item(stored.clone()).await.unwrap(),
        order()
    );
    let other_namespace = RawAesKeyring::new("other", "c", [9; 32]).unwrap();
    let other_namespace = ItemEncryptor::new(table(), other_namespace);
    assert!(other_namespace.decrypt_item(stored.clone()).await.is_err(), "the same key and name");
    let none = ItemEncryptor::new(table(), key("other", 32));
    assert_eq!(none.decrypt_item(stored).await.unwrap_err().kind(), ErrorKind::Authentication);
}

#[tokio::test]
async fn at_most_255_recipients() {
    let many = |count| {
        let mut keyring = MultiKeyring::new(raw_aes());
        for _ in 1..count {
            keyring = keyring.and(raw_aes());
        }
        ItemEncryptor::new(orders().build().unwrap(), keyring)
    };
    let stored = many(255).encrypt_item(order()).await.unwrap();
    assert_eq!(encryptor(orders()).decrypt_item(stored).await.unwrap(), order());
    assert_eq!(many(256).encrypt_item(order()).await.unwrap_err().kind(), ErrorKind::TooLarge);
}

#[tokio::test]
async fn keyrings_that_cannot_be_right() {
    for (namespace, length) in [("ns", 0), ("ns", 31), ("ns", 33), ("aws-kms", 32)] {
        let error = RawAesKeyring::new(namespace, "n", vec![0; length]).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Misuse);
    }
    assert_eq!(BranchKey::new("id", [0; 16], [0; 31]).unwrap_err().kind(), ErrorKind::Misuse);
    let reading = BranchKeyring::new([BranchKey::new("id", [0; 16], [0; 32]).unwrap()]);
    let error = ItemEncryptor::new(orders().build().unwrap(), reading).encrypt_item(order()).await;
    assert_eq!(error.unwrap_err().kind(), ErrorKind::Misuse);
}

#[tokio::test]
async fn a_description_needs_no_key() {
    let stored = encryptor(orders().context(["Tenant"]))
        .encrypt_item(order().with("Tenant", "acme"))
        .await
        .unwrap();
    let description = ItemDescription::of(&stored).unwrap();
    assert_eq!((description.format_version(), description.suite()), (2, AlgorithmSuite::EcdsaP384));
    assert_eq!((description.encrypted_attributes(), description.signed_attributes()), (1, 3));
    assert_eq!(description.edks()[0].provider_id(), "ns");
    let keys: Vec<_> = description.stored_context().iter().map(|(key, _)| key).collect();
    assert_eq!(keys, ["aws-crypto-public-key"]);
    // What was added is what is counted: nothing here is nested.
    let added = stored.size_bytes() - order().with("Tenant", "acme").size_bytes();
    assert_eq!(description.overhead_bytes(), added);
    assert_eq!(ItemDescription::of(&order()).unwrap_err().kind(), ErrorKind::NotEncrypted);
}

#[test]
fn nothing_prints_values_or_keys() {
    let item = order()
        .with("Address", AttributeValue::M(BTreeMap::from([("City".into(), "Cork".into())])));
    let printed = format!("{item:?}");
    assert!(
        printed.contains("Card") && !printed.contains("4111") && !printed.contains("Cork"),
        "{printed}"
    );
    let key = BranchKey::new("id", [0; 16], [77; 32]).unwrap();
    let encryptor = ItemEncryptor::new(orders().build().unwrap(), raw_aes());
    let printed = format!("{key:?} {:?} {encryptor:?}", raw_aes());
    assert!(!printed.contains("77") && !printed.contains("7, 7"), "{printed}");
}

#[test]
fn errors_read_as_sentences() {
    let error = Error::new(ErrorKind::KeyDenied, "the key is disabled")
        .with_region("eu-west-1")
        .with_code("DisabledException")
        .with_request_id("id-1");
    assert_eq!(
        error.to_string(),
        "eu-west-1: the key is disabled (DisabledException, request id-1)"
    );
    assert!(!error.is_retryable());
    assert!(Error::new(ErrorKind::KeyUnavailable, "x").is_retryable());
}

#[test]
fn encryptors_are_shared_between_threads() {
    fn shared<T: Send + Sync + Clone + 'static>(_: &T) {}
    fn sent<T: Send>(_: T) {}
    let encryptor = encryptor(orders());
    shared(&encryptor);
    shared(&Arc::new(encryptor.clone()));
    sent(encryptor.encrypt_item(order()));
    sent(encryptor.decrypt_item(order()));
}
