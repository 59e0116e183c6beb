use aws_sdk_dynamodb::operation::batch_get_item::builders::BatchGetItemInputBuilder;
use aws_sdk_dynamodb::operation::batch_write_item::builders::BatchWriteItemInputBuilder;
use aws_sdk_dynamodb::types::{DeleteRequest, KeysAndAttributes, PutRequest, WriteRequest};
use serde_json::{Value, json};

use super::World;
use super::world::{key, order};
use crate::live::json::{Attributes, items};
use crate::live::{Outcome, Record};

fn put(id: usize) -> Outcome<WriteRequest> {
    let put = PutRequest::builder().set_item(Some(order(&format!("batches-{id:02}")))).build()?;
    Ok(WriteRequest::builder().put_request(put).build())
}

fn delete(id: usize) -> Outcome<WriteRequest> {
    let delete =
        DeleteRequest::builder().set_key(Some(key(&format!("batches-{id:02}")))).build()?;
    Ok(WriteRequest::builder().delete_request(delete).build())
}

pub(super) async fn tell(world: &World<'_>, record: &mut Record) -> Outcome<()> {
    let orders = world.client(&[world.home()]).await?;
    let write =
        |requests| BatchWriteItemInputBuilder::default().request_items(world.table(), requests);
    let left = |left: Option<&std::collections::HashMap<String, Vec<WriteRequest>>>| json!({ "left": left.map_or(0, |left| left.values().map(Vec::len).sum::<usize>()) });

    record.begin("batches of any size");
    let requests = (0..60).map(put).collect::<Outcome<_>>()?;
    let written = orders.batch_write_item(write(requests)).await;
    record.step("BatchWriteItem", written, |written| left(written.unprocessed_items()));
    let requests = (0..50).map(delete).chain((60..70).map(put)).collect::<Outcome<_>>()?;
    let written = orders.batch_write_item(write(requests)).await;
    record.step("BatchWriteItem", written, |written| left(written.unprocessed_items()));
    let keys: Vec<Attributes> = (0..120).map(|id| key(&format!("batches-{id:02}"))).collect();
    let keys = KeysAndAttributes::builder().set_keys(Some(keys)).consistent_read(true).build()?;
    let read = BatchGetItemInputBuilder::default().request_items(world.table(), keys);
    let table = world.table();
    let got = orders.batch_get_item(read).await;
    record.step("BatchGetItem", got, |got| {
        let found = got.responses().and_then(|tables| tables.get(&table));
        items(found.into_iter().flatten())
    });

    record.begin("two requests about one item");
    let requests = vec![put(1)?, delete(1)?];
    record.step("BatchWriteItem", orders.batch_write_item(write(requests)).await, |_| Value::Null);
    Ok(())
}
