//! A key store on a global table: items that arrive one by one, Regions that are lost, rotations at once.

use itemseal::{ErrorKind, Item};
use itemseal_lab::faults::{OutageMode, Service};

use crate::world::*;

#[tokio::test(start_paused = true)]
async fn what_one_region_writes_opens_in_each_with_one_call_of_its_own() {
    let world = World::new().await;
    let us = with(world.keyring(US, &[US]).build().unwrap());
    let stored = us.encrypt_item(order(1)).await.unwrap();
    for region in [EU, AP] {
        let there = with(world.keyring(region, &[region]).build().unwrap());
        for _ in 0..20 {
            assert_eq!(there.decrypt_item(stored.clone()).await.unwrap(), order(1));
        }
        assert_eq!(world.decrypts(region), 1);
    }
}

#[tokio::test(start_paused = true)]
async fn without_its_kms_or_its_table_a_region_uses_the_others() {
    for service in [Service::Kms, Service::DynamoDb, Service::All] {
        let world = World::new().await;
        world.outage(EU, service, OutageMode::Refuse);
        let both = with(world.keyring(EU, &[EU, US]).build().unwrap());
        let stored = both.encrypt_item(order(1)).await.unwrap();
        assert_eq!(both.decrypt_item(stored).await.unwrap(), order(1), "{service:?}");
        let alone = with(world.keyring(EU, &[EU]).build().unwrap());
        let error = alone.encrypt_item(order(1)).await.unwrap_err();
        assert!(error.is_retryable(), "{error}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_region_without_a_replica_of_the_table_is_passed_by() {
    let world = World::new().await;
    let elsewhere = "eu-central-1";
    let keyring = world.keyring(US, &[US]).build().unwrap();
    let stored = with(keyring).encrypt_item(order(1)).await.unwrap();
    let kms = itemseal::keystore::KeyStoreKms::mrk(&world.key_arn, [EU]).unwrap();
    let access = itemseal_aws::AwsKms::new(&world.config(US)).unwrap();
    let table = world.table(&[elsewhere, EU]);
    let store = itemseal::keystore::KeyStore::new(table, STORE, kms, access).unwrap();
    let keyring = itemseal::keyring::HierarchicalKeyring::builder(store, "tenant-1");
    let keyring = keyring.build().unwrap();
    assert_eq!(with(keyring).decrypt_item(stored).await.unwrap(), order(1));
}

/// Moves one of the store's items to another Region, and leaves the rest behind: DynamoDB replicates item by
/// item.
fn arrive(world: &World, kind: &str) {
    let key = Item::new().with("branch-key-id", "tenant-1").with("type", kind);
    let item = world.lab.region(US).unwrap().get(STORE, key).unwrap().unwrap();
    world.lab.region(EU).unwrap().put(STORE, item).unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_version_that_has_not_arrived_is_the_active_one_or_in_another_region() {
    let world = World::new().await;
    world.store(US, &[US]).rotate("tenant-1").await.unwrap();
    let us = with(world.keyring(US, &[US]).build().unwrap());
    let stored = us.encrypt_item(order(1)).await.unwrap();
    // Nothing of the new version has arrived.
    let alone = || with(world.keyring(EU, &[EU]).build().unwrap());
    let error = alone().decrypt_item(stored.clone()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Misuse);
    assert!(error.to_string().contains("in any Region"), "{error}");
    let both = with(world.keyring(EU, &[EU, US]).build().unwrap());
    assert_eq!(both.decrypt_item(stored.clone()).await.unwrap(), order(1));
    // It may be in the Region that does not answer.
    let fault = world.outage(US, Service::DynamoDb, OutageMode::Refuse);
    let both = with(world.keyring(EU, &[EU, US]).build().unwrap());
    let error = both.decrypt_item(stored.clone()).await.unwrap_err();
    assert!(error.is_retryable(), "{error}");
    world.lab.faults().remove(fault);
    // The active item has arrived, its version's own has not.
    arrive(&world, "branch:ACTIVE");
    assert_eq!(alone().decrypt_item(stored).await.unwrap(), order(1));
}

#[tokio::test(start_paused = true)]
async fn after_rotations_in_two_regions_at_once_every_item_opens_in_every_region() {
    let world = World::new().await;
    let mut all = Vec::new();
    for region in [US, EU, AP] {
        let here = with(world.keyring(region, &[region]).build().unwrap());
        all.push(here.encrypt_item(order(0)).await.unwrap());
    }
    // Nothing is delivered until the end: a partition.
    for region in [US, EU] {
        world.store(region, &[region]).rotate("tenant-1").await.unwrap();
        let here = with(world.keyring(region, &[region]).build().unwrap());
        all.push(here.encrypt_item(order(0)).await.unwrap());
    }
    world.lab.tables().converge().unwrap();
    let versions: std::collections::BTreeSet<_> = all.iter().map(version_of).collect();
    assert_eq!(versions.len(), 3);
    let mut active = std::collections::BTreeSet::new();
    for region in [US, EU, AP] {
        let here = with(world.keyring(region, &[region]).build().unwrap());
        for stored in &all {
            assert_eq!(here.decrypt_item(stored.clone()).await.unwrap(), order(0), "{region}");
        }
        active.insert(version_of(&here.encrypt_item(order(0)).await.unwrap()));
    }
    assert_eq!(active.len(), 1, "one of the two won everywhere");
}

#[tokio::test(start_paused = true)]
async fn a_strongly_consistent_table_has_no_transactions_and_is_a_key_store_all_the_same() {
    let world = World::empty().await;
    let config = world.config(US);
    let raw = aws_sdk_dynamodb::Client::new(&config);
    raw.delete_table().table_name(STORE).send().await.ok();
    let name = "StrongKeys";
    let table = itemseal_aws::DynamoDbKeyStore::new(&config, name, [US]).unwrap();
    table.create_table().await.unwrap();
    let replica = |region: &str| {
        let create = aws_sdk_dynamodb::types::CreateReplicationGroupMemberAction::builder();
        let create = create.region_name(region).build().unwrap();
        aws_sdk_dynamodb::types::ReplicationGroupUpdate::builder().create(create).build()
    };
    let update = raw.update_table().table_name(name).replica_updates(replica("us-east-2"));
    let update = update.replica_updates(replica("us-west-2"));
    let strong = aws_sdk_dynamodb::types::MultiRegionConsistency::Strong;
    update.multi_region_consistency(strong).send().await.unwrap();
    let kms = itemseal::keystore::KeyStoreKms::key(&world.key_arn).unwrap();
    let access = itemseal_aws::AwsKms::new(&config).unwrap();
    let store = itemseal::keystore::KeyStore::new(table.clone(), name, kms, access).unwrap();
    store.create_key(Some("tenant-1"), [("department", "admin")]).await.unwrap();
    store.rotate("tenant-1").await.unwrap();
    let keys = store.list().await.unwrap();
    assert_eq!(keys[0].versions.len(), 2);
    store.active_key("tenant-1").await.unwrap();
    let error = store.create_key(Some("tenant-1"), [("a", "b")]).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Conflict);
    assert!(table.call_counts().iter().any(|c| c.operation == "PutItem" && c.calls == 6));
}
