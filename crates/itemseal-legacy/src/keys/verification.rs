use std::fmt;

use aws_lc_rs::hmac;
use aws_lc_rs::signature::{
    KeyPair, ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_2048_8192_SHA384,
    RSA_PKCS1_2048_8192_SHA512, RsaKeyPair,
};
use itemseal::Result;

use super::pem::der_of;
use crate::error::{authentication, misuse};

/// The key that items' signatures are verified with. Unprintable; not `Clone`.
///
/// Its algorithm is the key's own: what an item claims is not signed, and not believed.
pub struct VerificationKey(Key);

// Boxed, so that moving the owner leaves no copy behind.
enum Key {
    Hmac(Box<hmac::Key>),
    Rsa(ParsedPublicKey),
}

impl VerificationKey {
    /// An HMAC key, as it was given to the legacy client with the algorithm `HmacSHA256`.
    ///
    /// # Errors
    /// [`Misuse`](itemseal::ErrorKind::Misuse) if it is empty.
    pub fn hmac_sha256(key: &[u8]) -> Result<Self> {
        Self::new("HmacSHA256", key)
    }

    /// A key for one of the legacy clients' algorithms by its Java name: `HmacSHA224`, `HmacSHA256`,
    /// `HmacSHA384` or `HmacSHA512` with the key's bytes; `SHA256withRSA`, `SHA384withRSA` or
    /// `SHA512withRSA` with a public key of 2048 to 8192 bits, an X.509 SubjectPublicKeyInfo as PEM or
    /// DER, or with the private key that signed, a PKCS #8 PrivateKeyInfo.
    ///
    /// # Errors
    /// [`Misuse`](itemseal::ErrorKind::Misuse) if the name is none of these, or the key is not such a key.
    pub fn new(algorithm: &str, key: &[u8]) -> Result<Self> {
        if let Some(algorithm) = hmac_by_name(algorithm) {
            if key.is_empty() {
                return Err(misuse("the HMAC key is empty"));
            }
            return Ok(Self(Key::Hmac(Box::new(hmac::Key::new(algorithm, key)))));
        }
        let rsa = match algorithm {
            "SHA256withRSA" => &RSA_PKCS1_2048_8192_SHA256,
            "SHA384withRSA" => &RSA_PKCS1_2048_8192_SHA384,
            "SHA512withRSA" => &RSA_PKCS1_2048_8192_SHA512,
            _ => {
                return Err(misuse(
                    "the signature algorithm is unknown; it is one of HmacSHA224, HmacSHA256, \
                     HmacSHA384, HmacSHA512, SHA256withRSA, SHA384withRSA and SHA512withRSA",
                ));
            }
        };
        der_of(key, "PUBLIC KEY")
            .and_then(|der| ParsedPublicKey::new(rsa, &*der).ok())
            .or_else(|| {
                let pair = RsaKeyPair::from_pkcs8(&der_of(key, "PRIVATE KEY")?).ok()?;
                ParsedPublicKey::new(rsa, pair.public_key().as_ref()).ok()
            })
            .map(|key| Self(Key::Rsa(key)))
            .ok_or_else(|| {
                misuse(
                    "this is no RSA public key of 2048 to 8192 bits; give an X.509 \
                     SubjectPublicKeyInfo, as PEM (BEGIN PUBLIC KEY) or DER, or the private key as PKCS #8",
                )
            })
    }

    /// Compared in constant time.
    pub(crate) fn verify(&self, message: &[u8], signature: &[u8]) -> Result<()> {
        match &self.0 {
            Key::Hmac(key) => hmac::verify(key, message, signature),
            Key::Rsa(key) => key.verify_sig(message, signature),
        }
        .map_err(|_| authentication())
    }
}

/// Java's names of HMACs.
pub(crate) fn hmac_by_name(name: &str) -> Option<hmac::Algorithm> {
    Some(match name {
        "HmacSHA224" => hmac::HMAC_SHA224,
        "HmacSHA256" => hmac::HMAC_SHA256,
        "HmacSHA384" => hmac::HMAC_SHA384,
        "HmacSHA512" => hmac::HMAC_SHA512,
        _ => return None,
    })
}

impl fmt::Debug for VerificationKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = if matches!(self.0, Key::Hmac(_)) { "HMAC" } else { "RSA" };
        f.debug_tuple("VerificationKey").field(&kind).finish()
    }
}
