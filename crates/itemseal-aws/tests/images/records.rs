//! Records in JSON: Lambda's events and Kinesis' data.

use itemseal::{ErrorKind, Item};
use serde_json::{Value, json};

use super::world::{item, json, keys, opener, sealed, tampered};

const ARN: &str =
    "arn:aws:dynamodb:eu-west-1:111122223333:table/Orders/stream/2026-01-01T00:00:00.000";

/// A record of Lambda, as AWS documents it, with the images given.
fn record(number: usize, images: &[(&str, &Item)]) -> Value {
    let mut record = json!({
        "eventID": format!("event-{number}"),
        "eventVersion": "1.1",
        "awsRegion": "eu-west-1",
        "eventName": "MODIFY",
        "eventSourceARN": ARN,
        "eventSource": "aws:dynamodb",
        "dynamodb": {
            "ApproximateCreationDateTime": 1_479_499_740,
            "Keys": json(&keys(i64::try_from(number).unwrap())),
            "SequenceNumber": format!("4421584500000000017450439{number}"),
            "SizeBytes": 112,
            "StreamViewType": "NEW_AND_OLD_IMAGES"
        }
    });
    for (name, image) in images {
        record["dynamodb"][name] = json(image);
    }
    record
}

#[tokio::test]
async fn both_images_are_opened_and_the_rest_stays() {
    let (new, old) = (sealed(1, "new").await, sealed(1, "old").await);
    let given = record(1, &[("NewImage", &new), ("OldImage", &old)]);
    let expected = record(1, &[("NewImage", &item(1, "new")), ("OldImage", &item(1, "old"))]);
    let opened = opener().open_lambda_event(json!({"Records": [given]})).await.unwrap();
    assert_eq!(opened.into_iter().map(Result::unwrap).collect::<Vec<_>>(), [expected]);
}

#[tokio::test]
async fn what_has_no_image_or_is_of_another_table_passes_as_it_is() {
    let stored = sealed(2, "x").await;
    let mut of_other_table = record(2, &[("NewImage", &stored)]);
    of_other_table["eventSourceARN"] = json!(ARN.replace("Orders", "Carts"));
    let of_sqs = json!({"messageId": "1", "eventSourceARN": "arn:aws:sqs:eu-west-1:1:queue"});
    let given = vec![record(1, &[]), of_other_table, of_sqs];
    let opened = opener().open_lambda_event(json!({"Records": given})).await.unwrap();
    assert_eq!(opened.into_iter().map(Result::unwrap).collect::<Vec<_>>(), given);
}

#[tokio::test]
async fn a_bad_record_is_reported_in_its_place_and_the_others_go_on() {
    let count = 300;
    let mut records = Vec::new();
    for number in 0..count {
        let stored = sealed(number, "card").await;
        records.push(match number {
            7 => record(7, &[("NewImage", &stored), ("OldImage", &tampered(stored.clone()))]),
            _ => record(number, &[("NewImage", &stored)]),
        });
    }
    // Not encrypted, not JSON of DynamoDB, keys of another item, and no table.
    records[100]["dynamodb"]["NewImage"] = json(&item(100, "card"));
    records[101]["dynamodb"]["NewImage"]["Card"] = json!({"S": 4111});
    records[102]["dynamodb"]["Keys"] = json(&keys(103));
    records[103].as_object_mut().unwrap().remove("eventSourceARN");
    records[104]["dynamodb"]["Keys"] = json!("4111");
    let opened = opener().open_lambda_event(json!({"Records": records})).await.unwrap();
    let failures = opened.batch_item_failures();
    let identifiers = failures["batchItemFailures"].as_array().unwrap().iter();
    let identifiers: Vec<_> =
        identifiers.map(|failed| failed["itemIdentifier"].as_str().unwrap()).collect();
    let of = |number: usize| format!("4421584500000000017450439{number}");
    assert_eq!(identifiers, [7, 100, 101, 102, 103, 104].map(of));
    assert_eq!(opened.iter().len(), count);
    let expected = [
        (7, ErrorKind::Authentication, Some("OldImage")),
        (100, ErrorKind::NotEncrypted, Some("NewImage")),
        (101, ErrorKind::Malformed, Some("NewImage")),
        (102, ErrorKind::Authentication, Some("NewImage")),
        (103, ErrorKind::Malformed, None),
        (104, ErrorKind::Malformed, None),
    ];
    for (number, result) in opened.into_iter().enumerate() {
        let Some((_, kind, image)) = expected.iter().find(|row| row.0 == number) else {
            assert_eq!(result.unwrap()["dynamodb"]["NewImage"], json(&item(number, "card")));
            continue;
        };
        let error = result.unwrap_err();
        assert_eq!((error.error().kind(), error.image()), (*kind, *image), "{number}");
        assert_eq!(error.event_id(), Some(format!("event-{number}").as_str()));
        let sequence_number = format!("4421584500000000017450439{number}");
        assert_eq!(error.sequence_number(), Some(sequence_number.as_str()));
        let told = format!("{error} {error:?}");
        assert!(told.contains(&sequence_number), "{told}");
        assert!(!told.contains("4111"), "a value: {told}");
        if number == 7 {
            assert_eq!((error.table(), error.key()), (Some("Orders"), &keys(7)));
        }
    }
}

#[tokio::test]
async fn an_event_of_something_else_is_refused() {
    for event in [json!({}), json!({"Records": {}}), json!([]), json!(null)] {
        let error = opener().open_lambda_event(event).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Malformed);
    }
}

#[tokio::test]
async fn the_data_of_kinesis() {
    let stored = sealed(5, "card").await;
    let data = |table: &str, image: &Item| {
        json!({
            "awsRegion": "us-east-1",
            "eventID": "7c1f9e4a",
            "eventName": "INSERT",
            "userIdentity": null,
            "recordFormat": "application/json",
            "tableName": table,
            "dynamodb": {
                "ApproximateCreationDateTime": 1_711_000_000_123_456_u64,
                "ApproximateCreationDateTimePrecision": "MICROSECOND",
                "Keys": json(&keys(5)),
                "NewImage": json(image),
                "OldImage": null,
                "SizeBytes": 60
            },
            "eventSource": "aws:dynamodb"
        })
    };
    let open =
        async |value: Value| opener().open_kinesis_record(value.to_string().as_bytes()).await;
    assert_eq!(open(data("Orders", &stored)).await.unwrap(), data("Orders", &item(5, "card")));
    assert_eq!(open(data("Carts", &stored)).await.unwrap(), data("Carts", &stored));

    let error = open(data("Orders", &tampered(stored))).await.unwrap_err();
    assert_eq!(error.error().kind(), ErrorKind::Authentication);
    assert_eq!((error.event_id(), error.key()), (Some("7c1f9e4a"), &keys(5)));

    for (bad, says) in
        [(json!({"dynamodb": {}}), "tableName"), (json!({"tableName": "Orders"}), "object")]
    {
        assert!(open(bad).await.unwrap_err().to_string().contains(says));
    }
    let error = opener().open_kinesis_record(b"eyJ0YWJsZU5h").await.unwrap_err();
    assert!(error.to_string().contains("base64"), "{error}");
}
