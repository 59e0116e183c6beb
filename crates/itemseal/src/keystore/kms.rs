//! What a key store asks of KMS.

use std::time::Duration;

use crate::context::EncryptionContext;
use crate::error::{Error, ErrorKind, Result};
use crate::keyring::KmsAccess;
use crate::kms::{EncryptionAlgorithm, GenerateDataKey, KeyArn, ReEncrypt};
use crate::secret::Secret;

/// Length in bytes of branch and beacon keys.
pub(super) const KEY_LEN_BYTES: usize = 32;
/// Most bytes that Decrypt and ReEncrypt take.
const LONGEST_CIPHERTEXT_BYTES: usize = 6144;

/// A new key that only KMS has seen, under `context`.
pub(super) async fn generate(
    access: &KmsAccess,
    key: &KeyArn,
    limit: Option<Duration>,
    context: &EncryptionContext,
) -> Result<Vec<u8>> {
    let (region, asked) = (key.region(), key.to_string());
    let call = GenerateDataKey::new(&asked, KEY_LEN_BYTES, context)
        .with_grant_tokens(access.grant_tokens_given());
    let call = access.kms().generate_data_key_without_plaintext(region, call);
    let answer = access.call(region, "GenerateDataKeyWithoutPlaintext", limit, call).await?;
    check(region, &asked, &answer.key_id, &answer.ciphertext)?;
    Ok(answer.ciphertext)
}

/// The same key under another context.
pub(super) async fn re_encrypt(
    access: &KmsAccess,
    key: &KeyArn,
    limit: Option<Duration>,
    ciphertext: &[u8],
    (from, to): (&EncryptionContext, &EncryptionContext),
) -> Result<Vec<u8>> {
    let (region, asked) = (key.region(), key.to_string());
    let call =
        ReEncrypt::new(&asked, ciphertext, from, to).with_grant_tokens(access.grant_tokens_given());
    let call = access.kms().re_encrypt(region, call);
    let answer = access.call(region, "ReEncrypt", limit, call).await?;
    check(region, &asked, &answer.key_id, &answer.ciphertext)?;
    Ok(answer.ciphertext)
}

/// The key itself.
pub(super) async fn decrypt(
    access: &KmsAccess,
    key: &KeyArn,
    limit: Option<Duration>,
    ciphertext: &[u8],
    context: &EncryptionContext,
) -> Result<Secret<KEY_LEN_BYTES>> {
    let symmetric = EncryptionAlgorithm::SymmetricDefault;
    let answer = access.decrypt_under(key, symmetric, limit, ciphertext, context).await?;
    Secret::copy_of(&answer.plaintext).ok_or_else(|| {
        let length = answer.plaintext.len();
        wrong(key.region(), format!("KMS returned a branch key of {length} bytes, not 32"))
    })
}

fn check(region: &str, asked: &str, answered: &str, ciphertext: &[u8]) -> Result<()> {
    if asked != answered {
        return Err(wrong(region, "KMS answered with another key than was asked for".to_owned()));
    }
    match ciphertext.len() {
        1..=LONGEST_CIPHERTEXT_BYTES => Ok(()),
        length => Err(wrong(
            region,
            format!("KMS returned a ciphertext of {length} bytes; it can open 1 to 6144"),
        )),
    }
}

fn wrong(region: &str, message: String) -> Error {
    Error::new(ErrorKind::Service, message).with_region(region)
}
