//! AWS KMS, as far as keyrings and key stores need it, in any Region.

mod arn;
mod error;
mod requests;

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

pub use arn::KeyArn;
pub use error::KmsError;
pub(crate) use error::is_throttling;
pub use requests::{
    Decrypt, Decrypted, DeriveSharedSecret, Encrypted, EncryptionAlgorithm, GenerateDataKey,
    GeneratedDataKey, GetPublicKey, PublicKey, ReEncrypt, SharedSecret,
};

use crate::timer::Timer;

/// What a [`Kms`] call returns.
pub type KmsFuture<'a, T> = Pin<Box<dyn Future<Output = Result<T, KmsError>> + Send + 'a>>;

/// AWS KMS in every Region: one object, which is told the Region with each call.
///
/// Implemented over the AWS SDK, and by the lab. The lengths and the key that an implementation
/// answers with are checked by the keyring, not trusted. A call is one request: it is the keyring
/// that repeats, moves on to another Region or gives up, so an implementation does none of these.
pub trait Kms: fmt::Debug + Send + Sync {
    /// [GenerateDataKey](https://docs.aws.amazon.com/kms/latest/APIReference/API_GenerateDataKey.html).
    fn generate_data_key<'a>(
        &'a self,
        region: &'a str,
        request: GenerateDataKey<'a>,
    ) -> KmsFuture<'a, GeneratedDataKey>;

    /// [Decrypt](https://docs.aws.amazon.com/kms/latest/APIReference/API_Decrypt.html).
    fn decrypt<'a>(&'a self, region: &'a str, request: Decrypt<'a>) -> KmsFuture<'a, Decrypted>;

    /// [GetPublicKey](https://docs.aws.amazon.com/kms/latest/APIReference/API_GetPublicKey.html) of an
    /// asymmetric key. Unless implemented, `UnsupportedOperationException`.
    fn get_public_key<'a>(
        &'a self,
        region: &'a str,
        request: GetPublicKey<'a>,
    ) -> KmsFuture<'a, PublicKey> {
        let _ = (region, request);
        unsupported("GetPublicKey")
    }

    /// [DeriveSharedSecret](https://docs.aws.amazon.com/kms/latest/APIReference/API_DeriveSharedSecret.html)
    /// of a key for key agreement. Unless implemented, `UnsupportedOperationException`.
    fn derive_shared_secret<'a>(
        &'a self,
        region: &'a str,
        request: DeriveSharedSecret<'a>,
    ) -> KmsFuture<'a, SharedSecret> {
        let _ = (region, request);
        unsupported("DeriveSharedSecret")
    }

    /// [GenerateDataKeyWithoutPlaintext](https://docs.aws.amazon.com/kms/latest/APIReference/API_GenerateDataKeyWithoutPlaintext.html),
    /// for a key store. Unless implemented, `UnsupportedOperationException`.
    fn generate_data_key_without_plaintext<'a>(
        &'a self,
        region: &'a str,
        request: GenerateDataKey<'a>,
    ) -> KmsFuture<'a, Encrypted> {
        let _ = (region, request);
        unsupported("GenerateDataKeyWithoutPlaintext")
    }

    /// [ReEncrypt](https://docs.aws.amazon.com/kms/latest/APIReference/API_ReEncrypt.html), for a key
    /// store. Unless implemented, `UnsupportedOperationException`.
    fn re_encrypt<'a>(
        &'a self,
        region: &'a str,
        request: ReEncrypt<'a>,
    ) -> KmsFuture<'a, Encrypted> {
        let _ = (region, request);
        unsupported("ReEncrypt")
    }

    /// The timer that deadlines are measured with, unless a keyring is given another. Without one a
    /// keyring has no deadline, no circuit breaker, and repeats nothing.
    fn timer(&self) -> Option<Arc<dyn Timer>> {
        None
    }
}

fn unsupported<'a, T: 'a>(operation: &'static str) -> KmsFuture<'a, T> {
    let message = format!("this KMS does not implement {operation}");
    Box::pin(async move { Err(KmsError::new("UnsupportedOperationException", message)) })
}

impl<K: Kms + ?Sized> Kms for Arc<K> {
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

    fn get_public_key<'a>(
        &'a self,
        region: &'a str,
        request: GetPublicKey<'a>,
    ) -> KmsFuture<'a, PublicKey> {
        (**self).get_public_key(region, request)
    }

    fn derive_shared_secret<'a>(
        &'a self,
        region: &'a str,
        request: DeriveSharedSecret<'a>,
    ) -> KmsFuture<'a, SharedSecret> {
        (**self).derive_shared_secret(region, request)
    }

    fn generate_data_key_without_plaintext<'a>(
        &'a self,
        region: &'a str,
        request: GenerateDataKey<'a>,
    ) -> KmsFuture<'a, Encrypted> {
        (**self).generate_data_key_without_plaintext(region, request)
    }

    fn re_encrypt<'a>(
        &'a self,
        region: &'a str,
        request: ReEncrypt<'a>,
    ) -> KmsFuture<'a, Encrypted> {
        (**self).re_encrypt(region, request)
    }

    fn timer(&self) -> Option<Arc<dyn Timer>> {
        (**self).timer()
    }
}
