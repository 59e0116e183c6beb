//! Intermediate key wrapping: what every keyring of this format has in common.
//!
//! The provider wraps a random intermediate key. From it two keys are derived: one wraps the data
//! key, the other makes the recipient's tag in the footer.
//! Source: [algorithm suites, intermediate key wrapping](https://github.com/awslabs/aws-encryption-sdk-specification/blob/master/framework/algorithm-suites.md#algorithm-suites-edk-wrapping-settings).

use crate::context::EncryptionContext;
use crate::crypto::{self, Hkdf, NONCE_LEN_BYTES, TAG_LEN_BYTES};
use crate::error::{Error, Result};
use crate::materials::{EncryptedDataKey, Recipient, Unwrapped, WrapRequest};
use crate::secret::{DataKey, IntermediateKey, RecipientMacKey, Secret};

const MAC_LABEL: &[u8] = b"AWS_MPL_INTERMEDIATE_KEYWRAP_MAC";
const ENCRYPTION_LABEL: &[u8] = b"AWS_MPL_INTERMEDIATE_KEYWRAP_ENC";
/// The key-encryption key is used once, for one data key, so its nonce may be constant.
const NONCE: [u8; NONCE_LEN_BYTES] = [0; NONCE_LEN_BYTES];
/// Length in bytes of a data key.
const DATA_KEY_LEN_BYTES: usize = 32;
/// Length in bytes of a data key under a key-encryption key.
const WRAPPED_LEN_BYTES: usize = DATA_KEY_LEN_BYTES + TAG_LEN_BYTES;

/// An encrypted data key's ciphertext, parted into the wrapped data key and what the provider wrote.
#[non_exhaustive]
#[derive(Clone, Copy, Debug)]
pub struct ProviderPart<'a> {
    /// The intermediate key as the provider wrapped it.
    pub bytes: &'a [u8],
    wrapped: &'a [u8; WRAPPED_LEN_BYTES],
}

impl<'a> ProviderPart<'a> {
    /// Parts the ciphertext of `edk`; `None` if it is too short to be one.
    pub fn of(edk: &'a EncryptedDataKey) -> Option<Self> {
        let (wrapped, bytes) = edk.ciphertext().split_first_chunk()?;
        Some(Self { bytes, wrapped })
    }
}

/// The two keys that are derived from an intermediate key.
pub(crate) struct Derived {
    pub(crate) mac: RecipientMacKey,
    pub(crate) encryption: Secret<32>,
}

pub(crate) fn derive(intermediate: &IntermediateKey) -> Result<Derived> {
    let hkdf = Hkdf::extract(&[], intermediate.expose());
    Ok(Derived {
        mac: RecipientMacKey(hkdf.expand(&[MAC_LABEL])?),
        encryption: hkdf.expand(&[ENCRYPTION_LABEL])?,
    })
}

/// Makes a recipient from an intermediate key and what the provider made of it.
///
/// # Errors
/// [`TooLarge`](crate::ErrorKind::TooLarge) if the context or the provider's part is too long.
pub fn wrap_data_key(
    request: WrapRequest<'_>,
    intermediate: &IntermediateKey,
    provider_id: &str,
    provider_info: &[u8],
    provider_part: &[u8],
) -> Result<Recipient> {
    let keys = derive(intermediate)?;
    let aad = additional_data(request.context)?;
    let mut ciphertext = Vec::with_capacity(WRAPPED_LEN_BYTES + provider_part.len());
    ciphertext.extend(request.data_key.0.expose());
    let tag = crypto::aes_gcm_seal(keys.encryption.expose(), &NONCE, &aad, &mut ciphertext)?;
    ciphertext.extend(tag);
    ciphertext.extend(provider_part);
    let edk = EncryptedDataKey::new(provider_id, provider_info, ciphertext)?;
    Ok(Recipient::new(edk, keys.mac))
}

/// Opens a data key with the intermediate key that the provider has unwrapped.
///
/// # Errors
/// [`Authentication`](crate::ErrorKind::Authentication) if it does not open.
pub fn unwrap_data_key(
    context: &EncryptionContext,
    intermediate: &IntermediateKey,
    part: ProviderPart<'_>,
) -> Result<Unwrapped> {
    let keys = derive(intermediate)?;
    let aad = additional_data(context)?;
    let opened: Secret<WRAPPED_LEN_BYTES> = Secret::fill(|buffer| {
        buffer.copy_from_slice(part.wrapped);
        crypto::aes_gcm_open(keys.encryption.expose(), &NONCE, &aad, buffer).map(drop)
    })?;
    let data_key = opened
        .expose()
        .first_chunk::<DATA_KEY_LEN_BYTES>()
        .and_then(|bytes| Secret::copy_of(bytes))
        .ok_or_else(|| Error::internal("data key length"))?;
    Ok(Unwrapped::new(DataKey(data_key), keys.mac))
}

/// The additional data of every wrapping: the context's canonical form, or nothing if it is empty.
pub(super) fn additional_data(context: &EncryptionContext) -> Result<Vec<u8>> {
    if context.is_empty() { Ok(Vec::new()) } else { context.to_bytes() }
}
