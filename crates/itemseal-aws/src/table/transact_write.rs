use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsOutput;
use aws_sdk_dynamodb::operation::transact_write_items::builders::TransactWriteItemsInputBuilder;
use aws_sdk_dynamodb::types::TransactWriteItem;
use itemseal::Result;

use super::errors::misuse;
use super::update_item::INSTEAD_OF_UPDATES;
use super::versions::{self, Condition};
use super::{Answer, GlobalTable};
use crate::rules::{Kind, Tokens, check_condition, check_update, only_if_encrypted};

/// What was given under which token, and what was sent.
pub(super) type Sent = Tokens<Vec<TransactWriteItem>, Vec<TransactWriteItem>>;

impl GlobalTable {
    /// [TransactWriteItems](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html)
    /// in the home Region: each part has the rule of the operation that it is. Sent again with its
    /// `ClientRequestToken` within ten minutes by this client, it is the same to the byte, as
    /// DynamoDB wants it; for that the plaintext is kept so long. A table that is not encrypted may
    /// take part.
    ///
    /// # Errors
    /// As of [`put_item`](Self::put_item), [`update_item`](Self::update_item) and
    /// [`delete_item`](Self::delete_item), before anything is sent;
    /// [`Conflict`](itemseal::ErrorKind::Conflict) if the transaction was cancelled, with
    /// [`TransactionCancelled`](super::TransactionCancelled) as its source.
    pub async fn transact_write_items(
        &self,
        input: TransactWriteItemsInputBuilder,
    ) -> Result<Answer<TransactWriteItemsOutput>> {
        let given = input.get_transact_items().clone().unwrap_or_default();
        let token = input.get_client_request_token().clone();
        let known = token.as_deref().and_then(|token| self.inner.tokens.sealed(token, &given));
        let sealed = match known {
            Some(sealed) => sealed,
            None => {
                let mut sealed = Vec::with_capacity(given.len());
                for part in &given {
                    sealed.push(self.seal_part(part.clone()).await?);
                }
                if let Some(token) = &token {
                    self.inner.tokens.remember(token, given, sealed.clone());
                }
                sealed
            }
        };
        let input = input.set_transact_items(Some(sealed));
        match self.write("TransactWriteItems", |client| input.clone().send_with(client)).await {
            Ok((output, region)) => Ok(Answer::new(output, &region)),
            Err(failed) => {
                let parts = input.get_transact_items().as_deref().unwrap_or_default();
                Err(self.cancelled(parts, failed).await)
            }
        }
    }

    async fn seal_part(&self, mut part: TransactWriteItem) -> Result<TransactWriteItem> {
        let condition = Kind::Condition;
        if let Some(put) = &mut part.put
            && let Some(table) = self.table_or_plaintext(&put.table_name)?
        {
            let names = put.expression_attribute_names.as_ref();
            check_condition(table.config(), condition, put.condition_expression.as_deref(), names)?;
            if let Some(raised) = table.raise(&mut put.item)? {
                let condition = versions::condition(
                    &raised,
                    Condition {
                        expression: put.condition_expression.take(),
                        names: put.expression_attribute_names.take(),
                        values: put.expression_attribute_values.take(),
                    },
                );
                put.condition_expression = condition.expression;
                put.expression_attribute_names = condition.names;
                put.expression_attribute_values = condition.values;
            }
            put.item = table.seal(std::mem::take(&mut put.item)).await?;
        }
        if let Some(update) = &mut part.update
            && let Some(table) = self.table_or_plaintext(&update.table_name)?
        {
            let names = update.expression_attribute_names.as_ref();
            let given = update.condition_expression.as_deref();
            let expression = Some(update.update_expression.as_str());
            check_update(table.config(), expression, names, INSTEAD_OF_UPDATES)?;
            check_condition(table.config(), condition, given, names)?;
            let (given, names) = only_if_encrypted(given, names);
            update.condition_expression = Some(given);
            update.expression_attribute_names = Some(names);
        }
        if let Some(delete) = &part.delete
            && let Some(table) = self.table_or_plaintext(&delete.table_name)?
        {
            let names = delete.expression_attribute_names.as_ref();
            let given = delete.condition_expression.as_deref();
            check_condition(table.config(), condition, given, names)?;
        }
        if let Some(check) = &part.condition_check
            && let Some(table) = self.table_or_plaintext(&check.table_name)?
        {
            let names = check.expression_attribute_names.as_ref();
            check_condition(table.config(), condition, Some(&check.condition_expression), names)?;
        }
        let kinds = [
            part.put.is_some(),
            part.update.is_some(),
            part.delete.is_some(),
            part.condition_check.is_some(),
        ];
        if kinds.iter().filter(|kind| **kind).count() != 1 {
            return Err(misuse(
                "a part of a transaction is exactly one of Put, Update, Delete and ConditionCheck",
            ));
        }
        Ok(part)
    }
}
