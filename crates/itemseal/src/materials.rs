//! What passes between an item's encryption and a keyring.

use std::fmt;

use crate::context::{EncryptionContext, PUBLIC_KEY, Text};
use crate::crypto::SigningKey;
use crate::error::{Error, Result};
use crate::secret::{DataKey, RecipientMacKey, Secret};
use crate::suite::AlgorithmSuite;

/// A data key as one recipient can unwrap it; it stands in the item's header.
///
/// Source: [encrypted data keys](https://github.com/aws/aws-database-encryption-sdk-dynamodb/blob/main/specification/structured-encryption/header.md#encrypted-data-keys).
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct EncryptedDataKey {
    provider_id: String,
    provider_info: Vec<u8>,
    ciphertext: Vec<u8>,
}

impl EncryptedDataKey {
    /// Most bytes that each of the three parts may have.
    pub const MAX_PART_LEN_BYTES: usize = 65_535;

    /// An encrypted data key of three parts, each of at most 65,535 bytes.
    ///
    /// # Errors
    /// [`TooLarge`](crate::ErrorKind::TooLarge) if a part is longer.
    pub fn new(
        provider_id: impl Into<String>,
        provider_info: impl Into<Vec<u8>>,
        ciphertext: impl Into<Vec<u8>>,
    ) -> Result<Self> {
        let edk = Self {
            provider_id: provider_id.into(),
            provider_info: provider_info.into(),
            ciphertext: ciphertext.into(),
        };
        let longest = edk.provider_id.len().max(edk.provider_info.len()).max(edk.ciphertext.len());
        if longest > Self::MAX_PART_LEN_BYTES {
            return Err(Error::too_large(format!(
                "a part of an encrypted data key has {longest} bytes; at most 65,535 are allowed"
            )));
        }
        Ok(edk)
    }

    /// Which kind of keyring wrote it: `aws-kms`, `aws-kms-hierarchy`, or a raw keyring's namespace.
    pub fn provider_id(&self) -> &str {
        &self.provider_id
    }

    /// Which key wrapped it: for KMS the key's ARN.
    pub fn provider_info(&self) -> &[u8] {
        &self.provider_info
    }

    /// The wrapped data key (48 bytes) and the provider's own part.
    pub fn ciphertext(&self) -> &[u8] {
        &self.ciphertext
    }
}

impl fmt::Debug for EncryptedDataKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EncryptedDataKey")
            .field("provider_id", &self.provider_id)
            .field("provider_info", &String::from_utf8_lossy(&self.provider_info))
            .field("ciphertext_bytes", &self.ciphertext.len())
            .finish()
    }
}

/// One recipient of a data key: what goes into the header, and the key of its tag in the footer.
#[non_exhaustive]
#[derive(Debug)]
pub struct Recipient {
    /// For the header.
    pub edk: EncryptedDataKey,
    /// For the recipient's tag in the footer.
    pub mac_key: RecipientMacKey,
}

impl Recipient {
    /// A recipient; [`wrap_data_key`](crate::keyring::wrap_data_key) makes both parts.
    pub fn new(edk: EncryptedDataKey, mac_key: RecipientMacKey) -> Self {
        Self { edk, mac_key }
    }
}

/// What a keyring is asked when an item is written: wrap this data key under this context.
#[non_exhaustive]
#[derive(Clone, Copy, Debug)]
pub struct WrapRequest<'a> {
    /// The suite that the item is written with.
    pub suite: AlgorithmSuite,
    /// The full encryption context.
    pub context: &'a EncryptionContext,
    /// The item's data key.
    pub data_key: &'a DataKey,
}

/// What a keyring is asked when an item is read: unwrap one of these under this context.
#[non_exhaustive]
#[derive(Clone, Copy, Debug)]
pub struct UnwrapRequest<'a> {
    /// The suite that the item was written with.
    pub suite: AlgorithmSuite,
    /// The full encryption context.
    pub context: &'a EncryptionContext,
    /// The encrypted data keys of the item's header, in their order.
    pub edks: &'a [EncryptedDataKey],
}

/// A data key that a keyring has unwrapped.
#[non_exhaustive]
#[derive(Debug)]
pub struct Unwrapped {
    /// The item's data key.
    pub data_key: DataKey,
    /// The key of the recipient's tag.
    pub mac_key: RecipientMacKey,
}

impl Unwrapped {
    /// An unwrapped key; [`unwrap_data_key`](crate::keyring::unwrap_data_key) makes both parts.
    pub fn new(data_key: DataKey, mac_key: RecipientMacKey) -> Self {
        Self { data_key, mac_key }
    }

    /// For a cache, which keeps one and gives one.
    pub(crate) fn copy(&self) -> Self {
        let Self { data_key, mac_key } = self;
        Self { data_key: DataKey(data_key.0.copy()), mac_key: RecipientMacKey(mac_key.0.copy()) }
    }
}

/// What an item is encrypted with, before a keyring has wrapped it: a fresh data key, the full
/// context, and for the signed suite a fresh key pair whose public key is in the context.
pub(crate) struct EncryptionMaterials {
    pub(crate) suite: AlgorithmSuite,
    pub(crate) context: EncryptionContext,
    pub(crate) data_key: DataKey,
    pub(crate) signing_key: Option<SigningKey>,
}

impl EncryptionMaterials {
    pub(crate) fn generate(suite: AlgorithmSuite, context: EncryptionContext) -> Result<Self> {
        Self::with_data_key(suite, context, DataKey(Secret::random()?))
    }

    /// For an item that has its data key already, and gets a new key pair.
    pub(crate) fn with_data_key(
        suite: AlgorithmSuite,
        mut context: EncryptionContext,
        data_key: DataKey,
    ) -> Result<Self> {
        let signing_key = suite.is_signed().then(SigningKey::generate).transpose()?;
        if let Some(key) = &signing_key {
            use base64::Engine;
            let text = base64::engine::general_purpose::STANDARD.encode(key.public_key());
            context.set(Text::Constant(PUBLIC_KEY), Text::Shared(text.into()));
        }
        Ok(Self { suite, context, data_key, signing_key })
    }

    pub(crate) fn request(&self) -> WrapRequest<'_> {
        WrapRequest { suite: self.suite, context: &self.context, data_key: &self.data_key }
    }
}
