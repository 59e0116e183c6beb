//! Key policies.

use itemseal::kms::KmsError;
use serde_json::json;

use super::Answer;
use super::fields::Fields;
use super::shapes::{nothing, page};
use crate::kms::keys::Keys;
use crate::kms::{Call, errors, policy};

pub(super) fn get_key_policy(keys: &Keys, call: &Call<'_>, fields: Fields<'_>) -> Answer {
    let found = keys.find(call, fields.key_id("KeyId")?)?;
    check_name(fields)?;
    Ok(json!({ "Policy": found.regional.policy, "PolicyName": policy::NAME }))
}

pub(super) fn put_key_policy(keys: &mut Keys, call: &Call<'_>, fields: Fields<'_>) -> Answer {
    let key_id = fields.key_id("KeyId")?;
    let document = fields.required("Policy", 131_072)?;
    check_name(fields)?;
    let bypass = fields.boolean("BypassPolicyLockoutSafetyCheck")?;
    policy::put(keys, call, key_id, document, bypass)?;
    Ok(nothing())
}

pub(super) fn list_key_policies(keys: &Keys, call: &Call<'_>, fields: Fields<'_>) -> Answer {
    keys.find(call, fields.key_id("KeyId")?)?;
    page(fields, "PolicyNames", 100, [(policy::NAME.to_owned(), json!(policy::NAME))])
}

fn check_name(fields: Fields<'_>) -> Result<(), KmsError> {
    match fields.text_within("PolicyName", 1, 128)? {
        None | Some(policy::NAME) => Ok(()),
        Some(other) => Err(errors::not_found(format!("No such policy exists: {other}"))),
    }
}
