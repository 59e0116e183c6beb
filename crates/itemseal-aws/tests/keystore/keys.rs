//! Keys, versions, and what is bound to them.

use itemseal::keyring::HierarchicalKeyring;
use itemseal::keystore::{KeyStore, KeyStoreKms};
use itemseal::{AttributeValue, Error, ErrorKind, Item, TableConfig};
use itemseal_aws::AwsKms;

use crate::world::*;

#[tokio::test(start_paused = true)]
async fn items_of_any_number_cost_one_call_a_version_and_old_ones_open_after_a_rotation() {
    let world = World::new().await;
    let store = world.store(US, &[US]);
    let before = world.decrypts(US);
    let encryptor = with(world.keyring(US, &[US]).build().unwrap());
    let mut stored = Vec::new();
    for id in 0..200 {
        stored.push(encryptor.encrypt_item(order(id)).await.unwrap());
    }
    assert_eq!(world.decrypts(US) - before, 1);
    store.rotate("tenant-1").await.unwrap();
    let after = with(world.keyring(US, &[US]).build().unwrap());
    let new = after.encrypt_item(order(999)).await.unwrap();
    assert_ne!(version_of(&new), version_of(&stored[0]));
    let before = world.decrypts(US);
    for (id, stored) in (0..).zip(&stored) {
        assert_eq!(after.decrypt_item(stored.clone()).await.unwrap(), order(id));
    }
    assert_eq!(world.decrypts(US) - before, 1, "one for the version that all of them are under");
    assert_eq!(after.decrypt_item(new).await.unwrap(), order(999));
    let keys = store.list().await.unwrap();
    assert_eq!((keys.len(), keys[0].id.as_str(), keys[0].versions.len()), (1, "tenant-1", 2));
    assert_eq!(keys[0].context["department"], "admin");
    assert_eq!(keys[0].versions.iter().filter(|version| version.active).count(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_key_of_its_own_for_each_tenant() {
    let world = World::new().await;
    let store = world.store(US, &[US]);
    store.create_key(Some("tenant-2"), [("department", "sales")]).await.unwrap();
    let by_tenant = |attributes: &Item| match attributes.get("OrderID") {
        Some(AttributeValue::S(id)) => Ok(format!("tenant-{}", id.split('#').next().unwrap())),
        _ => Err(Error::new(ErrorKind::Misuse, "no tenant").with_attribute("OrderID")),
    };
    for context in [&[][..], &["Total"]] {
        let table = TableConfig::builder("Orders").partition_key("OrderID");
        let table = table.context(context.iter().copied()).build().unwrap();
        let keyring = HierarchicalKeyring::with_supplier(store.clone(), by_tenant).build().unwrap();
        let encryptor = itemseal::ItemEncryptor::new(table, keyring);
        for tenant in ["1", "2"] {
            let item = Item::new().with("OrderID", format!("{tenant}#7")).with("Total", "9");
            let stored = encryptor.encrypt_item(item.clone()).await.unwrap();
            let description = itemseal::ItemDescription::of(&stored).unwrap();
            let info = description.edks()[0].provider_info().to_vec();
            assert_eq!(info, format!("tenant-{tenant}").into_bytes());
            assert_eq!(encryptor.decrypt_item(stored).await.unwrap(), item);
        }
        let nobody = Item::new().with("OrderID", "3#1").with("Total", "9");
        let error = encryptor.encrypt_item(nobody).await.unwrap_err();
        assert!(error.to_string().contains("tenant-3"), "{error}");
    }
}

#[tokio::test(start_paused = true)]
async fn what_a_key_is_bound_to_cannot_be_changed() {
    let world = World::new().await;
    let region = world.lab.region(US).unwrap();
    let active = Item::new().with("branch-key-id", "tenant-1").with("type", "branch:ACTIVE");
    let whole = region.get(STORE, active).unwrap().unwrap();
    for (name, value) in [
        ("aws-crypto-ec:department", "sales"),
        ("create-time", "2020-01-01T00:00:00.000000Z"),
        ("more", "x"),
        ("version", "branch:version:83eec007-5659-4554-bf11-699b90f41ac6"),
    ] {
        region.put(STORE, whole.clone().with(name, value)).unwrap();
        let error = world.store(US, &[US]).active_key("tenant-1").await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Authentication, "{name}: {error}");
        assert!(error.to_string().contains("key store's item"), "{error}");
        let error = world.store(US, &[US]).rotate("tenant-1").await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Authentication, "{name}: {error}");
        assert!(error.to_string().contains("key store's item"), "{error}");
    }
    for (name, value, kind) in [
        ("kms-arn", AttributeValue::S("alias/x".into()), ErrorKind::Malformed),
        ("hierarchy-version", AttributeValue::N("2".into()), ErrorKind::Malformed),
        ("create-time", AttributeValue::Null, ErrorKind::Malformed),
        ("enc", AttributeValue::S("x".into()), ErrorKind::Malformed),
        ("version", AttributeValue::S("branch:version:1".into()), ErrorKind::Malformed),
        ("tablename", AttributeValue::S(STORE.into()), ErrorKind::Malformed),
    ] {
        region.put(STORE, whole.clone().with(name, value)).unwrap();
        let error = world.store(US, &[US]).active_key("tenant-1").await.unwrap_err();
        assert_eq!((error.kind(), error.attribute()), (kind, Some(name)), "{error}");
    }
    // Another logical name is another key store.
    region.put(STORE, whole).unwrap();
    let kms = KeyStoreKms::key(&world.key_arn).unwrap();
    let access = AwsKms::new(&world.config(US)).unwrap();
    let other = KeyStore::new(world.table(&[US]), "Other", kms, access).unwrap();
    let error = other.active_key("tenant-1").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Authentication);
}

#[tokio::test(start_paused = true)]
async fn keys_of_other_kms_keys_are_refused_and_discovery_only_reads() {
    let world = World::new().await;
    let other = world.lab.kms().create_key(US, true, "").unwrap().arn;
    let access = || AwsKms::new(&world.config(US)).unwrap();
    let store = |kms: KeyStoreKms| KeyStore::new(world.table(&[US]), STORE, kms, access()).unwrap();
    for kms in [KeyStoreKms::key(&other).unwrap(), KeyStoreKms::mrk(&other, [US]).unwrap()] {
        let error = store(kms).active_key("tenant-1").await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Refused, "{error}");
    }
    // The related key of another Region is another key to those who want that one only.
    let related = world.key_arn.replace(US, EU);
    let error =
        store(KeyStoreKms::key(&related).unwrap()).active_key("tenant-1").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Refused);
    store(KeyStoreKms::mrk(&related, [EU]).unwrap()).active_key("tenant-1").await.unwrap();
    for kms in [KeyStoreKms::discovery(US), KeyStoreKms::mr_discovery(EU)] {
        let store = store(kms);
        store.active_key("tenant-1").await.unwrap();
        store.beacon_key("tenant-1").await.unwrap();
        let error = store.rotate("tenant-1").await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Misuse, "{error}");
        let error = store.create_key(None, [("a", "b")]).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Misuse);
    }
    assert_eq!(world.decrypts(EU), 3);
    // Nor does it ask a Region that was not chosen.
    let at_home = world.decrypts(US);
    let error = store(KeyStoreKms::discovery(EU)).active_key("tenant-1").await.unwrap_err();
    assert_eq!((error.kind(), error.region()), (ErrorKind::Refused, Some(EU)), "{error}");
    assert!(error.to_string().contains("mr_discovery"), "{error}");
    let alone = world.lab.kms().create_key(US, false, "").unwrap().arn;
    let made = store(KeyStoreKms::key(&alone).unwrap());
    made.create_key(Some("alone"), [("department", "admin")]).await.unwrap();
    let error = store(KeyStoreKms::mr_discovery(EU)).active_key("alone").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Refused, "{error}");
    assert_eq!((world.decrypts(US), world.decrypts(EU)), (at_home, 3));
    store(KeyStoreKms::mr_discovery(US)).active_key("alone").await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_key_is_made_once_and_a_chosen_id_says_whose_it_is() {
    let world = World::new().await;
    let store = world.store(US, &[US]);
    let none: [(&str, &str); 0] = [];
    let made = store.create_key(None, none).await.unwrap();
    assert_eq!(made.len(), 36);
    store.active_key(&made).await.unwrap();
    let error = store.create_key(Some("x"), none).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Misuse);
    let error = store.create_key(Some("tenant-1"), [("a", "b")]).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Conflict, "{error}");
    let error = store.rotate("nobody").await.unwrap_err();
    assert!(error.to_string().contains("nobody"), "{error}");
    assert_eq!(world.table(&[US]).create_table().await.unwrap().rsplit('/').next(), Some(STORE));
    world.lab.tables().create_table(US, "Others", "id", None).unwrap();
    let others = itemseal_aws::DynamoDbKeyStore::new(&world.config(US), "Others", [US]).unwrap();
    assert_eq!(others.create_table().await.unwrap_err().kind(), ErrorKind::Misuse);
}
