//! GenerateMac and VerifyMac.

use itemseal::kms::KmsError;
use serde_json::json;

use super::Answer;
use super::fields::{Fields, missing};
use super::shapes::blob;
use crate::kms::cryptography::newest;
use crate::kms::keys::{Found, Keys};
use crate::kms::{Call, KeyUsage, MacAlgorithm, errors, mac};

pub(super) fn generate_mac(keys: &Keys, call: &Call<'_>, fields: Fields<'_>) -> Answer {
    let message = fields.blob("Message", 4_096)?;
    let (found, algorithm) = find(keys, call, fields)?;
    let made = mac::generate(algorithm, &newest(&found)?.material, &message);
    Ok(json!({ "Mac": blob(&made), "MacAlgorithm": algorithm.as_str(), "KeyId": found.arn }))
}

pub(super) fn verify_mac(keys: &Keys, call: &Call<'_>, fields: Fields<'_>) -> Answer {
    let message = fields.blob("Message", 4_096)?;
    let given = fields.blob("Mac", 6_144)?;
    let (found, algorithm) = find(keys, call, fields)?;
    if !mac::verify(algorithm, &newest(&found)?.material, &message, &given) {
        return Err(errors::invalid_mac());
    }
    Ok(json!({ "MacValid": true, "MacAlgorithm": algorithm.as_str(), "KeyId": found.arn }))
}

fn find<'k>(
    keys: &'k Keys,
    call: &Call<'_>,
    fields: Fields<'_>,
) -> Result<(Found<'k>, MacAlgorithm), KmsError> {
    let key_id = fields.key_id("KeyId")?;
    let algorithm = fields.named("MacAlgorithm", MacAlgorithm::ALL, MacAlgorithm::from_name)?;
    let algorithm = algorithm.ok_or_else(|| missing("MacAlgorithm"))?;
    let found = keys.find_for_cryptography(call, key_id, None)?;
    found.require_usable()?;
    found.require_usage(KeyUsage::GenerateVerifyMac, call)?;
    if found.related.spec.mac_algorithm() != Some(algorithm) {
        return Err(errors::incompatible(&algorithm, found.related.spec));
    }
    Ok((found, algorithm))
}
