//! From botocore's exceptions to the core's errors, with the exception as their source.

use itemseal::kms::KmsError;
use itemseal::{Error, ErrorKind};
use pyo3::prelude::*;

/// A call that did not succeed, as `_clients.outcome` explains it.
pub(super) struct Failure {
    pub(super) what: What,
    pub(super) code: String,
    status: u16,
    request_id: Option<String>,
    text: String,
    /// None where no Python code ran.
    cause: Option<Box<PyErr>>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum What {
    Answered,
    Insecure,
    Unreachable,
    Unreadable,
    Unsent,
}

impl Failure {
    /// An exception, and its outcome as `_clients.outcome` gave it.
    pub(super) fn of(cause: PyErr, outcome: &Bound<'_, PyAny>) -> Self {
        let explained = Self::explained(outcome);
        let failure = explained.unwrap_or_else(|_| Self::unsent("the request could not be made"));
        Self { cause: Some(Box::new(cause)), ..failure }
    }

    /// An answer that is not made as AWS's are.
    pub(super) fn of_answer(cause: PyErr) -> Self {
        let (what, text) = (What::Unreadable, "the answer could not be read".to_owned());
        Self { what, text, cause: Some(Box::new(cause)), ..Self::unsent("") }
    }

    pub(super) fn unsent(text: &str) -> Self {
        let (what, text) = (What::Unsent, text.to_owned());
        Self { what, code: String::new(), status: 0, request_id: None, text, cause: None }
    }

    pub(super) fn late() -> Self {
        let text = "there was no answer in time".to_owned();
        Self { what: What::Unreachable, text, ..Self::unsent("") }
    }

    fn explained(outcome: &Bound<'_, PyAny>) -> PyResult<Self> {
        let (what, code, status, request_id, text) =
            outcome.extract::<(String, String, u16, Option<String>, String)>()?;
        let what = match what.as_str() {
            "answered" => What::Answered,
            "insecure" => What::Insecure,
            "unreachable" => What::Unreachable,
            "unreadable" => What::Unreadable,
            _ => What::Unsent,
        };
        Ok(Self { what, code, status, request_id, text, cause: None })
    }

    fn is_transient(&self) -> bool {
        self.status == 429 || self.status >= 500
    }

    pub(super) fn into_kms_error(self) -> KmsError {
        let transient = self.is_transient();
        let error = match self.what {
            What::Answered => {
                let text = format!("AWS KMS answered with HTTP status {}", self.status);
                let error = KmsError::new(self.code, text);
                if transient { error.transient() } else { error }
            }
            What::Insecure => KmsError::new(KmsError::INSECURE_ENDPOINT, self.text),
            What::Unreachable => KmsError::unreachable(self.text),
            What::Unreadable => KmsError::new("UnreadableAnswer", self.text).transient(),
            What::Unsent => KmsError::new("RequestNotSent", self.text),
        };
        let error = match self.request_id {
            Some(id) => error.with_request_id(id),
            None => error,
        };
        match self.cause {
            Some(cause) => error.with_source(*cause),
            None => error,
        }
    }

    /// The error of a call of a key store's table.
    pub(super) fn into_error(self, region: &str, operation: &'static str) -> Error {
        let transient = self.is_transient() || TRANSIENT.contains(&self.code.as_str());
        let message = match self.what {
            What::Answered => format!("DynamoDB refused the key store's {operation}"),
            _ => format!("the key store's {operation} was not answered by DynamoDB: {}", self.text),
        };
        let kind = match self.code.as_str() {
            "ConditionalCheckFailedException"
            | "ReplicatedWriteConflictException"
            | "TransactionCanceledException"
            | "TransactionConflictException" => ErrorKind::Conflict,
            _ => ErrorKind::Service,
        };
        let error = Error::new(kind, message).with_region(region);
        let error = match self.what {
            What::Answered if !self.code.is_empty() => error.with_code(self.code),
            _ => error,
        };
        let may_succeed = matches!(self.what, What::Unreachable | What::Unreadable);
        let error = if transient || may_succeed { error.retryable() } else { error };
        let error = match self.request_id {
            Some(id) => error.with_request_id(id),
            None => error,
        };
        match self.cause {
            Some(cause) => error.with_source(*cause),
            None => error,
        }
    }
}

/// What DynamoDB says when it cannot now, and may later.
/// Source: [error handling](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html).
const TRANSIENT: [&str; 6] = [
    "InternalServerError",
    "LimitExceededException",
    "ProvisionedThroughputExceededException",
    "RequestLimitExceeded",
    "ThrottlingException",
    "TransactionInProgressException",
];
