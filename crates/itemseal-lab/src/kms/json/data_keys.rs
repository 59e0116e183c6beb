//! Data keys, data key pairs and random bytes.

use itemseal::EncryptionContext;
use itemseal::kms::KmsError;
use serde_json::json;
use zeroize::Zeroizing;

use super::Answer;
use super::encrypt::without;
use super::fields::{Fields, missing, not_one_of};
use super::shapes::blob;
use crate::kms::cryptography::{self, newest};
use crate::kms::keys::Keys;
use crate::kms::{Call, KeySpec, asymmetric, errors};

const KEY_SPECS: [&str; 2] = ["AES_256", "AES_128"];
/// AWS's pairs that the lab has not.
const OTHER_PAIR_SPECS: [&str; 5] =
    ["SM2", "ECC_NIST_EDWARDS25519", "ML_KEM_512", "ML_KEM_768", "ML_KEM_1024"];

pub(super) fn generate_data_key(keys: &Keys, call: &Call<'_>, fields: Fields<'_>) -> Answer {
    let key_id = fields.key_id("KeyId")?;
    let context = fields.context("EncryptionContext")?;
    let length = length(fields)?;
    let made = cryptography::generate_data_key(keys, call, key_id, length, &context)?;
    Ok(json!({
        "CiphertextBlob": blob(&made.ciphertext),
        "Plaintext": blob(&made.plaintext),
        "KeyId": made.key_id,
        "KeyMaterialId": made.key_material_id,
    }))
}

pub(super) fn generate_data_key_without_plaintext(
    keys: &Keys,
    call: &Call<'_>,
    fields: Fields<'_>,
) -> Answer {
    Ok(without(generate_data_key(keys, call, fields)?, "Plaintext"))
}

/// The private key is PKCS #8, the public key SubjectPublicKeyInfo, both DER.
pub(super) fn generate_data_key_pair(keys: &Keys, call: &Call<'_>, fields: Fields<'_>) -> Answer {
    let key_id = fields.key_id("KeyId")?;
    let context: EncryptionContext = fields.context("EncryptionContext")?;
    let spec = pair_spec(fields)?;
    let found = cryptography::find_symmetric(keys, call, key_id, &context)?;
    let internal = |error| errors::internal(&error);
    let pair = asymmetric::generate(spec).map_err(internal)?;
    let public = asymmetric::public_key(spec, &pair).map_err(internal)?;
    let sealed = cryptography::seal(&found, call, &context, pair.expose())?;
    Ok(json!({
        "PrivateKeyCiphertextBlob": blob(&sealed),
        "PrivateKeyPlaintext": blob(pair.expose()),
        "PublicKey": blob(&public),
        "KeyId": found.arn,
        "KeyPairSpec": spec.as_str(),
        "KeyMaterialId": newest(&found)?.material_id(),
    }))
}

pub(super) fn generate_data_key_pair_without_plaintext(
    keys: &Keys,
    call: &Call<'_>,
    fields: Fields<'_>,
) -> Answer {
    Ok(without(generate_data_key_pair(keys, call, fields)?, "PrivateKeyPlaintext"))
}

pub(super) fn generate_random(_: &Keys, call: &Call<'_>, fields: Fields<'_>) -> Answer {
    if fields.has("CustomKeyStoreId") {
        return Err(errors::unsupported("The lab has no custom key stores."));
    }
    let length = number_of_bytes(fields)?.ok_or_else(|| missing("NumberOfBytes"))?;
    let mut bytes = Zeroizing::new(vec![0; length]);
    call.entropy.fill(&mut bytes).map_err(|error| errors::internal(&error))?;
    Ok(json!({ "Plaintext": blob(&bytes) }))
}

fn length(fields: Fields<'_>) -> Result<usize, KmsError> {
    match (fields.text("KeySpec")?, number_of_bytes(fields)?) {
        (Some("AES_256"), None) => Ok(32),
        (Some("AES_128"), None) => Ok(16),
        (Some(other), None) => Err(not_one_of("KeySpec", other, &KEY_SPECS)),
        (None, Some(length)) => Ok(length),
        _ => Err(errors::validation("Please specify either number of bytes or key spec.")),
    }
}

fn number_of_bytes(fields: Fields<'_>) -> Result<Option<usize>, KmsError> {
    let number = fields.number("NumberOfBytes", 1, 1_024)?;
    Ok(number.and_then(|number| usize::try_from(number).ok()))
}

fn pair_spec(fields: Fields<'_>) -> Result<KeySpec, KmsError> {
    let name = fields.required("KeyPairSpec", 64)?;
    if OTHER_PAIR_SPECS.contains(&name) {
        return Err(errors::unsupported(format!("The lab makes no key pairs of spec {name}.")));
    }
    let pairs: Vec<KeySpec> =
        KeySpec::ALL.iter().copied().filter(|spec| spec.is_asymmetric()).collect();
    let spec = KeySpec::from_name(name).filter(|spec| pairs.contains(spec));
    spec.ok_or_else(|| not_one_of("KeyPairSpec", name, &pairs))
}
