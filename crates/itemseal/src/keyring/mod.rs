//! Keyrings: whose key a data key is wrapped under.

pub(crate) mod branch_key;
mod cache;
#[cfg(feature = "aws-lc")]
mod ecdh;
mod flights;
mod hierarchical;
mod kms;
mod multi;
mod raw_aes;
#[cfg(feature = "aws-lc")]
mod rsa;
pub(crate) mod wrapping;

use std::fmt;
use std::future::Future;
use std::pin::Pin;

pub use branch_key::{BranchKey, BranchKeyring};
pub use cache::{CacheCounters, CacheLimits, CachingKeyring};
#[cfg(feature = "aws-lc")]
pub use ecdh::{KmsEcdhKeyring, RawEcdhKeyring};
pub use hierarchical::{
    BranchKeyCache, BranchKeyCounters, BranchKeyIdSupplier, HierarchicalKeyring,
    HierarchicalKeyringBuilder,
};
pub use kms::{
    DiscoveryFilter, DiscoveryKeyring, KmsAccess, KmsKeyring, KmsMultiKeyring, MrkDiscoveryKeyring,
    MrkDiscoveryMultiKeyring, MrkKeyring, MrkKeyringBuilder, MrkMultiKeyring,
};
pub use multi::MultiKeyring;
pub use raw_aes::RawAesKeyring;
#[cfg(feature = "aws-lc")]
pub use rsa::{KmsRsaKeyring, RawRsaKeyring};
pub use wrapping::{ProviderPart, unwrap_data_key, wrap_data_key};

#[cfg(feature = "aws-lc")]
pub use crate::crypto::{ecdh::EcdhCurve, rsa::RsaPadding};
use crate::error::Result;
use crate::materials::{Recipient, UnwrapRequest, Unwrapped, WrapRequest};

/// What a keyring's methods return: a boxed future, so that keyrings can be trait objects.
pub type KeyringFuture<'a, T> = Pin<Box<dyn Future<Output = Result<T>> + Send + 'a>>;

/// Wraps and unwraps data keys. The only thing that encrypting or decrypting an item awaits.
///
/// A keyring may be called from many tasks at once. To write one, wrap the *intermediate* key with
/// the key provider and leave the rest to [`wrap_data_key`] and [`unwrap_data_key`].
pub trait Keyring: fmt::Debug + Send + Sync {
    /// Wraps the data key for every recipient that this keyring has; at least one.
    ///
    /// # Errors
    /// If any recipient's key cannot be used: nothing is written that somebody could not read.
    fn wrap<'a>(&'a self, request: WrapRequest<'a>) -> KeyringFuture<'a, Vec<Recipient>>;

    /// Unwraps the first of the encrypted data keys that this keyring can.
    ///
    /// # Errors
    /// [`Authentication`](crate::ErrorKind::Authentication) if none is for this keyring or none
    /// opens; otherwise what the key provider said.
    fn unwrap<'a>(&'a self, request: UnwrapRequest<'a>) -> KeyringFuture<'a, Unwrapped>;

    /// Whether these are the encrypted data keys that it would write now, as far as that can be seen without a key:
    /// the same wrapping key, and no other. A keyring that does not say so says no.
    ///
    /// # Errors
    /// What the key store says, of a keyring that has one.
    fn is_current<'a>(&'a self, request: UnwrapRequest<'a>) -> KeyringFuture<'a, bool> {
        let _ = request;
        Box::pin(async { Ok(false) })
    }

    /// The AWS Regions that it asks, in this order; none if it asks no AWS service. A client of a global
    /// table takes them for the table's Regions, unless it is told others.
    fn regions(&self) -> Vec<String> {
        Vec::new()
    }
}

macro_rules! forward {
    ($pointer:ty) => {
        impl<K: Keyring + ?Sized> Keyring for $pointer {
            fn wrap<'a>(&'a self, request: WrapRequest<'a>) -> KeyringFuture<'a, Vec<Recipient>> {
                (**self).wrap(request)
            }

            fn unwrap<'a>(&'a self, request: UnwrapRequest<'a>) -> KeyringFuture<'a, Unwrapped> {
                (**self).unwrap(request)
            }

            fn is_current<'a>(&'a self, request: UnwrapRequest<'a>) -> KeyringFuture<'a, bool> {
                (**self).is_current(request)
            }

            fn regions(&self) -> Vec<String> {
                (**self).regions()
            }
        }
    };
}
forward!(Box<K>);
forward!(std::sync::Arc<K>);
