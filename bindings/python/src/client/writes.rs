//! `put_item`, `update_item` and `delete_item`.

use aws_sdk_dynamodb::operation::delete_item::DeleteItemOutput;
use aws_sdk_dynamodb::operation::delete_item::builders::DeleteItemInputBuilder;
use aws_sdk_dynamodb::operation::put_item::PutItemOutput;
use aws_sdk_dynamodb::operation::put_item::builders::PutItemInputBuilder;
use aws_sdk_dynamodb::operation::update_item::UpdateItemOutput;
use aws_sdk_dynamodb::operation::update_item::builders::UpdateItemInputBuilder;
use aws_sdk_dynamodb::types::{
    ReturnConsumedCapacity, ReturnItemCollectionMetrics, ReturnValue,
    ReturnValuesOnConditionCheckFailure,
};
use itemseal::Result;
use itemseal_aws::Answer;
use pyo3::prelude::*;

use super::given::Given;
use super::operation::Operation;
use super::told::Told;

pub(super) struct PutItem;

impl Operation for PutItem {
    const NAME: &'static str = "put_item";
    type Input = PutItemInputBuilder;
    type Output = PutItemOutput;

    fn read(given: &mut Given<'_>) -> PyResult<Self::Input> {
        let input = PutItemInputBuilder::default()
            .set_table_name(given.table()?)
            .set_item(given.needed_item("Item")?)
            .set_condition_expression(given.condition("ConditionExpression")?)
            .set_expression_attribute_names(given.names()?)
            .set_expression_attribute_values(given.expression_values()?);
        Ok(input
            .set_return_values(given.word("ReturnValues", ReturnValue::values())?)
            .set_return_values_on_condition_check_failure(given.word(
                "ReturnValuesOnConditionCheckFailure",
                ReturnValuesOnConditionCheckFailure::values(),
            )?)
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
        client.put_item(input).await
    }

    fn write(told: &Told<'_>, output: Self::Output) -> PyResult<()> {
        told.item("Attributes", output.attributes)?;
        told.capacity(output.consumed_capacity)?;
        told.collection(output.item_collection_metrics)
    }
}

pub(super) struct UpdateItem;

impl Operation for UpdateItem {
    const NAME: &'static str = "update_item";
    type Input = UpdateItemInputBuilder;
    type Output = UpdateItemOutput;

    fn read(given: &mut Given<'_>) -> PyResult<Self::Input> {
        let input = UpdateItemInputBuilder::default()
            .set_table_name(given.table()?)
            .set_key(given.needed_item("Key")?)
            .set_update_expression(given.text("UpdateExpression")?)
            .set_condition_expression(given.condition("ConditionExpression")?)
            .set_expression_attribute_names(given.names()?)
            .set_expression_attribute_values(given.expression_values()?);
        Ok(input
            .set_return_values(given.word("ReturnValues", ReturnValue::values())?)
            .set_return_values_on_condition_check_failure(given.word(
                "ReturnValuesOnConditionCheckFailure",
                ReturnValuesOnConditionCheckFailure::values(),
            )?)
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
        client.update_item(input).await
    }

    fn write(told: &Told<'_>, output: Self::Output) -> PyResult<()> {
        told.item("Attributes", output.attributes)?;
        told.capacity(output.consumed_capacity)?;
        told.collection(output.item_collection_metrics)
    }
}

pub(super) struct DeleteItem;

impl Operation for DeleteItem {
    const NAME: &'static str = "delete_item";
    type Input = DeleteItemInputBuilder;
    type Output = DeleteItemOutput;

    fn read(given: &mut Given<'_>) -> PyResult<Self::Input> {
        let input = DeleteItemInputBuilder::default()
            .set_table_name(given.table()?)
            .set_key(given.needed_item("Key")?)
            .set_condition_expression(given.condition("ConditionExpression")?)
            .set_expression_attribute_names(given.names()?)
            .set_expression_attribute_values(given.expression_values()?);
        Ok(input
            .set_return_values(given.word("ReturnValues", ReturnValue::values())?)
            .set_return_values_on_condition_check_failure(given.word(
                "ReturnValuesOnConditionCheckFailure",
                ReturnValuesOnConditionCheckFailure::values(),
            )?)
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
        client.delete_item(input).await
    }

    fn write(told: &Told<'_>, output: Self::Output) -> PyResult<()> {
        told.item("Attributes", output.attributes)?;
        told.capacity(output.consumed_capacity)?;
        told.collection(output.item_collection_metrics)
    }
}
