//! The lab's own API (`itemseal_lab::admin`), without the HTTP.

use ::itemseal_lab::{Lab, admin};
use serde_json::Value;

use crate::guard::{Failure, Outcome};
use crate::status::itemseal_lab_status;

/// Asks; `path` is what comes after the API's prefix.
pub(crate) fn ask(lab: &Lab, method: &str, path: &str, body: &[u8]) -> Outcome<Value> {
    let (status, answer) = admin::admin(lab, method, &format!("{}{path}", admin::PREFIX), body);
    if status < 400 {
        return Ok(answer);
    }
    let kind = match status {
        404 => itemseal_lab_status::NotFound,
        409 => itemseal_lab_status::Conflict,
        500.. => itemseal_lab_status::Internal,
        _ => itemseal_lab_status::InvalidArgument,
    };
    let message = answer.get("message").and_then(Value::as_str).unwrap_or_default();
    Err(Failure::Here(kind, message.to_owned().into()))
}

/// A number of an answer.
pub(crate) fn number(answer: &Value, name: &str) -> u64 {
    answer.get(name).and_then(Value::as_u64).unwrap_or_default()
}
