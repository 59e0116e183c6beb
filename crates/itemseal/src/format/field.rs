//! The encrypted form of an attribute: `type id 2 ‖ AES-256-GCM(serialized value) ‖ tag 16`.

use crate::crypto::{self, NONCE_LEN_BYTES, TAG_LEN_BYTES};
use crate::error::{Error, Result};
use zeroize::Zeroizing;

/// Length in bytes of a field's key and nonce together.
const KEY_AND_NONCE_LEN_BYTES: usize = 32 + NONCE_LEN_BYTES;
/// How many bytes encryption adds to a value: its type id and the tag.
pub(crate) const OVERHEAD_BYTES: usize = 2 + TAG_LEN_BYTES;

/// The keys of an item's encrypted attributes.
///
/// Field n has 44 bytes of AES-256-CTR under the field root, from counter 3n on. 44 bytes end
/// within the third block, so all fields of an item are one contiguous keystream, 48 bytes apart.
pub(crate) struct FieldKeys {
    keystream: Zeroizing<Vec<u8>>,
    /// Which field is the next, of those that are encrypted, in canonical order.
    next: usize,
}

/// Blocks of the keystream for one field, in bytes.
const STRIDE_BYTES: usize = 48;

impl FieldKeys {
    pub(crate) fn derive(field_root: &[u8], count: usize) -> Result<Self> {
        let mut keystream = Zeroizing::new(vec![0; count * STRIDE_BYTES]);
        // "AwsDbeField" ‖ 0x2c, the length in bytes ‖ u32 0, the first counter.
        let counter_block = b"AwsDbeField\x2c\0\0\0\0";
        crypto::aes_256_ctr_keystream(field_root, counter_block, &mut keystream)?;
        Ok(Self { keystream, next: 0 })
    }

    fn key_and_nonce(&self, n: usize) -> Result<(&[u8; 32], &[u8; NONCE_LEN_BYTES])> {
        let start = n * STRIDE_BYTES;
        self.keystream
            .get(start..start + KEY_AND_NONCE_LEN_BYTES)
            .and_then(|bytes| bytes.split_first_chunk())
            .and_then(|(key, nonce)| Some((key, nonce.try_into().ok()?)))
            .ok_or_else(|| Error::internal("more encrypted attributes than keys"))
    }

    /// The next field's key and nonce.
    fn advance(&mut self) -> Result<(&[u8; 32], &[u8; NONCE_LEN_BYTES])> {
        let n = self.next;
        self.next += 1;
        self.key_and_nonce(n)
    }

    /// Encrypts the next field's `type id ‖ serialized value` in place and appends the tag.
    pub(crate) fn seal_next(&mut self, path: &[u8], field: &mut Vec<u8>) -> Result<()> {
        let (key, nonce) = self.advance()?;
        let (_, value) = split_type_id(field)?;
        let tag = crypto::aes_gcm_seal(key, nonce, path, value)?;
        field.extend(tag);
        Ok(())
    }

    /// Decrypts the next field in place, to `type id ‖ serialized value`.
    pub(crate) fn open_next(&mut self, path: &[u8], field: &mut Vec<u8>) -> Result<()> {
        let (key, nonce) = self.advance()?;
        let (_, value) = split_type_id(field)?;
        let length = crypto::aes_gcm_open(key, nonce, path, value)?;
        field.truncate(2 + length);
        Ok(())
    }

    #[cfg(test)]
    pub(crate) fn key_and_nonce_bytes(&self, n: usize) -> Vec<u8> {
        let (key, nonce) = self.key_and_nonce(n).unwrap();
        [&key[..], &nonce[..]].concat()
    }
}

fn split_type_id(field: &mut [u8]) -> Result<(&mut [u8; 2], &mut [u8])> {
    field.split_first_chunk_mut().ok_or_else(Error::authentication)
}
