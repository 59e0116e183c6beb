//! `batch_get_item` and `batch_write_item`.

use std::collections::HashMap;

use aws_sdk_dynamodb::operation::batch_get_item::BatchGetItemOutput;
use aws_sdk_dynamodb::operation::batch_get_item::builders::BatchGetItemInputBuilder;
use aws_sdk_dynamodb::operation::batch_write_item::BatchWriteItemOutput;
use aws_sdk_dynamodb::operation::batch_write_item::builders::BatchWriteItemInputBuilder;
use aws_sdk_dynamodb::types::{
    DeleteRequest, KeysAndAttributes, PutRequest, ReturnConsumedCapacity,
    ReturnItemCollectionMetrics, WriteRequest,
};
use itemseal::Result;
use itemseal_aws::Answer;
use pyo3::prelude::*;
use pyo3::types::PyDict;

use super::given::Given;
use super::operation::Operation;
use super::told::Told;

pub(super) struct BatchGetItem;

impl Operation for BatchGetItem {
    const NAME: &'static str = "batch_get_item";
    type Input = BatchGetItemInputBuilder;
    type Output = BatchGetItemOutput;

    fn read(given: &mut Given<'_>) -> PyResult<Self::Input> {
        let mut requests = HashMap::new();
        for (table, request) in given.entries("RequestItems")? {
            let request = given.inner(&table, &request)?;
            requests.insert(table, keys(request)?);
        }
        Ok(BatchGetItemInputBuilder::default()
            .set_request_items(Some(requests))
            .set_return_consumed_capacity(
                given.word("ReturnConsumedCapacity", ReturnConsumedCapacity::values())?,
            ))
    }

    async fn send(
        client: itemseal_aws::GlobalTable,
        input: Self::Input,
    ) -> Result<Answer<Self::Output>> {
        client.batch_get_item(input).await
    }

    fn write(told: &Told<'_>, output: Self::Output) -> PyResult<()> {
        let (found, left) = (PyDict::new(told.py()), PyDict::new(told.py()));
        for (table, items) in output.responses.unwrap_or_default() {
            found.set_item(table, told.list(items)?)?;
        }
        for (table, request) in output.unprocessed_keys.unwrap_or_default() {
            left.set_item(table, told.keys(request)?)?;
        }
        told.set("Responses", found)?;
        told.set("UnprocessedKeys", left)?;
        told.capacities(output.consumed_capacity)
    }
}

fn keys(mut given: Given<'_>) -> PyResult<KeysAndAttributes> {
    let keys = given.list("Keys")?;
    let keys = keys.iter().map(|key| given.one_item(key)).collect::<PyResult<_>>()?;
    let request = KeysAndAttributes::builder()
        .set_keys(Some(keys))
        .set_consistent_read(given.flag("ConsistentRead")?)
        .set_projection_expression(given.text("ProjectionExpression")?)
        .set_expression_attribute_names(given.names()?);
    let request = request.build().map_err(|error| given.misuse(&error.to_string()))?;
    given.finish()?;
    Ok(request)
}

pub(super) struct BatchWriteItem;

impl Operation for BatchWriteItem {
    const NAME: &'static str = "batch_write_item";
    type Input = BatchWriteItemInputBuilder;
    type Output = BatchWriteItemOutput;

    fn read(given: &mut Given<'_>) -> PyResult<Self::Input> {
        let mut requests = HashMap::new();
        for (table, list) in given.entries("RequestItems")? {
            let mut writes = Vec::new();
            for (at, request) in given.elements(&table, &list)?.iter().enumerate() {
                writes.push(write_request(given.inner(&format!("{table}[{at}]"), request)?)?);
            }
            requests.insert(table, writes);
        }
        Ok(BatchWriteItemInputBuilder::default()
            .set_request_items(Some(requests))
            .set_return_consumed_capacity(
                given.word("ReturnConsumedCapacity", ReturnConsumedCapacity::values())?,
            )
            .set_return_item_collection_metrics(
                given.word("ReturnItemCollectionMetrics", ReturnItemCollectionMetrics::values())?,
            ))
    }

    async fn send(
        client: itemseal_aws::GlobalTable,
        input: Self::Input,
    ) -> Result<Answer<Self::Output>> {
        client.batch_write_item(input).await
    }

    fn write(told: &Told<'_>, output: Self::Output) -> PyResult<()> {
        let left = PyDict::new(told.py());
        for (table, requests) in output.unprocessed_items.unwrap_or_default() {
            let requests = requests.into_iter().map(|request| told.write_request(request));
            left.set_item(table, requests.collect::<PyResult<Vec<_>>>()?)?;
        }
        told.set("UnprocessedItems", left)?;
        told.capacities(output.consumed_capacity)?;
        told.collections(output.item_collection_metrics)
    }
}

fn write_request(mut given: Given<'_>) -> PyResult<WriteRequest> {
    let mut request = WriteRequest::builder();
    let (put, delete) = (given.value("PutRequest")?, given.value("DeleteRequest")?);
    if put.is_some() == delete.is_some() {
        return Err(given.misuse("it is exactly one of PutRequest and DeleteRequest"));
    }
    if let Some(put) = put {
        let mut within = given.inner("PutRequest", &put)?;
        let put = PutRequest::builder().set_item(within.needed_item("Item")?).build();
        request = request.put_request(put.map_err(|error| within.misuse(&error.to_string()))?);
        within.finish()?;
    }
    if let Some(delete) = delete {
        let mut within = given.inner("DeleteRequest", &delete)?;
        let delete = DeleteRequest::builder().set_key(within.needed_item("Key")?).build();
        let delete = delete.map_err(|error| within.misuse(&error.to_string()))?;
        request = request.delete_request(delete);
        within.finish()?;
    }
    given.finish()?;
    Ok(request.build())
}
