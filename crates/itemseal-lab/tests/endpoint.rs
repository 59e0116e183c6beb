//! What the endpoint answers with: ARNs, error shapes, signatures.

// Helpers that are not tests may panic like the tests that they belong to.
#![allow(clippy::panic, clippy::unwrap_used)]

mod common;

use aws_sdk_dynamodb::error::SdkError;
use aws_sdk_dynamodb::operation::RequestId;
use aws_sdk_dynamodb::operation::put_item::PutItemError;
use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
use aws_sdk_dynamodb::types::{
    ConditionCheck, Put, ReturnValuesOnConditionCheckFailure, TransactWriteItem,
};
use common::*;
use itemseal_lab::Lab;
use itemseal_lab::http::{LabServer, handle};

#[tokio::test]
async fn every_region_opens_when_it_is_asked_for() {
    let bench = Bench::manual();
    for region in ["me-central-1", "us-gov-west-1", "ap-southeast-7"] {
        let client = bench.table(region).await;
        let arn = format!("arn:aws:dynamodb:{region}:{ACCOUNT}:table/{T}");
        assert_eq!(describe(&client).await.table_arn.unwrap(), arn);
        // And the ARN stands for the name.
        let put = client.put_item().table_name(&arn).item("id", s("1"));
        put.send().await.unwrap();
        assert_eq!(client.scan().table_name(&arn).send().await.unwrap().count(), 1);
    }
    let elsewhere = format!("arn:aws:dynamodb:{US}:{ACCOUNT}:table/{T}");
    let client = bench.dynamodb("me-central-1");
    let (code, _) = refused(client.scan().table_name(elsewhere).send().await);
    assert_eq!(code, "ResourceNotFoundException");
}

#[tokio::test]
async fn errors_carry_their_item_their_reasons_and_a_request_id() {
    let bench = Bench::manual();
    let us = bench.table(US).await;
    put(&us, "1", "old").await;
    let insert = us.put_item().table_name(T).item("id", s("1"));
    let insert = insert.condition_expression("attribute_not_exists(id)");
    let all_old = ReturnValuesOnConditionCheckFailure::AllOld;
    let insert = insert.return_values_on_condition_check_failure(all_old).send().await;
    let Err(SdkError::ServiceError(context)) = insert else { panic!("{insert:?}") };
    assert_eq!(context.err().request_id().unwrap().len(), 52);
    let PutItemError::ConditionalCheckFailedException(failed) = context.into_err() else {
        panic!("another error")
    };
    assert_eq!(failed.item().unwrap()["value"], s("old"));

    let check = ConditionCheck::builder().table_name(T).key("id", s("none"));
    let check = check.condition_expression("attribute_exists(id)").build().unwrap();
    let put = Put::builder().table_name(T).item("id", s("2")).build().unwrap();
    let write = us.transact_write_items();
    let write = write.transact_items(TransactWriteItem::builder().put(put).build());
    let write = write.transact_items(TransactWriteItem::builder().condition_check(check).build());
    let error = write.send().await.unwrap_err().into_service_error();
    let TransactWriteItemsError::TransactionCanceledException(cancelled) = error else {
        panic!("{error:?}")
    };
    let codes: Vec<_> = cancelled.cancellation_reasons().iter().map(|r| r.code()).collect();
    assert_eq!(codes, [Some("None"), Some("ConditionalCheckFailed")]);

    let error = bench.kms(US).describe_key().key_id("mrk-none").send().await.unwrap_err();
    assert!(error.into_service_error().is_not_found_exception());
}

#[tokio::test]
async fn signatures_are_checked_only_if_credentials_are_given() {
    let lab = Lab::builder().every_region().build().unwrap();
    let server = LabServer::builder(&lab).credentials("AK", "a").start().unwrap();
    let endpoint = server.endpoint();
    // A secret of any length, and a body that is signed.
    let right = dynamodb_at(&endpoint, US, "a");
    create_table(&right).send().await.unwrap();
    put(&right, "1", "§ signed").await;
    let (code, message) = refused(dynamodb_at(&endpoint, US, "b").list_tables().send().await);
    assert_eq!(code, "InvalidSignatureException");
    assert!(message.starts_with("The request signature we calculated does not match"), "{message}");
    let open = LabServer::start(&lab).unwrap();
    let tables = dynamodb_at(&open.endpoint(), US, "b").list_tables().send().await.unwrap();
    assert_eq!(tables.table_names(), [T]);
}

#[tokio::test]
async fn what_a_client_asks_before_it_works_is_answered() {
    let bench = Bench::manual();
    let us = bench.table(US).await;
    let limits = us.describe_limits().send().await.unwrap();
    assert!(limits.account_max_read_capacity_units().unwrap() > 0);
    let endpoints = us.describe_endpoints().send().await.unwrap();
    assert_eq!(endpoints.endpoints()[0].address(), "dynamodb.us-east-1.amazonaws.com");
    let backups = us.describe_continuous_backups().table_name(T).send().await.unwrap();
    assert!(backups.continuous_backups_description().is_some());
    let missing = us.describe_continuous_backups().table_name("None").send().await;
    assert_eq!(refused(missing).0, "TableNotFoundException");
}

#[tokio::test]
async fn the_server_listens_on_loopback_and_ends() {
    let bench = Bench::manual();
    let address = bench.server.address();
    assert!(address.ip().is_loopback());
    bench.table(US).await;
    bench.server.shutdown().await;
    assert!(std::net::TcpStream::connect(address).is_err());
}

#[test]
fn requests_are_handled_without_a_socket_and_without_a_runtime() {
    let lab = Lab::builder().every_region().build().unwrap();
    let request = http::Request::post("/")
        .header("x-amz-target", "DynamoDB_20120810.ListTables")
        .header(
            "authorization",
            "AWS4-HMAC-SHA256 Credential=AK/20260101/eu-west-1/dynamodb/aws4_request, \
             SignedHeaders=host, Signature=00",
        )
        .body(bytes::Bytes::from_static(b"{}"))
        .unwrap();
    let mut future = std::pin::pin!(handle(&lab, request));
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    let std::task::Poll::Ready(answer) = future.as_mut().poll(&mut context) else {
        panic!("it waits")
    };
    assert_eq!((answer.status().as_u16(), &answer.body()[..]), (200, &b"{\"TableNames\":[]}"[..]));
}
