//! What KMS answers is checked here, before it is believed: what is written must be readable later,
//! and nothing comes out of a key that was not asked.

use std::time::Duration;

use super::{KmsAccess, PROVIDER_ID};
use crate::context::EncryptionContext;
use crate::crypto;
use crate::error::{Error, ErrorKind, Result};
use crate::keyring::wrapping::{ProviderPart, unwrap_data_key, wrap_data_key};
use crate::kms::{Decrypt, Decrypted, EncryptionAlgorithm, GenerateDataKey, KeyArn};
use crate::materials::{EncryptedDataKey, Recipient, UnwrapRequest, Unwrapped, WrapRequest};
use crate::secret::IntermediateKey;

const SYMMETRIC: EncryptionAlgorithm = EncryptionAlgorithm::SymmetricDefault;

/// The longest ciphertext, in bytes, that
/// [Decrypt](https://docs.aws.amazon.com/kms/latest/APIReference/API_Decrypt.html) takes.
pub(in crate::keyring) const LONGEST_CIPHERTEXT_BYTES: usize = 6144;

impl KmsAccess {
    /// Has KMS make an intermediate key under `key`, and wraps the data key with it.
    pub(super) async fn wrap_under(
        &self,
        key: &KeyArn,
        limit: Option<Duration>,
        request: WrapRequest<'_>,
    ) -> Result<Recipient> {
        let (region, asked) = (key.region(), key.to_string());
        let limit = if self.verify_writes { limit.map(|limit| limit / 2) } else { limit };
        let call = GenerateDataKey::new(&asked, IntermediateKey::LEN_BYTES, request.context)
            .with_grant_tokens(&self.grant_tokens);
        let call = self.kms.generate_data_key(region, call);
        let answer = self.call(region, "GenerateDataKey", limit, call).await?;
        check_key(region, &asked, &answer.key_id)?;
        let length = answer.ciphertext.len();
        if length == 0 || length > LONGEST_CIPHERTEXT_BYTES {
            return Err(wrong(
                region,
                format!("KMS returned a ciphertext of {length} bytes; it can open 1 to 6144"),
            ));
        }
        let intermediate =
            IntermediateKey::from_provider(&answer.plaintext).map_err(|e| e.with_region(region))?;
        if self.verify_writes {
            let context = request.context;
            let opened =
                self.decrypt_under(key, SYMMETRIC, limit, &answer.ciphertext, context).await?;
            if !crypto::equal(&opened.plaintext, intermediate.expose()) {
                return Err(wrong(region, "KMS returned a plaintext and a ciphertext that differ"));
            }
        }
        wrap_data_key(request, &intermediate, PROVIDER_ID, asked.as_bytes(), &answer.ciphertext)
    }

    /// Has KMS open an encrypted data key under `key`.
    pub(super) async fn unwrap_under(
        &self,
        key: &KeyArn,
        limit: Option<Duration>,
        request: UnwrapRequest<'_>,
        part: ProviderPart<'_>,
    ) -> Result<Unwrapped> {
        let answer = self.decrypt_under(key, SYMMETRIC, limit, part.bytes, request.context).await?;
        let intermediate = IntermediateKey::from_provider(&answer.plaintext)
            .map_err(|e| e.with_region(key.region()))?;
        unwrap_data_key(request.context, &intermediate, part)
    }

    pub(crate) async fn decrypt_under(
        &self,
        key: &KeyArn,
        algorithm: EncryptionAlgorithm,
        limit: Option<Duration>,
        ciphertext: &[u8],
        context: &EncryptionContext,
    ) -> Result<Decrypted> {
        let (region, asked) = (key.region(), key.to_string());
        let call = Decrypt::new(Some(&asked), ciphertext, context)
            .with_algorithm(algorithm)
            .with_grant_tokens(&self.grant_tokens);
        let call = self.kms.decrypt(region, call);
        let answer = self.call(region, "Decrypt", limit, call).await?;
        check_key(region, &asked, &answer.key_id)?;
        Ok(answer)
    }
}

/// The provider's part of an encrypted data key, if KMS could have written it.
pub(super) fn kms_part(edk: &EncryptedDataKey) -> Option<ProviderPart<'_>> {
    let part = ProviderPart::of(edk)?;
    (1..=LONGEST_CIPHERTEXT_BYTES).contains(&part.bytes.len()).then_some(part)
}

pub(in crate::keyring) fn check_key(region: &str, asked: &str, answered: &str) -> Result<()> {
    if asked == answered {
        return Ok(());
    }
    Err(wrong(region, "KMS answered with another key than was asked for"))
}

fn wrong(region: &str, message: impl Into<std::borrow::Cow<'static, str>>) -> Error {
    Error::new(ErrorKind::Service, message).with_region(region)
}
