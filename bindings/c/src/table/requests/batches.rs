//! `BatchGetItem` and `BatchWriteItem`.

use std::collections::HashMap;

use aws_sdk_dynamodb::operation::batch_get_item::builders::BatchGetItemInputBuilder;
use aws_sdk_dynamodb::operation::batch_write_item::builders::BatchWriteItemInputBuilder;
use aws_sdk_dynamodb::types::{
    self, KeysAndAttributes, ReturnConsumedCapacity, ReturnItemCollectionMetrics,
};
use itemseal::{Error, ErrorKind, Item, Result};
use itemseal_aws::item_to_sdk;

use super::{Names, Word, missing, request, sdk, word};

request!(
    KeysOf {
        keys: Vec<Item>,
        consistent_read: Option<bool>,
        projection_expression: Option<String>,
        expression_attribute_names: Option<Names>,
    } => Result<KeysAndAttributes>,
    |of| KeysAndAttributes::builder()
        .set_keys(Some(of.keys.into_iter().map(item_to_sdk).collect()))
        .set_consistent_read(of.consistent_read)
        .set_projection_expression(of.projection_expression)
        .set_expression_attribute_names(of.expression_attribute_names)
        .build()
        .map_err(missing)
);

request!(
    BatchGetItem {
        request_items: HashMap<String, KeysOf>,
        return_consumed_capacity: Option<Word<ReturnConsumedCapacity>>,
    } => Result<BatchGetItemInputBuilder>,
    |of| {
        let items = of.request_items.into_iter().map(|(table, keys)| Ok((table, keys.input()?)));
        Ok(BatchGetItemInputBuilder::default()
            .set_request_items(Some(items.collect::<Result<_>>()?))
            .set_return_consumed_capacity(word(of.return_consumed_capacity)))
    }
);

request!(
    PutRequest { item: Item } => Result<types::PutRequest>,
    |of| types::PutRequest::builder().set_item(sdk(Some(of.item))).build().map_err(missing)
);

request!(
    DeleteRequest { key: Item } => Result<types::DeleteRequest>,
    |of| types::DeleteRequest::builder().set_key(sdk(Some(of.key))).build().map_err(missing)
);

request!(
    WriteRequest {
        put_request: Option<PutRequest>,
        delete_request: Option<DeleteRequest>,
    } => Result<types::WriteRequest>,
    |of| match (of.put_request, of.delete_request) {
        (Some(put), None) => Ok(types::WriteRequest::builder().put_request(put.input()?).build()),
        (None, Some(delete)) => {
            Ok(types::WriteRequest::builder().delete_request(delete.input()?).build())
        }
        _ => {
            let says = "a part of RequestItems is exactly one of PutRequest and DeleteRequest";
            Err(Error::new(ErrorKind::Misuse, says))
        }
    }
);

request!(
    BatchWriteItem {
        request_items: HashMap<String, Vec<WriteRequest>>,
        return_consumed_capacity: Option<Word<ReturnConsumedCapacity>>,
        return_item_collection_metrics: Option<Word<ReturnItemCollectionMetrics>>,
    } => Result<BatchWriteItemInputBuilder>,
    |of| {
        let items = of.request_items.into_iter().map(|(table, writes)| {
            Ok((table, writes.into_iter().map(WriteRequest::input).collect::<Result<Vec<_>>>()?))
        });
        Ok(BatchWriteItemInputBuilder::default()
            .set_request_items(Some(items.collect::<Result<_>>()?))
            .set_return_consumed_capacity(word(of.return_consumed_capacity))
            .set_return_item_collection_metrics(word(of.return_item_collection_metrics)))
    }
);
