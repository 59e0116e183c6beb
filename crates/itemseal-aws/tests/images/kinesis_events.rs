//! Lambda's events of Kinesis streams, and what a function answers.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use itemseal::{ErrorKind, Item};
use serde_json::{Value, json};

use super::world::{item, json, keys, opener, sealed, tampered};

fn change(number: usize, table: &str, image: &Item) -> Value {
    json!({
        "awsRegion": "us-east-1",
        "eventID": format!("change-{number}"),
        "eventName": "INSERT",
        "recordFormat": "application/json",
        "tableName": table,
        "dynamodb": {
            "ApproximateCreationDateTime": 1_711_000_000_123_456_u64,
            "ApproximateCreationDateTimePrecision": "MICROSECOND",
            "Keys": json(&keys(i64::try_from(number).unwrap())),
            "NewImage": json(image),
            "SizeBytes": 60
        },
        "eventSource": "aws:dynamodb"
    })
}

/// A record of Lambda's event, as AWS documents it.
fn record(number: usize, data: &[u8]) -> Value {
    json!({
        "kinesis": {
            "kinesisSchemaVersion": "1.0",
            "partitionKey": "1",
            "sequenceNumber": format!("4959033827149025660855969253836157109569{number}"),
            "data": STANDARD.encode(data),
            "approximateArrivalTimestamp": 1_545_084_650.987
        },
        "eventSource": "aws:kinesis",
        "eventVersion": "1.0",
        "eventID": format!("shardId-000000000006:{number}"),
        "eventName": "aws:kinesis:record",
        "invokeIdentityArn": "arn:aws:iam::123456789012:role/lambda-role",
        "awsRegion": "us-east-2",
        "eventSourceARN": "arn:aws:kinesis:us-east-2:123456789012:stream/lambda-stream"
    })
}

fn of_change(number: usize, table: &str, image: &Item) -> Value {
    record(number, change(number, table, image).to_string().as_bytes())
}

fn data(record: &Value) -> Value {
    let data = STANDARD.decode(record["kinesis"]["data"].as_str().unwrap()).unwrap();
    serde_json::from_slice(&data).unwrap()
}

#[tokio::test]
async fn a_whole_event_is_opened_and_what_fails_is_in_the_answer() {
    let mut records = Vec::new();
    for number in 0..200 {
        let stored = sealed(number, "card").await;
        let stored = if number == 7 { tampered(stored) } else { stored };
        records.push(of_change(number, "Orders", &stored));
    }
    // To the byte as it was.
    let of_other_table = change(100, "Carts", &sealed(100, "card").await);
    let of_other_table = record(100, format!("{of_other_table:#}").as_bytes());
    records[100] = of_other_table.clone();
    records[150] = record(150, b"4111 is not JSON");
    records[151]["kinesis"]["data"] = json!("4111 is not base64");
    let event = json!({"Records": records});
    let opened = opener().open_lambda_kinesis_event(event).await.unwrap();

    let number = |number: usize| format!("4959033827149025660855969253836157109569{number}");
    let failures = [7, 150, 151].map(|failed| json!({"itemIdentifier": number(failed)}));
    assert_eq!(opened.batch_item_failures(), json!({"batchItemFailures": failures}));
    assert_eq!(opened.iter().len(), 200);
    for (index, result) in opened.into_iter().enumerate() {
        match index {
            7 | 150 | 151 => {
                let error = result.unwrap_err();
                let event_id = format!("shardId-000000000006:{index}");
                assert_eq!(error.event_id(), Some(event_id.as_str()));
                assert_eq!(error.sequence_number(), Some(number(index).as_str()));
                let told = format!("{error} {error:?}");
                assert!(!told.contains("4111"), "a value: {told}");
                if index == 7 {
                    assert_eq!(error.error().kind(), ErrorKind::Authentication);
                    assert_eq!((error.table(), error.key()), (Some("Orders"), &keys(7)));
                } else {
                    assert_eq!(error.error().kind(), ErrorKind::Malformed);
                }
            }
            100 => assert_eq!(result.unwrap(), of_other_table),
            _ => {
                let opened = result.unwrap();
                assert_eq!(data(&opened), change(index, "Orders", &item(index, "card")));
                let mut rest = of_change(index, "Orders", &Item::new());
                rest["kinesis"]["data"] = opened["kinesis"]["data"].clone();
                assert_eq!(opened, rest, "the rest stays");
            }
        }
    }
}

#[tokio::test]
async fn what_has_no_sequence_number_fails_the_batch_and_no_failure_is_an_empty_list() {
    let mut nameless = of_change(1, "Orders", &tampered(sealed(1, "card").await));
    nameless["kinesis"].as_object_mut().unwrap().remove("sequenceNumber");
    let opened = opener().open_lambda_kinesis_event(json!({"Records": [nameless]})).await.unwrap();
    let whole = json!({"batchItemFailures": [{"itemIdentifier": ""}]});
    assert_eq!(opened.batch_item_failures(), whole);
    let well = of_change(1, "Orders", &sealed(1, "card").await);
    let opened = opener().open_lambda_kinesis_event(json!({"Records": [well]})).await.unwrap();
    assert_eq!(opened.batch_item_failures(), json!({"batchItemFailures": []}));
}

#[tokio::test]
async fn events_of_the_other_source_are_not_taken_for_ones_without_images() {
    let change = change(1, "Orders", &sealed(1, "card").await);
    let opened = opener().open_lambda_kinesis_event(json!({"Records": [change]})).await.unwrap();
    let error = opened.into_iter().next().unwrap().unwrap_err();
    assert!(error.to_string().contains("kinesis.data"), "{error}");
}
