//! Errors as AWS's endpoints write them.
//!
//! Sources: [AWS JSON 1.0](https://smithy.io/2.0/aws/protocols/aws-json-1_0-protocol.html) and
//! [1.1](https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html);
//! [DynamoDB's errors](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html).

use itemseal::kms::KmsError;
use serde_json::{Value, json};

use crate::tables::TableError;

/// An answer that is an error: the HTTP status, and the body.
#[derive(Clone, PartialEq)]
pub(super) struct Refusal {
    pub(super) status: u16,
    pub(super) body: Value,
}

impl std::fmt::Debug for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // Not the body: it can hold an item.
        let code = self.code();
        f.debug_struct("Refusal").field("status", &self.status).field("code", &code).finish()
    }
}

/// The prefix of `__type` for what is refused before an operation is looked at.
const CORAL: &str = "com.amazon.coral.service#";

impl Refusal {
    /// What AWS's request layer refuses, with status 400.
    pub(super) fn service(code: &str, message: &str) -> Self {
        let mut body = json!({ "__type": format!("{CORAL}{code}") });
        if !message.is_empty()
            && let Some(body) = body.as_object_mut()
        {
            body.insert("message".to_owned(), message.into());
        }
        Self { status: 400, body }
    }

    pub(super) fn missing_authentication() -> Self {
        let message = "Request is missing Authentication Token";
        Self::service("MissingAuthenticationTokenException", message)
    }

    /// An operation, or a service, that the endpoint does not have.
    pub(super) fn unknown_operation() -> Self {
        Self::service("UnknownOperationException", "")
    }

    /// A body that is not a JSON object. AWS gives no text.
    pub(super) fn not_json() -> Self {
        Self::service("SerializationException", "")
    }

    pub(super) fn too_large(most_bytes: usize) -> Self {
        let message = format!("Request size exceeded {most_bytes} bytes");
        let refusal = Self::service("RequestEntityTooLargeException", &message);
        Self { status: 413, ..refusal }
    }

    /// What a fault of the lab's answers with.
    pub(super) fn with_status(status: u16, code: &str, message: &str) -> Self {
        Self { status, ..Self::service(code, message) }
    }

    /// The lab's own fault.
    pub(super) fn internal(message: &str) -> Self {
        Self { status: 500, ..Self::service("InternalFailure", message) }
    }

    /// KMS names its errors without a prefix, also those of the request layer.
    pub(super) fn unprefixed(mut self) -> Self {
        let code = self.code().to_owned();
        if let Some(body) = self.body.as_object_mut() {
            body.insert("__type".to_owned(), code.into());
        }
        self
    }

    /// The error's name.
    pub(super) fn code(&self) -> &str {
        let full = self.body.get("__type").and_then(Value::as_str).unwrap_or_default();
        full.rsplit_once('#').map_or(full, |(_, code)| code)
    }
}

impl From<TableError> for Refusal {
    fn from(error: TableError) -> Self {
        Self { status: error.status(), body: error.body().clone() }
    }
}

impl From<KmsError> for Refusal {
    fn from(error: KmsError) -> Self {
        let status = match error.code.as_str() {
            "KMSInternalException" | "KeyUnavailableException" => 500,
            "DependencyTimeoutException" => 503,
            _ => 400,
        };
        let mut body = json!({ "__type": error.code });
        if !error.message.is_empty()
            && let Some(body) = body.as_object_mut()
        {
            body.insert("message".to_owned(), error.message.into());
        }
        Self { status, body }
    }
}
