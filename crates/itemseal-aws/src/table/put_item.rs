use aws_sdk_dynamodb::operation::put_item::builders::PutItemInputBuilder;
use aws_sdk_dynamodb::operation::put_item::{PutItemError, PutItemOutput};
use itemseal::Result;

use super::expressions::{Kind, check_condition};
use super::legacy::refuse_legacy;
use super::{Answer, GlobalTable};

impl GlobalTable {
    /// [PutItem](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_PutItem.html):
    /// the item is encrypted and signed before it is sent, in the home Region. What comes back with
    /// `ReturnValues` or `ReturnValuesOnConditionCheckFailure` is opened.
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
        let item = input.get_item().clone().unwrap_or_default();
        input = input.set_item(Some(table.seal(item).await?));
        let sent = self.write("PutItem", |client| input.clone().send_with(client)).await;
        let (mut output, region) = match sent {
            Ok(answered) => answered,
            Err(failed) => return Err(table.failure(failed, found).await),
        };
        output.attributes = table.open_some(output.attributes).await?;
        Ok(Answer::new(output, &region))
    }
}

fn found(error: &PutItemError) -> Option<crate::sdk_items::dynamodb::Attributes> {
    match error {
        PutItemError::ConditionalCheckFailedException(failed) => failed.item.clone(),
        _ => None,
    }
}
