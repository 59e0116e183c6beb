//! DynamoDB's requests in JSON. What is not known is refused.
//!
//! Source: [Actions](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Operations_Amazon_DynamoDB.html).

use std::collections::HashMap;

use aws_sdk_dynamodb::error::BuildError;
use aws_sdk_dynamodb::operation::batch_get_item::builders::BatchGetItemInputBuilder;
use aws_sdk_dynamodb::operation::batch_write_item::builders::BatchWriteItemInputBuilder;
use aws_sdk_dynamodb::operation::delete_item::builders::DeleteItemInputBuilder;
use aws_sdk_dynamodb::operation::get_item::builders::GetItemInputBuilder;
use aws_sdk_dynamodb::operation::put_item::builders::PutItemInputBuilder;
use aws_sdk_dynamodb::operation::query::builders::QueryInputBuilder;
use aws_sdk_dynamodb::operation::scan::builders::ScanInputBuilder;
use aws_sdk_dynamodb::operation::transact_get_items::builders::TransactGetItemsInputBuilder;
use aws_sdk_dynamodb::operation::transact_write_items::builders::TransactWriteItemsInputBuilder;
use aws_sdk_dynamodb::operation::update_item::builders::UpdateItemInputBuilder;
use aws_sdk_dynamodb::types::{
    self, KeysAndAttributes, ReturnConsumedCapacity, ReturnItemCollectionMetrics, ReturnValue,
    ReturnValuesOnConditionCheckFailure, Select, TransactGetItem, TransactWriteItem,
};
use itemseal::{Error, ErrorKind, Item, Result};
use itemseal_aws::item_to_sdk;
use serde::de::{Deserialize, DeserializeOwned, Deserializer, Error as _};

use super::json::Attributes;

type Names = HashMap<String, String>;

/// A request from its JSON.
pub(super) fn parse<T: DeserializeOwned>(json: &[u8]) -> Result<T> {
    serde_json::from_slice(json).map_err(|error| {
        let text = error.to_string();
        let found =
            ["invalid type: ", "invalid value: "].iter().any(|start| text.starts_with(start));
        // What was found can be a secret; what is expected cannot, nor a parameter's name.
        let told = match text.rsplit_once(", expected ") {
            Some((_, expected)) if found => format!("expected {expected}"),
            _ => text,
        };
        Error::new(ErrorKind::Malformed, format!("not a request in DynamoDB's JSON: {told}"))
    })
}

fn sdk(item: Option<Item>) -> Option<Attributes> {
    item.map(item_to_sdk)
}

/// What the SDK's builders want and was not given.
fn missing(error: BuildError) -> Error {
    Error::new(ErrorKind::Misuse, "a part of the request is not whole").with_source(error)
}

/// One of DynamoDB's own words.
pub(super) struct Word<W>(W);

/// The SDK's enumerations share no trait.
pub(super) trait Words: for<'a> From<&'a str> {
    const ALL: &'static [&'static str];
}

macro_rules! words {
    ($($type:ty),+) => {
        $(impl Words for $type {
            const ALL: &'static [&'static str] = <$type>::values();
        })+
    };
}
words!(
    ReturnConsumedCapacity,
    ReturnItemCollectionMetrics,
    ReturnValue,
    ReturnValuesOnConditionCheckFailure,
    Select
);

impl<'de, W: Words> Deserialize<'de> for Word<W> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> std::result::Result<Self, D::Error> {
        let word = String::deserialize(from)?;
        if W::ALL.contains(&word.as_str()) {
            return Ok(Self(W::from(&word)));
        }
        Err(D::Error::custom(format!("a word here is one of {}", W::ALL.join(", "))))
    }
}

fn word<W>(word: Option<Word<W>>) -> Option<W> {
    word.map(|Word(word)| word)
}

/// The request of an operation: its parameters, and the SDK's input of them.
macro_rules! request {
    ($(#[$doc:meta])* $name:ident { $($field:ident: $type:ty),+ $(,)? } => $builder:ty, |$this:ident| $input:expr) => {
        $(#[$doc])*
        #[derive(serde::Deserialize)]
        #[serde(rename_all = "PascalCase", deny_unknown_fields)]
        pub(super) struct $name {
            $($field: $type,)+
        }

        impl $name {
            pub(super) fn input(self) -> $builder {
                let $this = self;
                $input
            }
        }
    };
}

request!(
    GetItem {
        table_name: Option<String>,
        key: Item,
        consistent_read: Option<bool>,
        projection_expression: Option<String>,
        expression_attribute_names: Option<Names>,
        return_consumed_capacity: Option<Word<ReturnConsumedCapacity>>,
    } => GetItemInputBuilder,
    |of| GetItemInputBuilder::default()
        .set_table_name(of.table_name)
        .set_key(sdk(Some(of.key)))
        .set_consistent_read(of.consistent_read)
        .set_projection_expression(of.projection_expression)
        .set_expression_attribute_names(of.expression_attribute_names)
        .set_return_consumed_capacity(word(of.return_consumed_capacity))
);

request!(
    PutItem {
        table_name: Option<String>,
        item: Item,
        condition_expression: Option<String>,
        expression_attribute_names: Option<Names>,
        expression_attribute_values: Option<Item>,
        return_values: Option<Word<ReturnValue>>,
        return_values_on_condition_check_failure: Option<Word<ReturnValuesOnConditionCheckFailure>>,
        return_consumed_capacity: Option<Word<ReturnConsumedCapacity>>,
        return_item_collection_metrics: Option<Word<ReturnItemCollectionMetrics>>,
    } => PutItemInputBuilder,
    |of| PutItemInputBuilder::default()
        .set_table_name(of.table_name)
        .set_item(sdk(Some(of.item)))
        .set_condition_expression(of.condition_expression)
        .set_expression_attribute_names(of.expression_attribute_names)
        .set_expression_attribute_values(sdk(of.expression_attribute_values))
        .set_return_values(word(of.return_values))
        .set_return_values_on_condition_check_failure(word(of.return_values_on_condition_check_failure))
        .set_return_consumed_capacity(word(of.return_consumed_capacity))
        .set_return_item_collection_metrics(word(of.return_item_collection_metrics))
);

request!(
    UpdateItem {
        table_name: Option<String>,
        key: Item,
        update_expression: Option<String>,
        condition_expression: Option<String>,
        expression_attribute_names: Option<Names>,
        expression_attribute_values: Option<Item>,
        return_values: Option<Word<ReturnValue>>,
        return_values_on_condition_check_failure: Option<Word<ReturnValuesOnConditionCheckFailure>>,
        return_consumed_capacity: Option<Word<ReturnConsumedCapacity>>,
        return_item_collection_metrics: Option<Word<ReturnItemCollectionMetrics>>,
    } => UpdateItemInputBuilder,
    |of| UpdateItemInputBuilder::default()
        .set_table_name(of.table_name)
        .set_key(sdk(Some(of.key)))
        .set_update_expression(of.update_expression)
        .set_condition_expression(of.condition_expression)
        .set_expression_attribute_names(of.expression_attribute_names)
        .set_expression_attribute_values(sdk(of.expression_attribute_values))
        .set_return_values(word(of.return_values))
        .set_return_values_on_condition_check_failure(word(of.return_values_on_condition_check_failure))
        .set_return_consumed_capacity(word(of.return_consumed_capacity))
        .set_return_item_collection_metrics(word(of.return_item_collection_metrics))
);

request!(
    DeleteItem {
        table_name: Option<String>,
        key: Item,
        condition_expression: Option<String>,
        expression_attribute_names: Option<Names>,
        expression_attribute_values: Option<Item>,
        return_values: Option<Word<ReturnValue>>,
        return_values_on_condition_check_failure: Option<Word<ReturnValuesOnConditionCheckFailure>>,
        return_consumed_capacity: Option<Word<ReturnConsumedCapacity>>,
        return_item_collection_metrics: Option<Word<ReturnItemCollectionMetrics>>,
    } => DeleteItemInputBuilder,
    |of| DeleteItemInputBuilder::default()
        .set_table_name(of.table_name)
        .set_key(sdk(Some(of.key)))
        .set_condition_expression(of.condition_expression)
        .set_expression_attribute_names(of.expression_attribute_names)
        .set_expression_attribute_values(sdk(of.expression_attribute_values))
        .set_return_values(word(of.return_values))
        .set_return_values_on_condition_check_failure(word(of.return_values_on_condition_check_failure))
        .set_return_consumed_capacity(word(of.return_consumed_capacity))
        .set_return_item_collection_metrics(word(of.return_item_collection_metrics))
);

request!(
    Query {
        table_name: Option<String>,
        index_name: Option<String>,
        key_condition_expression: Option<String>,
        filter_expression: Option<String>,
        projection_expression: Option<String>,
        expression_attribute_names: Option<Names>,
        expression_attribute_values: Option<Item>,
        select: Option<Word<Select>>,
        limit: Option<i32>,
        consistent_read: Option<bool>,
        scan_index_forward: Option<bool>,
        exclusive_start_key: Option<Item>,
        return_consumed_capacity: Option<Word<ReturnConsumedCapacity>>,
    } => QueryInputBuilder,
    |of| QueryInputBuilder::default()
        .set_table_name(of.table_name)
        .set_index_name(of.index_name)
        .set_key_condition_expression(of.key_condition_expression)
        .set_filter_expression(of.filter_expression)
        .set_projection_expression(of.projection_expression)
        .set_expression_attribute_names(of.expression_attribute_names)
        .set_expression_attribute_values(sdk(of.expression_attribute_values))
        .set_select(word(of.select))
        .set_limit(of.limit)
        .set_consistent_read(of.consistent_read)
        .set_scan_index_forward(of.scan_index_forward)
        .set_exclusive_start_key(sdk(of.exclusive_start_key))
        .set_return_consumed_capacity(word(of.return_consumed_capacity))
);

request!(
    Scan {
        table_name: Option<String>,
        index_name: Option<String>,
        filter_expression: Option<String>,
        projection_expression: Option<String>,
        expression_attribute_names: Option<Names>,
        expression_attribute_values: Option<Item>,
        select: Option<Word<Select>>,
        limit: Option<i32>,
        consistent_read: Option<bool>,
        segment: Option<i32>,
        total_segments: Option<i32>,
        exclusive_start_key: Option<Item>,
        return_consumed_capacity: Option<Word<ReturnConsumedCapacity>>,
    } => ScanInputBuilder,
    |of| ScanInputBuilder::default()
        .set_table_name(of.table_name)
        .set_index_name(of.index_name)
        .set_filter_expression(of.filter_expression)
        .set_projection_expression(of.projection_expression)
        .set_expression_attribute_names(of.expression_attribute_names)
        .set_expression_attribute_values(sdk(of.expression_attribute_values))
        .set_select(word(of.select))
        .set_limit(of.limit)
        .set_consistent_read(of.consistent_read)
        .set_segment(of.segment)
        .set_total_segments(of.total_segments)
        .set_exclusive_start_key(sdk(of.exclusive_start_key))
        .set_return_consumed_capacity(word(of.return_consumed_capacity))
);

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

/// A part of a transaction that has a condition. The SDK's types share no trait.
macro_rules! part {
    ($name:ident { $($field:ident: $type:ty => $set:ident($value:expr)),+ $(,)? }) => {
        request!(
            $name {
                table_name: Option<String>,
                $($field: $type,)+
                condition_expression: Option<String>,
                expression_attribute_names: Option<Names>,
                expression_attribute_values: Option<Item>,
                return_values_on_condition_check_failure: Option<Word<ReturnValuesOnConditionCheckFailure>>,
            } => Result<types::$name>,
            |of| {
                let part = types::$name::builder().set_table_name(of.table_name);
                $(let part = part.$set($value(of.$field));)+
                part.set_condition_expression(of.condition_expression)
                    .set_expression_attribute_names(of.expression_attribute_names)
                    .set_expression_attribute_values(sdk(of.expression_attribute_values))
                    .set_return_values_on_condition_check_failure(word(
                        of.return_values_on_condition_check_failure,
                    ))
                    .build()
                    .map_err(missing)
            }
        );
    };
}

fn needed(item: Item) -> Option<Attributes> {
    sdk(Some(item))
}

part!(Put { item: Item => set_item(needed) });
part!(Update {
    key: Item => set_key(needed),
    update_expression: Option<String> => set_update_expression(std::convert::identity),
});
part!(Delete { key: Item => set_key(needed) });
part!(ConditionCheck { key: Item => set_key(needed) });

request!(
    WritePart {
        put: Option<Put>,
        update: Option<Update>,
        delete: Option<Delete>,
        condition_check: Option<ConditionCheck>,
    } => Result<TransactWriteItem>,
    |of| Ok(TransactWriteItem::builder()
        .set_put(of.put.map(Put::input).transpose()?)
        .set_update(of.update.map(Update::input).transpose()?)
        .set_delete(of.delete.map(Delete::input).transpose()?)
        .set_condition_check(of.condition_check.map(ConditionCheck::input).transpose()?)
        .build())
);

request!(
    TransactWriteItems {
        transact_items: Vec<WritePart>,
        client_request_token: Option<String>,
        return_consumed_capacity: Option<Word<ReturnConsumedCapacity>>,
        return_item_collection_metrics: Option<Word<ReturnItemCollectionMetrics>>,
    } => Result<TransactWriteItemsInputBuilder>,
    |of| {
        let parts = of.transact_items.into_iter().map(WritePart::input);
        Ok(TransactWriteItemsInputBuilder::default()
            .set_transact_items(Some(parts.collect::<Result<_>>()?))
            .set_client_request_token(of.client_request_token)
            .set_return_consumed_capacity(word(of.return_consumed_capacity))
            .set_return_item_collection_metrics(word(of.return_item_collection_metrics)))
    }
);

request!(
    Get {
        table_name: Option<String>,
        key: Item,
        projection_expression: Option<String>,
        expression_attribute_names: Option<Names>,
    } => Result<types::Get>,
    |of| types::Get::builder()
        .set_table_name(of.table_name)
        .set_key(sdk(Some(of.key)))
        .set_projection_expression(of.projection_expression)
        .set_expression_attribute_names(of.expression_attribute_names)
        .build()
        .map_err(missing)
);

request!(
    GetPart { get: Get } => Result<TransactGetItem>,
    |of| Ok(TransactGetItem::builder().get(of.get.input()?).build())
);

request!(
    TransactGetItems {
        transact_items: Vec<GetPart>,
        return_consumed_capacity: Option<Word<ReturnConsumedCapacity>>,
    } => Result<TransactGetItemsInputBuilder>,
    |of| {
        let parts = of.transact_items.into_iter().map(GetPart::input);
        Ok(TransactGetItemsInputBuilder::default()
            .set_transact_items(Some(parts.collect::<Result<_>>()?))
            .set_return_consumed_capacity(word(of.return_consumed_capacity)))
    }
);
