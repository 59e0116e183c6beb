//! Keys of an item, and the header's commitment to its data key.

use super::header::{COMMITMENT_LEN_BYTES, MESSAGE_ID_LEN_BYTES};
use crate::crypto::{self, Hkdf};
use crate::error::{Error, Result};
use crate::secret::{DataKey, Secret};

const COMMIT_LABEL: &[u8] = b"AWS_DBE_COMMIT_KEY";
const FIELD_LABEL: &[u8] = b"AWS_DBE_DERIVE_KEY";

/// The two keys that are derived from a data key and a message id.
pub(crate) struct ItemKeys {
    pub(crate) commit_key: Secret<32>,
    pub(crate) field_root: Secret<32>,
}

impl ItemKeys {
    pub(crate) fn derive(
        data_key: &DataKey,
        message_id: &[u8; MESSAGE_ID_LEN_BYTES],
    ) -> Result<Self> {
        let hkdf = Hkdf::extract(&[], data_key.0.expose());
        Ok(Self {
            commit_key: hkdf.expand(&[COMMIT_LABEL, message_id])?,
            field_root: hkdf.expand(&[FIELD_LABEL, message_id])?,
        })
    }

    /// The first 32 bytes of HMAC-SHA-512 over the header before its commitment.
    pub(crate) fn commitment(&self, header: &[u8]) -> Result<[u8; COMMITMENT_LEN_BYTES]> {
        let mac = crypto::hmac_sha512(self.commit_key.expose(), &[header])?;
        mac.first_chunk().copied().ok_or_else(|| Error::internal("HMAC length"))
    }
}
