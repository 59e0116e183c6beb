//! AWS-LC, through aws-lc-rs.

use std::sync::OnceLock;

use aws_lc_rs::aead::{AES_128_GCM, AES_192_GCM, AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use aws_lc_rs::cipher::{AES_256, EncryptingKey, EncryptionContext, UnboundCipherKey};
use aws_lc_rs::iv::FixedLength;
use aws_lc_rs::rand::{SecureRandom, SystemRandom};
use aws_lc_rs::signature::{
    ECDSA_P384_SHA384_ASN1, ECDSA_P384_SHA384_FIXED_SIGNING, EcdsaKeyPair, KeyPair,
    UnparsedPublicKey,
};
use aws_lc_rs::{digest, hmac};

use super::signature::to_der_103;
use super::{
    NONCE_LEN_BYTES, PUBLIC_KEY_LEN_BYTES, SHA384_LEN_BYTES, SIGNATURE_LEN_BYTES, TAG_LEN_BYTES,
};
use crate::error::{Error, Result};

pub(crate) fn random(out: &mut [u8]) -> Result<()> {
    SystemRandom::new().fill(out).map_err(|_| Error::internal("the machine gives no randomness"))
}

/// HKDF-SHA-512 (RFC 5869), extracted once and expanded as often as needed: aws-lc-rs's own
/// `hkdf` extracts again for each expand, at half the cost of the whole.
pub(crate) struct Hkdf(hmac::Key);

impl Hkdf {
    /// An empty `salt` stands for 64 zero bytes, which HMAC pads it to.
    pub(crate) fn extract(salt: &[u8], ikm: &[u8]) -> Self {
        // Without a salt the key is always the same one.
        static UNSALTED: OnceLock<hmac::Key> = OnceLock::new();
        let prk = match salt {
            [] => {
                let key = UNSALTED.get_or_init(|| hmac::Key::new(hmac::HMAC_SHA512, &[]));
                hmac::sign(key, ikm)
            }
            salt => hmac::sign(&hmac::Key::new(hmac::HMAC_SHA512, salt), ikm),
        };
        Self(hmac::Key::new(hmac::HMAC_SHA512, prk.as_ref()))
    }

    /// Fills `out`; at most 16,320 bytes.
    pub(crate) fn expand_into(&self, info: &[&[u8]], out: &mut [u8]) -> Result<()> {
        let mut previous: Option<hmac::Tag> = None;
        let mut counter = 0u8;
        for chunk in out.chunks_mut(64) {
            counter =
                counter.checked_add(1).ok_or_else(|| Error::internal("HKDF output too long"))?;
            let mut context = hmac::Context::with_key(&self.0);
            if let Some(previous) = &previous {
                context.update(previous.as_ref());
            }
            info.iter().for_each(|part| context.update(part));
            context.update(&[counter]);
            let block = context.sign();
            chunk.iter_mut().zip(block.as_ref()).for_each(|(out, byte)| *out = *byte);
            previous = Some(block);
        }
        Ok(())
    }
}

fn hmac_parts<const N: usize>(
    algorithm: hmac::Algorithm,
    key: &[u8],
    data: &[&[u8]],
) -> Result<[u8; N]> {
    let mut context = hmac::Context::with_key(&hmac::Key::new(algorithm, key));
    data.iter().for_each(|part| context.update(part));
    context.sign().as_ref().try_into().map_err(|_| Error::internal("HMAC length"))
}

pub(crate) fn hmac_sha256(key: &[u8], data: &[&[u8]]) -> Result<[u8; 32]> {
    hmac_parts(hmac::HMAC_SHA256, key, data)
}

pub(crate) fn hmac_sha384(key: &[u8], data: &[&[u8]]) -> Result<[u8; 48]> {
    hmac_parts(hmac::HMAC_SHA384, key, data)
}

pub(crate) fn hmac_sha512(key: &[u8], data: &[&[u8]]) -> Result<[u8; 64]> {
    hmac_parts(hmac::HMAC_SHA512, key, data)
}

pub(crate) struct Sha384(digest::Context);

impl Sha384 {
    pub(crate) fn new() -> Self {
        Self(digest::Context::new(&digest::SHA384))
    }

    pub(crate) fn update(&mut self, data: &[u8]) {
        self.0.update(data);
    }

    pub(crate) fn finish(self) -> [u8; SHA384_LEN_BYTES] {
        let mut hash = [0; SHA384_LEN_BYTES];
        hash.iter_mut().zip(self.0.finish().as_ref()).for_each(|(out, byte)| *out = *byte);
        hash
    }
}

fn gcm_key(key: &[u8]) -> Result<LessSafeKey> {
    let algorithm = match key.len() {
        16 => &AES_128_GCM,
        24 => &AES_192_GCM,
        _ => &AES_256_GCM,
    };
    let key =
        UnboundKey::new(algorithm, key).map_err(|_| Error::internal("wrong AES key length"))?;
    Ok(LessSafeKey::new(key))
}

/// AES-128, -192 or -256 in GCM (NIST SP 800-38D) by the key's length; encrypts in place.
pub(crate) fn aes_gcm_seal(
    key: &[u8],
    nonce: &[u8; NONCE_LEN_BYTES],
    aad: &[u8],
    in_out: &mut [u8],
) -> Result<[u8; TAG_LEN_BYTES]> {
    let nonce = Nonce::assume_unique_for_key(*nonce);
    let tag = gcm_key(key)?
        .seal_in_place_separate_tag(nonce, Aad::from(aad), in_out)
        .map_err(|_| Error::too_large("a value is longer than AES-GCM can encrypt"))?;
    tag.as_ref().try_into().map_err(|_| Error::internal("tag length"))
}

/// Decrypts ciphertext ‖ tag in place and gives the plaintext's length.
/// A failed tag is an authentication error and leaves nothing to use.
pub(crate) fn aes_gcm_open(
    key: &[u8],
    nonce: &[u8; NONCE_LEN_BYTES],
    aad: &[u8],
    in_out: &mut [u8],
) -> Result<usize> {
    let nonce = Nonce::assume_unique_for_key(*nonce);
    let plaintext = gcm_key(key)?
        .open_in_place(nonce, Aad::from(aad), in_out)
        .map_err(|_| Error::authentication())?;
    Ok(plaintext.len())
}

/// AES-256-CTR (NIST SP 800-38A, 128-bit big-endian counter) over zeros.
pub(crate) fn aes_256_ctr_keystream(
    key: &[u8],
    counter_block: &[u8; 16],
    out: &mut [u8],
) -> Result<()> {
    out.fill(0);
    let failed = |_| Error::internal("AES-CTR refused a key");
    let key = EncryptingKey::ctr(UnboundCipherKey::new(&AES_256, key).map_err(failed)?)
        .map_err(failed)?;
    let iv = EncryptionContext::Iv128(FixedLength::from(*counter_block));
    key.less_safe_encrypt(out, iv).map(drop).map_err(failed)
}

/// A P-384 key pair for one item.
pub(crate) struct SigningKey(EcdsaKeyPair);

impl SigningKey {
    pub(crate) fn generate() -> Result<Self> {
        EcdsaKeyPair::generate(&ECDSA_P384_SHA384_FIXED_SIGNING)
            .map(Self)
            .map_err(|_| Error::internal("the machine gives no randomness"))
    }

    /// The compressed point (SEC 1, section 2.3.3), 49 bytes.
    pub(crate) fn public_key(&self) -> [u8; PUBLIC_KEY_LEN_BYTES] {
        // Uncompressed: 04 ‖ x ‖ y. Compressed: 02 or 03, by the lowest bit of y, ‖ x.
        let uncompressed = self.0.public_key().as_ref();
        let mut compressed = [0; PUBLIC_KEY_LEN_BYTES];
        compressed.iter_mut().zip(uncompressed).for_each(|(out, byte)| *out = *byte);
        if let Some(form) = compressed.first_mut() {
            *form = 2 + (uncompressed.last().copied().unwrap_or(0) & 1);
        }
        compressed
    }

    /// ECDSA with SHA-384 over `message`, as DER of 103 bytes.
    pub(crate) fn sign(&self, message: &[u8]) -> Result<[u8; SIGNATURE_LEN_BYTES]> {
        loop {
            let fixed = self
                .0
                .sign(&SystemRandom::new(), message)
                .map_err(|_| Error::internal("the machine gives no randomness"))?;
            if let Some(der) = to_der_103(fixed.as_ref()) {
                return Ok(der);
            }
        }
    }
}

/// Verifies a DER signature; the key is a SEC 1 point, compressed or not.
pub(crate) fn verify(public_key: &[u8], message: &[u8], der: &[u8]) -> Result<()> {
    UnparsedPublicKey::new(&ECDSA_P384_SHA384_ASN1, public_key)
        .verify(message, der)
        .map_err(|_| Error::authentication())
}
