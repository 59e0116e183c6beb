use std::error::Error as StdError;
use std::fmt;

use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
use aws_sdk_dynamodb::types::TransactWriteItem;
use itemseal::Error;

use super::GlobalTable;
use super::errors::Failed;
use crate::sdk_items::dynamodb::Attributes;

/// Why a transaction was cancelled, as the [source](StdError::source) of a
/// [`Conflict`](itemseal::ErrorKind::Conflict): a reason for each of its parts, in their order.
#[derive(Clone)]
pub struct TransactionCancelled {
    reasons: Vec<CancellationReason>,
}

/// What became of one part of a transaction that was cancelled.
#[derive(Clone)]
pub struct CancellationReason {
    code: Option<String>,
    item: Option<Attributes>,
}

impl TransactionCancelled {
    /// A reason for each part.
    pub fn reasons(&self) -> &[CancellationReason] {
        &self.reasons
    }
}

impl CancellationReason {
    /// DynamoDB's code, such as `ConditionalCheckFailed`; none if this part was not the reason.
    pub fn code(&self) -> Option<&str> {
        self.code.as_deref().filter(|code| *code != "None")
    }

    /// The item as it was found, opened, if it was asked for with `ReturnValuesOnConditionCheckFailure` and opens.
    pub fn item(&self) -> Option<&Attributes> {
        self.item.as_ref()
    }
}

impl GlobalTable {
    /// The error of a transaction, with what DynamoDB found opened.
    pub(super) async fn cancelled(
        &self,
        parts: &[TransactWriteItem],
        failed: Failed<TransactWriteItemsError>,
    ) -> Error {
        let reasons = match failed.error.as_service_error() {
            Some(TransactWriteItemsError::TransactionCanceledException(cancelled)) => {
                cancelled.cancellation_reasons.clone().unwrap_or_default()
            }
            _ => return failed.into_error(),
        };
        let mut told = Vec::with_capacity(reasons.len());
        for (at, reason) in reasons.into_iter().enumerate() {
            let item = match (parts.get(at).and_then(table_of), reason.item) {
                (Some(name), Some(item)) => match self.table_or_plaintext(name) {
                    Ok(Some(table)) => table.open(item, None).await.ok(),
                    Ok(None) => Some(item),
                    Err(_) => None,
                },
                _ => None,
            };
            told.push(CancellationReason { code: reason.code, item });
        }
        failed.into_error().with_source(TransactionCancelled { reasons: told })
    }
}

fn table_of(part: &TransactWriteItem) -> Option<&str> {
    let put = part.put.as_ref().map(|put| &put.table_name);
    let update = part.update.as_ref().map(|update| &update.table_name);
    let delete = part.delete.as_ref().map(|delete| &delete.table_name);
    let check = part.condition_check.as_ref().map(|check| &check.table_name);
    put.or(update).or(delete).or(check).map(String::as_str)
}

impl fmt::Debug for TransactionCancelled {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TransactionCancelled").field("reasons", &self.reasons).finish()
    }
}

impl fmt::Debug for CancellationReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CancellationReason").field("code", &self.code).finish_non_exhaustive()
    }
}

impl fmt::Display for TransactionCancelled {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, reason) in self.reasons.iter().enumerate() {
            let separator = if at == 0 { "of its parts, in their order: " } else { ", " };
            write!(f, "{separator}{}", reason.code().unwrap_or("no reason"))?;
        }
        Ok(())
    }
}

impl StdError for TransactionCancelled {}
