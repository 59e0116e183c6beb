use aws_sdk_dynamodb::operation::put_item::builders::PutItemInputBuilder;
use aws_sdk_dynamodb::operation::put_item::{PutItemError, PutItemOutput};
use itemseal::Result;

use super::keys::key_attributes;
use super::versions::{Condition, condition};
use super::writes::MayMove;
use super::{Answer, GlobalTable};
use crate::rules::{Kind, check_condition, refuse_legacy};

impl GlobalTable {
    /// [PutItem](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_PutItem.html):
    /// the item is encrypted and signed before it is sent, and its version raised if the table has one. Without a
    /// condition it may fail over, if [that was chosen](super::Writes). What comes back with `ReturnValues` or `ReturnValuesOnConditionCheckFailure` is opened.
    ///
    /// # Errors
    /// [`Refused`](itemseal::ErrorKind::Refused) for a condition on an encrypted attribute;
    /// [`TooLarge`](itemseal::ErrorKind::TooLarge) if the item has more than 409,600 bytes when it is
    /// encrypted; [`Conflict`](itemseal::ErrorKind::Conflict) if the condition did not hold, with
    /// [`ConditionFailed`](super::ConditionFailed) as its source if the item was asked for; and as of
    /// [`ItemEncryptor::encrypt_item`](itemseal::ItemEncryptor::encrypt_item).
    pub async fn put_item(&self, mut input: PutItemInputBuilder) -> Result<Answer<PutItemOutput>> {
        let table = self.table(input.get_table_name().as_deref())?;
        refuse_legacy("Expected", input.get_expected().is_some())?;
        refuse_legacy("ConditionalOperator", input.get_conditional_operator().is_some())?;
        check_condition(
            table.config(),
            Kind::Condition,
            input.get_condition_expression().as_deref(),
            input.get_expression_attribute_names().as_ref(),
        )?;
        let mut item = input.get_item().clone().unwrap_or_default();
        let raised = table.raise(&mut item)?;
        if let Some(raised) = &raised {
            let condition = condition(
                raised,
                Condition {
                    expression: input.get_condition_expression().clone(),
                    names: input.get_expression_attribute_names().clone(),
                    values: input.get_expression_attribute_values().clone(),
                },
            );
            input = input
                .set_condition_expression(condition.expression)
                .set_expression_attribute_names(condition.names)
                .set_expression_attribute_values(condition.values);
        }
        let may_move = input.get_condition_expression().is_none();
        let key = key_attributes(table.config(), &item);
        let may_move = may_move.then_some(MayMove { table: &table.name, key });
        input = input.set_item(Some(table.seal(item).await?));
        let send = |client| input.clone().send_with(client);
        let (mut output, region) = match self.write_anywhere("PutItem", may_move, send).await {
            Ok(answered) => answered,
            Err(failed) => return Err(table.failure(failed, found).await),
        };
        output.attributes = table.open_some(output.attributes).await?;
        Ok(Answer::new(output, &region).with_version(raised.map(|raised| raised.version())))
    }
}

fn found(error: &PutItemError) -> Option<crate::sdk_items::dynamodb::Attributes> {
    match error {
        PutItemError::ConditionalCheckFailedException(failed) => failed.item.clone(),
        _ => None,
    }
}
