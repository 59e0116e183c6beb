//! Writes that may fail over: what goes to another Region, and what never does.

use std::time::Duration;

use aws_sdk_dynamodb::operation::batch_write_item::builders::BatchWriteItemInputBuilder;
use aws_sdk_dynamodb::operation::delete_item::builders::DeleteItemInputBuilder;
use aws_sdk_dynamodb::operation::transact_write_items::builders::TransactWriteItemsInputBuilder;
use aws_sdk_dynamodb::operation::update_item::builders::UpdateItemInputBuilder;
use aws_sdk_dynamodb::types::{Put, PutRequest, TransactWriteItem, WriteRequest};
use itemseal::{ErrorKind, Item};
use itemseal_aws::{CallCounts, GlobalTable, Writes};
use itemseal_lab::faults::{Fault, OutageMode, Service};
use tokio::time::Instant;

use crate::bench::{EU, T, US, key, n, order};
use crate::regions::{Regions, put};

async fn failing_over(regions: &Regions) -> GlobalTable {
    regions.client(regions.builder().writes(Writes::Failover)).await
}

fn is_in(regions: &Regions, region: &str, id: &str) -> bool {
    let key = Item::new().with("OrderID", id).with("CustomerID", "c-1");
    regions.lab.region(region).unwrap().get(T, key).unwrap().is_some()
}

fn calls(client: &GlobalTable, operation: &str, region: &str) -> CallCounts {
    let counts = client.call_counts();
    let found = counts.into_iter().find(|c| c.operation == operation && c.region == region);
    found.unwrap()
}

fn delete(id: &str) -> DeleteItemInputBuilder {
    DeleteItemInputBuilder::default().table_name(T).set_key(Some(key(id)))
}

fn batch(ids: &[&str]) -> BatchWriteItemInputBuilder {
    let one = |id: &&str| {
        let put = PutRequest::builder().set_item(Some(order(id))).build().unwrap();
        WriteRequest::builder().put_request(put).build()
    };
    BatchWriteItemInputBuilder::default().request_items(T, ids.iter().map(one).collect())
}

#[tokio::test(start_paused = true)]
async fn a_home_region_that_cannot_be_reached_passes_writes_on_and_gets_them_back() {
    let regions = Regions::new();
    let client = failing_over(&regions).await;
    assert_eq!(client.put_item(put("2")).await.unwrap().region(), US);
    let fault = regions.outage(US, Service::DynamoDb, OutageMode::Refuse);
    assert_eq!(client.put_item(put("3")).await.unwrap().region(), EU);
    assert!(is_in(&regions, EU, "3") && !is_in(&regions, US, "3"));
    assert_eq!(client.delete_item(delete("1")).await.unwrap().region(), EU);
    assert!(!is_in(&regions, EU, "1"));
    assert_eq!(client.batch_write_item(batch(&["4", "5"])).await.unwrap().region(), EU);
    assert!(is_in(&regions, EU, "5"));
    regions.lab.faults().remove(fault);
    tokio::time::sleep(Duration::from_secs(30)).await;
    assert_eq!(client.put_item(put("6")).await.unwrap().region(), US);
    regions.lab.tables().converge().unwrap();
    for id in ["2", "3", "4", "5", "6"] {
        assert!(is_in(&regions, US, id) && is_in(&regions, EU, id), "{id}");
    }
}

#[tokio::test(start_paused = true)]
async fn conditions_updates_and_transactions_stay_at_home() {
    let regions = Regions::new();
    let client = failing_over(&regions).await;
    regions.outage(US, Service::DynamoDb, OutageMode::Refuse);
    let mut errors = Vec::new();
    let put_if = put("2").condition_expression("attribute_not_exists(OrderID)");
    errors.push(client.put_item(put_if).await.unwrap_err());
    let delete_if = delete("1").condition_expression("attribute_exists(OrderID)");
    errors.push(client.delete_item(delete_if).await.unwrap_err());
    let add = UpdateItemInputBuilder::default().table_name(T).set_key(Some(key("1")));
    let add = add.update_expression("ADD Hits :one").expression_attribute_values(":one", n(1));
    errors.push(client.update_item(add).await.unwrap_err());
    let change = client.update_item_with(T, key("1"), Ok);
    errors.push(change.await.unwrap_err());
    let all = Put::builder().table_name(T).set_item(Some(order("2"))).build().unwrap();
    let all = TransactWriteItem::builder().put(all).build();
    let all = TransactWriteItemsInputBuilder::default().transact_items(all);
    errors.push(client.transact_write_items(all).await.unwrap_err());
    for error in errors {
        assert!(error.is_retryable() && error.region() == Some(US), "{error}");
        // There was no connection, so there is nothing that could have been done.
        assert!(!error.to_string().contains("may have been carried out"), "{error}");
    }
    assert!(!is_in(&regions, EU, "2") && is_in(&regions, EU, "1"));
}

#[tokio::test(start_paused = true)]
async fn a_write_that_may_have_been_made_is_made_again_only_if_it_is_said_to_be_idempotent() {
    for (mode, text) in [
        (OutageMode::Hang, "it may have been carried out"),
        (OutageMode::Error(500), "InternalServerError"),
    ] {
        let regions = Regions::new();
        let client = failing_over(&regions).await;
        regions.outage(US, Service::DynamoDb, mode);
        let start = Instant::now();
        let error = client.put_item(put("2")).await.unwrap_err();
        assert!(error.to_string().contains(text), "{error}");
        assert!(error.is_retryable() && error.region() == Some(US));
        assert!(start.elapsed() < Duration::from_secs(1), "{:?}", start.elapsed());
        assert!(!is_in(&regions, EU, "2"));

        let regions = Regions::new();
        let client = failing_over(&regions).await;
        regions.outage(US, Service::DynamoDb, mode);
        let again = client.idempotent().put_item(put("2")).await.unwrap();
        assert_eq!(again.region(), EU, "{mode:?}");
        assert!(is_in(&regions, EU, "2"));
    }
}

#[tokio::test(start_paused = true)]
async fn once_a_region_is_known_to_hang_no_write_waits_for_it_or_is_risked_on_it() {
    let regions = Regions::new();
    let client = failing_over(&regions).await;
    let fault = regions.outage(US, Service::DynamoDb, OutageMode::Hang);
    client.put_item(put("0")).await.unwrap_err();
    let mut waited = 0;
    for second in 0..60 {
        let start = Instant::now();
        let answer = client.put_item(put(&second.to_string())).await.unwrap();
        assert_eq!(answer.region(), EU, "after {second} seconds");
        // Now and then it is asked for an item first, to see whether it is back.
        waited += u32::from(start.elapsed() > Duration::ZERO);
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
    assert!((1..=12).contains(&waited), "{waited}");
    regions.lab.faults().remove(fault);
    tokio::time::sleep(Duration::from_secs(10)).await;
    assert_eq!(client.put_item(put("back")).await.unwrap().region(), US);
}

#[tokio::test(start_paused = true)]
async fn what_finds_out_whether_a_region_is_back_is_a_read_and_a_5xx_is_no_answer() {
    let regions = Regions::new();
    let client = failing_over(&regions).await;
    regions.outage(US, Service::DynamoDb, OutageMode::Error(500));
    for _ in 0..3 {
        assert_eq!(client.idempotent().put_item(put("2")).await.unwrap().region(), EU);
        tokio::time::sleep(Duration::from_secs(9)).await;
    }
    // The first was tried there, thrice; then the Region was asked for an item, and answered 500.
    assert_eq!(calls(&client, "PutItem", US).calls, 1 + 3);
    assert_eq!((calls(&client, "GetItem", US).calls, calls(&client, "GetItem", US).errors), (2, 2));
    let regions = Regions::new();
    let client = failing_over(&regions).await;
    let fault = regions.outage(US, Service::DynamoDb, OutageMode::Hang);
    client.batch_write_item(batch(&["2"])).await.unwrap_err();
    regions.lab.faults().remove(fault);
    tokio::time::sleep(Duration::from_secs(9)).await;
    assert_eq!(client.batch_write_item(batch(&["2"])).await.unwrap().region(), US);
    let asked = calls(&client, "GetItem", US);
    assert_eq!((asked.calls, asked.errors), (1, 0), "for an item that can be asked for");
}

#[tokio::test(start_paused = true)]
async fn throttling_alone_never_moves_a_write() {
    let regions = Regions::new();
    let client = failing_over(&regions).await;
    let fault = regions.lab.faults().add(Fault::throttle(US, Service::DynamoDb, 0)).unwrap();
    for _ in 0..5 {
        let error = client.idempotent().put_item(put("2")).await.unwrap_err();
        assert!(error.code().unwrap().contains("Throughput"), "{error}");
        assert_eq!(error.region(), Some(US));
    }
    assert_eq!(calls(&client, "PutItem", US).calls, 1 + 5 * 3, "each is repeated where it is");
    assert!(!is_in(&regions, EU, "2"));
    regions.lab.faults().remove(fault);
    assert_eq!(client.put_item(put("2")).await.unwrap().region(), US);
}

#[tokio::test(start_paused = true)]
async fn a_write_at_home_ends_within_the_deadline_and_says_what_is_not_known() {
    let regions = Regions::new();
    let client = regions.client(regions.builder().deadline(Duration::from_secs(2))).await;
    regions.outage(US, Service::DynamoDb, OutageMode::Hang);
    let start = Instant::now();
    let error = client.put_item(put("2")).await.unwrap_err();
    assert_eq!(start.elapsed(), Duration::from_secs(2));
    assert!(error.to_string().contains("read the item before"), "{error}");
    assert!(error.is_retryable());
}

#[tokio::test(start_paused = true)]
async fn regions_are_the_keyrings_and_only_those_that_are_allowed() {
    let regions = Regions::new();
    let config = regions.lab.sdk_config(US);
    let of_keyring = || regions.builder().regions(Vec::<String>::new());
    let client = of_keyring().build(&config).await.unwrap();
    assert_eq!(client.regions().collect::<Vec<_>>(), [US, EU]);
    let error = of_keyring().allowed_regions([US]).build(&config).await.unwrap_err();
    assert_eq!((error.kind(), error.region()), (ErrorKind::Misuse, Some(EU)));
    let elsewhere = of_keyring().allowed_regions([US, EU]).regions(["ap-south-1"]);
    let error = elsewhere.build(&config).await.unwrap_err();
    assert_eq!((error.kind(), error.region()), (ErrorKind::Misuse, Some("ap-south-1")));
    of_keyring().allowed_regions([EU, US]).build(&config).await.unwrap();
    // The data key would be elsewhere, if not the table.
    let error = of_keyring().regions([US]).allowed_regions([US]).build(&config).await.unwrap_err();
    assert_eq!(error.region(), Some(EU));
    let kms = itemseal_aws::AwsKms::new(&config).unwrap();
    let other = itemseal::MrkKeyring::builder(&regions.key_arn).regions([EU, US]).build(kms);
    let table = itemseal::TableConfig::builder("Others").partition_key("id").build().unwrap();
    let two = of_keyring().table("Others", table, other.unwrap());
    let error = two.build(&config).await.unwrap_err();
    assert!(error.to_string().contains("regions([…])"), "{error}");
}
