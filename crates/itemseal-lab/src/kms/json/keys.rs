//! Keys: making, describing, enabling, replicating and deleting them.

use std::collections::BTreeMap;

use itemseal::kms::KmsError;
use serde_json::{Value, json};

use super::Answer;
use super::fields::{Fields, check_characters, not_one_of};
use super::shapes::{metadata, nothing, object, page, timestamp};
use super::tags::{read_tags, tag_list};
use crate::kms::keys::Keys;
use crate::kms::lifecycle::{self, NewKey};
use crate::kms::replication::{self, NewReplica};
use crate::kms::{Call, KeySpec, KeyUsage, deletion, errors, policy, tags};

/// AWS's specs that the lab has not.
const OTHER_SPECS: [&str; 8] = [
    "SM2",
    "ML_DSA_44",
    "ML_DSA_65",
    "ML_DSA_87",
    "ECC_NIST_EDWARDS25519",
    "ML_KEM_512",
    "ML_KEM_768",
    "ML_KEM_1024",
];
/// AWS's origins that the lab has not.
const OTHER_ORIGINS: [&str; 3] = ["EXTERNAL", "AWS_CLOUDHSM", "EXTERNAL_KEY_STORE"];

pub(super) fn create_key(keys: &mut Keys, call: &Call<'_>, fields: Fields<'_>) -> Answer {
    check_origin(fields)?;
    let spec = spec(fields)?;
    let new = NewKey {
        spec,
        usage: usage(fields, spec)?,
        multi_region: fields.boolean("MultiRegion")?,
        description: fields.text("Description")?.unwrap_or_default().to_owned(),
        policy: read_policy(keys, fields)?,
        tags: read_new_tags(fields)?,
    };
    let key = lifecycle::create(keys, call, new)?;
    Ok(json!({ "KeyMetadata": metadata(&key) }))
}

pub(super) fn describe_key(keys: &Keys, call: &Call<'_>, fields: Fields<'_>) -> Answer {
    let found = keys.find_or_alias(call, fields.key_id("KeyId")?)?;
    crate::kms::grants::require(&found, call, None)?;
    Ok(json!({ "KeyMetadata": metadata(&keys.describe(&found, call.region)) }))
}

pub(super) fn list_keys(keys: &Keys, call: &Call<'_>, fields: Fields<'_>) -> Answer {
    let all = keys.in_region(call.region).map(|(related, _)| {
        let arn = keys.arn(call.region, &related.id);
        (related.id.clone(), json!({ "KeyId": related.id, "KeyArn": arn }))
    });
    page(fields, "Keys", 100, all)
}

pub(super) fn enable_key(keys: &mut Keys, call: &Call<'_>, fields: Fields<'_>) -> Answer {
    lifecycle::set_enabled(keys, call, fields.key_id("KeyId")?, true)?;
    Ok(nothing())
}

pub(super) fn disable_key(keys: &mut Keys, call: &Call<'_>, fields: Fields<'_>) -> Answer {
    lifecycle::set_enabled(keys, call, fields.key_id("KeyId")?, false)?;
    Ok(nothing())
}

pub(super) fn update_key_description(
    keys: &mut Keys,
    call: &Call<'_>,
    fields: Fields<'_>,
) -> Answer {
    let key_id = fields.key_id("KeyId")?;
    let description = fields.text("Description")?;
    let description = description.ok_or_else(|| super::fields::missing("Description"))?;
    lifecycle::set_description(keys, call, key_id, description)?;
    Ok(nothing())
}

pub(super) fn schedule_key_deletion(
    keys: &mut Keys,
    call: &Call<'_>,
    fields: Fields<'_>,
) -> Answer {
    let window = fields.number("PendingWindowInDays", 1, 365)?;
    let scheduled = deletion::schedule(keys, call, fields.key_id("KeyId")?, window)?;
    Ok(object([
        ("KeyId", json!(scheduled.key_id)),
        ("DeletionDate", scheduled.deletion_micros.map_or(Value::Null, timestamp)),
        ("KeyState", json!(scheduled.state.to_string())),
        ("PendingWindowInDays", json!(scheduled.pending_window_days)),
    ]))
}

pub(super) fn cancel_key_deletion(keys: &mut Keys, call: &Call<'_>, fields: Fields<'_>) -> Answer {
    let arn = deletion::cancel(keys, call, fields.key_id("KeyId")?)?;
    Ok(json!({ "KeyId": arn }))
}

pub(super) fn replicate_key(keys: &mut Keys, call: &Call<'_>, fields: Fields<'_>) -> Answer {
    let key_id = fields.key_id("KeyId")?;
    let region = region(fields, "ReplicaRegion")?;
    let new = NewReplica {
        description: fields.text("Description")?.unwrap_or_default().to_owned(),
        policy: read_policy(keys, fields)?,
        tags: read_new_tags(fields)?,
    };
    let (policy, tags) = (json!(new.policy), tag_list(&new.tags));
    let key = replication::replicate(keys, call, key_id, region, new)?;
    Ok(
        json!({ "ReplicaKeyMetadata": metadata(&key), "ReplicaPolicy": policy, "ReplicaTags": tags }),
    )
}

pub(super) fn update_primary_region(
    keys: &mut Keys,
    call: &Call<'_>,
    fields: Fields<'_>,
) -> Answer {
    let key_id = fields.key_id("KeyId")?;
    replication::update_primary(keys, call, key_id, region(fields, "PrimaryRegion")?)?;
    Ok(nothing())
}

fn region<'r>(fields: Fields<'r>, name: &str) -> Result<&'r str, KmsError> {
    let region = fields.required(name, 32)?;
    let pattern = r"^([a-z]+-){2,3}\d+$";
    let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    check_characters(name, region, pattern, allowed)?;
    let parts: Vec<&str> = region.split('-').collect();
    let well_formed = parts.split_last().is_some_and(|(number, words)| {
        let is_word =
            |word: &&str| !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase());
        matches!(words.len(), 2 | 3)
            && words.iter().all(is_word)
            && !number.is_empty()
            && number.bytes().all(|b| b.is_ascii_digit())
    });
    // No character is allowed in what is not well formed.
    check_characters(name, region, pattern, |_| well_formed)?;
    Ok(region)
}

fn read_policy(keys: &Keys, fields: Fields<'_>) -> Result<String, KmsError> {
    let Some(document) = fields.text_within("Policy", 1, 131_072)? else {
        return Ok(policy::default_document(keys));
    };
    policy::check(document, fields.boolean("BypassPolicyLockoutSafetyCheck")?)?;
    Ok(document.to_owned())
}

fn read_new_tags(fields: Fields<'_>) -> Result<BTreeMap<String, String>, KmsError> {
    tags::checked(read_tags(fields)?)
}

fn check_origin(fields: Fields<'_>) -> Result<(), KmsError> {
    let origin = fields.text("Origin")?.unwrap_or("AWS_KMS");
    if OTHER_ORIGINS.contains(&origin) || fields.has("CustomKeyStoreId") || fields.has("XksKeyId") {
        return Err(errors::unsupported("The lab has only keys of Origin AWS_KMS."));
    }
    if origin == "AWS_KMS" {
        return Ok(());
    }
    let all = ["AWS_KMS"].iter().chain(&OTHER_ORIGINS).collect::<Vec<_>>();
    Err(not_one_of("Origin", origin, &all))
}

fn spec(fields: Fields<'_>) -> Result<KeySpec, KmsError> {
    let read = |name| {
        if let Some(other) = fields.text(name)?
            && OTHER_SPECS.contains(&other)
        {
            return Err(errors::unsupported(format!("The lab has no keys of spec {other}.")));
        }
        fields.named(name, KeySpec::ALL, KeySpec::from_name)
    };
    match (read("KeySpec")?, read("CustomerMasterKeySpec")?) {
        (Some(_), Some(_)) => Err(errors::validation(
            "You cannot specify KeySpec and CustomerMasterKeySpec in the same request. \
             CustomerMasterKeySpec is deprecated.",
        )),
        (one, other) => Ok(one.or(other).unwrap_or(KeySpec::Symmetric)),
    }
}

fn usage(fields: Fields<'_>, spec: KeySpec) -> Result<KeyUsage, KmsError> {
    let Some(usage) = fields.named("KeyUsage", KeyUsage::ALL, KeyUsage::from_name)? else {
        return match spec {
            KeySpec::Symmetric => Ok(KeyUsage::EncryptDecrypt),
            _ => Err(errors::validation(
                "You must specify a KeyUsage value for all KMS keys except for symmetric \
                 encryption keys.",
            )),
        };
    };
    if spec.usages().contains(&usage) {
        return Ok(usage);
    }
    Err(errors::validation(format!("KeyUsage {usage} is not compatible with KeySpec {spec}")))
}
