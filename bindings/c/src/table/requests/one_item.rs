//! `GetItem`, `PutItem`, `UpdateItem` and `DeleteItem`.

use aws_sdk_dynamodb::operation::delete_item::builders::DeleteItemInputBuilder;
use aws_sdk_dynamodb::operation::get_item::builders::GetItemInputBuilder;
use aws_sdk_dynamodb::operation::put_item::builders::PutItemInputBuilder;
use aws_sdk_dynamodb::operation::update_item::builders::UpdateItemInputBuilder;
use aws_sdk_dynamodb::types::{
    ReturnConsumedCapacity, ReturnItemCollectionMetrics, ReturnValue,
    ReturnValuesOnConditionCheckFailure,
};
use itemseal::Item;

use super::{Names, Word, request, sdk, word};

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
