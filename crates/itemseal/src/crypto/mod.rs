//! The primitives, behind one small set of functions with two back ends that give the same bytes.
//!
//! `aws-lc` is used where both features are on: a feature changes speed, never behaviour.

#[cfg(all(test, feature = "aws-lc"))]
mod asymmetric_answers;
#[cfg(feature = "aws-lc")]
mod aws_lc;
#[cfg(feature = "aws-lc")]
pub(crate) mod ecdh;
#[cfg(test)]
mod known_answers;
#[cfg(feature = "aws-lc")]
mod pem;
#[cfg(feature = "aws-lc")]
pub(crate) mod rsa;
// With both features on it is only the tests that compare the two.
#[cfg(all(feature = "rustcrypto", any(test, not(feature = "aws-lc"))))]
mod rustcrypto;
mod signature;

#[cfg(not(any(feature = "aws-lc", feature = "rustcrypto")))]
compile_error!(
    "itemseal needs a cryptography back end: turn on the feature `rustcrypto` or `aws-lc`"
);

#[cfg(feature = "aws-lc")]
use aws_lc as backend;
#[cfg(all(feature = "rustcrypto", not(feature = "aws-lc")))]
use rustcrypto as backend;

pub(crate) use backend::{
    Hkdf, Sha384, SigningKey, aes_256_ctr_keystream, aes_gcm_open, aes_gcm_seal, hmac_sha256,
    hmac_sha384, hmac_sha512, random, verify,
};
pub(crate) use signature::SIGNATURE_LEN_BYTES;

use subtle::ConstantTimeEq;

use crate::error::Result;
use crate::secret::Secret;

impl Hkdf {
    /// `N` secret bytes for the parts of `info`, concatenated.
    pub(crate) fn expand<const N: usize>(&self, info: &[&[u8]]) -> Result<Secret<N>> {
        Secret::fill(|out| self.expand_into(info, out))
    }
}

/// AES-GCM tag length in bytes.
pub(crate) const TAG_LEN_BYTES: usize = 16;
/// AES-GCM nonce length in bytes.
pub(crate) const NONCE_LEN_BYTES: usize = 12;
/// SHA-384 and HMAC-SHA-384 output length in bytes.
pub(crate) const SHA384_LEN_BYTES: usize = 48;

/// Length in bytes of a compressed point of P-384 (SEC 1, section 2.3.3).
pub(crate) const PUBLIC_KEY_LEN_BYTES: usize = 49;

/// Compares in time that depends on the lengths only.
pub(crate) fn equal(a: &[u8], b: &[u8]) -> bool {
    a.ct_eq(b).into()
}
