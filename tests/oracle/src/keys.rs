//! Raw AES wrapping keys that both sides hold.

use serde_json::{Value, json};

/// A wrapping key with the two names that find it again.
#[derive(Clone, Debug)]
pub struct WrappingKey {
    /// The key namespace: the provider id of its encrypted data keys.
    pub namespace: String,
    /// The key's name: the start of their provider info.
    pub name: String,
    /// 16, 24 or 32 bytes.
    pub bytes: Vec<u8>,
}

impl WrappingKey {
    /// A key of `len` bytes that follow from the seed: the same in every run.
    pub fn from_seed(seed: u64, namespace: &str, name: &str, len: usize) -> Self {
        let mut rng = fastrand::Rng::with_seed(seed);
        let bytes = std::iter::repeat_with(|| rng.u8(..)).take(len).collect();
        Self { namespace: namespace.to_owned(), name: name.to_owned(), bytes }
    }

    /// The form in the vectors.
    pub fn to_json(&self) -> Value {
        json!({
            "kind": "raw-aes",
            "namespace": self.namespace,
            "name": self.name,
            "wrapping_key": hex::encode(&self.bytes),
        })
    }
}
