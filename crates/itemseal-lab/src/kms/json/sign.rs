//! What asymmetric keys do besides encrypting: GetPublicKey, Sign, Verify and DeriveSharedSecret.

use aws_lc_rs::digest::Digest;
use itemseal::kms::KmsError;
use serde_json::{Value, json};

use super::Answer;
use super::fields::{Fields, missing, not_one_of};
use super::shapes::{blob, metadata};
use crate::kms::asymmetric::{self, Message};
use crate::kms::cryptography::newest;
use crate::kms::keys::{Found, Keys};
use crate::kms::{Call, KeyUsage, SigningAlgorithm, errors};

const MESSAGE_TYPES: [&str; 2] = ["RAW", "DIGEST"];
/// The members of KeyMetadata that GetPublicKey answers too.
const DESCRIBED: [&str; 6] = [
    "CustomerMasterKeySpec",
    "KeySpec",
    "KeyUsage",
    "EncryptionAlgorithms",
    "SigningAlgorithms",
    "KeyAgreementAlgorithms",
];

pub(super) fn get_public_key(keys: &Keys, call: &Call<'_>, fields: Fields<'_>) -> Answer {
    let found = keys.find_for_cryptography(call, fields.key_id("KeyId")?, None)?;
    found.require_usable()?;
    let spec = found.related.spec;
    if !spec.is_asymmetric() {
        return Err(errors::unsupported(format!(
            "{} is a key of spec {spec}, which has no public key.",
            found.arn
        )));
    }
    let public = asymmetric::public_key(spec, &newest(&found)?.material)
        .map_err(|error| errors::internal(&error))?;
    let mut answer = json!({ "KeyId": found.arn, "PublicKey": blob(&public) });
    let mut described = metadata(&keys.describe(&found, call.region));
    for member in DESCRIBED {
        if let Some(value) = described.get_mut(member).map(Value::take)
            && let Some(members) = answer.as_object_mut()
        {
            members.insert(member.to_owned(), value);
        }
    }
    Ok(answer)
}

pub(super) fn sign(keys: &Keys, call: &Call<'_>, fields: Fields<'_>) -> Answer {
    let signing = Signing::read(keys, call, fields)?;
    let (found, algorithm) = (&signing.found, signing.algorithm);
    let material = &newest(found)?.material;
    let signature = asymmetric::sign(found.related.spec, material, algorithm, &signing.digest)
        .map_err(|error| errors::internal(&error))?;
    Ok(json!({
        "KeyId": found.arn,
        "Signature": blob(&signature),
        "SigningAlgorithm": algorithm.as_str(),
    }))
}

pub(super) fn verify(keys: &Keys, call: &Call<'_>, fields: Fields<'_>) -> Answer {
    let signature = fields.blob("Signature", 6_144)?;
    let signing = Signing::read(keys, call, fields)?;
    let (found, algorithm) = (&signing.found, signing.algorithm);
    let (spec, material) = (found.related.spec, &newest(found)?.material);
    let valid = asymmetric::verify(spec, material, algorithm, &signing.digest, &signature)
        .map_err(|error| errors::internal(&error))?;
    if !valid {
        return Err(errors::invalid_signature());
    }
    Ok(json!({
        "KeyId": found.arn,
        "SignatureValid": true,
        "SigningAlgorithm": algorithm.as_str(),
    }))
}

pub(super) fn derive_shared_secret(keys: &Keys, call: &Call<'_>, fields: Fields<'_>) -> Answer {
    let key_id = fields.key_id("KeyId")?;
    let algorithm = fields.required("KeyAgreementAlgorithm", 64)?;
    if algorithm != "ECDH" {
        return Err(not_one_of("KeyAgreementAlgorithm", algorithm, &["ECDH"]));
    }
    let peer = fields.blob("PublicKey", 8_192)?;
    let found = keys.find_for_cryptography(call, key_id, None)?;
    found.require_usable()?;
    found.require_usage(KeyUsage::KeyAgreement, call)?;
    let secret = asymmetric::agree(found.related.spec, &newest(&found)?.material, &peer)
        .map_err(|error| errors::internal(&error))?;
    let secret = secret.ok_or_else(|| {
        errors::validation(format!(
            "PublicKey is not a public key on the curve of {}, in SubjectPublicKeyInfo (DER)",
            found.related.spec
        ))
    })?;
    Ok(json!({
        "KeyId": found.arn,
        "SharedSecret": blob(&secret),
        "KeyAgreementAlgorithm": algorithm,
        "KeyOrigin": "AWS_KMS",
    }))
}

/// What Sign and Verify have in common.
struct Signing<'k> {
    found: Found<'k>,
    algorithm: SigningAlgorithm,
    digest: Digest,
}

impl<'k> Signing<'k> {
    fn read(keys: &'k Keys, call: &Call<'_>, fields: Fields<'_>) -> Result<Self, KmsError> {
        let key_id = fields.key_id("KeyId")?;
        let message = fields.blob("Message", 4_096)?;
        let message = match fields.text("MessageType")? {
            None | Some("RAW") => Message::Raw(&message),
            Some("DIGEST") => Message::Digest(&message),
            Some(other) => return Err(not_one_of("MessageType", other, &MESSAGE_TYPES)),
        };
        let all = SigningAlgorithm::ALL;
        let algorithm = fields.named("SigningAlgorithm", all, SigningAlgorithm::from_name)?;
        let algorithm = algorithm.ok_or_else(|| missing("SigningAlgorithm"))?;
        let found = keys.find_for_cryptography(call, key_id, None)?;
        found.require_usable()?;
        found.require_usage(KeyUsage::SignVerify, call)?;
        let spec = found.related.spec;
        if !spec.signing_algorithms(found.related.usage).contains(&algorithm) {
            return Err(errors::incompatible(&algorithm, spec));
        }
        let digest = message.digest(algorithm).ok_or_else(|| {
            errors::validation(format!("Digest is invalid length for algorithm {algorithm}."))
        })?;
        Ok(Self { found, algorithm, digest })
    }
}
