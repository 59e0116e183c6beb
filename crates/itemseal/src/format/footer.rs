//! The footer, attribute `aws_dbe_foot`: a 48-byte tag for each recipient, in the order of the
//! encrypted data keys, then for the signed suite a DER signature of 103 bytes.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::context::{EncryptionContext, PUBLIC_KEY};
use crate::crypto::{self, SHA384_LEN_BYTES, SIGNATURE_LEN_BYTES, SigningKey};
use crate::error::{Error, Result};
use crate::secret::RecipientMacKey;
use crate::suite::AlgorithmSuite;

/// Length in bytes of a recipient's tag.
pub(crate) const RECIPIENT_TAG_LEN_BYTES: usize = SHA384_LEN_BYTES;

/// A recipient's tag: HMAC-SHA-384 over the digest.
pub(crate) fn recipient_tag(
    key: &RecipientMacKey,
    digest: &[u8; SHA384_LEN_BYTES],
) -> Result<[u8; RECIPIENT_TAG_LEN_BYTES]> {
    crypto::hmac_sha384(key.0.expose(), &[digest])
}

/// Writes a footer. The digest is the signature's message, so it is hashed once more.
pub(crate) fn write<'a>(
    mac_keys: impl Iterator<Item = &'a RecipientMacKey>,
    signing_key: Option<&SigningKey>,
    digest: &[u8; SHA384_LEN_BYTES],
) -> Result<Vec<u8>> {
    let mut footer = Vec::with_capacity(RECIPIENT_TAG_LEN_BYTES + SIGNATURE_LEN_BYTES);
    for key in mac_keys {
        footer.extend(recipient_tag(key, digest)?);
    }
    if let Some(key) = signing_key {
        footer.extend(key.sign(digest)?);
    }
    Ok(footer)
}

/// A footer, parted into tags and signature.
pub(crate) struct Footer<'a> {
    tags: &'a [u8],
    signature: Option<&'a [u8]>,
}

impl<'a> Footer<'a> {
    /// Parts a footer; its length follows from the suite and the number of recipients.
    pub(crate) fn parse(bytes: &'a [u8], suite: AlgorithmSuite, recipients: usize) -> Result<Self> {
        let signature_len = if suite.is_signed() { SIGNATURE_LEN_BYTES } else { 0 };
        let tags_len = recipients * RECIPIENT_TAG_LEN_BYTES;
        match bytes.split_at_checked(tags_len) {
            Some((tags, signature)) if signature.len() == signature_len => {
                Ok(Self { tags, signature: suite.is_signed().then_some(signature) })
            }
            _ => Err(Error::malformed(format!(
                "footer: {} bytes where {} belong",
                bytes.len(),
                tags_len + signature_len
            ))),
        }
    }

    /// Verifies our tag, which may stand at any position, and the signature if there is one.
    pub(crate) fn verify(
        &self,
        key: &RecipientMacKey,
        context: &EncryptionContext,
        digest: &[u8; SHA384_LEN_BYTES],
    ) -> Result<()> {
        let own = recipient_tag(key, digest)?;
        let tags = self.tags.chunks_exact(RECIPIENT_TAG_LEN_BYTES);
        // Every tag is compared, so that time does not tell which one matched.
        if !tags.fold(false, |found, tag| found | crypto::equal(tag, &own)) {
            return Err(Error::authentication());
        }
        match self.signature {
            None => Ok(()),
            Some(signature) => {
                let mut buffer = [0; LONGEST_KEY_BYTES];
                crypto::verify(public_key(context, &mut buffer)?, digest, signature)
            }
        }
    }
}

/// Room for a public key, compressed (49 bytes) or not (97), as base64's decoder asks for it.
const LONGEST_KEY_BYTES: usize = 128;

fn public_key<'a>(
    context: &EncryptionContext,
    buffer: &'a mut [u8; LONGEST_KEY_BYTES],
) -> Result<&'a [u8]> {
    let text = context.get(PUBLIC_KEY).ok_or_else(Error::authentication)?;
    let length = STANDARD.decode_slice(text, buffer).map_err(|_| Error::authentication())?;
    buffer.get(..length).ok_or_else(Error::authentication)
}
