//! `query` and `scan`, a page at a time.

use aws_sdk_dynamodb::operation::query::QueryOutput;
use aws_sdk_dynamodb::operation::query::builders::QueryInputBuilder;
use aws_sdk_dynamodb::operation::scan::ScanOutput;
use aws_sdk_dynamodb::operation::scan::builders::ScanInputBuilder;
use aws_sdk_dynamodb::types::{ReturnConsumedCapacity, Select};
use itemseal::Result;
use itemseal_aws::Answer;
use pyo3::prelude::*;

use super::given::Given;
use super::operation::Operation;
use super::told::Told;

pub(super) struct Query;

impl Operation for Query {
    const NAME: &'static str = "query";
    type Input = QueryInputBuilder;
    type Output = QueryOutput;

    fn read(given: &mut Given<'_>) -> PyResult<Self::Input> {
        let input = QueryInputBuilder::default()
            .set_table_name(given.table()?)
            .set_index_name(given.text("IndexName")?)
            .set_key_condition_expression(given.condition("KeyConditionExpression")?)
            .set_filter_expression(given.condition("FilterExpression")?)
            .set_projection_expression(given.text("ProjectionExpression")?)
            .set_expression_attribute_names(given.names()?)
            .set_expression_attribute_values(given.expression_values()?);
        Ok(input
            .set_select(given.word("Select", Select::values())?)
            .set_limit(given.number("Limit")?)
            .set_consistent_read(given.flag("ConsistentRead")?)
            .set_scan_index_forward(given.flag("ScanIndexForward")?)
            .set_exclusive_start_key(given.item("ExclusiveStartKey")?)
            .set_return_consumed_capacity(
                given.word("ReturnConsumedCapacity", ReturnConsumedCapacity::values())?,
            ))
    }

    async fn send(
        client: itemseal_aws::GlobalTable,
        input: Self::Input,
    ) -> Result<Answer<Self::Output>> {
        client.query(input).await
    }

    fn write(told: &Told<'_>, output: Self::Output) -> PyResult<()> {
        told.items("Items", output.items)?;
        told.set("Count", output.count)?;
        told.set("ScannedCount", output.scanned_count)?;
        told.item("LastEvaluatedKey", output.last_evaluated_key)?;
        told.capacity(output.consumed_capacity)
    }
}

pub(super) struct Scan;

impl Operation for Scan {
    const NAME: &'static str = "scan";
    type Input = ScanInputBuilder;
    type Output = ScanOutput;

    fn read(given: &mut Given<'_>) -> PyResult<Self::Input> {
        let input = ScanInputBuilder::default()
            .set_table_name(given.table()?)
            .set_index_name(given.text("IndexName")?)
            .set_filter_expression(given.condition("FilterExpression")?)
            .set_projection_expression(given.text("ProjectionExpression")?)
            .set_expression_attribute_names(given.names()?)
            .set_expression_attribute_values(given.expression_values()?);
        Ok(input
            .set_select(given.word("Select", Select::values())?)
            .set_limit(given.number("Limit")?)
            .set_consistent_read(given.flag("ConsistentRead")?)
            .set_segment(given.number("Segment")?)
            .set_total_segments(given.number("TotalSegments")?)
            .set_exclusive_start_key(given.item("ExclusiveStartKey")?)
            .set_return_consumed_capacity(
                given.word("ReturnConsumedCapacity", ReturnConsumedCapacity::values())?,
            ))
    }

    async fn send(
        client: itemseal_aws::GlobalTable,
        input: Self::Input,
    ) -> Result<Answer<Self::Output>> {
        client.scan(input).await
    }

    fn write(told: &Told<'_>, output: Self::Output) -> PyResult<()> {
        told.items("Items", output.items)?;
        told.set("Count", output.count)?;
        told.set("ScannedCount", output.scanned_count)?;
        told.item("LastEvaluatedKey", output.last_evaluated_key)?;
        told.capacity(output.consumed_capacity)
    }
}
