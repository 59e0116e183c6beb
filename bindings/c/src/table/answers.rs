//! DynamoDB's answers in JSON, their items opened.

use std::collections::HashMap;

use aws_sdk_dynamodb::operation::RequestId;
use aws_sdk_dynamodb::operation::batch_get_item::BatchGetItemOutput;
use aws_sdk_dynamodb::operation::batch_write_item::BatchWriteItemOutput;
use aws_sdk_dynamodb::operation::delete_item::DeleteItemOutput;
use aws_sdk_dynamodb::operation::get_item::GetItemOutput;
use aws_sdk_dynamodb::operation::put_item::PutItemOutput;
use aws_sdk_dynamodb::operation::query::QueryOutput;
use aws_sdk_dynamodb::operation::scan::ScanOutput;
use aws_sdk_dynamodb::operation::transact_get_items::TransactGetItemsOutput;
use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsOutput;
use aws_sdk_dynamodb::operation::update_item::UpdateItemOutput;
use aws_sdk_dynamodb::types::{
    Capacity, ConsumedCapacity, ItemCollectionMetrics, KeysAndAttributes, WriteRequest,
};
use itemseal::Result;
use itemseal_aws::Answer;

use super::json::{Json, Object, bad_items};

/// What an operation's output has.
pub(super) trait Output: RequestId {
    fn write(self, told: &mut Object) -> Result<()>;
}

/// An answer: the output, and beside it what the client adds.
pub(super) fn told<O: Output>(answer: Answer<O>) -> Result<Json> {
    let mut told = Object::default();
    told.set("Region", Json::text(answer.region()));
    let version = answer.version().and_then(|version| i64::try_from(version).ok());
    told.maybe("Version", version, |version| Ok(Json::Whole(version)))?;
    if !answer.bad_items().is_empty() {
        told.set("BadItems", bad_items(answer.bad_items())?);
    }
    let output = answer.into_output();
    let mut metadata = Object::default();
    metadata.maybe("RequestId", output.request_id(), |id| Ok(Json::text(id)))?;
    told.set("ResponseMetadata", metadata.into());
    output.write(&mut told)?;
    Ok(told.into())
}

fn units(told: &mut Object, all: Option<f64>, read: Option<f64>, write: Option<f64>) -> Result<()> {
    let named =
        [("CapacityUnits", all), ("ReadCapacityUnits", read), ("WriteCapacityUnits", write)];
    named.into_iter().try_for_each(|(name, of)| told.maybe(name, of, |of| Ok(Json::Fraction(of))))
}

fn place(of: Capacity) -> Result<Json> {
    let mut told = Object::default();
    units(&mut told, of.capacity_units, of.read_capacity_units, of.write_capacity_units)?;
    Ok(told.into())
}

fn by_name<T>(of: HashMap<String, T>, json: impl Fn(T) -> Result<Json>) -> Result<Json> {
    let mut told = Object::default();
    for (name, value) in of {
        told.set(name, json(value)?);
    }
    Ok(told.into())
}

fn list<T>(of: Vec<T>, json: impl Fn(T) -> Result<Json>) -> Result<Json> {
    Ok(Json::List(of.into_iter().map(json).collect::<Result<_>>()?))
}

fn capacity(of: ConsumedCapacity) -> Result<Json> {
    let mut told = Object::default();
    told.maybe("TableName", of.table_name, |name| Ok(Json::Text(name)))?;
    units(&mut told, of.capacity_units, of.read_capacity_units, of.write_capacity_units)?;
    told.maybe("Table", of.table, place)?;
    told.maybe("LocalSecondaryIndexes", of.local_secondary_indexes, |of| by_name(of, place))?;
    told.maybe("GlobalSecondaryIndexes", of.global_secondary_indexes, |of| by_name(of, place))?;
    Ok(told.into())
}

fn capacities(of: Vec<ConsumedCapacity>) -> Result<Json> {
    list(of, capacity)
}

fn collection(of: ItemCollectionMetrics) -> Result<Json> {
    let mut told = Object::default();
    told.maybe("ItemCollectionKey", of.item_collection_key, Json::item)?;
    told.maybe("SizeEstimateRangeGB", of.size_estimate_range_gb, |range| {
        Ok(Json::List(range.into_iter().map(Json::Fraction).collect()))
    })?;
    Ok(told.into())
}

fn collections(of: HashMap<String, Vec<ItemCollectionMetrics>>) -> Result<Json> {
    by_name(of, |of| list(of, collection))
}

/// What of a batch is left to read, as it was given.
fn keys(of: KeysAndAttributes) -> Result<Json> {
    let mut told = Object::default();
    told.set("Keys", Json::items(of.keys)?);
    told.maybe("ConsistentRead", of.consistent_read, |of| Ok(Json::Flag(of)))?;
    told.maybe("ProjectionExpression", of.projection_expression, |of| Ok(Json::Text(of)))?;
    told.maybe("ExpressionAttributeNames", of.expression_attribute_names, |of| {
        by_name(of, |name| Ok(Json::Text(name)))
    })?;
    Ok(told.into())
}

/// What of a batch is left to write, as it was given.
fn write_request(of: WriteRequest) -> Result<Json> {
    let mut told = Object::default();
    let within = |name: &str, item| {
        let mut within = Object::default();
        within.set(name, Json::item(item)?);
        Ok(within.into())
    };
    told.maybe("PutRequest", of.put_request, |put| within("Item", put.item))?;
    told.maybe("DeleteRequest", of.delete_request, |delete| within("Key", delete.key))?;
    Ok(told.into())
}

impl Output for GetItemOutput {
    fn write(self, told: &mut Object) -> Result<()> {
        told.maybe("Item", self.item, Json::item)?;
        told.maybe("ConsumedCapacity", self.consumed_capacity, capacity)
    }
}

/// Writes share their outputs' fields, and no trait.
macro_rules! of_a_write {
    ($($output:ty),+) => {
        $(impl Output for $output {
            fn write(self, told: &mut Object) -> Result<()> {
                told.maybe("Attributes", self.attributes, Json::item)?;
                told.maybe("ConsumedCapacity", self.consumed_capacity, capacity)?;
                told.maybe("ItemCollectionMetrics", self.item_collection_metrics, collection)
            }
        })+
    };
}
of_a_write!(PutItemOutput, UpdateItemOutput, DeleteItemOutput);

/// And so do pages.
macro_rules! of_a_page {
    ($($output:ty),+) => {
        $(impl Output for $output {
            fn write(self, told: &mut Object) -> Result<()> {
                told.maybe("Items", self.items, Json::items)?;
                told.set("Count", Json::Whole(self.count.into()));
                told.set("ScannedCount", Json::Whole(self.scanned_count.into()));
                told.maybe("LastEvaluatedKey", self.last_evaluated_key, Json::item)?;
                told.maybe("ConsumedCapacity", self.consumed_capacity, capacity)
            }
        })+
    };
}
of_a_page!(QueryOutput, ScanOutput);

impl Output for BatchGetItemOutput {
    fn write(self, told: &mut Object) -> Result<()> {
        told.set("Responses", by_name(self.responses.unwrap_or_default(), Json::items)?);
        told.set("UnprocessedKeys", by_name(self.unprocessed_keys.unwrap_or_default(), keys)?);
        told.maybe("ConsumedCapacity", self.consumed_capacity, capacities)
    }
}

impl Output for BatchWriteItemOutput {
    fn write(self, told: &mut Object) -> Result<()> {
        let left = self.unprocessed_items.unwrap_or_default();
        told.set("UnprocessedItems", by_name(left, |of| list(of, write_request))?);
        told.maybe("ConsumedCapacity", self.consumed_capacity, capacities)?;
        told.maybe("ItemCollectionMetrics", self.item_collection_metrics, collections)
    }
}

impl Output for TransactWriteItemsOutput {
    fn write(self, told: &mut Object) -> Result<()> {
        told.maybe("ConsumedCapacity", self.consumed_capacity, capacities)?;
        told.maybe("ItemCollectionMetrics", self.item_collection_metrics, collections)
    }
}

impl Output for TransactGetItemsOutput {
    fn write(self, told: &mut Object) -> Result<()> {
        let one = |response: aws_sdk_dynamodb::types::ItemResponse| {
            let mut told = Object::default();
            // None was found if there is none.
            told.maybe("Item", response.item, Json::item)?;
            Ok(told.into())
        };
        told.set("Responses", list(self.responses.unwrap_or_default(), one)?);
        told.maybe("ConsumedCapacity", self.consumed_capacity, capacities)
    }
}
