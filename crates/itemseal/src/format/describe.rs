use super::field::OVERHEAD_BYTES;
use super::header::Header;
use super::legend::Signed;
use super::{FOOTER_ATTRIBUTE, HEADER_ATTRIBUTE};
use crate::context::EncryptionContext;
use crate::error::{Error, ErrorKind, Result};
use crate::item::{AttributeValue, Item};
use crate::materials::EncryptedDataKey;
use crate::suite::AlgorithmSuite;

/// What a stored item says about itself without any key. Nothing of it is verified.
#[derive(Clone, Debug)]
pub struct ItemDescription {
    format_version: u8,
    suite: AlgorithmSuite,
    encrypted: usize,
    signed: usize,
    stored_context: EncryptionContext,
    edks: Vec<EncryptedDataKey>,
    overhead_bytes: usize,
}

impl ItemDescription {
    /// Reads the header of a stored item.
    ///
    /// # Errors
    /// [`NotEncrypted`](ErrorKind::NotEncrypted) if it has none,
    /// [`Malformed`](ErrorKind::Malformed) if it cannot be parsed.
    pub fn of(item: &Item) -> Result<Self> {
        let header_bytes = item.get(HEADER_ATTRIBUTE).ok_or_else(not_encrypted)?;
        let bytes = header_bytes.as_b().ok_or_else(|| {
            Error::malformed("the header is not of type B").with_attribute(HEADER_ATTRIBUTE)
        })?;
        let (header, _) = Header::parse(bytes).map_err(|e| e.with_attribute(HEADER_ATTRIBUTE))?;
        let footer_len =
            item.get(FOOTER_ATTRIBUTE).and_then(AttributeValue::as_b).map_or(0, <[u8]>::len);
        let encrypted = header.legend.iter().filter(|s| **s == Signed::Encrypted).count();
        Ok(Self {
            format_version: header.version,
            suite: header.suite,
            encrypted,
            signed: header.legend.len() - encrypted,
            overhead_bytes: HEADER_ATTRIBUTE.len()
                + bytes.len()
                + FOOTER_ATTRIBUTE.len()
                + footer_len
                + encrypted * OVERHEAD_BYTES,
            stored_context: header.stored_context,
            edks: header.edks,
        })
    }

    /// The version of the format, 1 or 2.
    pub fn format_version(&self) -> u8 {
        self.format_version
    }

    /// The suite that the item was written with.
    pub fn suite(&self) -> AlgorithmSuite {
        self.suite
    }

    /// How many attributes are encrypted and signed.
    pub fn encrypted_attributes(&self) -> usize {
        self.encrypted
    }

    /// How many attributes are in clear and signed.
    pub fn signed_attributes(&self) -> usize {
        self.signed
    }

    /// The entries of the encryption context that are stored; the others follow from the item.
    pub fn stored_context(&self) -> &EncryptionContext {
        &self.stored_context
    }

    /// The encrypted data keys: under which keys the item was written.
    pub fn edks(&self) -> &[EncryptedDataKey] {
        &self.edks
    }

    /// How many bytes encryption added: header, footer, their names, and 18 for each encrypted
    /// attribute. What serializing nested values adds is not in it.
    pub fn overhead_bytes(&self) -> usize {
        self.overhead_bytes
    }
}

pub(crate) fn not_encrypted() -> Error {
    Error::new(
        ErrorKind::NotEncrypted,
        "the item has neither header nor footer: it was never encrypted, or a projection left them out",
    )
}
