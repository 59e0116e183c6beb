//! What DynamoDB found when a condition did not hold.

use std::error::Error as _;

use itemseal::{Error, Result};
use itemseal_aws::{ConditionFailed, TransactionCancelled};

use super::json::{Json, Object};

/// In JSON; none if the error is about something else, or nothing was asked for.
pub(crate) fn found(error: &Error) -> Option<Vec<u8>> {
    let mut next = error.source();
    while let Some(source) = next {
        let told = if let Some(failed) = source.downcast_ref::<ConditionFailed>() {
            of_one(failed)
        } else if let Some(cancelled) = source.downcast_ref::<TransactionCancelled>() {
            of_parts(cancelled)
        } else {
            next = source.source();
            continue;
        };
        return told.ok().map(|told| told.to_bytes());
    }
    None
}

fn of_one(failed: &ConditionFailed) -> Result<Json> {
    let mut told = Object::default();
    told.set("Item", Json::item(failed.item().clone())?);
    Ok(told.into())
}

fn of_parts(cancelled: &TransactionCancelled) -> Result<Json> {
    let one = |reason: &itemseal_aws::CancellationReason| {
        let mut told = Object::default();
        told.set("Code", Json::text(reason.code().unwrap_or("None")));
        told.maybe("Item", reason.item().cloned(), Json::item)?;
        Ok(told.into())
    };
    let mut told = Object::default();
    let reasons = cancelled.reasons().iter().map(one).collect::<Result<_>>()?;
    told.set("CancellationReasons", Json::List(reasons));
    Ok(told.into())
}
