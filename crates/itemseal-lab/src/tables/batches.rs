//! Batches, which can be done in part.
//!
//! Source: [BatchWriteItem](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchWriteItem.html),
//! [BatchGetItem](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchGetItem.html).

use std::collections::{BTreeMap, HashMap};

use dynoxide::actions::batch_get_item::{
    BatchGetItemRequest, BatchGetItemResponse, KeysAndAttributes,
};
use dynoxide::actions::batch_write_item::{
    self, BatchWriteItemRequest, BatchWriteItemResponse, WriteRequest,
};
use serde_json::{Map, Value, json};

use super::Region;
use super::database::ready;
use super::error::TableError;
use super::footprint::Touches;

/// The most puts and deletes in a batch; the engine refuses more, and must see them to do so.
const MOST_WRITES: usize = 25;
/// The most keys in a batch.
const MOST_KEYS: usize = 100;

impl Region {
    /// [BatchWriteItem](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchWriteItem.html).
    /// [`Unprocessed`](crate::faults::Fault::Unprocessed) leaves a part of it undone; what is left
    /// undone is not validated.
    ///
    /// # Errors
    /// As DynamoDB's, by name and text.
    pub fn batch_write_item(
        &self,
        mut request: BatchWriteItemRequest,
    ) -> Result<BatchWriteItemResponse, TableError> {
        let mut left = BTreeMap::new();
        let asked = request.request_items.values().map(Vec::len).sum::<usize>();
        if asked <= MOST_WRITES {
            self.withhold(&mut request.request_items, |table, requests| {
                let (undone, done) = self.divide(std::mem::take(requests));
                *requests = done;
                if !undone.is_empty() {
                    let undone = undone.iter().map(write_json).collect::<Vec<_>>();
                    left.insert(table.to_owned(), Value::Array(undone));
                    return requests.is_empty();
                }
                false
            })?;
        }
        let footprint = self.tables().any_strong().then(|| request.footprint());
        let mut answer = self.guarded(footprint, || {
            ready(batch_write_item::execute(&self.database().lock().storage, request))
        })?;
        for (table, requests) in left {
            add(&mut answer.unprocessed_items, table, requests);
        }
        Ok(answer)
    }

    /// [BatchGetItem](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchGetItem.html).
    /// [`Unprocessed`](crate::faults::Fault::Unprocessed) leaves a part of it undone, and where it
    /// is not `ConsistentRead` it can be [stale](crate::faults::Fault::StaleReads).
    ///
    /// # Errors
    /// As DynamoDB's, by name and text.
    pub fn batch_get_item(
        &self,
        mut request: BatchGetItemRequest,
    ) -> Result<BatchGetItemResponse, TableError> {
        let mut left = BTreeMap::new();
        let asked = request.request_items.values().map(|of| of.keys.len()).sum::<usize>();
        if asked <= MOST_KEYS {
            self.withhold(&mut request.request_items, |table, of| {
                let (undone, done) = self.divide(std::mem::take(&mut of.keys));
                of.keys = done;
                if !undone.is_empty() {
                    left.insert(table.to_owned(), keys_json(of, &undone));
                    return of.keys.is_empty();
                }
                false
            })?;
        }
        let footprint = self.tables().any_strong().then(|| request.footprint());
        let mut answer = self.guarded(footprint, || self.batch_read(request))?;
        for (table, keys) in left {
            add(&mut answer.unprocessed_keys, table, keys);
        }
        Ok(answer)
    }

    /// Runs `divide` for each table in the order of their names, and drops those of which it says
    /// that everything was withheld.
    fn withhold<T>(
        &self,
        requests: &mut HashMap<String, T>,
        mut divide: impl FnMut(&str, &mut T) -> bool,
    ) -> Result<(), TableError> {
        let mut tables: Vec<String> = requests.keys().cloned().collect();
        tables.sort();
        let asked = !tables.is_empty();
        for table in tables {
            if requests.get_mut(&table).is_some_and(|of| divide(&table, of)) {
                requests.remove(&table);
            }
        }
        if asked && requests.is_empty() {
            return Err(TableError::new(
                "ProvisionedThroughputExceededException",
                "The level of configured provisioned throughput for one or more tables in the \
                 request was exceeded, so nothing of it was processed.",
            ));
        }
        Ok(())
    }

    /// What is left undone, and what is done.
    fn divide<T>(&self, requests: Vec<T>) -> (Vec<T>, Vec<T>) {
        let faults = &self.tables().inner.faults;
        requests.into_iter().partition(|_| faults.next_is_unprocessed(self.name()))
    }
}

fn write_json(request: &WriteRequest) -> Value {
    let mut json = Map::new();
    if let Some(put) = &request.put_request {
        json.insert("PutRequest".to_owned(), json!({ "Item": put.item }));
    }
    if let Some(delete) = &request.delete_request {
        json.insert("DeleteRequest".to_owned(), json!({ "Key": delete.key }));
    }
    Value::Object(json)
}

fn keys_json(of: &KeysAndAttributes, keys: &[dynoxide::Item]) -> Value {
    let mut json = Map::from_iter([("Keys".to_owned(), json!(keys))]);
    let mut set = |name: &str, value: Option<Value>| {
        json.extend(value.map(|value| (name.to_owned(), value)));
    };
    set("ProjectionExpression", of.projection_expression.as_ref().map(|text| json!(text)));
    set("ExpressionAttributeNames", of.expression_attribute_names.as_ref().map(|n| json!(n)));
    set("ConsistentRead", of.consistent_read.map(Value::Bool));
    set("AttributesToGet", of.attributes_to_get.as_ref().map(|names| json!(names)));
    Value::Object(json)
}

/// Joins what a fault left undone with what the engine did: a batch of more than 16 MB.
fn add(unprocessed: &mut HashMap<String, Value>, table: String, left: Value) {
    let list = |value: Value| match value {
        Value::Array(requests) => requests,
        Value::Object(mut keys) => match keys.remove("Keys") {
            Some(Value::Array(keys)) => keys,
            _ => Vec::new(),
        },
        _ => Vec::new(),
    };
    match unprocessed.get_mut(&table) {
        Some(Value::Array(requests)) => requests.extend(list(left)),
        Some(Value::Object(keys)) => {
            if let Some(Value::Array(keys)) = keys.get_mut("Keys") {
                keys.extend(list(left));
            }
        }
        _ => {
            unprocessed.insert(table, left);
        }
    }
}
