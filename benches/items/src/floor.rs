//! The floor: the cryptography that an item cannot do without, called back to back on buffers of the item's true sizes,
//! through AWS-LC. Nothing is parsed, copied, ordered or allocated.

use std::hint::black_box;
use std::time::{Duration, Instant};

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use aws_lc_rs::cipher::{AES_256, EncryptingKey, EncryptionContext, UnboundCipherKey};
use aws_lc_rs::error::Unspecified;
use aws_lc_rs::iv::FixedLength;
use aws_lc_rs::rand::{SecureRandom, SystemRandom};
use aws_lc_rs::signature::{
    ECDSA_P384_SHA384_ASN1, ECDSA_P384_SHA384_ASN1_SIGNING, EcdsaKeyPair, KeyPair,
    UnparsedPublicKey,
};
use aws_lc_rs::{digest, hmac};

use crate::case::Direction;
use crate::sizes::Sizes;

type Result<T> = std::result::Result<T, Unspecified>;

/// The primitives of one row, and their buffers.
#[derive(Debug)]
pub struct Floor {
    sizes: Sizes,
    direction: Direction,
    buffer: Vec<u8>,
    keystream: Vec<u8>,
    /// Sealed fields, to be opened: with their tags.
    sealed: Vec<Vec<u8>>,
    wrapped: [u8; 48],
    public_key: Vec<u8>,
    signature: Vec<u8>,
}

const KEY: [u8; 32] = [7; 32];

fn gcm(key: &[u8]) -> Result<LessSafeKey> {
    UnboundKey::new(&AES_256_GCM, key).map(LessSafeKey::new)
}

fn nonce() -> Nonce {
    Nonce::assume_unique_for_key([3; 12])
}

fn seal(key: &[u8], aad: &[u8], text: &mut [u8]) -> Result<()> {
    gcm(key)?.seal_in_place_separate_tag(nonce(), Aad::from(aad), text).map(|tag| {
        let _ = black_box(tag);
    })
}

fn open(key: &[u8], aad: &[u8], text: &mut [u8]) -> Result<()> {
    gcm(key)?.open_in_place(nonce(), Aad::from(aad), text).map(|text| {
        black_box(text);
    })
}

/// HKDF-SHA-512, extracted once and expanded twice, to 32 bytes each.
fn derive(key: &[u8], label: &[u8]) -> hmac::Tag {
    let extracted = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA512, &[]), key);
    let expand = hmac::Key::new(hmac::HMAC_SHA512, extracted.as_ref());
    black_box(hmac::sign(&expand, label));
    hmac::sign(&expand, label)
}

fn part(bytes: &[u8], length: usize) -> Result<&[u8]> {
    bytes.get(..length).ok_or(Unspecified)
}

impl Floor {
    /// The primitives for items of these sizes.
    ///
    /// # Errors
    /// If the machine gives no randomness.
    pub fn new(sizes: &Sizes, direction: Direction) -> Result<Self> {
        let buffer = vec![0x5a; sizes.record + sizes.header + sizes.context];
        let seal = |length: usize, path: usize| {
            let mut field = vec![0; length];
            let aad = Aad::from(part(&buffer, path)?);
            gcm(&KEY)?.seal_in_place_append_tag(nonce(), aad, &mut field).map(|()| field)
        };
        let sealed = sizes.fields.iter().map(|&(length, path)| seal(length, path));
        let sealed = sealed.collect::<Result<Vec<_>>>()?;
        let wrapped = seal(32, sizes.context)?.try_into().map_err(|_| Unspecified)?;
        let pair = EcdsaKeyPair::generate(&ECDSA_P384_SHA384_ASN1_SIGNING)?;
        let signature = pair.sign(&SystemRandom::new(), &[0; 48])?.as_ref().to_vec();
        // Compressed, as the format stores it.
        let point = pair.public_key().as_ref();
        let odd = point.last().copied().unwrap_or_default() & 1;
        let public_key = [&[2 + odd], point.get(1..49).ok_or(Unspecified)?].concat();
        let keystream = vec![0; 48 * sizes.fields.len()];
        let sizes = sizes.clone();
        Ok(Self { sizes, direction, buffer, keystream, sealed, wrapped, public_key, signature })
    }

    /// The time of `count` items.
    ///
    /// # Errors
    /// None that is expected.
    pub fn time(&mut self, count: u32) -> Result<Duration> {
        let sealed: Vec<_> = match self.direction {
            Direction::Encrypt => Vec::new(),
            Direction::Decrypt => (0..count).map(|_| self.sealed.clone()).collect(),
        };
        let mut sealed = sealed.into_iter();
        let mut opened = Vec::with_capacity(sealed.len());
        let begun = Instant::now();
        for _ in 0..count {
            match self.direction {
                Direction::Encrypt => self.encrypt()?,
                Direction::Decrypt => {
                    let mut fields = sealed.next().ok_or(Unspecified)?;
                    self.decrypt(&mut fields)?;
                    opened.push(fields);
                }
            }
        }
        Ok(begun.elapsed())
    }

    fn encrypt(&mut self) -> Result<()> {
        let random = SystemRandom::new();
        let (mut data_key, mut intermediate, mut id) = ([0; 32], [0; 32], [0; 32]);
        random.fill(&mut data_key)?;
        random.fill(&mut intermediate)?;
        random.fill(&mut [0; 12])?;
        random.fill(&mut id)?;
        let context = part(&self.buffer, self.sizes.context)?;
        let wrapping = derive(&intermediate, b"AWS_MPL_INTERMEDIATE_KEYWRAP_ENC");
        seal(part(wrapping.as_ref(), 32)?, context, &mut data_key.clone())?;
        seal(&KEY, context, &mut intermediate)?;
        self.derive_and_authenticate(&data_key)?;
        for &(length, path) in &self.sizes.fields {
            let (aad, text) = self.buffer.split_at_mut_checked(path).ok_or(Unspecified)?;
            seal(&KEY, aad, text.get_mut(..length).ok_or(Unspecified)?)?;
        }
        if self.sizes.signed {
            let pair = EcdsaKeyPair::generate(&ECDSA_P384_SHA384_ASN1_SIGNING)?;
            black_box(pair.sign(&random, &[0; 48])?);
        }
        Ok(())
    }

    fn decrypt(&mut self, fields: &mut [Vec<u8>]) -> Result<()> {
        let context = part(&self.buffer, self.sizes.context)?;
        let mut wrapped = self.wrapped;
        open(&KEY, context, &mut wrapped)?;
        black_box(derive(part(&wrapped, 32)?, b"AWS_MPL_INTERMEDIATE_KEYWRAP_ENC"));
        let mut data_key = self.wrapped;
        open(&KEY, context, &mut data_key)?;
        self.derive_and_authenticate(part(&data_key, 32)?)?;
        for (&(_, path), field) in self.sizes.fields.iter().zip(fields) {
            open(&KEY, part(&self.buffer, path)?, field)?;
        }
        if self.sizes.signed {
            let key = UnparsedPublicKey::new(&ECDSA_P384_SHA384_ASN1, &self.public_key);
            key.verify(&[0; 48], &self.signature)?;
        }
        Ok(())
    }

    /// What both directions do alike: the item's keys, the commitment, the fields' keys, the record and its tag.
    fn derive_and_authenticate(&mut self, data_key: &[u8]) -> Result<()> {
        // The label and the message id.
        let keys = derive(data_key, part(&self.buffer, 18 + 32)?);
        let commit = hmac::Key::new(hmac::HMAC_SHA512, part(keys.as_ref(), 32)?);
        black_box(hmac::sign(&commit, part(&self.buffer, self.sizes.header - 32)?));
        let key = EncryptingKey::ctr(UnboundCipherKey::new(&AES_256, part(keys.as_ref(), 32)?)?)?;
        let iv = EncryptionContext::Iv128(FixedLength::from([0; 16]));
        black_box(key.less_safe_encrypt(&mut self.keystream, iv)?);
        let digest = digest::digest(&digest::SHA384, part(&self.buffer, self.sizes.record)?);
        let tag = hmac::Key::new(hmac::HMAC_SHA384, part(keys.as_ref(), 32)?);
        black_box(hmac::sign(&tag, digest.as_ref()));
        Ok(())
    }
}
