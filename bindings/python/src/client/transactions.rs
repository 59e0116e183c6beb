//! `transact_write_items` and `transact_get_items`.

use aws_sdk_dynamodb::operation::transact_get_items::TransactGetItemsOutput;
use aws_sdk_dynamodb::operation::transact_get_items::builders::TransactGetItemsInputBuilder;
use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsOutput;
use aws_sdk_dynamodb::operation::transact_write_items::builders::TransactWriteItemsInputBuilder;
use aws_sdk_dynamodb::types::{
    ConditionCheck, Delete, Get, Put, ReturnConsumedCapacity, ReturnItemCollectionMetrics,
    ReturnValuesOnConditionCheckFailure, TransactGetItem, TransactWriteItem, Update,
};
use itemseal::Result;
use itemseal_aws::Answer;
use pyo3::prelude::*;

use super::given::Given;
use super::operation::Operation;
use super::told::Told;

pub(super) struct TransactWriteItems;

impl Operation for TransactWriteItems {
    const NAME: &'static str = "transact_write_items";
    type Input = TransactWriteItemsInputBuilder;
    type Output = TransactWriteItemsOutput;

    fn read(given: &mut Given<'_>) -> PyResult<Self::Input> {
        let mut parts = Vec::new();
        for (at, part) in given.list("TransactItems")?.iter().enumerate() {
            parts.push(write_part(given.inner(&format!("TransactItems[{at}]"), part)?)?);
        }
        Ok(TransactWriteItemsInputBuilder::default()
            .set_transact_items(Some(parts))
            .set_client_request_token(given.text("ClientRequestToken")?)
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
        client.transact_write_items(input).await
    }

    fn write(told: &Told<'_>, output: Self::Output) -> PyResult<()> {
        told.capacities(output.consumed_capacity)?;
        told.collections(output.item_collection_metrics)
    }
}

/// A part that has a condition. The SDK's types share no trait.
macro_rules! part {
    ($given:expr, $type:ident, |$part:ident, $within:ident| $set:expr) => {
        match $given.value(stringify!($type))? {
            Some(value) => {
                let mut $within = $given.inner(stringify!($type), &value)?;
                let $part = $type::builder().set_table_name($within.table()?);
                let part = $set
                    .set_condition_expression($within.condition("ConditionExpression")?)
                    .set_expression_attribute_names($within.names()?)
                    .set_expression_attribute_values($within.expression_values()?)
                    .set_return_values_on_condition_check_failure($within.word(
                        "ReturnValuesOnConditionCheckFailure",
                        ReturnValuesOnConditionCheckFailure::values(),
                    )?);
                let part = part.build().map_err(|error| $within.misuse(&error.to_string()))?;
                $within.finish()?;
                Some(part)
            }
            None => None,
        }
    };
}

fn write_part(mut given: Given<'_>) -> PyResult<TransactWriteItem> {
    let put = part!(given, Put, |part, within| part.set_item(within.needed_item("Item")?));
    let update = part!(given, Update, |part, within| part
        .set_key(within.needed_item("Key")?)
        .set_update_expression(within.text("UpdateExpression")?));
    let delete = part!(given, Delete, |part, within| part.set_key(within.needed_item("Key")?));
    let check =
        part!(given, ConditionCheck, |part, within| part.set_key(within.needed_item("Key")?));
    given.finish()?;
    Ok(TransactWriteItem::builder()
        .set_put(put)
        .set_update(update)
        .set_delete(delete)
        .set_condition_check(check)
        .build())
}

pub(super) struct TransactGetItems;

impl Operation for TransactGetItems {
    const NAME: &'static str = "transact_get_items";
    type Input = TransactGetItemsInputBuilder;
    type Output = TransactGetItemsOutput;

    fn read(given: &mut Given<'_>) -> PyResult<Self::Input> {
        let mut parts = Vec::new();
        for (at, part) in given.list("TransactItems")?.iter().enumerate() {
            let mut part = given.inner(&format!("TransactItems[{at}]"), part)?;
            let get = part.needed("Get")?;
            let mut within = part.inner("Get", &get)?;
            let get = Get::builder()
                .set_table_name(within.table()?)
                .set_key(within.needed_item("Key")?)
                .set_projection_expression(within.text("ProjectionExpression")?)
                .set_expression_attribute_names(within.names()?)
                .build();
            let get = get.map_err(|error| within.misuse(&error.to_string()))?;
            within.finish()?;
            part.finish()?;
            parts.push(TransactGetItem::builder().get(get).build());
        }
        Ok(TransactGetItemsInputBuilder::default()
            .set_transact_items(Some(parts))
            .set_return_consumed_capacity(
                given.word("ReturnConsumedCapacity", ReturnConsumedCapacity::values())?,
            ))
    }

    async fn send(
        client: itemseal_aws::GlobalTable,
        input: Self::Input,
    ) -> Result<Answer<Self::Output>> {
        client.transact_get_items(input).await
    }

    fn write(told: &Told<'_>, output: Self::Output) -> PyResult<()> {
        let mut responses = Vec::new();
        for response in output.responses.unwrap_or_default() {
            let one = Told::new(told.py(), told.layer);
            // None was found if there is none.
            one.item("Item", response.item)?;
            responses.push(one.dict);
        }
        told.set("Responses", responses)?;
        told.capacities(output.consumed_capacity)
    }
}
