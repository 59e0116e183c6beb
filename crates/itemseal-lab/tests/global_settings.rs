//! What the replicas of a global table have in common, and what each has of its own, through AWS's
//! client.
//!
//! Source: <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/V2globaltables_HowItWorks.html>.

// Helpers that are not tests may panic like the tests that they belong to.
#![allow(clippy::panic, clippy::unwrap_used)]

mod common;

use std::time::Duration;

use aws_sdk_dynamodb::types::{
    BillingMode, CreateGlobalSecondaryIndexAction, CreateReplicationGroupMemberAction,
    GlobalSecondaryIndexUpdate, KeyType, Projection, ProjectionType, ProvisionedThroughput,
    ProvisionedThroughputOverride, ReplicationGroupUpdate, TableClass, Tag,
    TimeToLiveSpecification, TimeToLiveStatus, UpdateReplicationGroupMemberAction,
};
use common::*;

fn throughput(read: i64, write: i64) -> ProvisionedThroughput {
    let builder = ProvisionedThroughput::builder().read_capacity_units(read);
    builder.write_capacity_units(write).build().unwrap()
}

#[tokio::test]
async fn capacity_mode_and_write_capacity_are_always_the_same() {
    let (_bench, us, eu) = two().await;
    let update = us.update_table().table_name(T).billing_mode(BillingMode::Provisioned);
    update.provisioned_throughput(throughput(5, 6)).send().await.unwrap();
    let units = |table: &aws_sdk_dynamodb::types::TableDescription| {
        let throughput = table.provisioned_throughput().unwrap();
        (throughput.read_capacity_units().unwrap(), throughput.write_capacity_units().unwrap())
    };
    assert_eq!(units(&describe(&eu).await), (5, 6));
    // Also from the other Region, and back to on demand.
    let update = eu.update_table().table_name(T).provisioned_throughput(throughput(5, 9));
    update.send().await.unwrap();
    assert_eq!(units(&describe(&us).await), (5, 9));
    let update = eu.update_table().table_name(T).billing_mode(BillingMode::PayPerRequest);
    update.send().await.unwrap();
    let summary = describe(&us).await.billing_mode_summary.unwrap();
    assert_eq!(summary.billing_mode(), Some(&BillingMode::PayPerRequest));
}

#[tokio::test]
async fn read_capacity_and_table_class_can_be_overridden_in_a_replica() {
    let bench = Bench::manual();
    let us = bench.dynamodb(US);
    let request = create_table(&us).billing_mode(BillingMode::Provisioned);
    request.provisioned_throughput(throughput(5, 6)).send().await.unwrap();
    let action = CreateReplicationGroupMemberAction::builder().region_name(EU);
    let own = ProvisionedThroughputOverride::builder().read_capacity_units(50).build();
    let action = action.provisioned_throughput_override(own).build().unwrap();
    let update = ReplicationGroupUpdate::builder().create(action).build();
    replicas(&us, [update]).send().await.unwrap();
    let eu = bench.dynamodb(EU);
    let units = |table: aws_sdk_dynamodb::types::TableDescription| {
        let throughput = table.provisioned_throughput.unwrap();
        (throughput.read_capacity_units.unwrap(), throughput.write_capacity_units.unwrap())
    };
    assert_eq!(units(describe(&eu).await), (50, 6));
    let shown = describe(&us).await;
    let shown = shown.replicas()[0].provisioned_throughput_override().unwrap();
    assert_eq!(shown.read_capacity_units(), Some(50));
    // An update of all leaves the override.
    let update = us.update_table().table_name(T).provisioned_throughput(throughput(7, 8));
    update.send().await.unwrap();
    assert_eq!(units(describe(&us).await), (7, 8));
    assert_eq!(units(describe(&eu).await), (50, 8));
    let action = UpdateReplicationGroupMemberAction::builder().region_name(EU);
    let class = TableClass::StandardInfrequentAccess;
    let action = action.table_class_override(class.clone()).build().unwrap();
    let update = ReplicationGroupUpdate::builder().update(action).build();
    replicas(&us, [update]).send().await.unwrap();
    let table = describe(&eu).await;
    assert_eq!(table.table_class_summary().unwrap().table_class(), Some(&class));
    let shown = describe(&us).await;
    let shown = shown.replicas()[0].replica_table_class_summary().unwrap();
    assert_eq!(shown.table_class(), Some(&class));
}

#[tokio::test]
async fn index_definitions_are_always_the_same() {
    let (bench, us, eu) = two().await;
    put(&eu, "1", "x").await;
    let index = CreateGlobalSecondaryIndexAction::builder()
        .index_name("by-value")
        .key_schema(key_schema("value", KeyType::Hash))
        .projection(Projection::builder().projection_type(ProjectionType::All).build());
    let update = GlobalSecondaryIndexUpdate::builder().create(index.build().unwrap()).build();
    let request = us.update_table().table_name(T).attribute_definitions(definition("value"));
    request.global_secondary_index_updates(update).send().await.unwrap();
    assert_eq!(describe(&eu).await.global_secondary_indexes().len(), 1);
    bench.converge();
    for client in [&us, &eu] {
        let query = client.query().table_name(T).index_name("by-value");
        let query = query.key_condition_expression("#v = :v");
        let query = query.expression_attribute_names("#v", "value");
        let query = query.expression_attribute_values(":v", s("x"));
        assert_eq!(query.send().await.unwrap().count(), 1);
    }
}

#[tokio::test]
async fn deletion_protection_and_tags_are_each_replicas_own() {
    let (_bench, us, eu) = two().await;
    let protect = us.update_table().table_name(T).deletion_protection_enabled(true);
    protect.send().await.unwrap();
    assert_eq!(describe(&us).await.deletion_protection_enabled(), Some(true));
    assert_eq!(describe(&eu).await.deletion_protection_enabled(), Some(false));
    let arn = describe(&us).await.table_arn.unwrap();
    let tag = Tag::builder().key("team").value(arn.as_str()).build().unwrap();
    us.tag_resource().resource_arn(&arn).tags(tag.clone()).send().await.unwrap();
    let tags = us.list_tags_of_resource().resource_arn(&arn).send().await.unwrap();
    assert_eq!(tags.tags(), [tag], "a tag's text is left as it is");
    let there = describe(&eu).await.table_arn.unwrap();
    let tags = eu.list_tags_of_resource().resource_arn(there).send().await.unwrap();
    assert!(tags.tags().is_empty());
}

async fn ttl(client: &aws_sdk_dynamodb::Client, enabled: bool) {
    let spec = TimeToLiveSpecification::builder().attribute_name("ttl").enabled(enabled);
    let spec = spec.build().unwrap();
    let request = client.update_time_to_live().table_name(T).time_to_live_specification(spec);
    request.send().await.unwrap();
}

async fn ttl_status(client: &aws_sdk_dynamodb::Client) -> Option<TimeToLiveStatus> {
    let described = client.describe_time_to_live().table_name(T).send().await.unwrap();
    described.time_to_live_description?.time_to_live_status
}

#[tokio::test]
async fn time_to_live_is_always_the_same() {
    let (bench, us, eu) = two().await;
    ttl(&eu, true).await;
    assert_eq!(ttl_status(&us).await, Some(TimeToLiveStatus::Enabled));
    replicas(&us, [create(AP)]).send().await.unwrap();
    let ap = bench.dynamodb(AP);
    assert_eq!(ttl_status(&ap).await, Some(TimeToLiveStatus::Enabled), "also in a new replica");
    let spec = TimeToLiveSpecification::builder().attribute_name("ttl").enabled(true);
    let again = us.update_time_to_live().table_name(T);
    let again = again.time_to_live_specification(spec.build().unwrap()).send().await;
    assert_eq!(
        refused(again),
        ("ValidationException".into(), "TimeToLive is already enabled".into())
    );
    ttl(&us, false).await;
    assert_eq!(ttl_status(&ap).await, Some(TimeToLiveStatus::Disabled));
}

#[tokio::test]
async fn deletes_by_time_to_live_are_replicated() {
    use aws_sdk_dynamodb::types::AttributeValue;
    let (bench, us, eu) = two().await;
    ttl(&us, true).await;
    let now = itemseal_lab::clock::Clock::now_micros(&bench.clock) / 1_000_000;
    for (id, at) in [("over", now - 1), ("not-yet", now + 3_600)] {
        let put = us.put_item().table_name(T).item("id", s(id));
        put.item("ttl", AttributeValue::N(at.to_string())).send().await.unwrap();
    }
    bench.converge();
    assert_eq!(bench.lab.region(US).unwrap().expire_items().unwrap(), 1);
    bench.converge();
    let scan = eu.scan().table_name(T).send().await.unwrap();
    assert_eq!(scan.items()[0]["id"], s("not-yet"));
    assert_eq!(scan.count(), 1);
    bench.clock.advance(Duration::from_secs(7_200));
    assert_eq!(bench.lab.tables().sweep_ttl().unwrap(), 2, "each Region sweeps its own replica");
}
