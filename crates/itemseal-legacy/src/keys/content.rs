use aws_lc_rs::cipher::{
    AES_128, AES_192, AES_256, DecryptionContext, PaddedBlockDecryptingKey, UnboundCipherKey,
};
use aws_lc_rs::iv::FixedLength;
use itemseal::Result;
use zeroize::Zeroizing;

use crate::error::authentication;

const BLOCK_BYTES: usize = 16;

/// The AES key that an item's attributes are encrypted under. AWS-LC's binding wipes it on drop.
/// Boxed, so that moving the owner leaves no copy behind.
pub(crate) struct ContentKey(Box<PaddedBlockDecryptingKey>);

impl ContentKey {
    /// `None` if the key has not 16, 24 or 32 bytes.
    pub(crate) fn new(key: &[u8]) -> Option<Self> {
        let algorithm = match key.len() {
            16 => &AES_128,
            24 => &AES_192,
            32 => &AES_256,
            _ => return None,
        };
        let key = UnboundCipherKey::new(algorithm, key).ok()?;
        PaddedBlockDecryptingKey::cbc_pkcs7(key).ok().map(|key| Self(Box::new(key)))
    }

    /// `IV, AES-CBC with PKCS #7 padding`. What is decrypted must have been verified before: else its
    /// padding would tell those who change it about the plaintext.
    pub(crate) fn decrypt(&self, bytes: &[u8]) -> Result<Zeroizing<Vec<u8>>> {
        let (iv, rest) = bytes.split_at_checked(BLOCK_BYTES).ok_or_else(authentication)?;
        let iv = FixedLength::try_from(iv).map_err(|_| authentication())?;
        if rest.is_empty() || rest.len() % BLOCK_BYTES != 0 {
            return Err(authentication());
        }
        let mut buffer = Zeroizing::new(rest.to_vec());
        let length = self
            .0
            .decrypt(&mut buffer, DecryptionContext::Iv128(iv))
            .map_err(|_| authentication())?
            .len();
        buffer.truncate(length);
        Ok(buffer)
    }
}
