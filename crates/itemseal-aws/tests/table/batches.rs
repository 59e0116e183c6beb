//! BatchWriteItem and BatchGetItem.

use std::collections::{BTreeSet, HashMap};

use aws_sdk_dynamodb::operation::batch_get_item::builders::BatchGetItemInputBuilder;
use aws_sdk_dynamodb::operation::batch_write_item::builders::BatchWriteItemInputBuilder;
use aws_sdk_dynamodb::types::{DeleteRequest, KeysAndAttributes, PutRequest, WriteRequest};
use itemseal::ErrorKind;
use itemseal_lab::faults::Fault;

use crate::bench::*;

fn put(id: usize) -> WriteRequest {
    let put = PutRequest::builder().set_item(Some(order(&id.to_string()))).build().unwrap();
    WriteRequest::builder().put_request(put).build()
}

fn delete(id: usize) -> WriteRequest {
    let delete = DeleteRequest::builder().set_key(Some(key(&id.to_string()))).build().unwrap();
    WriteRequest::builder().delete_request(delete).build()
}

fn write(requests: Vec<WriteRequest>) -> BatchWriteItemInputBuilder {
    BatchWriteItemInputBuilder::default().request_items(T, requests)
}

fn keys(ids: impl IntoIterator<Item = usize>) -> KeysAndAttributes {
    let keys = ids.into_iter().map(|id| key(&id.to_string())).collect();
    KeysAndAttributes::builder().set_keys(Some(keys)).build().unwrap()
}

fn read(keys: KeysAndAttributes) -> BatchGetItemInputBuilder {
    BatchGetItemInputBuilder::default().request_items(T, keys)
}

#[tokio::test]
async fn batches_of_any_size_are_written_and_read_also_if_half_is_left_undone_each_time() {
    let bench = Bench::new().await;
    let orders = bench.orders().await;
    bench.lab.faults().add(Fault::unprocessed(US, 0.3)).unwrap();
    let written = orders.batch_write_item(write((0..60).map(put).collect())).await.unwrap();
    assert_eq!(written.unprocessed_items(), Some(&HashMap::new()));
    let mixed = (0..5).map(delete).chain((60..130).map(put)).collect();
    orders.batch_write_item(write(mixed)).await.unwrap();
    assert!(matches!(
        bench.stored("77").await.unwrap()["Card"],
        aws_sdk_dynamodb::types::AttributeValue::B(_)
    ));
    let got = orders.batch_get_item(read(keys(0..130))).await.unwrap();
    assert_eq!(got.unprocessed_keys(), Some(&HashMap::new()));
    let items = &got.responses().unwrap()[T];
    let ids: BTreeSet<usize> =
        items.iter().map(|item| item["OrderID"].as_s().unwrap().parse().unwrap()).collect();
    assert_eq!(ids, (5..130).collect());
    assert!(items.iter().all(|item| item["Card"] == s("4111 1111 1111 1111")));
}

#[tokio::test]
async fn what_is_undone_comes_back_at_once_and_as_it_was_given_if_that_is_wanted() {
    let bench = Bench::new().await;
    let orders = bench.builder(orders(), US).hand_back_unprocessed();
    let orders = orders.build(&bench.config(US)).await.unwrap();
    bench.lab.faults().add(Fault::unprocessed(US, 0.3)).unwrap();
    let written = orders.batch_write_item(write((0..60).map(put).collect())).await.unwrap();
    let left = &written.unprocessed_items().unwrap()[T];
    assert!(!left.is_empty() && left.len() < 60, "{}", left.len());
    for request in left {
        let item = request.put_request().unwrap().item();
        let id = item["OrderID"].as_s().unwrap();
        assert_eq!(item, &order(id));
        assert_eq!(bench.stored(id).await, None);
    }
    let mut request = keys(0..60);
    request.projection_expression = Some("Card".to_owned());
    let got = orders.batch_get_item(read(request)).await.unwrap();
    let undone = &got.unprocessed_keys().unwrap()[T];
    assert_eq!(undone.projection_expression(), Some("Card"));
    let found = got.responses().unwrap()[T].len();
    assert!(found + undone.keys().len() <= 60 && !undone.keys().is_empty());
}

#[tokio::test]
async fn a_call_that_fails_says_how_much_was_done_before() {
    let bench = Bench::new().await;
    let orders = bench.builder(orders(), US).hand_back_unprocessed();
    let orders = orders.build(&bench.config(US)).await.unwrap();
    let rate = Fault::Throttle {
        region: US.to_owned(),
        service: itemseal_lab::faults::Service::DynamoDb,
        operations: vec!["BatchWriteItem".to_owned()],
        per_second: 1,
    };
    bench.lab.faults().add(rate).unwrap();
    // The lab's clock stands, so the second call is refused however often it is made.
    let error = orders.batch_write_item(write((0..30).map(put).collect())).await.unwrap_err();
    assert_eq!(error.code(), Some("ProvisionedThroughputExceededException"));
    assert!(error.to_string().contains("25 of 30 requests were done before"), "{error}");
}

/// All of a batch is left undone, which DynamoDB answers with an error.
#[tokio::test]
async fn a_batch_of_which_nothing_was_done_is_repeated_too() {
    let bench = Bench::new().await;
    let orders = bench.orders().await;
    let all = bench.lab.faults().add(Fault::unprocessed(US, 1.0)).unwrap();
    let faults = bench.lab.faults().clone();
    let lab = bench.lab.clone();
    let end = async move {
        // Once the batch was refused, things are well again.
        let refused = || lab.tables().region(US).unwrap().scan_all(T).unwrap().is_empty();
        for _ in 0..200 {
            assert!(refused());
            tokio::task::yield_now().await;
        }
        faults.remove(all);
    };
    let (written, ()) =
        tokio::join!(orders.batch_write_item(write((0..3).map(put).collect())), end);
    assert_eq!(written.unwrap().unprocessed_items(), Some(&HashMap::new()));
    assert!(bench.stored("2").await.is_some());
}

#[tokio::test]
async fn two_requests_about_one_item_are_refused_before_anything_is_written() {
    let bench = Bench::new().await;
    let orders = bench.orders().await;
    let requests = (0..30).map(put).chain([delete(3)]).collect();
    let error = orders.batch_write_item(write(requests)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Misuse);
    let neither = orders.batch_write_item(write(vec![WriteRequest::builder().build()])).await;
    assert_eq!(neither.unwrap_err().kind(), ErrorKind::Misuse);
    assert_eq!(bench.stored("0").await, None);
}

#[tokio::test]
async fn a_batch_read_is_cut_to_its_projection_and_takes_no_legacy_parameter() {
    let bench = Bench::new().await;
    let orders = bench.orders().await;
    orders.batch_write_item(write(vec![put(1)])).await.unwrap();
    let mut request = keys([1]);
    request.projection_expression = Some("#c".to_owned());
    request.expression_attribute_names = Some([("#c".to_owned(), "Card".to_owned())].into());
    let got = orders.batch_get_item(read(request)).await.unwrap();
    let expected = Attributes::from([("Card".to_owned(), s("4111 1111 1111 1111"))]);
    assert_eq!(got.responses().unwrap()[T], [expected]);
    let mut request = keys([1]);
    request.attributes_to_get = Some(vec!["Card".to_owned()]);
    let error = orders.batch_get_item(read(request)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Refused);
}

#[tokio::test]
async fn a_table_that_is_not_encrypted_takes_part_if_it_is_named() {
    let bench = Bench::new().await;
    let orders = bench.orders().await;
    let note = Attributes::from([("OrderID".to_owned(), s("1")), ("Note".to_owned(), s("seen"))]);
    let audit = PutRequest::builder().set_item(Some(note.clone())).build().unwrap();
    let audit = WriteRequest::builder().put_request(audit).build();
    let both = write(vec![put(1)]).request_items(AUDIT, vec![audit.clone()]);
    orders.batch_write_item(both).await.unwrap();
    let audit_keys = Attributes::from([("OrderID".to_owned(), s("1"))]);
    let audit_keys = KeysAndAttributes::builder().keys(audit_keys).build().unwrap();
    let got =
        orders.batch_get_item(read(keys([1])).request_items(AUDIT, audit_keys)).await.unwrap();
    assert_eq!(got.responses().unwrap()[AUDIT], [note]);
    assert_eq!(got.responses().unwrap()[T], [order("1")]);
    let other = BatchWriteItemInputBuilder::default().request_items("Others", vec![audit]);
    assert_eq!(orders.batch_write_item(other).await.unwrap_err().kind(), ErrorKind::Misuse);
}
