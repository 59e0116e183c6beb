//! The canonical record: what the footer authenticates.

use super::legend::Signed;
use crate::context::EncryptionContext;
use crate::crypto::{SHA384_LEN_BYTES, Sha384};
use crate::error::Result;

/// SHA-384 over the header, the full context and every signed attribute in canonical order.
pub(crate) struct RecordDigest {
    hash: Sha384,
    /// What is to be hashed next: small parts go to the hash together.
    pending: Vec<u8>,
}

/// How many bytes go to the hash together.
const TOGETHER_BYTES: usize = 2_048;

impl RecordDigest {
    /// `header (with commitment) ‖ u64 length ‖ full context`.
    pub(crate) fn start(header: &[u8], context: &EncryptionContext) -> Result<Self> {
        let context = context.as_bytes()?;
        let pending = Vec::with_capacity(TOGETHER_BYTES);
        let mut digest = Self { hash: Sha384::new(), pending };
        digest.update(header);
        digest.update(&(context.len() as u64).to_be_bytes());
        digest.update(context);
        Ok(digest)
    }

    /// `path ‖ u64 length of the value ‖ "ENCRYPTED" or "PLAINTEXT" ‖ type id ‖ value`.
    /// `field` is the type id and what follows it: ciphertext and tag, or the serialized value.
    pub(crate) fn add(&mut self, signed: Signed, path: &[u8], field: &[u8]) {
        let form: &[u8] = match signed {
            Signed::Encrypted => b"ENCRYPTED",
            Signed::Plain | Signed::Context => b"PLAINTEXT",
        };
        self.update(path);
        self.update(&(field.len().saturating_sub(2) as u64).to_be_bytes());
        self.update(form);
        self.update(field);
    }

    fn update(&mut self, bytes: &[u8]) {
        if self.pending.len() + bytes.len() > TOGETHER_BYTES {
            self.hash.update(&self.pending);
            self.pending.clear();
        }
        if bytes.len() > TOGETHER_BYTES {
            self.hash.update(bytes);
        } else {
            self.pending.extend(bytes);
        }
    }

    pub(crate) fn finish(mut self) -> [u8; SHA384_LEN_BYTES] {
        self.hash.update(&self.pending);
        self.hash.finish()
    }
}
