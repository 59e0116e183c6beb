//! From DynamoDB's errors to ours.

use std::error::Error as StdError;
use std::fmt;

use aws_sdk_dynamodb::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_dynamodb::operation::RequestId;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use itemseal::failover::Sent;
use itemseal::{Error, ErrorKind};

use crate::sdk_items::dynamodb::Attributes;

/// A call that DynamoDB did not answer as asked.
pub(crate) struct Failed<E> {
    pub(super) operation: &'static str,
    pub(super) region: String,
    pub(super) error: SdkError<E, HttpResponse>,
    /// How many of how many parts of the operation were done before.
    done: Option<(usize, usize)>,
    /// Whether it would have changed something.
    changes: bool,
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

/// What it says when there were too many calls.
const THROTTLING: [&str; 3] =
    ["ProvisionedThroughputExceededException", "RequestLimitExceeded", "ThrottlingException"];

/// Whether DynamoDB asked for fewer calls.
pub(super) fn is_throttling(error: &Error) -> bool {
    error.code().is_some_and(|code| THROTTLING.contains(&code))
}

impl<E> Failed<E> {
    pub(crate) fn new(
        operation: &'static str,
        region: &str,
        error: SdkError<E, HttpResponse>,
    ) -> Self {
        Self { operation, region: region.to_owned(), error, done: None, changes: false }
    }

    /// There was no answer in time.
    pub(crate) fn late(operation: &'static str, region: &str) -> Self {
        Self::new(operation, region, SdkError::timeout_error("the deadline passed"))
    }

    /// It would have changed something.
    pub(super) fn of_change(self) -> Self {
        Self { changes: true, ..self }
    }

    pub(super) fn after(self, done: usize, of: usize) -> Self {
        Self { done: Some((done, of)), ..self }
    }
}

impl<E: ProvideErrorMetadata> Failed<E> {
    /// DynamoDB's code.
    pub(super) fn code(&self) -> Option<&str> {
        self.error.code()
    }

    pub(super) fn is_throttled(&self) -> bool {
        self.code().is_some_and(|code| THROTTLING.contains(&code))
    }

    /// What became of a change.
    pub(super) fn sent<T>(self) -> Sent<T, Self> {
        let status = self.error.raw_response().map(|raw| raw.status().as_u16());
        match &self.error {
            SdkError::ConstructionFailure(_) => Sent::Answered(Err(self)),
            SdkError::DispatchFailure(failure)
                if failure.as_connector_error().is_some_and(|error| never_connected(error)) =>
            {
                Sent::NotSent(self)
            }
            SdkError::ServiceError(_) if self.is_throttled() || status == Some(429) => {
                Sent::Throttled(self)
            }
            _ if status.is_some_and(|status| status >= 500) => Sent::Broken(self),
            SdkError::ServiceError(_) => Sent::Answered(Err(self)),
            _ => Sent::Unknown(self),
        }
    }
}

/// Whether there never was a connection: then nothing was sent over it.
fn never_connected(error: &(dyn StdError + 'static)) -> bool {
    use std::io::ErrorKind::{
        AddrNotAvailable, ConnectionRefused, HostUnreachable, NetworkUnreachable,
    };
    let mut next = Some(error);
    while let Some(error) = next {
        let connecting = error
            .downcast_ref::<hyper_util::client::legacy::Error>()
            .is_some_and(hyper_util::client::legacy::Error::is_connect);
        let refused = error.downcast_ref::<std::io::Error>().is_some_and(|error| {
            [AddrNotAvailable, ConnectionRefused, HostUnreachable, NetworkUnreachable]
                .contains(&error.kind())
        });
        if connecting || refused {
            return true;
        }
        next = error.source();
    }
    false
}

impl<E: ProvideErrorMetadata + StdError + 'static> Failed<E> {
    /// Names operation and Region, and DynamoDB's code and request id. Its text is left out where it
    /// can name callers, roles and resources.
    pub(crate) fn into_error(self) -> Error {
        let Self { operation, region, error, done, changes } = self;
        let done = match done {
            Some((done, of)) if of > 0 => format!("; {done} of {of} requests were done before"),
            _ => String::new(),
        };
        let Some(code) = error.code() else {
            let unclear = match changes && !is_unsent(&error) {
                true => "; it may have been carried out: read the item before it is sent again",
                false => "",
            };
            let outcome = outcome(&error);
            let message =
                format!("{operation} was not answered by DynamoDB: {outcome}{unclear}{done}");
            let told = Error::new(ErrorKind::Service, message).with_region(region);
            let unsent = matches!(error, SdkError::ConstructionFailure(_));
            return if unsent { told } else { told.retryable() };
        };
        let kind = match code {
            "ConditionalCheckFailedException"
            | "ReplicatedWriteConflictException"
            | "TransactionCanceledException"
            | "TransactionConflictException" => ErrorKind::Conflict,
            _ => ErrorKind::Service,
        };
        let tells = kind == ErrorKind::Conflict
            || ["ValidationException", "ResourceNotFoundException"].contains(&code);
        let text = error.message().filter(|_| tells).map(|text| match kind {
            // It says that conditions did not hold, and lists codes.
            ErrorKind::Conflict => format!(": {text}"),
            _ => format!(": {}", unquoted(text)),
        });
        let message = format!("DynamoDB refused {operation}{}{done}", text.unwrap_or_default());
        let told = Error::new(kind, message).with_region(region).with_code(code);
        let status = error.raw_response().map_or(0, |raw| raw.status().as_u16());
        let transient = status == 429 || status >= 500 || TRANSIENT.contains(&code);
        let told = if transient { told.retryable() } else { told };
        match error.request_id() {
            Some(id) => told.with_request_id(id),
            None => told,
        }
    }
}

fn is_unsent<E>(error: &SdkError<E, HttpResponse>) -> bool {
    match error {
        SdkError::ConstructionFailure(_) => true,
        SdkError::DispatchFailure(failure) => {
            failure.as_connector_error().is_some_and(|error| never_connected(error))
        }
        _ => false,
    }
}

/// DynamoDB's text up to where it quotes the request, which may hold attributes' values.
fn unquoted(text: &str) -> String {
    match text.find(['\'', '"', '{', '[']) {
        Some(quote) => format!("{} …", text.get(..quote).unwrap_or_default().trim_end()),
        None => text.to_owned(),
    }
}

/// What became of a call without an answer, in words that hold nothing of its content.
fn outcome<E>(error: &SdkError<E, HttpResponse>) -> &'static str {
    match error {
        SdkError::ConstructionFailure(_) => "the request could not be made",
        SdkError::TimeoutError(_) => "time ran out",
        SdkError::DispatchFailure(failure) if failure.is_timeout() => "time ran out",
        SdkError::DispatchFailure(failure) if failure.is_io() => "the connection failed",
        SdkError::DispatchFailure(_) => "the request could not be sent",
        _ => "the answer could not be read",
    }
}

/// A condition that did not hold, as the [source](StdError::source) of a
/// [`Conflict`](ErrorKind::Conflict): it has the item that DynamoDB found, opened, if that was asked
/// for with `ReturnValuesOnConditionCheckFailure`.
#[derive(Clone)]
pub struct ConditionFailed {
    item: Attributes,
}

impl ConditionFailed {
    pub(super) fn new(item: Attributes) -> Self {
        Self { item }
    }

    /// The item as it was found, opened.
    pub fn item(&self) -> &Attributes {
        &self.item
    }
}

impl fmt::Debug for ConditionFailed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ConditionFailed").finish_non_exhaustive()
    }
}

impl fmt::Display for ConditionFailed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the item that was found is in ConditionFailed::item")
    }
}

impl StdError for ConditionFailed {}

pub(crate) fn misuse(message: impl Into<String>) -> Error {
    Error::new(ErrorKind::Misuse, message.into())
}

pub(crate) fn refused(message: impl Into<String>) -> Error {
    Error::new(ErrorKind::Refused, message.into())
}

#[cfg(test)]
mod tests {
    use hyper_util::client::legacy::Client;
    use hyper_util::rt::TokioExecutor;

    use super::*;

    #[test]
    fn what_dynamodb_quotes_of_a_request_is_not_repeated() {
        for (text, told) in [
            ("The conditional request failed", "The conditional request failed"),
            (
                "1 error detected: Value '{Orders=[WriteRequest(item={Hits",
                "1 error detected: Value …",
            ),
            ("Syntax error; token: \"4111\"", "Syntax error; token: …"),
        ] {
            assert_eq!(unquoted(text), told);
        }
    }

    #[tokio::test]
    async fn what_went_wrong_before_there_was_a_connection_was_never_sent() {
        let client = Client::builder(TokioExecutor::new()).build_http::<String>();
        // Not a matter of sockets: this connector makes no TLS.
        let unmade = client.get("https://localhost/".parse().unwrap()).await.unwrap_err();
        assert!(never_connected(&unmade), "{unmade:?}");
        let refused = std::io::Error::from(std::io::ErrorKind::ConnectionRefused);
        assert!(never_connected(&refused));
        for kind in [std::io::ErrorKind::ConnectionReset, std::io::ErrorKind::BrokenPipe] {
            assert!(!never_connected(&std::io::Error::from(kind)), "{kind:?}");
        }
    }
}
