//! The table's own stream, opened by its client.

use aws_sdk_dynamodb::operation::put_item::builders::PutItemInputBuilder;
use aws_sdk_dynamodbstreams::types::{AttributeValue, ShardIteratorType};
use itemseal::ErrorKind;

use crate::bench::*;

#[tokio::test]
async fn what_is_written_comes_opened_out_of_the_stream() {
    let bench = Bench::new().await;
    let orders = bench.orders().await;
    for status in ["Open", "Shipped"] {
        let mut item = order("1");
        item.insert("OrderStatus".to_owned(), s(status));
        let put = PutItemInputBuilder::default().table_name(T).set_item(Some(item));
        orders.put_item(put).await.unwrap();
    }
    bench.raw(US).put_item().table_name(T).set_item(Some(order("plain"))).send().await.unwrap();
    let streams = aws_sdk_dynamodbstreams::Client::new(&bench.config(US));
    let described = bench.raw(US).describe_table().table_name(T).send().await.unwrap();
    let arn = described.table.unwrap().latest_stream_arn.unwrap();
    let stream = streams.describe_stream().stream_arn(&arn).send().await.unwrap();
    let mut records = Vec::new();
    for shard in stream.stream_description().unwrap().shards() {
        let iterator = streams.get_shard_iterator().stream_arn(&arn);
        let iterator = iterator.set_shard_id(shard.shard_id.clone());
        let iterator = iterator.shard_iterator_type(ShardIteratorType::TrimHorizon);
        let iterator = iterator.send().await.unwrap().shard_iterator;
        let page = streams.get_records().set_shard_iterator(iterator).send().await.unwrap();
        records.extend(page.records.unwrap_or_default());
    }
    let opened = orders.stream_opener().open_records(&arn, records).await;
    assert_eq!(opened.len(), 3);
    let (mut cards, mut plain) = (0, 0);
    for record in opened {
        match record {
            Ok(record) => {
                let change = record.dynamodb.unwrap();
                for image in [change.new_image, change.old_image].into_iter().flatten() {
                    let card = AttributeValue::S("4111 1111 1111 1111".to_owned());
                    assert_eq!(image["Card"], card);
                    cards += 1;
                }
            }
            Err(error) => {
                assert_eq!(error.error().kind(), ErrorKind::NotEncrypted);
                plain += 1;
            }
        }
    }
    assert_eq!((cards, plain), (3, 1));
}
