use aws_sdk_dynamodb::operation::delete_item::builders::DeleteItemInputBuilder;
use aws_sdk_dynamodb::operation::delete_item::{DeleteItemError, DeleteItemOutput};
use itemseal::Result;

use super::writes::MayMove;
use super::{Answer, GlobalTable};
use crate::rules::{Kind, check_condition, refuse_legacy};

impl GlobalTable {
    /// [DeleteItem](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DeleteItem.html)
    /// of an item. Without a condition it may fail over, if [that was chosen](super::Writes). What comes back with `ReturnValues` or
    /// `ReturnValuesOnConditionCheckFailure` is opened.
    ///
    /// # Errors
    /// [`Refused`](itemseal::ErrorKind::Refused) for a condition on an encrypted attribute;
    /// [`Conflict`](itemseal::ErrorKind::Conflict) if the condition did not hold, with
    /// [`ConditionFailed`](super::ConditionFailed) as its source if the item was asked for.
    pub async fn delete_item(
        &self,
        input: DeleteItemInputBuilder,
    ) -> Result<Answer<DeleteItemOutput>> {
        let table = self.table(input.get_table_name().as_deref())?;
        refuse_legacy("Expected", input.get_expected().is_some())?;
        refuse_legacy("ConditionalOperator", input.get_conditional_operator().is_some())?;
        check_condition(
            table.config(),
            Kind::Condition,
            input.get_condition_expression().as_deref(),
            input.get_expression_attribute_names().as_ref(),
        )?;
        let key = input.get_key().clone().unwrap_or_default();
        let may_move = input.get_condition_expression().is_none();
        let may_move = may_move.then_some(MayMove { table: &table.name, key });
        let send = |client| input.clone().send_with(client);
        let (mut output, region) = match self.write_anywhere("DeleteItem", may_move, send).await {
            Ok(answered) => answered,
            Err(failed) => return Err(table.failure(failed, found).await),
        };
        output.attributes = table.open_some(output.attributes).await?;
        Ok(Answer::new(output, &region))
    }
}

fn found(error: &DeleteItemError) -> Option<crate::sdk_items::dynamodb::Attributes> {
    match error {
        DeleteItemError::ConditionalCheckFailedException(failed) => failed.item.clone(),
        _ => None,
    }
}
