//! What the project is for, through the socket and with AWS's own clients: a key and a table made in
//! one Region, replicated to two more, and used in all three.

mod common;

use aws_sdk_dynamodb::types::{
    AttributeValue, CreateReplicationGroupMemberAction, ReplicationGroupUpdate,
    StreamSpecification, StreamViewType, TimeToLiveSpecification,
};
use aws_sdk_kms::primitives::Blob;
use aws_sdk_kms::types::{DataKeySpec, KeyState};
use common::*;

#[tokio::test]
async fn a_key_and_a_table_in_three_regions() {
    let bench = Bench::automatic();
    let regions = [US, EU, AP];

    // One multi-Region key.
    let kms = bench.kms(US);
    let key = kms.create_key().multi_region(true).send().await.unwrap().key_metadata.unwrap();
    assert!(key.key_id.starts_with("mrk-"), "{}", key.key_id);
    for region in [EU, AP] {
        let replicated =
            kms.replicate_key().key_id(&key.key_id).replica_region(region).send().await.unwrap();
        let replica = replicated.replica_key_metadata.unwrap();
        let arn = format!("arn:aws:kms:{region}:{ACCOUNT}:key/{}", key.key_id);
        assert_eq!(replica.arn.as_deref(), Some(arn.as_str()));
        let described = bench.kms(region).describe_key().key_id(&key.key_id).send().await.unwrap();
        assert_eq!(described.key_metadata.unwrap().key_state, Some(KeyState::Enabled));
    }

    // One global table.
    let us = bench.dynamodb(US);
    let stream = StreamSpecification::builder()
        .stream_enabled(true)
        .stream_view_type(StreamViewType::NewAndOldImages);
    let create = create_table(&us).stream_specification(stream.build().unwrap());
    create.send().await.unwrap();
    for region in [EU, AP] {
        let action = CreateReplicationGroupMemberAction::builder().region_name(region);
        let update = ReplicationGroupUpdate::builder().create(action.build().unwrap()).build();
        us.update_table().table_name(T).replica_updates(update).send().await.unwrap();
    }

    // Each Region writes an item with a data key of its own, and every Region reads and opens it.
    for writer in regions {
        let made = bench.kms(writer);
        let made = made.generate_data_key().key_id(&key.key_id).key_spec(DataKeySpec::Aes256);
        let made = made.encryption_context("table", T).send().await.unwrap();
        let sealed = made.ciphertext_blob.unwrap().into_inner();
        let wrapped = AttributeValue::B(sealed.into());
        let client = bench.dynamodb(writer);
        let put = client.put_item().table_name(T).item("id", s(writer)).item("key", wrapped);
        put.send().await.unwrap();
        for reader in regions {
            let client = bench.dynamodb(reader);
            let read = || client.get_item().table_name(T).key("id", s(writer)).send();
            until("an item arrives", || async { read().await.unwrap().item.is_some() }).await;
            let item = read().await.unwrap().item.unwrap();
            let wrapped = item["key"].as_b().unwrap().clone().into_inner();
            let opened = bench.kms(reader);
            let opened = opened.decrypt().ciphertext_blob(Blob::new(wrapped));
            let opened = opened.encryption_context("table", T).send().await.unwrap();
            assert_eq!(opened.plaintext, made.plaintext, "{writer} to {reader}");
            let arn = format!("arn:aws:kms:{reader}:{ACCOUNT}:key/{}", key.key_id);
            assert_eq!(opened.key_id.as_deref(), Some(arn.as_str()));
        }
    }

    // A delete goes everywhere too.
    us.delete_item().table_name(T).key("id", s(EU)).send().await.unwrap();
    for region in regions {
        let client = bench.dynamodb(region);
        until("a delete arrives", || async {
            let got = client.get_item().table_name(T).key("id", s(EU)).send().await.unwrap();
            got.item.is_none()
        })
        .await;
    }
    bench.server.shutdown().await;
}

#[tokio::test]
async fn replication_by_itself_waits_for_a_cut_and_goes_on_after_it() {
    let bench = Bench::automatic();
    let us = bench.table(US).await;
    let action = CreateReplicationGroupMemberAction::builder().region_name(EU);
    let update = ReplicationGroupUpdate::builder().create(action.build().unwrap()).build();
    us.update_table().table_name(T).replica_updates(update).send().await.unwrap();
    let eu = bench.dynamodb(EU);
    bench.lab.tables().cut(EU).unwrap();
    put(&us, "1", "cut").await;
    assert_eq!(get(&eu, "1").await, None);
    assert_eq!(bench.lab.tables().pending(US, EU).unwrap().len(), 1);
    bench.lab.tables().heal(EU).unwrap();
    until("a healed Region catches up", || async { get(&eu, "1").await.is_some() }).await;
}

#[tokio::test]
async fn what_is_over_its_time_to_live_goes_by_itself_in_all_regions() {
    let bench = Bench::automatic();
    let us = bench.table(US).await;
    replicas(&us, [create(EU)]).send().await.unwrap();
    let eu = bench.dynamodb(EU);
    let spec = TimeToLiveSpecification::builder().attribute_name("ttl").enabled(true);
    let request = us.update_time_to_live().table_name(T);
    request.time_to_live_specification(spec.build().unwrap()).send().await.unwrap();
    let now = itemseal_lab::clock::Clock::now_micros(&bench.clock) / 1_000_000;
    for (id, seconds) in [("short", 60), ("long", 3_600)] {
        let at = AttributeValue::N((now + seconds).to_string());
        let item = us.put_item().table_name(T).item("id", s(id)).item("value", s("x"));
        item.item("ttl", at).send().await.unwrap();
        until("an item arrives", || async { get(&eu, id).await.is_some() }).await;
    }
    bench.clock.advance(std::time::Duration::from_secs(61));
    for client in [&us, &eu] {
        until("an item expires", || async { get(client, "short").await.is_none() }).await;
        assert!(get(client, "long").await.is_some(), "its time is not over");
    }
}
