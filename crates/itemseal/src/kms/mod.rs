//! AWS KMS, as far as a keyring needs it: two calls, in any Region.

mod arn;

use std::fmt;
use std::future::Future;
use std::pin::Pin;

pub use arn::KeyArn;
use zeroize::Zeroizing;

use crate::context::EncryptionContext;
use crate::error::{Error, ErrorKind};

/// What a [`Kms`] call returns.
pub type KmsFuture<'a, T> = Pin<Box<dyn Future<Output = Result<T, KmsError>> + Send + 'a>>;

/// AWS KMS in every Region: one object, which is told the Region with each call.
///
/// Implemented over the AWS SDK, and by the lab. The lengths and the key that an implementation
/// answers with are checked by the keyring, not trusted.
pub trait Kms: fmt::Debug + Send + Sync {
    /// [GenerateDataKey](https://docs.aws.amazon.com/kms/latest/APIReference/API_GenerateDataKey.html).
    fn generate_data_key<'a>(
        &'a self,
        region: &'a str,
        request: GenerateDataKey<'a>,
    ) -> KmsFuture<'a, GeneratedDataKey>;

    /// [Decrypt](https://docs.aws.amazon.com/kms/latest/APIReference/API_Decrypt.html).
    fn decrypt<'a>(&'a self, region: &'a str, request: Decrypt<'a>) -> KmsFuture<'a, Decrypted>;
}

impl<K: Kms + ?Sized> Kms for std::sync::Arc<K> {
    fn generate_data_key<'a>(
        &'a self,
        region: &'a str,
        request: GenerateDataKey<'a>,
    ) -> KmsFuture<'a, GeneratedDataKey> {
        (**self).generate_data_key(region, request)
    }

    fn decrypt<'a>(&'a self, region: &'a str, request: Decrypt<'a>) -> KmsFuture<'a, Decrypted> {
        (**self).decrypt(region, request)
    }
}

/// A GenerateDataKey request.
#[non_exhaustive]
#[derive(Clone, Copy, Debug)]
pub struct GenerateDataKey<'a> {
    /// The key's ARN.
    pub key_id: &'a str,
    /// How many bytes the data key has.
    pub number_of_bytes: usize,
    /// The encryption context, bound to the ciphertext.
    pub context: &'a EncryptionContext,
}

impl<'a> GenerateDataKey<'a> {
    /// A request for a data key of `number_of_bytes`.
    pub fn new(key_id: &'a str, number_of_bytes: usize, context: &'a EncryptionContext) -> Self {
        Self { key_id, number_of_bytes, context }
    }
}

/// A GenerateDataKey answer.
#[non_exhaustive]
pub struct GeneratedDataKey {
    /// The ARN of the key that was used.
    pub key_id: String,
    /// The data key. Wiped on drop.
    pub plaintext: Zeroizing<Vec<u8>>,
    /// The data key under the KMS key.
    pub ciphertext: Vec<u8>,
}

impl GeneratedDataKey {
    /// An answer.
    pub fn new(
        key_id: impl Into<String>,
        plaintext: Zeroizing<Vec<u8>>,
        ciphertext: Vec<u8>,
    ) -> Self {
        Self { key_id: key_id.into(), plaintext, ciphertext }
    }
}

impl fmt::Debug for GeneratedDataKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("GeneratedDataKey").field("key_id", &self.key_id).finish_non_exhaustive()
    }
}

/// A Decrypt request.
#[non_exhaustive]
#[derive(Clone, Copy, Debug)]
pub struct Decrypt<'a> {
    /// The key's ARN. AWS KMS can do without; a keyring always gives it.
    pub key_id: Option<&'a str>,
    /// What GenerateDataKey returned.
    pub ciphertext: &'a [u8],
    /// The encryption context that the ciphertext was made under.
    pub context: &'a EncryptionContext,
}

impl<'a> Decrypt<'a> {
    /// A request to decrypt `ciphertext`.
    pub fn new(
        key_id: Option<&'a str>,
        ciphertext: &'a [u8],
        context: &'a EncryptionContext,
    ) -> Self {
        Self { key_id, ciphertext, context }
    }
}

/// A Decrypt answer.
#[non_exhaustive]
pub struct Decrypted {
    /// The ARN of the key that was used.
    pub key_id: String,
    /// The plaintext. Wiped on drop.
    pub plaintext: Zeroizing<Vec<u8>>,
}

impl Decrypted {
    /// An answer.
    pub fn new(key_id: impl Into<String>, plaintext: Zeroizing<Vec<u8>>) -> Self {
        Self { key_id: key_id.into(), plaintext }
    }
}

impl fmt::Debug for Decrypted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Decrypted").field("key_id", &self.key_id).finish_non_exhaustive()
    }
}

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
}

impl KmsError {
    /// An error that the service answered with.
    pub fn new(code: impl Into<String>, message: impl Into<String>) -> Self {
        Self { code: code.into(), message: message.into(), request_id: None }
    }

    /// The service could not be reached, or did not answer.
    pub fn unreachable(message: impl Into<String>) -> Self {
        Self::new("", message)
    }

    /// What a caller can do about it.
    pub fn kind(&self) -> ErrorKind {
        match self.code.as_str() {
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
            _ => ErrorKind::Service,
        }
    }

    /// The error of the whole call, naming the Region and the operation.
    pub(crate) fn into_error(self, region: &str, operation: &'static str) -> Error {
        let error = match self.kind() {
            // A changed context and a changed ciphertext are this code; nothing more is said.
            ErrorKind::Authentication => return Error::authentication(),
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
            kind => Error::new(kind, format!("KMS {operation} failed")),
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

impl std::error::Error for KmsError {}
