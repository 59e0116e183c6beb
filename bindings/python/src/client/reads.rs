//! `get_item`.

use aws_sdk_dynamodb::operation::get_item::GetItemOutput;
use aws_sdk_dynamodb::operation::get_item::builders::GetItemInputBuilder;
use aws_sdk_dynamodb::types::ReturnConsumedCapacity;
use itemseal::Result;
use itemseal_aws::Answer;
use pyo3::prelude::*;

use super::given::Given;
use super::operation::Operation;
use super::told::Told;

pub(super) struct GetItem;

impl Operation for GetItem {
    const NAME: &'static str = "get_item";
    type Input = GetItemInputBuilder;
    type Output = GetItemOutput;

    fn read(given: &mut Given<'_>) -> PyResult<Self::Input> {
        Ok(GetItemInputBuilder::default()
            .set_table_name(given.table()?)
            .set_key(given.needed_item("Key")?)
            .set_consistent_read(given.flag("ConsistentRead")?)
            .set_projection_expression(given.text("ProjectionExpression")?)
            .set_expression_attribute_names(given.names()?)
            .set_return_consumed_capacity(
                given.word("ReturnConsumedCapacity", ReturnConsumedCapacity::values())?,
            ))
    }

    async fn send(
        client: itemseal_aws::GlobalTable,
        input: Self::Input,
    ) -> Result<Answer<Self::Output>> {
        client.get_item(input).await
    }

    fn write(told: &Told<'_>, output: Self::Output) -> PyResult<()> {
        told.item("Item", output.item)?;
        told.capacity(output.consumed_capacity)
    }
}

/// `get_item` that does not go back behind a version.
pub(super) struct GetItemNotBefore;

impl Operation for GetItemNotBefore {
    const NAME: &'static str = "get_item_not_before";
    type Input = (GetItemInputBuilder, u64);
    type Output = GetItemOutput;

    fn read(given: &mut Given<'_>) -> PyResult<Self::Input> {
        let version = given.needed("Version")?.extract();
        let version = version.map_err(|_| given.misuse("Version is an int of 0 or more"))?;
        Ok((GetItem::read(given)?, version))
    }

    async fn send(
        client: itemseal_aws::GlobalTable,
        (input, version): Self::Input,
    ) -> Result<Answer<Self::Output>> {
        client.get_item_not_before(input, version).await
    }

    fn write(told: &Told<'_>, output: Self::Output) -> PyResult<()> {
        GetItem::write(told, output)
    }
}
