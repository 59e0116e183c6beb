//! The rules of global tables of eventual consistency, through AWS's client.
//!
//! Source: <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/V2globaltables_HowItWorks.html>,
//! version 2019.11.21.

// Helpers that are not tests may panic like the tests that they belong to.
#![allow(clippy::panic, clippy::unwrap_used)]

mod common;

use std::time::Duration;

use aws_sdk_dynamodb::types::{
    GlobalTableSettingsReplicationMode, MultiRegionConsistency, ReplicaStatus,
    ReplicationGroupUpdate, StreamSpecification, StreamViewType,
    UpdateReplicationGroupMemberAction,
};
use common::*;

#[tokio::test]
async fn a_table_without_replicas_is_not_described_as_global() {
    let bench = Bench::manual();
    let table = describe(&bench.table(US).await).await;
    assert_eq!(table.global_table_version(), None);
    assert_eq!(replica_regions(&table), [""; 0]);
    assert_eq!(table.multi_region_consistency(), None);
}

#[tokio::test]
async fn a_description_lists_the_replicas_without_the_region_that_is_asked() {
    let (_bench, us, eu) = two().await;
    let table = describe(&us).await;
    assert_eq!(replica_regions(&table), [EU]);
    assert_eq!(table.global_table_version(), Some("2019.11.21"));
    assert_eq!(table.multi_region_consistency(), Some(&MultiRegionConsistency::Eventual));
    let mode = GlobalTableSettingsReplicationMode::EnabledWithOverrides;
    assert_eq!(table.global_table_settings_replication_mode(), Some(&mode));
    assert_eq!(table.replicas()[0].replica_status(), Some(&ReplicaStatus::Active));
    let described = describe(&eu).await;
    assert_eq!(replica_regions(&described), [US]);
    let arn = format!("arn:aws:dynamodb:{EU}:{ACCOUNT}:table/{T}");
    assert_eq!(described.table_arn(), Some(arn.as_str()));
    assert_ne!(described.table_id(), table.table_id(), "each replica is a table of its own");
}

#[tokio::test]
async fn the_answer_to_update_table_lists_the_new_replica() {
    let bench = Bench::manual();
    let us = bench.table(US).await;
    let answer = replicas(&us, [create(EU), create(AP)]).send().await.unwrap();
    assert_eq!(replica_regions(&answer.table_description.unwrap()), [AP, EU]);
}

#[tokio::test]
async fn an_entry_holds_exactly_one_action() {
    let (_bench, us, _) = two().await;
    is_invalid(replicas(&us, [ReplicationGroupUpdate::builder().build()])).await;
    let both = ReplicationGroupUpdate::builder();
    let both = both.create(create(AP).create().unwrap().clone());
    let both = both.delete(delete(EU).delete().unwrap().clone()).build();
    is_invalid(replicas(&us, [both])).await;
    is_invalid(us.update_table().table_name(T).set_replica_updates(Some(vec![]))).await;
    assert_eq!(replica_regions(&describe(&us).await), [EU], "nothing was done");
}

#[tokio::test]
async fn one_request_creates_or_deletes_and_names_a_region_once() {
    let (_bench, us, _) = two().await;
    is_invalid(replicas(&us, [create(AP), delete(EU)])).await;
    is_invalid(replicas(&us, [create(AP), create(AP)])).await;
}

#[tokio::test]
async fn the_own_region_is_not_the_replica_updates_business() {
    let (_bench, us, _) = two().await;
    for update in [create(US), delete(US)] {
        let message = is_invalid(replicas(&us, [update])).await;
        assert!(message.starts_with("Cannot add, delete, or update the local region"), "{message}");
    }
}

#[tokio::test]
async fn a_region_has_one_replica_and_no_table_of_that_name_before() {
    let (bench, us, _) = two().await;
    is_invalid(replicas(&us, [create(EU)])).await;
    bench.table(AP).await;
    let message = is_invalid(replicas(&us, [create(AP)])).await;
    assert!(message.contains("already existed as tables"), "{message}");
    is_invalid(replicas(&us, [create("mars")])).await;
}

#[tokio::test]
async fn only_a_replica_can_be_updated_or_deleted() {
    let (_bench, us, _) = two().await;
    is_invalid(replicas(&us, [delete(AP)])).await;
    let action = UpdateReplicationGroupMemberAction::builder().region_name(AP).build().unwrap();
    is_invalid(replicas(&us, [ReplicationGroupUpdate::builder().update(action).build()])).await;
}

#[tokio::test]
async fn replicas_of_a_table_that_is_not_there_are_not_found() {
    let bench = Bench::manual();
    let (code, message) = refused(replicas(&bench.dynamodb(US), [create(EU)]).send().await);
    assert_eq!(code, "ResourceNotFoundException");
    assert!(message.contains(T), "{message}");
}

#[tokio::test]
async fn replicas_and_settings_are_updated_in_requests_of_their_own() {
    let (_bench, us, _) = two().await;
    is_invalid(replicas(&us, [create(AP)]).deletion_protection_enabled(true)).await;
}

#[tokio::test]
async fn items_written_before_and_after_are_replicated_both_ways() {
    let bench = Bench::manual();
    let us = bench.table(US).await;
    put(&us, "before", "1").await;
    replicas(&us, [create(EU)]).send().await.unwrap();
    let eu = bench.dynamodb(EU);
    assert_eq!(get(&eu, "before").await.as_deref(), Some("1"));
    put(&us, "after", "2").await;
    assert_eq!(get(&eu, "after").await, None, "replication is asynchronous");
    put(&eu, "back", "3").await;
    bench.converge();
    assert_eq!(get(&eu, "after").await.as_deref(), Some("2"));
    assert_eq!(get(&us, "back").await.as_deref(), Some("3"));
}

#[tokio::test]
async fn the_last_writer_wins() {
    let (bench, us, eu) = two().await;
    put(&eu, "1", "first").await;
    bench.clock.advance(Duration::from_millis(1));
    put(&us, "1", "second").await;
    bench.converge();
    assert_eq!(get(&us, "1").await.as_deref(), Some("second"));
    assert_eq!(get(&eu, "1").await.as_deref(), Some("second"));
}

#[tokio::test]
async fn a_strongly_consistent_read_sees_the_local_replica_only() {
    let (_bench, us, eu) = two().await;
    put(&us, "1", "x").await;
    let read = |client: &aws_sdk_dynamodb::Client| {
        client.get_item().table_name(T).key("id", s("1")).consistent_read(true).send()
    };
    assert!(read(&us).await.unwrap().item.is_some());
    assert!(read(&eu).await.unwrap().item.is_none());
}

#[tokio::test]
async fn a_condition_is_evaluated_on_the_local_version() {
    let (bench, us, eu) = two().await;
    let insert = |client: &aws_sdk_dynamodb::Client| {
        let put = client.put_item().table_name(T).item("id", s("1"));
        put.condition_expression("attribute_not_exists(id)").send()
    };
    insert(&us).await.unwrap();
    insert(&eu).await.unwrap();
    bench.converge();
    assert_eq!(refused(insert(&eu).await).0, "ConditionalCheckFailedException");
}

#[tokio::test]
async fn a_transaction_is_atomic_in_its_region_and_replicates_item_by_item() {
    use aws_sdk_dynamodb::types::{Put, TransactWriteItem};
    let (bench, us, eu) = two().await;
    let put = |id: &str| {
        let put = Put::builder().table_name(T).item("id", s(id)).item("value", s("t"));
        TransactWriteItem::builder().put(put.build().unwrap()).build()
    };
    let write = us.transact_write_items().transact_items(put("1")).transact_items(put("2"));
    write.send().await.unwrap();
    bench.lab.tables().deliver(US, EU, 1).unwrap();
    assert_eq!(get(&eu, "1").await.as_deref(), Some("t"));
    assert_eq!(get(&eu, "2").await, None, "half of it is there");
    bench.converge();
    assert_eq!(get(&eu, "2").await.as_deref(), Some("t"));
}

#[tokio::test]
async fn streams_are_switched_on_in_every_replica() {
    let (_bench, us, eu) = two().await;
    for (client, region) in [(&us, US), (&eu, EU)] {
        let table = describe(client).await;
        let stream = table.stream_specification().unwrap();
        assert!(stream.stream_enabled());
        assert_eq!(stream.stream_view_type(), Some(&StreamViewType::NewAndOldImages));
        let arn = table.latest_stream_arn().unwrap();
        let start = format!("arn:aws:dynamodb:{region}:{ACCOUNT}:table/{T}/stream/");
        assert!(arn.starts_with(&start), "{arn}");
    }
}

#[tokio::test]
async fn a_stream_that_shows_less_has_to_go_first() {
    let bench = Bench::manual();
    let us = bench.dynamodb(US);
    let stream = StreamSpecification::builder().stream_enabled(true);
    let stream = stream.stream_view_type(StreamViewType::KeysOnly).build().unwrap();
    create_table(&us).stream_specification(stream).send().await.unwrap();
    let message = is_invalid(replicas(&us, [create(EU)])).await;
    assert!(message.contains("NEW_AND_OLD_IMAGES"), "{message}");
}

#[tokio::test]
async fn a_global_tables_stream_cannot_be_switched_off() {
    let (_bench, us, _) = two().await;
    let off = StreamSpecification::builder().stream_enabled(false).build().unwrap();
    is_invalid(us.update_table().table_name(T).stream_specification(off)).await;
}

#[tokio::test]
async fn a_replica_is_deleted_from_another_region_or_in_its_own() {
    let (bench, us, eu) = two().await;
    replicas(&us, [delete(EU)]).send().await.unwrap();
    let (code, _) = refused(eu.describe_table().table_name(T).send().await);
    assert_eq!(code, "ResourceNotFoundException");
    assert_eq!(replica_regions(&describe(&us).await), [""; 0]);
    assert_eq!(describe(&us).await.global_table_version(), None);
    replicas(&us, [create(EU)]).send().await.unwrap();
    eu.delete_table().table_name(T).send().await.unwrap();
    assert_eq!(replica_regions(&describe(&us).await), [""; 0]);
    drop(bench);
}

#[tokio::test]
async fn what_others_were_copied_from_stays_for_a_day() {
    let (bench, us, eu) = two().await;
    let (code, message) = refused(us.delete_table().table_name(T).send().await);
    assert_eq!(code, "ValidationException");
    assert!(message.contains("source region") && message.contains("24 hours"), "{message}");
    bench.clock.advance(Duration::from_millis(86_399_999));
    is_invalid(replicas(&eu, [delete(US)])).await;
    bench.clock.advance(Duration::from_millis(1));
    replicas(&eu, [delete(US)]).send().await.unwrap();
    assert_eq!(replica_regions(&describe(&eu).await), [""; 0]);
}

#[tokio::test]
async fn a_protected_replica_is_not_deleted() {
    let (_bench, us, eu) = two().await;
    let protect = eu.update_table().table_name(T).deletion_protection_enabled(true);
    protect.send().await.unwrap();
    is_invalid(replicas(&us, [delete(EU)])).await;
    assert_eq!(replica_regions(&describe(&us).await), [EU]);
}

#[tokio::test]
async fn a_consistency_mode_is_given_only_with_new_replicas_and_never_changes() {
    let (_bench, us, _) = two().await;
    let strong = MultiRegionConsistency::Strong;
    is_invalid(us.update_table().table_name(T).multi_region_consistency(strong.clone())).await;
    is_invalid(replicas(&us, [create(AP)]).multi_region_consistency(strong)).await;
}
