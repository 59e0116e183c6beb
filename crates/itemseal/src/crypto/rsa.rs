//! RSA encryption (RFC 8017), through AWS-LC alone: the pure Rust implementation leaks its private key
//! by time (RUSTSEC-2023-0071).

use aws_lc_rs::rsa::{
    OAEP_SHA1_MGF1SHA1, OAEP_SHA256_MGF1SHA256, OAEP_SHA384_MGF1SHA384, OAEP_SHA512_MGF1SHA512,
    OaepAlgorithm, OaepPrivateDecryptingKey, OaepPublicEncryptingKey, Pkcs1PrivateDecryptingKey,
    Pkcs1PublicEncryptingKey, PrivateDecryptingKey, PublicEncryptingKey,
};
use zeroize::Zeroizing;

use super::pem::der_of;
use crate::error::{Error, Result};

/// How a key is padded before it is encrypted with RSA.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RsaPadding {
    /// PKCS #1 v1.5, which is for reading what is there: an attacker who can see whether a
    /// decryption fails, or for how long it runs, can learn the plaintext.
    Pkcs1,
    /// OAEP with SHA-1, also in its MGF1.
    OaepSha1,
    /// OAEP with SHA-256, also in its MGF1.
    OaepSha256,
    /// OAEP with SHA-384, also in its MGF1.
    OaepSha384,
    /// OAEP with SHA-512, also in its MGF1.
    OaepSha512,
}

impl RsaPadding {
    fn oaep(self) -> Option<&'static OaepAlgorithm> {
        match self {
            Self::Pkcs1 => None,
            Self::OaepSha1 => Some(&OAEP_SHA1_MGF1SHA1),
            Self::OaepSha256 => Some(&OAEP_SHA256_MGF1SHA256),
            Self::OaepSha384 => Some(&OAEP_SHA384_MGF1SHA384),
            Self::OaepSha512 => Some(&OAEP_SHA512_MGF1SHA512),
        }
    }
}

/// An RSA public key of 2048 to 8192 bits.
#[derive(Debug)]
pub(crate) struct RsaPublicKey(PublicEncryptingKey);

impl RsaPublicKey {
    /// From an X.509 SubjectPublicKeyInfo, as PEM or DER.
    pub(crate) fn read(key: &[u8]) -> Result<Self> {
        der_of(key, "PUBLIC KEY")
            .and_then(|der| PublicEncryptingKey::from_der(&der).ok())
            .map(Self)
            .ok_or_else(|| {
                Error::misuse(
                    "this is no RSA public key of 2048 to 8192 bits; give an X.509 \
                     SubjectPublicKeyInfo, as PEM (BEGIN PUBLIC KEY) or DER",
                )
            })
    }

    pub(crate) fn encrypt(&self, padding: RsaPadding, plaintext: &[u8]) -> Result<Vec<u8>> {
        let failed = |_| Error::internal("RSA refused to encrypt");
        let key = self.0.clone();
        let mut out = vec![0; key.key_size_bytes()];
        let length = match padding.oaep() {
            Some(oaep) => {
                let key = OaepPublicEncryptingKey::new(key).map_err(failed)?;
                key.encrypt(oaep, plaintext, &mut out, None).map_err(failed)?.len()
            }
            None => {
                let key = Pkcs1PublicEncryptingKey::new(key).map_err(failed)?;
                key.encrypt(plaintext, &mut out).map_err(failed)?.len()
            }
        };
        out.truncate(length);
        Ok(out)
    }
}

/// An RSA private key of 2048 to 8192 bits. AWS-LC wipes it on drop.
pub(crate) struct RsaPrivateKey(PrivateDecryptingKey);

impl RsaPrivateKey {
    /// From a PKCS #8 PrivateKeyInfo, as PEM or DER.
    pub(crate) fn read(key: &[u8]) -> Result<Self> {
        der_of(key, "PRIVATE KEY")
            .and_then(|der| PrivateDecryptingKey::from_pkcs8(&der).ok())
            .map(Self)
            .ok_or_else(|| {
                Error::misuse(
                    "this is no RSA private key of 2048 to 8192 bits; give a PKCS #8 \
                     PrivateKeyInfo, as PEM (BEGIN PRIVATE KEY) or DER",
                )
            })
    }

    pub(crate) fn decrypt(
        &self,
        padding: RsaPadding,
        ciphertext: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>> {
        let failed = |_| Error::authentication();
        let key = self.0.clone();
        let mut out = Zeroizing::new(vec![0; key.key_size_bytes()]);
        let length = match padding.oaep() {
            Some(oaep) => {
                let key = OaepPrivateDecryptingKey::new(key).map_err(failed)?;
                key.decrypt(oaep, ciphertext, &mut out, None).map_err(failed)?.len()
            }
            None => {
                let key = Pkcs1PrivateDecryptingKey::new(key).map_err(failed)?;
                key.decrypt(ciphertext, &mut out).map_err(failed)?.len()
            }
        };
        out.truncate(length);
        Ok(out)
    }
}
