use std::fmt;

use aws_lc_rs::key_wrap::{AES_128, AES_256, AesKek, KeyWrap};
use itemseal::Result;
use zeroize::Zeroizing;

use super::pem::der_of;
use super::rsa::{Padding, RsaPrivateKey};
use crate::description::{Description, WRAP_ALGORITHM, wrong};
use crate::error::{authentication, misuse};
use crate::secret::Secret;

/// The longest wrapped key, in bytes: by RSA of 8192 bits.
const MOST_BYTES: usize = 1024;

/// The key that items' content keys are unwrapped with. Unprintable; not `Clone`.
pub struct UnwrappingKey(Key);

enum Key {
    Aes(Secret),
    Rsa { key: RsaPrivateKey, pkcs1: bool },
}

impl UnwrappingKey {
    /// An AES key of 128 or 256 bits, which wrapped by `AESWrap` (RFC 3394).
    ///
    /// # Errors
    /// [`Misuse`](itemseal::ErrorKind::Misuse) if it has another length.
    pub fn aes(key: &[u8]) -> Result<Self> {
        match key.len() {
            16 | 32 => Ok(Self(Key::Aes(Secret::copy_of(key)))),
            _ => Err(misuse("an AES wrapping key has 16 or 32 bytes")),
        }
    }

    /// An RSA private key of 2048 to 8192 bits, a PKCS #8 PrivateKeyInfo as PEM or DER, whose public
    /// half wrapped by OAEP: with SHA-256, as the legacy clients do unless told otherwise, or SHA-1,
    /// SHA-384 or SHA-512, as an item says. The mask is always made with SHA-1, as Java does it.
    ///
    /// # Errors
    /// [`Misuse`](itemseal::ErrorKind::Misuse) if it is not such a key.
    pub fn rsa(key: &[u8]) -> Result<Self> {
        der_of(key, "PRIVATE KEY")
            .and_then(|der| RsaPrivateKey::from_pkcs8(&der))
            .map(|key| Self(Key::Rsa { key, pkcs1: false }))
            .ok_or_else(|| {
                misuse(
                    "this is no RSA private key of 2048 to 8192 bits; give a PKCS #8 \
                     PrivateKeyInfo, as PEM (BEGIN PRIVATE KEY) or DER",
                )
            })
    }

    /// Opens keys that were wrapped with RSA and PKCS #1 v1.5 padding (`RSA/ECB/PKCS1Padding`) too, as
    /// the first versions of the Java client did without saying so.
    ///
    /// Only for tables that were written so: whoever can write such a table and see how long a
    /// refusal takes may learn content keys. Of an AES key this changes nothing.
    #[must_use]
    pub fn allow_pkcs1(mut self) -> Self {
        if let Key::Rsa { pkcs1, .. } = &mut self.0 {
            *pkcs1 = true;
        }
        self
    }

    fn is_rsa(&self) -> bool {
        matches!(self.0, Key::Rsa { .. })
    }

    /// The content key of an item. That the wrapped key was changed and that it is another key's
    /// looks alike.
    pub(crate) fn unwrap(&self, description: &Description) -> Result<Secret> {
        let bits = description.content_key_bits()?;
        // Old items of the Java client do not say it: then it is what Java does with such a key.
        let algorithm = description.get(WRAP_ALGORITHM);
        let algorithm = algorithm.unwrap_or(if self.is_rsa() { "RSA" } else { "AES" });
        let wrapped = description.wrapped_key()?;
        if wrapped.len() > MOST_BYTES {
            return Err(wrong("its wrapped key is too long"));
        }
        let key = match &self.0 {
            Key::Aes(key) if algorithm == "AESWrap" => unwrap_aes(key, &wrapped),
            Key::Rsa { key, pkcs1 } => {
                let padding = padding(algorithm).ok_or_else(|| not_ours("RSA"))?;
                if padding == Padding::Pkcs1 && !pkcs1 {
                    return Err(wrong(
                        "its key was wrapped with RSA and PKCS #1 v1.5 padding, or somebody says so; \
                         if the table was written like that, see UnwrappingKey::allow_pkcs1",
                    ));
                }
                key.decrypt(padding, &wrapped)
            }
            Key::Aes(_) => return Err(not_ours("AES")),
        };
        // Without a length it says nothing: the key's own decides.
        let key = key.filter(|key| bits.is_none_or(|bits| key.len() * 8 == bits));
        key.map(Secret::new).ok_or_else(authentication)
    }
}

fn not_ours(kind: &str) -> itemseal::Error {
    wrong(format!("its key was not wrapped in a way that the legacy clients know for {kind} keys"))
}

/// The paddings by Java's names.
fn padding(algorithm: &str) -> Option<Padding> {
    Some(match algorithm {
        "RSA" | "RSA/ECB/PKCS1Padding" => Padding::Pkcs1,
        "RSA/ECB/OAEPWithSHA-1AndMGF1Padding" | "RSA/ECB/OAEPWithSHA1AndMGF1Padding" => {
            Padding::OaepSha1
        }
        "RSA/ECB/OAEPWithSHA-256AndMGF1Padding" => Padding::OaepSha256,
        "RSA/ECB/OAEPWithSHA-384AndMGF1Padding" => Padding::OaepSha384,
        "RSA/ECB/OAEPWithSHA-512AndMGF1Padding" => Padding::OaepSha512,
        _ => return None,
    })
}

fn unwrap_aes(key: &Secret, wrapped: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let cipher = if key.expose().len() == 16 { &AES_128 } else { &AES_256 };
    let kek = AesKek::new(cipher, key.expose()).ok()?;
    let mut out = Zeroizing::new(vec![0; wrapped.len()]);
    let length = kek.unwrap(wrapped, &mut out).ok()?.len();
    out.truncate(length);
    Some(out)
}

impl fmt::Debug for UnwrappingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = if self.is_rsa() { "RSA" } else { "AES" };
        f.debug_tuple("UnwrappingKey").field(&kind).finish()
    }
}
