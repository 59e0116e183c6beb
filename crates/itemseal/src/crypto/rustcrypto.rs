//! Pure Rust: the RustCrypto crates.

use aes::cipher::{KeyIvInit, StreamCipher};
use aes::{Aes192, Aes256};
use aes_gcm::aead::consts::U12;
use aes_gcm::aead::{AeadInOut, Key, KeyInit, Nonce, Tag};
use aes_gcm::{Aes128Gcm, Aes256Gcm, AesGcm};
use hmac::{Hmac, Mac};
use p384::ecdsa::signature::{RandomizedSigner, Signer, Verifier};
use p384::ecdsa::{DerSignature, Signature, VerifyingKey};
use p384::elliptic_curve::Generate;
use sha2::{Digest, Sha256, Sha512};

use super::signature::to_der_103;
use super::{
    NONCE_LEN_BYTES, PUBLIC_KEY_LEN_BYTES, SHA384_LEN_BYTES, SIGNATURE_LEN_BYTES, TAG_LEN_BYTES,
};
use crate::error::{Error, Result};

pub(crate) fn random(out: &mut [u8]) -> Result<()> {
    getrandom::fill(out).map_err(no_randomness)
}

fn no_randomness(source: impl std::error::Error + Send + Sync + 'static) -> Error {
    Error::internal("the machine gives no randomness").with_source(source)
}

/// HKDF-SHA-512 (RFC 5869), extracted once and expanded as often as needed.
pub(crate) struct Hkdf(hkdf::Hkdf<Sha512>);

impl Hkdf {
    /// An empty `salt` stands for 64 zero bytes.
    pub(crate) fn extract(salt: &[u8], ikm: &[u8]) -> Self {
        Self(hkdf::Hkdf::new(Some(salt), ikm))
    }

    /// Fills `out`; at most 16,320 bytes.
    pub(crate) fn expand_into(&self, info: &[&[u8]], out: &mut [u8]) -> Result<()> {
        self.0.expand_multi_info(info, out).map_err(|_| Error::internal("HKDF output too long"))
    }
}

macro_rules! hmac_function {
    ($name:ident, $hash:ty, $length:expr) => {
        pub(crate) fn $name(key: &[u8], data: &[&[u8]]) -> Result<[u8; $length]> {
            let mut mac = Hmac::<$hash>::new_from_slice(key)
                .map_err(|_| Error::internal("HMAC refused a key"))?;
            data.iter().for_each(|part| mac.update(part));
            Ok(mac.finalize().into_bytes().into())
        }
    };
}
hmac_function!(hmac_sha256, Sha256, 32);
hmac_function!(hmac_sha384, sha2::Sha384, 48);
hmac_function!(hmac_sha512, Sha512, 64);

pub(crate) struct Sha384(sha2::Sha384);

impl Sha384 {
    pub(crate) fn new() -> Self {
        Self(sha2::Sha384::new())
    }

    pub(crate) fn update(&mut self, data: &[u8]) {
        self.0.update(data);
    }

    pub(crate) fn finish(self) -> [u8; SHA384_LEN_BYTES] {
        self.0.finalize().into()
    }
}

/// AES-128, -192 or -256 in GCM (NIST SP 800-38D) by the key's length; encrypts in place.
pub(crate) fn aes_gcm_seal(
    key: &[u8],
    nonce: &[u8; NONCE_LEN_BYTES],
    aad: &[u8],
    in_out: &mut [u8],
) -> Result<[u8; TAG_LEN_BYTES]> {
    match key.len() {
        16 => seal::<Aes128Gcm>(key, nonce, aad, in_out),
        24 => seal::<AesGcm<Aes192, U12>>(key, nonce, aad, in_out),
        _ => seal::<Aes256Gcm>(key, nonce, aad, in_out),
    }
}

/// Decrypts ciphertext ‖ tag in place and gives the plaintext's length.
/// A failed tag is an authentication error and leaves nothing to use.
pub(crate) fn aes_gcm_open(
    key: &[u8],
    nonce: &[u8; NONCE_LEN_BYTES],
    aad: &[u8],
    in_out: &mut [u8],
) -> Result<usize> {
    match key.len() {
        16 => open::<Aes128Gcm>(key, nonce, aad, in_out),
        24 => open::<AesGcm<Aes192, U12>>(key, nonce, aad, in_out),
        _ => open::<Aes256Gcm>(key, nonce, aad, in_out),
    }
}

fn cipher<A: KeyInit>(key: &[u8]) -> Result<A> {
    let key = <&Key<A>>::try_from(key).map_err(|_| Error::internal("wrong AES key length"))?;
    Ok(A::new(key))
}

fn seal<A: AeadInOut + KeyInit>(
    key: &[u8],
    nonce: &[u8; NONCE_LEN_BYTES],
    aad: &[u8],
    in_out: &mut [u8],
) -> Result<[u8; TAG_LEN_BYTES]> {
    let nonce = <&Nonce<A>>::try_from(&nonce[..]).map_err(|_| Error::internal("nonce length"))?;
    let tag = cipher::<A>(key)?
        .encrypt_inout_detached(nonce, aad, in_out.into())
        .map_err(|_| Error::too_large("a value is longer than AES-GCM can encrypt"))?;
    tag[..].try_into().map_err(|_| Error::internal("tag length"))
}

fn open<A: AeadInOut + KeyInit>(
    key: &[u8],
    nonce: &[u8; NONCE_LEN_BYTES],
    aad: &[u8],
    in_out: &mut [u8],
) -> Result<usize> {
    let nonce = <&Nonce<A>>::try_from(&nonce[..]).map_err(|_| Error::internal("nonce length"))?;
    let (ciphertext, tag) =
        in_out.split_last_chunk_mut::<TAG_LEN_BYTES>().ok_or_else(Error::authentication)?;
    let tag = <&Tag<A>>::try_from(&tag[..]).map_err(|_| Error::internal("tag length"))?;
    cipher::<A>(key)?
        .decrypt_inout_detached(nonce, aad, (&mut *ciphertext).into(), tag)
        .map_err(|_| Error::authentication())?;
    Ok(ciphertext.len())
}

/// AES-256-CTR (NIST SP 800-38A, 128-bit big-endian counter) over zeros.
pub(crate) fn aes_256_ctr_keystream(
    key: &[u8],
    counter_block: &[u8; 16],
    out: &mut [u8],
) -> Result<()> {
    out.fill(0);
    ctr::Ctr128BE::<Aes256>::new_from_slices(key, counter_block)
        .map_err(|_| Error::internal("wrong AES key length"))?
        .try_apply_keystream(out)
        .map_err(|_| Error::too_large("too many encrypted attributes"))
}

/// A P-384 key pair for one item.
pub(crate) struct SigningKey(p384::ecdsa::SigningKey);

impl SigningKey {
    pub(crate) fn generate() -> Result<Self> {
        p384::ecdsa::SigningKey::try_generate().map(Self).map_err(no_randomness)
    }

    /// The compressed point (SEC 1, section 2.3.3), 49 bytes.
    pub(crate) fn public_key(&self) -> [u8; PUBLIC_KEY_LEN_BYTES] {
        let point = self.0.verifying_key().to_sec1_point(true);
        let mut compressed = [0; PUBLIC_KEY_LEN_BYTES];
        compressed.iter_mut().zip(point.as_bytes()).for_each(|(out, byte)| *out = *byte);
        compressed
    }

    /// ECDSA with SHA-384 over `message`, as DER of 103 bytes.
    pub(crate) fn sign(&self, message: &[u8]) -> Result<[u8; SIGNATURE_LEN_BYTES]> {
        // Deterministic (RFC 6979) first; if that has another length, with fresh randomness mixed in.
        let mut signature: Signature = self.0.sign(message);
        loop {
            if let Some(der) = to_der_103(&signature.to_bytes()) {
                return Ok(der);
            }
            signature =
                self.0.try_sign_with_rng(&mut getrandom::SysRng, message).map_err(no_randomness)?;
        }
    }
}

/// Verifies a DER signature; the key is a SEC 1 point, compressed or not.
pub(crate) fn verify(public_key: &[u8], message: &[u8], der: &[u8]) -> Result<()> {
    let verified = || {
        let key = VerifyingKey::from_sec1_bytes(public_key).ok()?;
        let signature = DerSignature::from_bytes(der).ok()?;
        key.verify(message, &signature).ok()
    };
    verified().ok_or_else(Error::authentication)
}
