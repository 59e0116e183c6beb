//! Faults, set through the lab's own API and met by AWS's own clients.

#![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

mod common;

use std::io::{ErrorKind, Read, Write};
use std::time::Duration;

use aws_sdk_dynamodb::types::{KeysAndAttributes, PutRequest, WriteRequest};
use aws_sdk_kms as kms;
use aws_smithy_types::timeout::TimeoutConfig;
use common::*;

/// Calls the lab's own API, and gives the answer's body.
fn lab(bench: &Bench, method: &str, path: &str, body: &str) -> String {
    let length = body.len();
    let request = format!(
        "{method} /_lab/{path} HTTP/1.1\r\nHost: l\r\nConnection: close\r\n\
         Content-Length: {length}\r\n\r\n{body}"
    );
    let answer = bench.raw(request.as_bytes());
    assert!(answer.starts_with("HTTP/1.1 20"), "{answer}");
    answer.split_once("\r\n\r\n").unwrap().1.to_owned()
}

fn set(bench: &Bench, fault: &str) -> u64 {
    let answer = lab(bench, "POST", "faults", fault);
    let id: String = answer.chars().filter(char::is_ascii_digit).collect();
    id.parse().unwrap()
}

fn end(bench: &Bench, fault: u64) {
    lab(bench, "DELETE", &format!("faults/{fault}"), "");
}

#[tokio::test]
async fn an_outage_that_refuses_closes_the_connection_without_an_answer() {
    let bench = Bench::manual();
    let fault = set(&bench, r#"{"fault": "outage", "region": "us-east-1", "service": "dynamodb"}"#);
    let error = bench.dynamodb(US).list_tables().send().await.unwrap_err();
    assert!(error.as_service_error().is_none(), "{error:?}");
    let list = b"POST / HTTP/1.1\r\nHost: l\r\nX-Amz-Target: DynamoDB_20120810.ListTables\r\n\
        Authorization: AWS4-HMAC-SHA256 Credential=AK/20260101/us-east-1/dynamodb/aws4_request, \
        SignedHeaders=host, Signature=00\r\nContent-Length: 2\r\n\r\n{}";
    assert_eq!(bench.raw(list), "");
    // One service of one Region is out.
    bench.kms(US).list_keys().send().await.unwrap();
    bench.dynamodb(EU).list_tables().send().await.unwrap();
    end(&bench, fault);
    bench.dynamodb(US).list_tables().send().await.unwrap();
}

#[tokio::test]
async fn an_outage_that_hangs_never_answers_and_holds_nobody_else_up() {
    let bench = Bench::manual();
    set(&bench, r#"{"fault": "outage", "region": "us-east-1", "service": "kms", "mode": "hang"}"#);
    let mut socket = bench.connect();
    socket
        .write_all(
            b"POST / HTTP/1.1\r\nHost: l\r\nX-Amz-Target: TrentService.ListKeys\r\n\
              Authorization: AWS4-HMAC-SHA256 Credential=AK/20260101/us-east-1/kms/aws4_request, \
              SignedHeaders=host, Signature=00\r\nContent-Length: 2\r\n\r\n{}",
        )
        .unwrap();
    let timeouts = TimeoutConfig::builder().read_timeout(Duration::from_millis(100)).build();
    let client = bench.kms(US);
    let config = client.config().to_builder().timeout_config(timeouts).build();
    let error = kms::Client::from_conf(config).list_keys().send().await.unwrap_err();
    assert!(format!("{error:?}").contains("Timeout"), "{error:?}");
    bench.kms(EU).list_keys().send().await.unwrap();
    bench.dynamodb(US).list_tables().send().await.unwrap();
    // A server that is told to end does not wait for what hangs.
    bench.server.shutdown().await;
    let mut answer = Vec::new();
    let read = socket.read_to_end(&mut answer);
    assert!(read.is_ok() || read.is_err_and(|error| error.kind() == ErrorKind::ConnectionReset));
    assert!(answer.is_empty());
}

#[tokio::test]
async fn an_outage_can_answer_with_a_5xx() {
    let bench = Bench::manual();
    set(&bench, r#"{"fault": "outage", "region": "us-east-1", "mode": {"error": 503}}"#);
    let (code, message) = refused(bench.kms(US).list_keys().send().await);
    assert_eq!(code, "ServiceUnavailable");
    assert!(message.contains("us-east-1"), "{message}");
    let (code, _) = refused(bench.dynamodb(US).list_tables().send().await);
    assert_eq!(code, "ServiceUnavailable");
}

#[tokio::test]
async fn calls_above_a_rate_are_throttled_until_time_has_passed() {
    let bench = Bench::manual();
    let us = bench.table(US).await;
    set(
        &bench,
        r#"{"fault": "throttle", "region": "us-east-1", "per_second": 2,
            "operations": ["PutItem", "ListKeys"]}"#,
    );
    let write = || us.put_item().table_name(T).item("id", s("1")).send();
    write().await.unwrap();
    write().await.unwrap();
    let (code, _) = refused(write().await);
    assert_eq!(code, "ProvisionedThroughputExceededException");
    let (code, _) = refused(bench.kms(US).list_keys().send().await);
    assert_eq!(code, "ThrottlingException");
    assert_eq!(get(&us, "1").await, None, "reads are not throttled, and the item has no value");
    bench.clock.advance(Duration::from_millis(500));
    write().await.unwrap();
    refused(write().await);
}

#[tokio::test]
async fn late_changes_arrive_by_themselves_when_they_are_due() {
    let bench = Bench::automatic();
    let us = bench.table(US).await;
    replicas(&us, [create(EU)]).send().await.unwrap();
    let eu = bench.dynamodb(EU);
    let lag = r#"{"fault": "lag", "from": "us-east-1", "to": "eu-west-1",
                  "delay": {"fixed_ms": 3600000}}"#;
    let lag = set(&bench, lag);
    put(&us, "1", "late").await;
    put(&eu, "2", "at once").await;
    // The other direction has no lag.
    until("it arrived", || async { get(&us, "2").await.is_some() }).await;
    assert_eq!(get(&eu, "1").await, None);
    bench.clock.advance(Duration::from_millis(3_599_999));
    assert_eq!(get(&eu, "1").await, None);
    bench.clock.advance(Duration::from_millis(1));
    until("it arrived", || async { get(&eu, "1").await.is_some() }).await;
    put(&us, "3", "no longer late").await;
    assert_eq!(get(&eu, "3").await, None);
    end(&bench, lag);
    until("it arrived", || async { get(&eu, "3").await.is_some() }).await;
}

#[tokio::test]
async fn on_the_machines_clock_late_changes_arrive_too() {
    let lab_ = itemseal_lab::Lab::builder().every_region().build().unwrap();
    let server = itemseal_lab::http::LabServer::start(&lab_).unwrap();
    let (us, eu) = (
        dynamodb_at(&server.endpoint(), US, "secret"),
        dynamodb_at(&server.endpoint(), EU, "secret"),
    );
    create_table(&us).send().await.unwrap();
    replicas(&us, [create(EU)]).send().await.unwrap();
    let lag = itemseal_lab::faults::Fault::lag(US, EU, Duration::from_millis(150));
    lab_.faults().add(lag).unwrap();
    let start = std::time::Instant::now();
    put(&us, "1", "late").await;
    while get(&eu, "1").await.is_none() {
        assert!(start.elapsed() < Duration::from_secs(60), "it never arrived");
    }
    assert!(start.elapsed() >= Duration::from_millis(150), "{:?}", start.elapsed());
}

#[tokio::test]
async fn a_partition_keeps_changes_until_it_ends() {
    let bench = Bench::automatic();
    let us = bench.table(US).await;
    replicas(&us, [create(EU), create(AP)]).send().await.unwrap();
    let (eu, ap) = (bench.dynamodb(EU), bench.dynamodb(AP));
    let cut = r#"{"fault": "partition", "region": "us-east-1", "from": "eu-west-1"}"#;
    let cut = set(&bench, cut);
    put(&us, "1", "held up").await;
    until("it arrived", || async { get(&ap, "1").await.is_some() }).await;
    assert_eq!(get(&eu, "1").await, None);
    let status = lab(&bench, "GET", "status", "");
    assert!(status.contains(r#""changes":1,"from":"us-east-1","to":"eu-west-1""#), "{status}");
    end(&bench, cut);
    until("it arrived", || async { get(&eu, "1").await.is_some() }).await;
}

#[tokio::test]
async fn an_eventually_consistent_read_can_be_stale_and_a_consistent_one_is_not() {
    let bench = Bench::manual();
    let us = bench.table(US).await;
    put(&us, "1", "old").await;
    set(&bench, r#"{"fault": "stale-reads", "region": "us-east-1", "by_ms": 200}"#);
    bench.clock.advance(Duration::from_millis(300));
    put(&us, "1", "new").await;
    assert_eq!(get(&us, "1").await.as_deref(), Some("old"));
    let strong = us.get_item().table_name(T).key("id", s("1")).consistent_read(true).send().await;
    assert_eq!(strong.unwrap().item.unwrap().get("value"), Some(&s("new")));
    bench.clock.advance(Duration::from_millis(200));
    assert_eq!(get(&us, "1").await.as_deref(), Some("new"));
}

#[tokio::test]
async fn batches_come_back_with_what_was_not_processed() {
    let bench = Bench::manual();
    let us = bench.table(US).await;
    let fault = set(&bench, r#"{"fault": "unprocessed", "region": "us-east-1", "share": 0.5}"#);
    let request = |n: u32| {
        let put = PutRequest::builder().item("id", s(&n.to_string())).build().unwrap();
        WriteRequest::builder().put_request(put).build()
    };
    let mut left: Vec<_> = (0..25).map(request).collect();
    let mut rounds = 0;
    while !left.is_empty() {
        let before = left.len();
        let sent = us.batch_write_item().request_items(T, left.clone()).send().await;
        match sent {
            Ok(done) => {
                left = done.unprocessed_items.unwrap_or_default().remove(T).unwrap_or_default();
            }
            // All of a small batch can be left.
            Err(error) => {
                assert_eq!(
                    refused::<(), _, _>(Err(error)).0,
                    "ProvisionedThroughputExceededException"
                );
            }
        }
        assert!(left.len() <= before);
        rounds += 1;
    }
    assert!(rounds > 1, "nothing was left undone");
    assert_eq!(us.scan().table_name(T).send().await.unwrap().count, 25);
    let keys = |n: u32| std::collections::HashMap::from([("id".to_owned(), s(&n.to_string()))]);
    let keys = KeysAndAttributes::builder().set_keys(Some((0..25).map(keys).collect()));
    let read = us.batch_get_item().request_items(T, keys.build().unwrap());
    let got = read.clone().send().await.unwrap();
    let count = |got: &aws_sdk_dynamodb::operation::batch_get_item::BatchGetItemOutput| {
        let items = got.responses().unwrap().get(T).map_or(0, Vec::len);
        (items, got.unprocessed_keys().and_then(|keys| keys.get(T)).map_or(0, |k| k.keys().len()))
    };
    let (items, undone) = count(&got);
    assert!(undone > 0 && items + undone == 25, "{items} {undone}");
    end(&bench, fault);
    assert_eq!(count(&read.send().await.unwrap()), (25, 0));
}

#[tokio::test]
async fn a_clock_that_runs_behind_loses_to_an_earlier_write() {
    let (bench, us, eu) = two().await;
    let skew = set(&bench, r#"{"fault": "skew", "region": "eu-west-1", "by_ms": -5000}"#);
    put(&us, "1", "first").await;
    bench.clock.advance(Duration::from_secs(1));
    put(&eu, "1", "second, by a clock that is behind").await;
    bench.converge();
    assert_eq!(get(&us, "1").await.as_deref(), Some("first"));
    assert_eq!(get(&eu, "1").await.as_deref(), Some("first"));
    end(&bench, skew);
    bench.clock.advance(Duration::from_secs(1));
    put(&eu, "1", "third").await;
    bench.converge();
    assert_eq!(get(&us, "1").await.as_deref(), Some("third"));
}

#[tokio::test]
async fn reset_forgets_tables_and_faults_and_keys_if_asked_to() {
    let bench = Bench::automatic();
    bench.table(US).await;
    bench.kms(US).create_key().multi_region(true).send().await.unwrap();
    set(&bench, r#"{"fault": "outage", "region": "eu-west-1"}"#);
    lab(&bench, "POST", "reset", "");
    assert_eq!(lab(&bench, "GET", "faults", ""), r#"{"faults":[]}"#);
    let tables = bench.dynamodb(US).list_tables().send().await.unwrap();
    assert!(tables.table_names().is_empty());
    let keys = || async { bench.kms(US).list_keys().send().await.unwrap().keys().len() };
    assert_eq!(keys().await, 1);
    lab(&bench, "POST", "reset", r#"{"keys": true}"#);
    assert_eq!(keys().await, 0);
}
