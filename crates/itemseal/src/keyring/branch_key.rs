use std::fmt;

use zeroize::Zeroizing;

use super::wrapping::{ProviderPart, additional_data, unwrap_data_key};
use super::{Keyring, KeyringFuture};
use crate::context::EncryptionContext;
use crate::crypto::{self, NONCE_LEN_BYTES, TAG_LEN_BYTES};
use crate::error::{Error, Result};
use crate::materials::{EncryptedDataKey, Recipient, UnwrapRequest, Unwrapped, WrapRequest};
use crate::secret::{IntermediateKey, Secret};

/// The provider id of a hierarchical keyring, and the label of its key derivation.
pub(super) const PROVIDER_ID: &str = "aws-kms-hierarchy";
/// `salt 16 ‖ nonce 12 ‖ version 16 ‖ key 32 ‖ tag 16`.
const PART_LEN_BYTES: usize = 92;

/// A version of a branch key, as a key store holds it: 256 bits that wrap many data keys.
/// Wiped on drop; unprintable.
pub struct BranchKey {
    id: String,
    version: [u8; 16],
    key: Secret<32>,
}

impl BranchKey {
    /// A branch key with its id, the 16 bytes of its version's UUID, and its 32 bytes.
    ///
    /// # Errors
    /// [`Misuse`](crate::ErrorKind::Misuse) if the key is not 32 bytes.
    pub fn new(id: impl Into<String>, version: [u8; 16], key: impl AsRef<[u8]>) -> Result<Self> {
        let key = Secret::copy_of(key.as_ref())
            .ok_or_else(|| Error::misuse("a branch key has 32 bytes"))?;
        Ok(Self { id: id.into(), version, key })
    }

    pub(crate) fn of(id: String, version: [u8; 16], key: Secret<32>) -> Self {
        Self { id, version, key }
    }

    /// Its id.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The 16 bytes of its version's UUID.
    pub fn version(&self) -> &[u8; 16] {
        &self.version
    }

    /// The key that wraps one data key: NIST SP 800-108 in counter mode with HMAC-SHA-256, one
    /// block, `u32 1 ‖ label ‖ 0 ‖ salt ‖ u32 256 (bits)`.
    pub(crate) fn derive(&self, salt: &[u8; 16]) -> Result<Secret<32>> {
        let (counter, bits) = (1u32.to_be_bytes(), 256u32.to_be_bytes());
        let parts: [&[u8]; 5] = [&counter, PROVIDER_ID.as_bytes(), &[0], salt, &bits];
        Secret::fill(|out| {
            *out = crypto::hmac_sha256(self.key.expose(), &parts)?;
            Ok(())
        })
    }
}

impl BranchKey {
    /// The provider's part of an encrypted data key: the intermediate key under a key of its own.
    pub(crate) fn seal(
        &self,
        intermediate: &IntermediateKey,
        context: &EncryptionContext,
    ) -> Result<Vec<u8>> {
        let (mut salt, mut nonce) = ([0; 16], [0; NONCE_LEN_BYTES]);
        crypto::random(&mut salt)?;
        crypto::random(&mut nonce)?;
        let wrapping_key = self.derive(&salt)?;
        let mut sealed = Zeroizing::new(intermediate.expose().to_vec());
        let aad = self.additional_data(context)?;
        let tag = crypto::aes_gcm_seal(wrapping_key.expose(), &nonce, &aad, &mut sealed)?;
        let mut part = Vec::with_capacity(PART_LEN_BYTES);
        part.extend(salt);
        part.extend(nonce);
        part.extend(self.version);
        part.extend(sealed.iter());
        part.extend(tag);
        Ok(part)
    }

    /// The provider id, the branch key's id and version, and the full context.
    fn additional_data(&self, context: &EncryptionContext) -> Result<Vec<u8>> {
        let mut aad = PROVIDER_ID.as_bytes().to_vec();
        aad.extend(self.id.as_bytes());
        aad.extend(self.version);
        aad.extend(additional_data(context)?);
        Ok(aad)
    }
}

impl fmt::Debug for BranchKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BranchKey").field("id", &self.id).finish_non_exhaustive()
    }
}

/// Reads items that a hierarchical keyring wrote, under branch keys that are given.
///
/// It does not write: without a key store there is no active version to write under.
/// Source: [AWS KMS hierarchical keyring](https://github.com/awslabs/aws-encryption-sdk-specification/blob/master/framework/aws-kms/aws-kms-hierarchical-keyring.md).
#[derive(Debug)]
pub struct BranchKeyring {
    keys: Vec<BranchKey>,
}

impl BranchKeyring {
    /// A keyring over the given versions of branch keys.
    pub fn new(keys: impl IntoIterator<Item = BranchKey>) -> Self {
        Self { keys: keys.into_iter().collect() }
    }

    fn unwrap_now(&self, request: UnwrapRequest<'_>) -> Result<Unwrapped> {
        for edk in request.edks.iter().filter(|edk| edk.provider_id() == PROVIDER_ID) {
            let Some((part, sealed)) = Sealed::of(edk) else { continue };
            let key = self.keys.iter().find(|key| {
                key.id.as_bytes() == edk.provider_info() && key.version == *sealed.version
            });
            let Some(key) = key else { continue };
            let Ok(intermediate) = sealed.open(key, request.context) else { continue };
            if let Ok(unwrapped) = unwrap_data_key(request.context, &intermediate, part) {
                return Ok(unwrapped);
            }
        }
        Err(Error::authentication())
    }
}

/// The provider's part: `salt 16 ‖ nonce 12 ‖ version 16 ‖ AES-256-GCM(intermediate key) 48`.
pub(crate) struct Sealed<'a> {
    pub(crate) salt: &'a [u8; 16],
    nonce: &'a [u8; 12],
    pub(crate) version: &'a [u8; 16],
    ciphertext: &'a [u8; 32 + TAG_LEN_BYTES],
}

impl<'a> Sealed<'a> {
    pub(crate) fn of(edk: &'a EncryptedDataKey) -> Option<(ProviderPart<'a>, Self)> {
        let part = ProviderPart::of(edk)?;
        let (salt, rest) = part.bytes.split_first_chunk()?;
        let (nonce, rest) = rest.split_first_chunk()?;
        let (version, rest) = rest.split_first_chunk()?;
        Some((part, Self { salt, nonce, version, ciphertext: rest.try_into().ok()? }))
    }

    pub(crate) fn open(
        &self,
        key: &BranchKey,
        context: &EncryptionContext,
    ) -> Result<IntermediateKey> {
        let wrapping_key = key.derive(self.salt)?;
        let aad = key.additional_data(context)?;
        let opened: Secret<{ 32 + TAG_LEN_BYTES }> = Secret::fill(|buffer| {
            *buffer = *self.ciphertext;
            crypto::aes_gcm_open(wrapping_key.expose(), self.nonce, &aad, buffer).map(drop)
        })?;
        let (key, _) = opened.expose().split_at(32);
        IntermediateKey::from_provider(key)
    }
}

impl Keyring for BranchKeyring {
    fn wrap<'a>(&'a self, _: WrapRequest<'a>) -> KeyringFuture<'a, Vec<Recipient>> {
        Box::pin(async {
            Err(Error::misuse(
                "a keyring over given branch keys only reads; write with a keyring over a key store",
            ))
        })
    }

    fn unwrap<'a>(&'a self, request: UnwrapRequest<'a>) -> KeyringFuture<'a, Unwrapped> {
        Box::pin(async move { self.unwrap_now(request) })
    }
}
