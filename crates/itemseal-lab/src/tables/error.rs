//! DynamoDB's errors, by DynamoDB's names.

use std::fmt;

use dynoxide::DynoxideError;
use serde_json::{Value, json};

/// An error as DynamoDB answers with it.
///
/// Source: [error handling](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html).
/// It can hold the item of a failed condition, if the request asked for that.
#[derive(Clone, PartialEq)]
pub struct TableError {
    status: u16,
    body: Value,
}

/// The prefix of `__type` for DynamoDB's own errors.
const SERVICE: &str = "com.amazonaws.dynamodb.v20120810#";
/// The prefix of `__type` for what the request layer refuses.
const REQUEST: &str = "com.amazon.coral.validate#";

impl TableError {
    pub(crate) fn new(code: &str, message: impl Into<String>) -> Self {
        let prefix = if code == "ValidationException" { REQUEST } else { SERVICE };
        let body = json!({ "__type": format!("{prefix}{code}"), "message": message.into() });
        Self { status: if code == "InternalServerError" { 500 } else { 400 }, body }
    }

    pub(crate) fn validation(message: impl Into<String>) -> Self {
        Self::new("ValidationException", message)
    }

    pub(super) fn no_such_table(table: &str) -> Self {
        let message = format!("Requested resource not found: Table: {table} not found");
        Self::new("ResourceNotFoundException", message)
    }

    pub(crate) fn internal(message: impl Into<String>) -> Self {
        Self::new("InternalServerError", message)
    }

    /// A request that the engine's types refuse. The engine marks the class in front of the text.
    pub(super) fn undecodable(operation: &str, error: &serde_json::Error) -> Self {
        let text = error.to_string();
        let enveloped = matches!(operation, "PutItem" | "UpdateItem" | "DeleteItem");
        for (mark, code) in [
            ("VALIDATION_AS_READ:", "ValidationException"),
            ("SERIALIZATION_AS_READ:", "SerializationException"),
            ("VALIDATION_REQUEST:", "ValidationException"),
            ("VALIDATION:", "ValidationException"),
            ("SERIALIZATION:", "SerializationException"),
        ] {
            if let Some(says) = text.strip_prefix(mark) {
                let envelope = mark == "VALIDATION_REQUEST:" && enveloped;
                let start = if envelope { "1 validation error detected: " } else { "" };
                return Self::new(code, format!("{start}{says}"));
            }
        }
        let absent = ["missing field", "unknown variant", "invalid type: null", "AttributeValue"];
        if absent.iter().any(|sign| text.contains(sign)) {
            return Self::validation(text);
        }
        Self::new("SerializationException", text)
    }

    /// The error's name, such as `ConditionalCheckFailedException`.
    pub fn code(&self) -> &str {
        let full = self.body.get("__type").and_then(Value::as_str).unwrap_or_default();
        full.rsplit_once('#').map_or(full, |(_, code)| code)
    }

    /// DynamoDB's text.
    pub fn message(&self) -> &str {
        let text = |name| self.body.get(name).and_then(Value::as_str);
        text("message").or_else(|| text("Message")).unwrap_or_default()
    }

    /// The HTTP status: 400 or 500, and 501 for what the engine does not do.
    pub fn status(&self) -> u16 {
        self.status
    }

    /// The body of the HTTP answer: `__type`, the message, cancellation reasons and the like.
    pub fn body(&self) -> &Value {
        &self.body
    }
}

impl From<DynoxideError> for TableError {
    fn from(error: DynoxideError) -> Self {
        let body = serde_json::from_str(&error.to_json()).unwrap_or_else(
            |_| json!({ "__type": error.error_type(), "message": error.to_string() }),
        );
        Self { status: error.status_code(), body }
    }
}

impl From<rusqlite::Error> for TableError {
    fn from(error: rusqlite::Error) -> Self {
        Self::internal(format!("SQLite: {error}"))
    }
}

impl fmt::Debug for TableError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Not the body: it can hold an item.
        f.debug_struct("TableError")
            .field("status", &self.status)
            .field("code", &self.code())
            .field("message", &self.message())
            .finish_non_exhaustive()
    }
}

impl fmt::Display for TableError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code(), self.message())
    }
}

impl std::error::Error for TableError {}
