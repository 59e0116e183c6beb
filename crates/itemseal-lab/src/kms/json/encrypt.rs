//! Encrypt, Decrypt and ReEncrypt, under symmetric and RSA keys.

use itemseal::EncryptionContext;
use itemseal::kms::KmsError;
use serde_json::{Value, json};
use zeroize::Zeroizing;

use super::Answer;
use super::fields::{Fields, missing};
use super::shapes::{blob, object};
use crate::kms::blob::Blob;
use crate::kms::cryptography::{self, newest};
use crate::kms::keys::{Found, Keys};
use crate::kms::{Call, EncryptionAlgorithm, KeyUsage, asymmetric, errors, grants};

/// The longest ciphertext that a request can hold, in bytes.
const MAX_CIPHERTEXT_LEN_BYTES: usize = 6_144;
const MAX_PLAINTEXT_LEN_BYTES: usize = 4_096;

pub(super) fn encrypt(keys: &Keys, call: &Call<'_>, fields: Fields<'_>) -> Answer {
    let key_id = fields.key_id("KeyId")?;
    let plaintext = fields.blob("Plaintext", MAX_PLAINTEXT_LEN_BYTES)?;
    let target = Side::read(fields, "EncryptionAlgorithm", "EncryptionContext")?;
    let made = seal(keys, call, key_id, &plaintext, &target)?;
    Ok(json!({
        "CiphertextBlob": blob(&made.ciphertext),
        "KeyId": made.arn,
        "EncryptionAlgorithm": target.algorithm.as_str(),
    }))
}

pub(super) fn decrypt(keys: &Keys, call: &Call<'_>, fields: Fields<'_>) -> Answer {
    let ciphertext = fields.blob("CiphertextBlob", MAX_CIPHERTEXT_LEN_BYTES)?;
    let key_id = fields.text_within("KeyId", 1, 2_048)?;
    let source = Side::read(fields, "EncryptionAlgorithm", "EncryptionContext")?;
    let opened = open(keys, call, ("KeyId", key_id), &ciphertext, &source)?;
    Ok(object([
        ("KeyId", json!(opened.arn)),
        ("Plaintext", blob(&opened.plaintext)),
        ("EncryptionAlgorithm", json!(source.algorithm.as_str())),
        ("KeyMaterialId", json!(opened.material_id)),
    ]))
}

/// Two actions: `ReEncryptFrom` on the one key, `ReEncryptTo` on the other.
pub(super) fn re_encrypt(keys: &Keys, call: &Call<'_>, fields: Fields<'_>) -> Answer {
    let ciphertext = fields.blob("CiphertextBlob", MAX_CIPHERTEXT_LEN_BYTES)?;
    let source_id = fields.text_within("SourceKeyId", 1, 2_048)?;
    let source = Side::read(fields, "SourceEncryptionAlgorithm", "SourceEncryptionContext")?;
    let target_id = fields.key_id("DestinationKeyId")?;
    let target =
        Side::read(fields, "DestinationEncryptionAlgorithm", "DestinationEncryptionContext")?;

    let (mut from, mut to) = (call.acting("ReEncryptFrom"), call.acting("ReEncryptTo"));
    share_tokens(keys, &mut from, &mut to, source_id, &ciphertext, target_id)?;
    let opened = open(keys, &from, ("SourceKeyId", source_id), &ciphertext, &source)?;
    let made = seal(keys, &to, target_id, &opened.plaintext, &target)?;
    Ok(object([
        ("CiphertextBlob", blob(&made.ciphertext)),
        ("SourceKeyId", json!(opened.arn)),
        ("KeyId", json!(made.arn)),
        ("SourceEncryptionAlgorithm", json!(source.algorithm.as_str())),
        ("DestinationEncryptionAlgorithm", json!(target.algorithm.as_str())),
        ("SourceKeyMaterialId", json!(opened.material_id)),
        ("DestinationKeyMaterialId", json!(made.material_id)),
    ]))
}

/// Gives each half of ReEncrypt the tokens that are its key's. A token that is neither's stays with
/// both, and is refused.
fn share_tokens(
    keys: &Keys,
    from: &mut Call<'_>,
    to: &mut Call<'_>,
    source_id: Option<&str>,
    ciphertext: &[u8],
    target_id: &str,
) -> Result<(), KmsError> {
    if from.grant_tokens.is_empty() {
        return Ok(());
    }
    let named = source_id.or_else(|| Blob::parse(ciphertext).map(|blob| blob.key_id));
    let named = named.ok_or_else(errors::invalid_ciphertext)?;
    let source = keys.find_or_alias(from, named)?;
    let target = keys.find_or_alias(to, target_id)?;
    let (source_has, target_has) = (
        |token: &String| grants::with_token(&source, token).is_some(),
        |token: &String| grants::with_token(&target, token).is_some(),
    );
    from.grant_tokens.retain(|token| source_has(token) || !target_has(token));
    to.grant_tokens.retain(|token| target_has(token) || !source_has(token));
    Ok(())
}

/// One side of a call: how, and with what context.
struct Side {
    algorithm: EncryptionAlgorithm,
    context: EncryptionContext,
}

impl Side {
    fn read(fields: Fields<'_>, algorithm: &str, context: &str) -> Result<Self, KmsError> {
        let all = EncryptionAlgorithm::ALL;
        let algorithm = fields.named(algorithm, all, EncryptionAlgorithm::from_name)?;
        let algorithm = algorithm.unwrap_or(EncryptionAlgorithm::Symmetric);
        let context = fields.context(context)?;
        if algorithm != EncryptionAlgorithm::Symmetric && !context.is_empty() {
            return Err(errors::validation(format!(
                "{algorithm} has no encryption context: only symmetric encryption has one"
            )));
        }
        Ok(Self { algorithm, context })
    }
}

struct Sealed {
    arn: String,
    ciphertext: Vec<u8>,
    material_id: Option<String>,
}

fn seal(
    keys: &Keys,
    call: &Call<'_>,
    key_id: &str,
    plaintext: &[u8],
    side: &Side,
) -> Result<Sealed, KmsError> {
    if side.algorithm == EncryptionAlgorithm::Symmetric {
        let found = cryptography::find_symmetric(keys, call, key_id, &side.context)?;
        let ciphertext = cryptography::seal(&found, call, &side.context, plaintext)?;
        let material_id = Some(newest(&found)?.material_id());
        return Ok(Sealed { arn: found.arn, ciphertext, material_id });
    }
    let found = find_rsa(keys, call, key_id, side.algorithm)?;
    let max = asymmetric::max_plaintext_len_bytes(found.related.spec, side.algorithm);
    if plaintext.len() > max {
        return Err(errors::validation(format!(
            "{} under {} takes at most {max} bytes, not {}",
            side.algorithm,
            found.related.spec,
            plaintext.len()
        )));
    }
    let ciphertext = asymmetric::encrypt(&newest(&found)?.material, side.algorithm, plaintext)
        .map_err(|error| errors::internal(&error))?;
    Ok(Sealed { arn: found.arn, ciphertext, material_id: None })
}

struct Opened {
    arn: String,
    plaintext: Zeroizing<Vec<u8>>,
    material_id: Option<String>,
}

fn open(
    keys: &Keys,
    call: &Call<'_>,
    (member, key_id): (&str, Option<&str>),
    ciphertext: &[u8],
    side: &Side,
) -> Result<Opened, KmsError> {
    if side.algorithm == EncryptionAlgorithm::Symmetric {
        let opened = cryptography::decrypt(keys, call, key_id, ciphertext, &side.context)?;
        let material_id = Some(opened.key_material_id);
        return Ok(Opened { arn: opened.key_id, plaintext: opened.plaintext, material_id });
    }
    // An RSA ciphertext does not say whose it is.
    let key_id = key_id.ok_or_else(|| missing(member))?;
    let found = find_rsa(keys, call, key_id, side.algorithm)?;
    let plaintext = asymmetric::decrypt(&newest(&found)?.material, side.algorithm, ciphertext)
        .map_err(|error| errors::internal(&error))?
        .ok_or_else(errors::invalid_ciphertext)?;
    Ok(Opened { arn: found.arn, plaintext, material_id: None })
}

fn find_rsa<'k>(
    keys: &'k Keys,
    call: &Call<'_>,
    key_id: &str,
    algorithm: EncryptionAlgorithm,
) -> Result<Found<'k>, KmsError> {
    let found = keys.find_for_cryptography(call, key_id, Some(&EncryptionContext::new()))?;
    found.require_usable()?;
    found.require_usage(KeyUsage::EncryptDecrypt, call)?;
    if !found.related.spec.encryption_algorithms(found.related.usage).contains(&algorithm) {
        return Err(errors::incompatible(&algorithm, found.related.spec));
    }
    Ok(found)
}

/// Used where an answer has no plaintext.
pub(super) fn without(mut answer: Value, member: &str) -> Value {
    if let Some(members) = answer.as_object_mut() {
        members.remove(member);
    }
    answer
}
