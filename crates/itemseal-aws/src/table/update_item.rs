use aws_sdk_dynamodb::operation::update_item::builders::UpdateItemInputBuilder;
use aws_sdk_dynamodb::operation::update_item::{UpdateItemError, UpdateItemOutput};
use aws_sdk_dynamodb::types::ReturnValue;
use itemseal::Result;

use super::{Answer, GlobalTable};
use crate::rules::{Kind, check_condition, check_update, only_if_encrypted, refuse_legacy};

/// What changes signed attributes.
pub(super) const INSTEAD_OF_UPDATES: &str =
    "use update_item_with, which reads, changes, encrypts and writes the whole item";

impl GlobalTable {
    /// [UpdateItem](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateItem.html)
    /// of unsigned attributes, in the home Region. To change what is signed or encrypted use
    /// [`update_item_with`](Self::update_item_with).
    ///
    /// It changes only items that are there: it adds a condition, since an item that an update makes has
    /// no signature and could never be read. What comes back whole (`ALL_OLD`, `ALL_NEW`) is opened.
    ///
    /// # Errors
    /// [`Refused`](itemseal::ErrorKind::Refused) for an update of a signed attribute or a condition on an
    /// encrypted one; [`Conflict`](itemseal::ErrorKind::Conflict) if the condition did not hold or
    /// there is no such item.
    pub async fn update_item(
        &self,
        input: UpdateItemInputBuilder,
    ) -> Result<Answer<UpdateItemOutput>> {
        let table = self.table(input.get_table_name().as_deref())?;
        refuse_legacy("AttributeUpdates", input.get_attribute_updates().is_some())?;
        refuse_legacy("Expected", input.get_expected().is_some())?;
        refuse_legacy("ConditionalOperator", input.get_conditional_operator().is_some())?;
        let names = input.get_expression_attribute_names().as_ref();
        let condition = input.get_condition_expression().as_deref();
        let update = input.get_update_expression().as_deref();
        check_update(table.config(), update, names, INSTEAD_OF_UPDATES)?;
        check_condition(table.config(), Kind::Condition, condition, names)?;
        let (condition, names) = only_if_encrypted(condition, names);
        let input = input
            .set_condition_expression(Some(condition))
            .set_expression_attribute_names(Some(names));
        let whole = input.get_return_values().clone();
        let whole = matches!(whole, Some(ReturnValue::AllOld | ReturnValue::AllNew));
        let sent = self.write("UpdateItem", |client| input.clone().send_with(client)).await;
        let (mut output, region) = match sent {
            Ok(answered) => answered,
            Err(failed) => return Err(table.failure(failed, found).await),
        };
        // What was updated is unsigned, and comes back as it is.
        if whole {
            output.attributes = table.open_some(output.attributes).await?;
        }
        Ok(Answer::new(output, &region))
    }
}

fn found(error: &UpdateItemError) -> Option<crate::sdk_items::dynamodb::Attributes> {
    match error {
        UpdateItemError::ConditionalCheckFailedException(failed) => failed.item.clone(),
        _ => None,
    }
}
