//! The rules of global tables of strong consistency, through AWS's client.
//!
//! Source: <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/multi-region-strong-consistency-gt.html>.

// Helpers that are not tests may panic like the tests that they belong to.
#![allow(clippy::panic, clippy::unwrap_used)]

mod common;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::operation::update_table::builders::UpdateTableFluentBuilder;
use aws_sdk_dynamodb::types::{
    CreateGlobalTableWitnessGroupMemberAction, DeleteGlobalTableWitnessGroupMemberAction,
    GlobalTableWitnessGroupUpdate, KeyType, LocalSecondaryIndex, MultiRegionConsistency,
    Projection, ProjectionType, Put, TimeToLiveSpecification, TransactWriteItem, WitnessStatus,
};
use common::*;
use itemseal::Item;

const OHIO: &str = "us-east-2";
const OREGON: &str = "us-west-2";

fn strong(client: &Client, created: &[&str]) -> UpdateTableFluentBuilder {
    replicas(client, created.iter().map(|region| create(region)))
        .multi_region_consistency(MultiRegionConsistency::Strong)
}

fn witness(region: &str) -> GlobalTableWitnessGroupUpdate {
    let action = CreateGlobalTableWitnessGroupMemberAction::builder().region_name(region);
    GlobalTableWitnessGroupUpdate::builder().create(action.build().unwrap()).build()
}

fn no_witness(region: &str) -> GlobalTableWitnessGroupUpdate {
    let action = DeleteGlobalTableWitnessGroupMemberAction::builder().region_name(region);
    GlobalTableWitnessGroupUpdate::builder().delete(action.build().unwrap()).build()
}

async fn three() -> (Bench, [Client; 3]) {
    let bench = Bench::manual();
    let us = bench.table(US).await;
    strong(&us, &[OHIO, OREGON]).send().await.unwrap();
    let clients = [us, bench.dynamodb(OHIO), bench.dynamodb(OREGON)];
    (bench, clients)
}

async fn strong_get(client: &Client, id: &str) -> Option<String> {
    let get = client.get_item().table_name(T).key("id", s(id)).consistent_read(true);
    get.send().await.unwrap().item?.get("value").map(|value| value.as_s().unwrap().clone())
}

#[tokio::test]
async fn three_replicas_or_two_and_a_witness() {
    let (_bench, clients) = three().await;
    for client in &clients {
        let table = describe(client).await;
        assert_eq!(table.multi_region_consistency(), Some(&MultiRegionConsistency::Strong));
        assert_eq!(table.replicas().len(), 2);
        assert!(table.stream_specification().is_none(), "streams are optional");
    }
    let bench = Bench::manual();
    let us = bench.table(US).await;
    let request = strong(&us, &[OHIO]).global_table_witness_updates(witness(OREGON));
    request.send().await.unwrap();
    let table = describe(&bench.dynamodb(OHIO)).await;
    assert_eq!(replica_regions(&table), [US]);
    let witness = &table.global_table_witnesses()[0];
    assert_eq!(witness.region_name(), Some(OREGON));
    assert_eq!(witness.witness_status(), Some(&WitnessStatus::Active));
    let (code, _) = refused(bench.dynamodb(OREGON).describe_table().table_name(T).send().await);
    assert_eq!(code, "ResourceNotFoundException", "a witness is neither read nor written");
}

#[tokio::test]
async fn two_or_four_regions_are_refused() {
    let bench = Bench::manual();
    let us = bench.table(US).await;
    is_invalid(strong(&us, &[OHIO])).await;
    is_invalid(strong(&us, &[OHIO, OREGON]).global_table_witness_updates(witness(EU))).await;
    is_invalid(replicas(&us, [create(EU)]).global_table_witness_updates(witness(OHIO))).await;
    assert!(describe(&us).await.replicas().is_empty(), "nothing was done");
}

#[tokio::test]
async fn the_regions_are_of_one_set() {
    let bench = Bench::manual();
    let us = bench.table(US).await;
    let message = is_invalid(strong(&us, &[OHIO, EU])).await;
    assert!(message.contains("Region set"), "{message}");
    is_invalid(strong(&us, &["us-west-1", OREGON])).await;
}

#[tokio::test]
async fn only_an_empty_table_becomes_one() {
    let bench = Bench::manual();
    let us = bench.table(US).await;
    put(&us, "1", "x").await;
    let message = is_invalid(strong(&us, &[OHIO, OREGON])).await;
    assert!(message.contains("empty"), "{message}");
    us.delete_item().table_name(T).key("id", s("1")).send().await.unwrap();
    strong(&us, &[OHIO, OREGON]).send().await.unwrap();
}

#[tokio::test]
async fn local_secondary_indexes_and_time_to_live_are_refused() {
    let bench = Bench::manual();
    let us = bench.dynamodb(US);
    let index = LocalSecondaryIndex::builder()
        .index_name("by-total")
        .key_schema(key_schema("id", KeyType::Hash))
        .key_schema(key_schema("total", KeyType::Range))
        .projection(Projection::builder().projection_type(ProjectionType::All).build());
    let request = create_table(&us)
        .key_schema(key_schema("sort", KeyType::Range))
        .attribute_definitions(definition("sort"))
        .attribute_definitions(definition("total"))
        .local_secondary_indexes(index.build().unwrap());
    request.send().await.unwrap();
    let message = is_invalid(strong(&us, &[OHIO, OREGON])).await;
    assert!(message.contains("Local secondary index"), "{message}");

    let (_bench, [us, ..]) = three().await;
    let spec = TimeToLiveSpecification::builder().attribute_name("ttl").enabled(true);
    let request = us.update_time_to_live().table_name(T);
    let request = request.time_to_live_specification(spec.build().unwrap());
    let (code, message) = refused(request.send().await);
    assert_eq!(code, "ValidationException");
    assert!(message.contains("Time To Live"), "{message}");
}

#[tokio::test]
async fn transactions_are_refused() {
    let (_bench, [us, ..]) = three().await;
    let put = Put::builder().table_name(T).item("id", s("1")).build().unwrap();
    let write = us.transact_write_items();
    let write = write.transact_items(TransactWriteItem::builder().put(put).build());
    assert_eq!(refused(write.send().await).0, "ValidationException");
    let statement = aws_sdk_dynamodb::types::ParameterizedStatement::builder();
    let statement = statement.statement(format!("INSERT INTO \"{T}\" VALUE {{'id':'1'}}"));
    let write = us.execute_transaction().transact_statements(statement.build().unwrap());
    assert_eq!(refused(write.send().await).0, "ValidationException");
    assert_eq!(strong_get(&us, "1").await, None);
}

#[tokio::test]
async fn a_write_is_everywhere_before_it_is_answered() {
    let (bench, [us, ohio, oregon]) = three().await;
    put(&us, "1", "x").await;
    assert_eq!(strong_get(&ohio, "1").await.as_deref(), Some("x"));
    assert_eq!(strong_get(&oregon, "1").await.as_deref(), Some("x"));
    assert!(bench.lab.tables().waiting().unwrap().is_empty(), "nothing is on its way");
    let insert = oregon.put_item().table_name(T).item("id", s("1"));
    let insert = insert.condition_expression("attribute_not_exists(id)");
    assert_eq!(refused(insert.send().await).0, "ConditionalCheckFailedException");
    ohio.delete_item().table_name(T).key("id", s("1")).send().await.unwrap();
    assert_eq!(get(&us, "1").await, None);
}

#[tokio::test]
async fn an_item_that_another_region_is_writing_is_a_conflict() {
    let (bench, [us, ohio, _]) = three().await;
    let key = Item::new().with("id", "1");
    let held = bench.lab.tables().hold_item(OHIO, T, &key).unwrap();
    let name = "ReplicatedWriteConflictException";
    let put_one = |client: &Client| client.put_item().table_name(T).item("id", s("1")).send();
    assert_eq!(refused(put_one(&us).await).0, name);
    let update = us.update_item().table_name(T).key("id", s("1"));
    let update = update.update_expression("SET a = :a").expression_attribute_values(":a", s("x"));
    assert_eq!(refused(update.send().await).0, name);
    let remove = us.delete_item().table_name(T).key("id", s("1")).send().await;
    assert_eq!(refused(remove).0, name);
    put_one(&ohio).await.unwrap();
    put(&us, "2", "another item").await;
    drop(held);
    put_one(&us).await.unwrap();
}

#[tokio::test]
async fn a_region_that_reaches_nobody_neither_writes_nor_reads_strongly() {
    let (bench, [us, ohio, oregon]) = three().await;
    put(&us, "1", "old").await;
    bench.lab.tables().cut(OREGON).unwrap();
    put(&us, "1", "new").await;
    assert_eq!(strong_get(&ohio, "1").await.as_deref(), Some("new"), "two of three go on");
    let write = oregon.put_item().table_name(T).item("id", s("1")).send().await;
    assert_eq!(refused(write).0, "InternalServerError");
    let read = oregon.get_item().table_name(T).key("id", s("1")).consistent_read(true);
    assert_eq!(refused(read.send().await).0, "InternalServerError");
    assert_eq!(get(&oregon, "1").await.as_deref(), Some("old"), "an eventual read is answered");
    bench.lab.tables().heal(OREGON).unwrap();
    assert_eq!(strong_get(&oregon, "1").await.as_deref(), Some("new"));
}

#[tokio::test]
async fn what_two_of_three_have_is_never_lost_whichever_two_speak_next() {
    for with_witness in [false, true] {
        let bench = Bench::manual();
        let us = bench.table(US).await;
        let tables = bench.lab.tables();
        if with_witness {
            let request = strong(&us, &[OHIO]).global_table_witness_updates(witness(OREGON));
            request.send().await.unwrap();
        } else {
            strong(&us, &[OHIO, OREGON]).send().await.unwrap();
        }
        // Ohio misses a write; then the Region that made it is gone, and the third one has kept it.
        tables.cut(OHIO).unwrap();
        put(&us, "1", "kept").await;
        tables.heal(OHIO).unwrap();
        tables.cut(US).unwrap();
        let ohio = bench.dynamodb(OHIO);
        assert_eq!(strong_get(&ohio, "1").await.as_deref(), Some("kept"));
        put(&ohio, "1", "later").await;
        tables.heal(US).unwrap();
        assert_eq!(strong_get(&us, "1").await.as_deref(), Some("later"));
    }
}

#[tokio::test]
async fn no_replica_is_added_later_and_two_go_together() {
    let (_bench, [us, ohio, _]) = three().await;
    is_invalid(replicas(&us, [create(EU)])).await;
    is_invalid(replicas(&us, [delete(OHIO)])).await;
    assert_eq!(refused(ohio.delete_table().table_name(T).send().await).0, "ValidationException");
    put(&us, "1", "x").await;
    replicas(&us, [delete(OHIO), delete(OREGON)]).send().await.unwrap();
    assert!(describe(&us).await.replicas().is_empty());
    assert_eq!(get(&us, "1").await.as_deref(), Some("x"), "what remains is a table of one Region");
    let (code, _) = refused(ohio.describe_table().table_name(T).send().await);
    assert_eq!(code, "ResourceNotFoundException");

    let bench = Bench::manual();
    let us = bench.table(US).await;
    let request = strong(&us, &[OHIO]).global_table_witness_updates(witness(OREGON));
    request.send().await.unwrap();
    is_invalid(replicas(&us, [delete(OHIO)])).await;
    let request = replicas(&us, [delete(OHIO)]).global_table_witness_updates(no_witness(OREGON));
    request.send().await.unwrap();
    assert!(describe(&us).await.global_table_witnesses().is_empty());
}
