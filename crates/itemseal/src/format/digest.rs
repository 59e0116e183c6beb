//! The canonical record: what the footer authenticates.

use super::legend::Signed;
use super::path::Paths;
use crate::context::EncryptionContext;
use crate::crypto::{SHA384_LEN_BYTES, Sha384};
use crate::error::Result;

/// SHA-384 over the header, the full context and every signed attribute in canonical order.
pub(crate) struct RecordDigest {
    hash: Sha384,
}

impl RecordDigest {
    /// `header (with commitment) ‖ u64 length ‖ full context`.
    pub(crate) fn start(header: &[u8], context: &EncryptionContext) -> Result<Self> {
        let context = context.to_bytes()?;
        let mut hash = Sha384::new();
        hash.update(header);
        hash.update(&(context.len() as u64).to_be_bytes());
        hash.update(&context);
        Ok(Self { hash })
    }

    /// `path ‖ u64 length of the value ‖ "ENCRYPTED" or "PLAINTEXT" ‖ type id ‖ value`.
    /// `field` is the type id and what follows it: ciphertext and tag, or the serialized value.
    pub(crate) fn add(&mut self, signed: Signed, name: &str, paths: &mut Paths, field: &[u8]) {
        let form: &[u8] = match signed {
            Signed::Encrypted => b"ENCRYPTED",
            Signed::Plain | Signed::Context => b"PLAINTEXT",
        };
        self.hash.update(paths.path(name));
        self.hash.update(&(field.len().saturating_sub(2) as u64).to_be_bytes());
        self.hash.update(form);
        self.hash.update(field);
    }

    pub(crate) fn finish(self) -> [u8; SHA384_LEN_BYTES] {
        self.hash.finish()
    }
}
