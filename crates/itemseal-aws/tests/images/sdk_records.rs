//! Records of the SDK's own type.

use aws_sdk_dynamodbstreams::primitives::Blob;
use aws_sdk_dynamodbstreams::types::{AttributeValue as Sdk, Record, StreamRecord, StreamViewType};
use itemseal::{AttributeValue, ErrorKind, Item};

use super::world::{item, keys, opener, sealed, tampered};

type Attributes = std::collections::HashMap<String, Sdk>;

fn sdk(item: &Item) -> Attributes {
    let value = |value: &AttributeValue| match value {
        AttributeValue::S(text) => Sdk::S(text.clone()),
        AttributeValue::N(number) => Sdk::N(number.clone()),
        AttributeValue::B(bytes) => Sdk::B(Blob::new(bytes.clone())),
        other => panic!("{other:?}"),
    };
    item.iter().map(|(name, own)| (name.clone(), value(own))).collect()
}

fn record(number: usize, new: Option<&Item>, old: Option<&Item>) -> Record {
    let change = StreamRecord::builder()
        .set_keys(Some(sdk(&keys(i64::try_from(number).unwrap()))))
        .set_new_image(new.map(sdk))
        .set_old_image(old.map(sdk))
        .sequence_number(format!("{number}"))
        .stream_view_type(StreamViewType::NewAndOldImages)
        .build();
    Record::builder().event_id(format!("event-{number}")).dynamodb(change).build()
}

#[tokio::test]
async fn by_name_and_by_arn_both_images_are_opened() {
    let (new, old) = (sealed(1, "new").await, sealed(1, "old").await);
    let given = vec![record(1, Some(&new), Some(&old)), record(2, None, None)];
    let expected =
        vec![record(1, Some(&item(1, "new")), Some(&item(1, "old"))), record(2, None, None)];
    let arn = "arn:aws:dynamodb:eu-west-1:111122223333:table/Orders/stream/2026-01-01T00:00:00.000";
    for table in ["Orders", arn] {
        let opened = opener().open_records(table, given.clone()).await;
        assert_eq!(opened.into_iter().map(Result::unwrap).collect::<Vec<_>>(), expected);
    }
    let passed = opener().open_records("Carts", given.clone()).await;
    assert_eq!(passed.into_iter().map(Result::unwrap).collect::<Vec<_>>(), given);
}

#[tokio::test]
async fn bad_records_are_reported_in_their_place() {
    let mut records = Vec::new();
    for number in 0..100 {
        let stored = sealed(number, "card").await;
        records.push(match number {
            40 => record(40, Some(&tampered(stored.clone())), Some(&stored)),
            41 => record(42, Some(&stored), None),
            _ => record(number, None, Some(&stored)),
        });
    }
    // Not encrypted.
    records[60] = record(60, None, Some(&item(60, "card")));
    let opened = opener().open_records("Orders", records).await;
    assert_eq!(opened.len(), 100);
    for (number, result) in opened.into_iter().enumerate() {
        match number {
            40 | 41 | 60 => {
                let error = result.unwrap_err();
                let altered =
                    if number == 60 { ErrorKind::NotEncrypted } else { ErrorKind::Authentication };
                assert_eq!(error.error().kind(), altered);
                let of = if number == 41 { 42 } else { number };
                assert_eq!(error.sequence_number(), Some(of.to_string().as_str()));
                assert_eq!(error.key(), &keys(i64::try_from(of).unwrap()));
            }
            _ => assert_eq!(result.unwrap(), record(number, None, Some(&item(number, "card")))),
        }
    }
}
