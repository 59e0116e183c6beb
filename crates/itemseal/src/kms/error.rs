use std::error::Error as StdError;
use std::fmt;
use std::sync::Arc;

use crate::error::{Error, ErrorKind};

/// An error of AWS KMS: its code, such as `DisabledException`, and its text.
///
/// Source: the error lists of the API pages; the
/// [key states](https://docs.aws.amazon.com/kms/latest/developerguide/key-state.html).
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KmsError {
    /// AWS's error code; empty if the service gave no answer.
    pub code: String,
    /// AWS's text. It can name the key's ARN.
    pub message: String,
    /// The request id, if there was an answer.
    pub request_id: Option<String>,
    transient: bool,
    cause: Cause,
}

/// What a client's own error was. It says nothing about which error this is.
#[derive(Clone, Debug, Default)]
struct Cause(Option<Arc<dyn StdError + Send + Sync>>);

impl PartialEq for Cause {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Cause {}

impl KmsError {
    /// The code of a request that was not sent, because whoever saw it could read the data key: its
    /// endpoint is not HTTPS. The message says which.
    pub const INSECURE_ENDPOINT: &str = "InsecureEndpoint";

    /// An error that the service answered with.
    pub fn new(code: impl Into<String>, message: impl Into<String>) -> Self {
        let (code, message) = (code.into(), message.into());
        Self { code, message, request_id: None, transient: false, cause: Cause::default() }
    }

    /// The service could not be reached, or did not answer.
    pub fn unreachable(message: impl Into<String>) -> Self {
        Self::new("", message)
    }

    /// Adds the service's request id.
    #[must_use]
    pub fn with_request_id(mut self, id: impl Into<String>) -> Self {
        self.request_id = Some(id.into());
        self
    }

    /// Worth trying again whatever its code is: an HTTP status of 429 or 5xx said so.
    #[must_use]
    pub fn transient(mut self) -> Self {
        self.transient = true;
        self
    }

    /// Adds the client's error as its [source](StdError::source); two errors are equal whatever theirs are.
    #[must_use]
    pub fn with_source(mut self, source: impl StdError + Send + Sync + 'static) -> Self {
        self.cause = Cause(Some(Arc::new(source)));
        self
    }

    /// Whether the service asked for fewer requests.
    pub fn is_throttling(&self) -> bool {
        is_throttling(&self.code)
    }

    /// What a caller can do about it.
    pub fn kind(&self) -> ErrorKind {
        match self.code.as_str() {
            _ if self.transient => ErrorKind::KeyUnavailable,
            ""
            | "DependencyTimeoutException"
            | "InternalFailure"
            | "InternalServerError"
            | "KMSInternalException"
            | "KeyUnavailableException"
            | "LimitExceededException"
            | "RequestLimitExceeded"
            | "RequestTimeout"
            | "ServiceUnavailable"
            | "ServiceUnavailableException"
            | "Throttling"
            | "ThrottlingException"
            | "TooManyRequestsException" => ErrorKind::KeyUnavailable,
            "AccessDenied"
            | "AccessDeniedException"
            | "DisabledException"
            | "IncorrectKeyException"
            | "InvalidGrantTokenException"
            | "InvalidKeyUsageException"
            | "KMSInvalidStateException"
            | "NotFoundException" => ErrorKind::KeyDenied,
            "InvalidCiphertextException" => ErrorKind::Authentication,
            Self::INSECURE_ENDPOINT => ErrorKind::Refused,
            _ => ErrorKind::Service,
        }
    }

    /// The error of the whole call, naming the Region and the operation.
    pub(crate) fn into_error(self, region: &str, operation: &'static str) -> Error {
        let error = match self.kind() {
            // A changed context and a changed ciphertext are this code; nothing more is said.
            ErrorKind::Authentication => return Error::authentication(),
            ErrorKind::KeyUnavailable if self.code.is_empty() => Error::new(
                ErrorKind::KeyUnavailable,
                format!("KMS {operation} was not answered: {}; try again", self.message),
            ),
            ErrorKind::KeyUnavailable => Error::new(
                ErrorKind::KeyUnavailable,
                format!("KMS {operation} could not be done now; try again, or in another Region"),
            ),
            ErrorKind::KeyDenied => Error::new(
                ErrorKind::KeyDenied,
                format!(
                    "KMS {operation} was refused; check the key's state, its policy and the caller's"
                ),
            ),
            ErrorKind::Refused => {
                return Error::new(ErrorKind::Refused, self.message).with_region(region);
            }
            kind => Error::new(kind, format!("KMS {operation} failed: {}", self.message)),
        };
        let error = error.with_region(region).with_source(self.clone());
        let error = if self.code.is_empty() { error } else { error.with_code(self.code) };
        match self.request_id {
            Some(id) => error.with_request_id(id),
            None => error,
        }
    }
}

impl fmt::Display for KmsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl StdError for KmsError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.cause.0.as_ref().map(|cause| &**cause as &(dyn StdError + 'static))
    }
}

pub(crate) fn is_throttling(code: &str) -> bool {
    matches!(
        code,
        "LimitExceededException"
            | "RequestLimitExceeded"
            | "Throttling"
            | "ThrottlingException"
            | "TooManyRequestsException"
    )
}
