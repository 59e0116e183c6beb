//! Intermediate key wrapping: what every keyring of this format has in common.
//!
//! The provider wraps a random intermediate key. From it two keys are derived: one wraps the data
//! key, the other makes the recipient's tag in the footer.
//! Source: [algorithm suites, intermediate key wrapping](https://github.com/awslabs/aws-encryption-sdk-specification/blob/master/framework/algorithm-suites.md#algorithm-suites-edk-wrapping-settings).

use crate::context::EncryptionContext;
use crate::crypto::{self, Hkdf, NONCE_LEN_BYTES, TAG_LEN_BYTES};
use crate::error::{Error, Result};
use crate::materials::{EncryptedDataKey, Recipient, Unwrapped, WrapRequest};
use zeroize::Zeroizing;

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

/// A key that wraps one data key, where it is used.
pub(crate) type EncryptionKey = Zeroizing<[u8; 32]>;

/// The two keys that are derived from an intermediate key: one is given, the other is filled in.
pub(crate) fn derive(
    intermediate: &IntermediateKey,
    encryption: &mut EncryptionKey,
) -> Result<RecipientMacKey> {
    let hkdf = Hkdf::extract(&[], intermediate.expose());
    hkdf.expand_into(&[ENCRYPTION_LABEL], &mut **encryption)?;
    hkdf.expand(&[MAC_LABEL]).map(RecipientMacKey)
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
    let mut key = EncryptionKey::default();
    let mac_key = derive(intermediate, &mut key)?;
    let aad = additional_data(request.context)?;
    let mut ciphertext = Vec::with_capacity(WRAPPED_LEN_BYTES + provider_part.len());
    ciphertext.extend(request.data_key.0.expose());
    let tag = crypto::aes_gcm_seal(&*key, &NONCE, aad, &mut ciphertext)?;
    ciphertext.extend(tag);
    ciphertext.extend(provider_part);
    let edk = EncryptedDataKey::new(provider_id, provider_info, ciphertext)?;
    Ok(Recipient::new(edk, mac_key))
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
    let mut key = EncryptionKey::default();
    let mac_key = derive(intermediate, &mut key)?;
    let aad = additional_data(context)?;
    let mut opened = Zeroizing::new(*part.wrapped);
    crypto::aes_gcm_open(&*key, &NONCE, aad, &mut *opened)?;
    let data_key = opened
        .first_chunk::<DATA_KEY_LEN_BYTES>()
        .and_then(|bytes| Secret::copy_of(bytes))
        .ok_or_else(|| Error::internal("data key length"))?;
    Ok(Unwrapped::new(DataKey(data_key), mac_key))
}

/// The additional data of every wrapping: the context's canonical form, or nothing if it is empty.
pub(super) fn additional_data(context: &EncryptionContext) -> Result<&[u8]> {
    if context.is_empty() { Ok(&[]) } else { context.as_bytes() }
}
