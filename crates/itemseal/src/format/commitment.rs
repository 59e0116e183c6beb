//! Keys of an item, and the header's commitment to its data key.

use super::header::{COMMITMENT_LEN_BYTES, MESSAGE_ID_LEN_BYTES};
use crate::crypto::{self, Hkdf};
use crate::error::{Error, Result};
use crate::secret::{DataKey, Secret};

const COMMIT_LABEL: &[u8] = b"AWS_DBE_COMMIT_KEY";
const FIELD_LABEL: &[u8] = b"AWS_DBE_DERIVE_KEY";

/// The two keys that are derived from a data key and a message id: the commit key and the field root.
pub(crate) struct ItemKeys(Secret<{ 2 * KEY_LEN_BYTES }>);

const KEY_LEN_BYTES: usize = 32;

impl ItemKeys {
    pub(crate) fn derive(
        data_key: &DataKey,
        message_id: &[u8; MESSAGE_ID_LEN_BYTES],
    ) -> Result<Self> {
        let hkdf = Hkdf::extract(&[], data_key.0.expose());
        let both = Secret::fill(|both| {
            let (commit_key, field_root) = both.split_at_mut(KEY_LEN_BYTES);
            hkdf.expand_into(&[COMMIT_LABEL, message_id], commit_key)?;
            hkdf.expand_into(&[FIELD_LABEL, message_id], field_root)
        })?;
        Ok(Self(both))
    }

    /// The key of the commitment.
    pub(crate) fn commit_key(&self) -> &[u8] {
        self.0.expose().split_at(KEY_LEN_BYTES).0
    }

    /// The key of the fields' keys.
    pub(crate) fn field_root(&self) -> &[u8] {
        self.0.expose().split_at(KEY_LEN_BYTES).1
    }

    /// The first 32 bytes of HMAC-SHA-512 over the header before its commitment.
    pub(crate) fn commitment(&self, header: &[u8]) -> Result<[u8; COMMITMENT_LEN_BYTES]> {
        let mac = crypto::hmac_sha512(self.commit_key(), &[header])?;
        mac.first_chunk().copied().ok_or_else(|| Error::internal("HMAC length"))
    }
}
