//! Items as a stream, and bad ones beside good ones.

use std::collections::BTreeSet;

use aws_sdk_dynamodb::operation::batch_get_item::builders::BatchGetItemInputBuilder;
use aws_sdk_dynamodb::operation::batch_write_item::builders::BatchWriteItemInputBuilder;
use aws_sdk_dynamodb::operation::query::builders::QueryInputBuilder;
use aws_sdk_dynamodb::operation::scan::builders::ScanInputBuilder;
use aws_sdk_dynamodb::types::{
    KeysAndAttributes, PutRequest, ReturnConsumedCapacity, WriteRequest,
};
use itemseal::ErrorKind;
use itemseal_aws::{GlobalTable, Items};
use itemseal_lab::faults::{Fault, OutageMode, Service};

use crate::bench::*;

/// 60 orders of one customer, in one partition.
async fn filled(bench: &Bench) -> GlobalTable {
    let orders = bench.orders().await;
    let one = |n: u32| {
        let mut order = order("1");
        order.insert("CustomerID".to_owned(), s(format!("c-{n:02}")));
        let put = PutRequest::builder().set_item(Some(order)).build().unwrap();
        WriteRequest::builder().put_request(put).build()
    };
    let batch = BatchWriteItemInputBuilder::default().request_items(T, (0..60).map(one).collect());
    orders.batch_write_item(batch).await.unwrap();
    orders
}

fn scan() -> ScanInputBuilder {
    ScanInputBuilder::default().table_name(T)
}

fn query() -> QueryInputBuilder {
    let query =
        QueryInputBuilder::default().table_name(T).key_condition_expression("OrderID = :id");
    query.expression_attribute_values(":id", s("1"))
}

async fn customers(items: &mut Items) -> Vec<String> {
    let mut all = Vec::new();
    while let Some(item) = items.next().await {
        all.push(item.unwrap()["CustomerID"].as_s().unwrap().clone());
    }
    all
}

/// Alters the signed attribute of one of the orders.
async fn alter(bench: &Bench, customer: &str) {
    let key = [("OrderID", s("1")), ("CustomerID", s(customer))];
    let update = bench.raw(US).update_item().table_name(T);
    let update = key.into_iter().fold(update, |update, (name, value)| update.key(name, value));
    let update = update.update_expression("SET OrderStatus = :x");
    update.expression_attribute_values(":x", s("Returned")).send().await.unwrap();
}

#[tokio::test]
async fn all_items_of_a_query_come_in_order_and_of_a_scan_once_whatever_its_segments() {
    let bench = Bench::new().await;
    let orders = filled(&bench).await;
    let expected: Vec<String> = (0..60).map(|n| format!("c-{n:02}")).collect();
    assert_eq!(customers(&mut orders.query_items(query().limit(7))).await, expected);
    let backwards: Vec<String> = expected.iter().rev().cloned().collect();
    let query = query().limit(7).scan_index_forward(false);
    assert_eq!(customers(&mut orders.query_items(query)).await, backwards);
    for segments in [1, 2, 8] {
        let found = customers(&mut orders.scan_items(scan().limit(7), segments).unwrap()).await;
        assert_eq!(found.len(), 60);
        assert_eq!(found.into_iter().collect::<BTreeSet<_>>().len(), 60, "{segments}");
    }
    for wrong in [orders.scan_items(scan(), 0), orders.scan_items(scan().segment(0), 2)] {
        assert_eq!(wrong.unwrap_err().kind(), ErrorKind::Misuse);
    }
}

#[tokio::test]
async fn after_an_error_the_stream_goes_on_where_it_was() {
    let bench = Bench::new().await;
    let orders = filled(&bench).await;
    let mut items = orders.query_items(query().limit(20));
    for _ in 0..20 {
        items.next().await.unwrap().unwrap();
    }
    let refuse = Fault::Outage {
        region: US.to_owned(),
        service: Service::DynamoDb,
        mode: OutageMode::Error(500),
    };
    let fault = bench.lab.faults().add(refuse).unwrap();
    assert!(items.next().await.unwrap().unwrap_err().is_retryable());
    bench.lab.faults().remove(fault);
    let rest = customers(&mut items).await;
    assert_eq!((rest.len(), rest[0].as_str()), (40, "c-20"));
    assert!(items.next().await.is_none());
}

#[tokio::test]
async fn one_bad_item_is_an_error_or_is_reported_beside_the_good_ones() {
    let bench = Bench::new().await;
    let orders = filled(&bench).await;
    alter(&bench, "c-05").await;
    assert_eq!(orders.query(query()).await.unwrap_err().kind(), ErrorKind::Authentication);
    let tolerant = orders.reporting_bad_items();
    let keys: Vec<Attributes> = ["c-04", "c-05"]
        .map(|c| [("OrderID".to_owned(), s("1")), ("CustomerID".to_owned(), s(c))].into())
        .into();
    let batch = KeysAndAttributes::builder().set_keys(Some(keys)).build().unwrap();
    let batch = BatchGetItemInputBuilder::default().request_items(T, batch);
    let page = tolerant.query(query()).await.unwrap();
    let scanned = tolerant.scan(scan()).await.unwrap();
    let got = tolerant.batch_get_item(batch.clone()).await.unwrap();
    assert_eq!((page.items().len(), scanned.items().len()), (59, 59));
    assert_eq!(got.responses().unwrap()[T].len(), 1);
    for bad in [page.bad_items(), scanned.bad_items(), got.bad_items()] {
        assert_eq!(bad.len(), 1);
        assert_eq!((bad[0].table(), &bad[0].key()["CustomerID"]), (T, &s("c-05")));
        assert_eq!(bad[0].error().kind(), ErrorKind::Authentication);
        assert!(bad[0].key().len() == 2 && !format!("{bad:?}").contains("c-05"));
    }
    assert!(orders.batch_get_item(batch).await.is_err());
    let mut items = tolerant.scan_items(scan().limit(9), 2).unwrap();
    assert_eq!(customers(&mut items).await.len(), 59);
    assert_eq!((items.take_bad_items().len(), items.take_bad_items().len()), (1, 0));
}

/// That a key cannot be asked for says nothing about the items.
#[tokio::test]
async fn a_key_service_that_does_not_answer_makes_no_item_bad() {
    let bench = Bench::new().await;
    let orders = filled(&bench).await.reporting_bad_items();
    let region = US.to_owned();
    let fault = Fault::Outage { region, service: Service::Kms, mode: OutageMode::Error(500) };
    bench.lab.faults().add(fault).unwrap();
    let error = orders.query(query()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::KeyUnavailable);
}

#[tokio::test]
async fn what_calls_of_ours_cost_is_in_the_capacity_that_is_reported() {
    let bench = Bench::new().await;
    filled(&bench).await;
    let builder = bench.builder(orders(), US).complete_index_reads();
    let orders = builder.build(&bench.config(US)).await.unwrap();
    let by = |index: &str| {
        let query = QueryInputBuilder::default().table_name(T).index_name(index);
        let query = query.key_condition_expression("OrderStatus = :s");
        let query = query.expression_attribute_values(":s", s("Shipped"));
        query.return_consumed_capacity(ReturnConsumedCapacity::Total)
    };
    let raw = bench.raw(US).query().table_name(T).index_name("by-status-keys");
    let raw = raw
        .key_condition_expression("OrderStatus = :s")
        .expression_attribute_values(":s", s("Shipped"));
    let raw = raw.return_consumed_capacity(ReturnConsumedCapacity::Total).send().await.unwrap();
    let alone = raw.consumed_capacity.unwrap().capacity_units.unwrap();
    let page = orders.query(by("by-status-keys")).await.unwrap();
    let together = page.consumed_capacity().unwrap().capacity_units.unwrap();
    // Sixty items, each read once more at half a unit for every 4 KB or part of it.
    assert_eq!(together - alone, 30.0);
    // Three calls for sixty puts, and one entry for the table.
    let one = |n: u32| {
        let put = PutRequest::builder().set_item(Some(order(&n.to_string()))).build().unwrap();
        WriteRequest::builder().put_request(put).build()
    };
    let batch = BatchWriteItemInputBuilder::default().request_items(T, (0..60).map(one).collect());
    let batch = batch.return_consumed_capacity(ReturnConsumedCapacity::Total);
    let written = orders.batch_write_item(batch).await.unwrap();
    assert_eq!(written.consumed_capacity().len(), 1);
    let units = written.consumed_capacity()[0].capacity_units.unwrap();
    assert!(units >= 60.0, "{units}");
    let keys = (0..60).map(|n| key(&n.to_string())).chain((60..150).map(|n| key(&n.to_string())));
    let keys = KeysAndAttributes::builder().set_keys(Some(keys.collect())).build().unwrap();
    let batch = BatchGetItemInputBuilder::default().request_items(T, keys);
    let batch = batch.return_consumed_capacity(ReturnConsumedCapacity::Total);
    let read = orders.batch_get_item(batch).await.unwrap();
    let [capacity] = read.consumed_capacity() else { panic!("one entry for the table") };
    // Half a unit for each of two calls' keys, found or not.
    assert_eq!(capacity.capacity_units, Some(75.0));
}
