use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsOutput;
use aws_sdk_dynamodb::operation::transact_write_items::builders::TransactWriteItemsInputBuilder;
use aws_sdk_dynamodb::types::TransactWriteItem;
use itemseal::Result;
use tokio::time::Instant;

use super::errors::misuse;
use super::expressions::{Kind, check_condition, check_update};
use super::update_item::only_if_encrypted;
use super::versions::Condition;
use super::{Answer, GlobalTable};

/// How long DynamoDB compares a request with an earlier one of the same token.
/// Source: [TransactWriteItems](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html).
const REMEMBERED: Duration = Duration::from_secs(600);
/// How many transactions with a token are remembered.
const MOST_REMEMBERED: usize = 1_000;

/// What was sent under which `ClientRequestToken`: the same transaction sent again has to be the same to
/// the byte, and encrypting it again would change it.
#[derive(Default)]
pub(super) struct Tokens(Mutex<VecDeque<Sent>>);

struct Sent {
    token: String,
    at: Instant,
    given: Vec<TransactWriteItem>,
    sealed: Vec<TransactWriteItem>,
}

impl Tokens {
    fn sealed(&self, token: &str, given: &[TransactWriteItem]) -> Option<Vec<TransactWriteItem>> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.retain(|sent| sent.at.elapsed() < REMEMBERED);
        let found = all.iter().find(|sent| sent.token == token && sent.given == given);
        found.map(|sent| sent.sealed.clone())
    }

    fn remember(&self, token: &str, given: Vec<TransactWriteItem>, sealed: &[TransactWriteItem]) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // Of two that were encrypted at the same time, the first is the one that counts.
        if all.iter().any(|sent| sent.token == token && sent.given == given) {
            return;
        }
        if all.len() == MOST_REMEMBERED {
            all.pop_front();
        }
        let (token, at) = (token.to_owned(), Instant::now());
        all.push_back(Sent { token, at, given, sealed: sealed.to_vec() });
    }
}

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
                    self.inner.tokens.remember(token, given, &sealed);
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
                let condition = raised.condition(Condition {
                    expression: put.condition_expression.take(),
                    names: put.expression_attribute_names.take(),
                    values: put.expression_attribute_values.take(),
                });
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
            check_update(table.config(), Some(&update.update_expression), names)?;
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
