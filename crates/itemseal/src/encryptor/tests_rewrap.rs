//! Items under other keys.

use crate::{AlgorithmSuite, ErrorKind, Item, ItemEncryptor, RawAesKeyring, TableConfig};

fn table(suite: AlgorithmSuite, context: bool) -> TableConfig {
    let table = TableConfig::builder("Orders").partition_key("id").sign_only(["Status"]);
    let table = table.unsigned(["Hits"]).suite(suite);
    let table = if context { table.context(["Tenant"]) } else { table };
    table.build().unwrap()
}

fn with(table: TableConfig, name: &str, key: u8) -> ItemEncryptor {
    ItemEncryptor::new(table, RawAesKeyring::new("ns", name, [key; 32]).unwrap())
}

fn item() -> Item {
    let item = Item::new().with("id", "1").with("Status", "new").with("Hits", "7");
    item.with("Tenant", "t").with("Card", "4111").with("Note", "x")
}

#[tokio::test]
async fn only_header_and_footer_change_and_the_old_key_opens_it_no_more() {
    for suite in [AlgorithmSuite::EcdsaP384, AlgorithmSuite::HmacOnly] {
        for context in [false, true] {
            let (old, new) =
                (with(table(suite, context), "a", 1), with(table(suite, context), "b", 2));
            let stored = old.encrypt_item(item()).await.unwrap();
            assert!(old.is_current(&stored, &old).await.unwrap());
            assert!(!old.is_current(&stored, &new).await.unwrap());
            let moved = old.rewrap_item(stored.clone(), &new, false).await.unwrap();
            assert!(!moved.whole);
            for (name, value) in stored.iter().filter(|(name, _)| !name.starts_with("aws_dbe_")) {
                assert_eq!(moved.item.get(name), Some(value), "{name}");
            }
            for name in ["aws_dbe_head", "aws_dbe_foot"] {
                assert_ne!(moved.item.get(name), stored.get(name), "{name}");
            }
            assert_eq!(new.decrypt_item(moved.item.clone()).await.unwrap(), item());
            assert!(old.is_current(&moved.item, &new).await.unwrap());
            let error = old.decrypt_item(moved.item).await.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Authentication);
        }
    }
}

#[tokio::test]
async fn another_form_another_table_or_a_wish_encrypts_everything_again() {
    let suite = AlgorithmSuite::HmacOnly;
    let old = with(table(suite, false), "a", 1);
    let stored = old.encrypt_item(item()).await.unwrap();
    let other_action = TableConfig::builder("Orders").partition_key("id").unsigned(["Hits"]);
    let renamed = TableConfig::builder("Renamed").partition_key("id").sign_only(["Status"]);
    for (to, whole) in [
        (table(suite, false), true),
        (table(AlgorithmSuite::EcdsaP384, false), false),
        (table(suite, true), false),
        (other_action.suite(suite).build().unwrap(), false),
        (renamed.unsigned(["Hits"]).suite(suite).build().unwrap(), false),
    ] {
        let new = with(to, "b", 2);
        assert!(!old.is_current(&stored, &new).await.unwrap());
        let moved = old.rewrap_item(stored.clone(), &new, whole).await.unwrap();
        assert!(moved.whole);
        assert_ne!(moved.item.get("Card"), stored.get("Card"));
        assert_eq!(new.decrypt_item(moved.item).await.unwrap(), item());
    }
}

#[tokio::test]
async fn what_was_altered_is_not_given_a_new_signature() {
    for suite in [AlgorithmSuite::EcdsaP384, AlgorithmSuite::HmacOnly] {
        let (old, new) = (with(table(suite, false), "a", 1), with(table(suite, false), "b", 2));
        let stored = old.encrypt_item(item()).await.unwrap();
        let mut card = stored.get("Card").unwrap().as_b().unwrap().to_vec();
        card[5] ^= 1;
        for altered in [
            stored.clone().with("Status", "paid"),
            stored.clone().with("Card", card),
            stored.clone().with("More", "x"),
        ] {
            for whole in [false, true] {
                let error = old.rewrap_item(altered.clone(), &new, whole).await.unwrap_err();
                assert_eq!(error.kind(), ErrorKind::Authentication);
            }
        }
        let commitment = {
            let mut header = stored.get("aws_dbe_head").unwrap().as_b().unwrap().to_vec();
            *header.last_mut().unwrap() ^= 1;
            stored.with("aws_dbe_head", header)
        };
        assert!(old.rewrap_item(commitment, &new, false).await.is_err());
    }
}
