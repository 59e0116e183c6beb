//! Key material: boxed, wiped on drop, unprintable.

use std::fmt;
use std::sync::Arc;

use itemseal::Result;
use serde::de::{Deserialize, Deserializer, Error, Visitor};
use serde::ser::{Serialize, Serializer};
use zeroize::Zeroizing;

use crate::entropy::Entropy;

/// Key material: the bytes of a symmetric or an HMAC key, or a private key as PKCS #8 (DER).
///
/// Clones share one allocation, which is wiped with the last of them: a state that is kept for rolling
/// back holds no copy.
#[derive(Clone)]
pub(super) struct KeyMaterial(Arc<Zeroizing<Box<[u8]>>>);

impl KeyMaterial {
    pub(super) fn random(entropy: &dyn Entropy, length: usize) -> Result<Self> {
        let mut bytes = Zeroizing::new(vec![0; length].into_boxed_slice());
        entropy.fill(&mut bytes)?;
        Ok(Self(Arc::new(bytes)))
    }

    /// Copies `bytes`; the caller wipes its own.
    pub(super) fn copied_from(bytes: &[u8]) -> Self {
        Self(Arc::new(Zeroizing::new(bytes.into())))
    }

    pub(super) fn expose(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Debug for KeyMaterial {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "KeyMaterial({} bytes)", self.0.len())
    }
}

/// For snapshots, which hold the material in clear.
impl Serialize for KeyMaterial {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        serializer.serialize_bytes(&self.0)
    }
}

impl<'de> Deserialize<'de> for KeyMaterial {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        struct Bytes;
        impl Visitor<'_> for Bytes {
            type Value = KeyMaterial;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("key material")
            }
            fn visit_bytes<E: Error>(self, bytes: &[u8]) -> std::result::Result<KeyMaterial, E> {
                Ok(KeyMaterial::copied_from(bytes))
            }
            fn visit_byte_buf<E: Error>(
                self,
                bytes: Vec<u8>,
            ) -> std::result::Result<KeyMaterial, E> {
                Ok(KeyMaterial::copied_from(&Zeroizing::new(bytes)))
            }
        }
        deserializer.deserialize_byte_buf(Bytes)
    }
}
