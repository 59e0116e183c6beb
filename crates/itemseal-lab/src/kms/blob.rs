//! The ciphertext blob: what Encrypt and GenerateDataKey give and Decrypt takes.
//!
//! AWS's own is opaque, so this is ours. All of the header, which names its own lengths, and the
//! encryption context in its canonical form are authenticated:
//!
//! ```text
//! version    1   0x01
//! id length  1
//! key id     …   UTF-8; no Region, so that a multi-Region key's blob opens in every Region
//! generation 32  which of the key's materials
//! nonce      12
//! ciphertext …   AES-256-GCM; additional data: everything above, then the context
//! tag        16
//! ```

use aes_gcm::Aes256Gcm;
use aes_gcm::aead::{AeadInOut, Key, KeyInit, Nonce, Tag};
use itemseal::{EncryptionContext, Error, ErrorKind, Result};
use zeroize::Zeroizing;

use super::key::{GENERATION_ID_LEN_BYTES, Generation};
use crate::entropy::Entropy;

const VERSION: u8 = 1;
const NONCE_LEN_BYTES: usize = 12;
const TAG_LEN_BYTES: usize = 16;

/// A blob, taken apart. Nothing in it is authentic before [`open`](Self::open).
pub(super) struct Blob<'a> {
    pub(super) key_id: &'a str,
    pub(super) generation: &'a [u8; GENERATION_ID_LEN_BYTES],
    header: &'a [u8],
    nonce: &'a [u8; NONCE_LEN_BYTES],
    ciphertext: &'a [u8],
    tag: &'a [u8; TAG_LEN_BYTES],
}

impl<'a> Blob<'a> {
    /// `None` if it is not one.
    pub(super) fn parse(blob: &'a [u8]) -> Option<Self> {
        let ([VERSION, id_length], rest) = blob.split_first_chunk()? else { return None };
        let (key_id, rest) = rest.split_at_checked(usize::from(*id_length))?;
        let (generation, rest) = rest.split_first_chunk()?;
        let (nonce, rest) = rest.split_first_chunk()?;
        let header = blob.get(..blob.len() - rest.len())?;
        let (ciphertext, tag) = rest.split_last_chunk()?;
        let key_id = std::str::from_utf8(key_id).ok()?;
        Some(Self { key_id, generation, header, nonce, ciphertext, tag })
    }

    /// `None` if the blob, the context or the key is not what it was sealed with.
    pub(super) fn open(
        &self,
        generation: &Generation,
        context: &EncryptionContext,
    ) -> Option<Zeroizing<Vec<u8>>> {
        let aad = additional_data(self.header, context).ok()?;
        let mut plaintext = Zeroizing::new(self.ciphertext.to_vec());
        cipher(generation)
            .ok()?
            .decrypt_inout_detached(
                <&Nonce<Aes256Gcm>>::from(self.nonce),
                &aad,
                plaintext.as_mut_slice().into(),
                <&Tag<Aes256Gcm>>::from(self.tag),
            )
            .ok()?;
        Some(plaintext)
    }
}

/// Seals `plaintext` under one generation of the key `key_id`.
pub(super) fn seal(
    key_id: &str,
    generation: &Generation,
    context: &EncryptionContext,
    plaintext: &[u8],
    entropy: &dyn Entropy,
) -> Result<Vec<u8>> {
    let mut nonce = [0; NONCE_LEN_BYTES];
    entropy.fill(&mut nonce)?;
    let id_length = u8::try_from(key_id.len()).map_err(|_| internal("the key id is too long"))?;
    let mut blob = vec![VERSION, id_length];
    blob.extend(key_id.as_bytes());
    blob.extend(generation.id);
    blob.extend(nonce);
    let aad = additional_data(&blob, context)?;
    let mut ciphertext = Zeroizing::new(plaintext.to_vec());
    let tag = cipher(generation)?
        .encrypt_inout_detached(
            <&Nonce<Aes256Gcm>>::from(&nonce),
            &aad,
            ciphertext.as_mut_slice().into(),
        )
        .map_err(|_| internal("AES-GCM refused the plaintext"))?;
    blob.extend(ciphertext.iter());
    blob.extend(tag);
    Ok(blob)
}

/// Both parts say where they end, so no two pairs of header and context look alike.
fn additional_data(header: &[u8], context: &EncryptionContext) -> Result<Vec<u8>> {
    Ok([header, context.as_bytes()?].concat())
}

fn cipher(generation: &Generation) -> Result<Aes256Gcm> {
    let key = <&Key<Aes256Gcm>>::try_from(generation.material.expose())
        .map_err(|_| internal("the key material is not 256 bits"))?;
    Ok(Aes256Gcm::new(key))
}

fn internal(message: &'static str) -> Error {
    Error::new(ErrorKind::Internal, message)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entropy::SeededEntropy;
    use crate::kms::KeySpec;
    use crate::kms::key::Rotated;

    /// The key is found by the header, so only here can a header be changed and the key kept.
    #[test]
    fn the_whole_header_is_authenticated() {
        let entropy = SeededEntropy::new(1);
        let generation = Generation::make(&entropy, KeySpec::Symmetric, Rotated::Created).unwrap();
        let context = EncryptionContext::new();
        let blob = seal("mrk-1", &generation, &context, b"secret", &entropy).unwrap();
        let opens = |blob: &[u8]| {
            Blob::parse(blob).and_then(|blob| blob.open(&generation, &context)).is_some()
        };
        assert!(opens(&blob));
        for at in 0..blob.len() {
            let mut changed = blob.clone();
            changed[at] ^= 1;
            assert!(!opens(&changed), "byte {at}");
        }
    }
}
