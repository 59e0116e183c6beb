//! Bytes that must not outlive their use: boxed, wiped on drop, unprintable, uncloneable.

use std::fmt;

use zeroize::ZeroizeOnDrop;

use crate::crypto;
use crate::error::{Error, Result};

/// `N` secret bytes. Boxed, so that moving the owner does not leave a copy behind.
#[derive(ZeroizeOnDrop)]
pub(crate) struct Secret<const N: usize>(Box<[u8; N]>);

impl<const N: usize> Secret<N> {
    /// Fills the bytes in place.
    pub(crate) fn fill(write: impl FnOnce(&mut [u8; N]) -> Result<()>) -> Result<Self> {
        let mut secret = Self(Box::new([0; N]));
        write(&mut secret.0)?;
        Ok(secret)
    }

    pub(crate) fn random() -> Result<Self> {
        Self::fill(|bytes| crypto::random(bytes))
    }

    /// Copies `bytes`; `None` if they are not `N`.
    pub(crate) fn copy_of(bytes: &[u8]) -> Option<Self> {
        let bytes: &[u8; N] = bytes.try_into().ok()?;
        let mut secret = Self(Box::new([0; N]));
        secret.0.copy_from_slice(bytes);
        Some(secret)
    }

    /// A second box of the same bytes. There is no `Clone`, so that this is never done unnoticed.
    pub(crate) fn copy(&self) -> Self {
        let mut copy = Self(Box::new([0; N]));
        copy.0.copy_from_slice(self.expose());
        copy
    }

    pub(crate) fn expose(&self) -> &[u8; N] {
        &self.0
    }
}

impl<const N: usize> fmt::Debug for Secret<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Secret({N} bytes)")
    }
}

/// A 256-bit data key: encrypts one item. Wiped on drop; not `Clone`, not comparable, unprintable.
#[derive(Debug)]
pub struct DataKey(pub(crate) Secret<32>);

/// A 256-bit intermediate key: what a key provider (KMS, a raw AES key, a branch key) really wraps.
/// The data key is wrapped under a key derived from it, so the data key never reaches the provider.
/// Wiped on drop; not `Clone`, not comparable, unprintable.
#[derive(Debug)]
pub struct IntermediateKey(pub(crate) Secret<32>);

impl IntermediateKey {
    /// How many bytes an intermediate key has.
    pub const LEN_BYTES: usize = 32;

    /// A fresh random intermediate key.
    ///
    /// # Errors
    /// [`Internal`](crate::ErrorKind::Internal) if the machine gives no randomness.
    pub fn random() -> Result<Self> {
        Secret::random().map(Self)
    }

    /// Takes over the plaintext that a key provider returned. The caller wipes its own copy.
    ///
    /// # Errors
    /// [`Service`](crate::ErrorKind::Service) if it is not 32 bytes.
    pub fn from_provider(bytes: &[u8]) -> Result<Self> {
        Secret::copy_of(bytes).map(Self).ok_or_else(|| {
            Error::new(
                crate::ErrorKind::Service,
                format!("the key provider returned a key of {} bytes, not 32", bytes.len()),
            )
        })
    }

    /// The bytes, to be wrapped by a key provider.
    pub fn expose(&self) -> &[u8; 32] {
        self.0.expose()
    }
}

/// A 256-bit key for one recipient's tag in the footer. Wiped on drop; unprintable.
#[derive(Debug)]
pub struct RecipientMacKey(pub(crate) Secret<32>);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prints_nothing() {
        let key = DataKey(Secret::copy_of(&[0xab; 32]).unwrap());
        assert_eq!(format!("{key:?}"), "DataKey(Secret(32 bytes))");
    }
}
