//! Wrapping under an agreed secret.
//!
//! Source: [key agreement schemas](https://github.com/awslabs/aws-encryption-sdk-specification/blob/master/framework/key-agreement-schemas.md#key-derivation),
//! [raw ECDH keyring](https://github.com/awslabs/aws-encryption-sdk-specification/blob/master/framework/raw-ecdh-keyring.md).

use super::parties::{Parties, VERSION};
use crate::context::EncryptionContext;
use crate::crypto::ecdh::EcdhCurve;
use crate::crypto::{self, NONCE_LEN_BYTES, TAG_LEN_BYTES};
use crate::error::{Error, Result};
use crate::keyring::wrapping::{ProviderPart, additional_data, unwrap_data_key, wrap_data_key};
use crate::materials::{Recipient, Unwrapped, WrapRequest};
use crate::secret::{IntermediateKey, Secret};

/// The wrapping key is used once, under a fresh salt, so its nonce may be constant.
const NONCE: [u8; NONCE_LEN_BYTES] = [0; NONCE_LEN_BYTES];
const SALT_LEN_BYTES: usize = 32;
const WRAPPED_LEN_BYTES: usize = IntermediateKey::LEN_BYTES + TAG_LEN_BYTES;

/// What both sides derive from the shared secret: 64 bytes.
struct Derived {
    commitment: Secret<32>,
    wrapping: Secret<32>,
}

/// Key derivation: NIST SP 800-108 in counter mode with HMAC-SHA-384, two blocks,
/// `u32 counter ‖ fixed info ‖ 0 ‖ salt ‖ u32 512 (bits)`.
fn derive(secret: &[u8], salt: &[u8], fixed_info: &[u8]) -> Result<Derived> {
    let bits = 512u32.to_be_bytes();
    let block = |counter: u32| {
        let counter = counter.to_be_bytes();
        let parts: [&[u8]; 5] = [&counter, fixed_info, &[0], salt, &bits];
        crypto::hmac_sha384(secret, &parts)
    };
    let keys: Secret<96> = Secret::fill(|out| {
        for (chunk, counter) in out.chunks_mut(48).zip(1..) {
            chunk.copy_from_slice(&block(counter)?);
        }
        Ok(())
    })?;
    let part = |range| keys.expose().get::<std::ops::Range<usize>>(range).and_then(Secret::copy_of);
    match (part(0..32), part(32..64)) {
        (Some(commitment), Some(wrapping)) => Ok(Derived { commitment, wrapping }),
        _ => Err(Error::internal("ECDH key lengths")),
    }
}

/// Bound into both the derivation and the wrapping: curve, parties, version and context.
fn fixed_info(
    curve: EcdhCurve,
    parties: Parties<'_>,
    context: &EncryptionContext,
) -> Result<Vec<u8>> {
    let keys = [parties.sender, parties.recipient].concat();
    let context = additional_data(context)?;
    let fields: [&[u8]; 6] = [
        b"ecdh-key-derivation",
        curve.name().as_bytes(),
        b"HMAC_SHA384",
        &keys,
        &[VERSION],
        context,
    ];
    Ok(fields.join(&0))
}

/// Wraps a data key: `salt 32 ‖ commitment 32 ‖ AES-256-GCM(intermediate key) 48`.
pub(super) fn wrap(
    provider_id: &str,
    curve: EcdhCurve,
    parties: Parties<'_>,
    secret: &[u8],
    request: WrapRequest<'_>,
) -> Result<Recipient> {
    let intermediate = IntermediateKey::random()?;
    let fixed_info = fixed_info(curve, parties, request.context)?;
    let mut part = vec![0; SALT_LEN_BYTES];
    crypto::random(&mut part)?;
    let keys = derive(secret, &part, &fixed_info)?;
    part.extend(keys.commitment.expose());
    let mut wrapped = *intermediate.expose();
    let tag = crypto::aes_gcm_seal(keys.wrapping.expose(), &NONCE, &fixed_info, &mut wrapped)?;
    part.extend(wrapped);
    part.extend(tag);
    wrap_data_key(request, &intermediate, provider_id, &parties.to_info(), &part)
}

/// Unwraps a data key. The commitment is checked first, in constant time.
pub(super) fn unwrap(
    curve: EcdhCurve,
    parties: Parties<'_>,
    secret: &[u8],
    context: &EncryptionContext,
    part: ProviderPart<'_>,
) -> Result<Unwrapped> {
    let parsed = || {
        let (salt, rest) = part.bytes.split_first_chunk::<SALT_LEN_BYTES>()?;
        let (commitment, wrapped) = rest.split_first_chunk::<32>()?;
        Some((salt, commitment, <&[u8; WRAPPED_LEN_BYTES]>::try_from(wrapped).ok()?))
    };
    let (salt, commitment, wrapped) = parsed().ok_or_else(Error::authentication)?;
    let fixed_info = fixed_info(curve, parties, context)?;
    let keys = derive(secret, salt, &fixed_info)?;
    if !crypto::equal(keys.commitment.expose(), commitment) {
        return Err(Error::authentication());
    }
    let opened: Secret<WRAPPED_LEN_BYTES> = Secret::fill(|buffer| {
        *buffer = *wrapped;
        crypto::aes_gcm_open(keys.wrapping.expose(), &NONCE, &fixed_info, buffer).map(drop)
    })?;
    let (key, _) = opened.expose().split_at(IntermediateKey::LEN_BYTES);
    unwrap_data_key(context, &IntermediateKey::from_provider(key)?, part)
}
