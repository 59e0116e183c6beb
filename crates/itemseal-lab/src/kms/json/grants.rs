//! Grants.

use itemseal::kms::KmsError;
use serde_json::{Value, json};

use super::Answer;
use super::fields::{Fields, check_characters, missing, not_one_of};
use super::shapes::{nothing, object, page, timestamp};
use crate::kms::grants::{self, Grant, Terms};
use crate::kms::keys::Keys;
use crate::kms::{Call, errors};

pub(super) fn create_grant(keys: &mut Keys, call: &Call<'_>, fields: Fields<'_>) -> Answer {
    let created = grants::create(keys, call, fields.key_id("KeyId")?, read_terms(fields)?)?;
    Ok(json!({ "GrantId": created.id, "GrantToken": created.token }))
}

pub(super) fn list_grants(keys: &Keys, call: &Call<'_>, fields: Fields<'_>) -> Answer {
    let found = keys.find(call, fields.key_id("KeyId")?)?;
    let only = fields.text_within("GrantId", 1, 128)?;
    only.map_or(Ok(()), grants::check_id)?;
    let grantee = principal(fields, "GranteePrincipal")?;
    let service = fields.text_within("GranteeServicePrincipal", 1, 128)?;
    let chosen = found.regional.grants.iter().filter(|grant| {
        only.is_none_or(|id| grant.id == id)
            && (grantee.is_none() || grant.terms.grantee.as_deref() == grantee)
            && (service.is_none() || grant.terms.grantee_service.as_deref() == service)
    });
    let all = chosen.map(|grant| entry(keys, &found.arn, grant)).collect();
    page(fields, "Grants", 50, sorted(all))
}

pub(super) fn list_retirable_grants(keys: &Keys, call: &Call<'_>, fields: Fields<'_>) -> Answer {
    let retiring = principal(fields, "RetiringPrincipal")?;
    let service = fields.text_within("RetiringServicePrincipal", 1, 128)?;
    if retiring.is_some() == service.is_some() {
        return Err(missing("RetiringPrincipal"));
    }
    let mut all = Vec::new();
    for (related, key) in keys.in_region(call.region) {
        let arn = keys.arn(call.region, &related.id);
        let chosen = key.grants.iter().filter(|grant| {
            grant.terms.retiring.as_deref() == retiring
                && grant.terms.retiring_service.as_deref() == service
        });
        all.extend(chosen.map(|grant| entry(keys, &arn, grant)));
    }
    page(fields, "Grants", 50, sorted(all))
}

pub(super) fn retire_grant(keys: &mut Keys, call: &Call<'_>, fields: Fields<'_>) -> Answer {
    let token = fields.text_within("GrantToken", 1, 8_192)?;
    let key_id = fields.text_within("KeyId", 1, 2_048)?;
    let grant_id = fields.text_within("GrantId", 1, 128)?;
    match (token, key_id, grant_id) {
        (Some(token), None, None) => grants::retire_by_token(keys, call, token)?,
        (None, Some(key_id), Some(grant_id)) => grants::remove(keys, call, key_id, grant_id)?,
        _ => {
            return Err(errors::validation(
                "A grant to retire is named by its GrantToken, or by its KeyId and GrantId",
            ));
        }
    }
    Ok(nothing())
}

pub(super) fn revoke_grant(keys: &mut Keys, call: &Call<'_>, fields: Fields<'_>) -> Answer {
    grants::remove(keys, call, fields.key_id("KeyId")?, fields.required("GrantId", 128)?)?;
    Ok(nothing())
}

fn read_terms(fields: Fields<'_>) -> Result<Terms, KmsError> {
    let constraints = fields.structure("Constraints")?;
    let context = |name| constraints.map_or(Ok(None), |constraints| constraints.map(name));
    let source_arn = constraints.map_or(Ok(None), |constraints| constraints.text("SourceArn"))?;
    let name = fields.text_within("Name", 1, 256)?;
    let allowed = |c: char| c.is_ascii_alphanumeric() || ":/_-".contains(c);
    check_characters("Name", name.unwrap_or_default(), "^[a-zA-Z0-9:/_-]+$", allowed)?;
    if !fields.has("Operations") {
        return Err(missing("Operations"));
    }
    let operations = fields.texts("Operations")?;
    let unknown = |operation: &&String| !grants::OPERATIONS.contains(&operation.as_str());
    if let Some(operation) = operations.iter().find(unknown) {
        return Err(not_one_of("Operations", operation, &grants::OPERATIONS));
    }
    let owned = |text: Option<&str>| text.map(str::to_owned);
    Ok(Terms {
        name: owned(name),
        grantee: owned(arn(principal(fields, "GranteePrincipal")?)?),
        grantee_service: owned(fields.text_within("GranteeServicePrincipal", 1, 128)?),
        retiring: owned(arn(principal(fields, "RetiringPrincipal")?)?),
        retiring_service: owned(fields.text_within("RetiringServicePrincipal", 1, 128)?),
        operations,
        context_equals: context("EncryptionContextEquals")?,
        context_subset: context("EncryptionContextSubset")?,
        source_arn: owned(source_arn),
    })
}

fn principal<'r>(fields: Fields<'r>, name: &str) -> Result<Option<&'r str>, KmsError> {
    let principal = fields.text_within(name, 1, 256)?;
    let allowed = |c: char| c.is_ascii_alphanumeric() || "_+=,.@:/-".contains(c);
    check_characters(name, principal.unwrap_or_default(), r"^[\w+=,.@:/-]+$", allowed)?;
    Ok(principal)
}

fn arn(principal: Option<&str>) -> Result<Option<&str>, KmsError> {
    match principal {
        Some(other) if !other.starts_with("arn:") => {
            Err(errors::invalid_arn(format!("{other} is not the ARN of a principal")))
        }
        principal => Ok(principal),
    }
}

/// A grant, after what it is sorted by: when it was made, then its id.
fn entry(keys: &Keys, key_arn: &str, grant: &Grant) -> (String, Value) {
    let terms = &grant.terms;
    let constraints = object([
        ("EncryptionContextEquals", json!(terms.context_equals)),
        ("EncryptionContextSubset", json!(terms.context_subset)),
        ("SourceArn", json!(terms.source_arn)),
    ]);
    let has_constraints = constraints.as_object().is_some_and(|members| !members.is_empty());
    let shaped = object([
        ("KeyId", json!(key_arn)),
        ("GrantId", json!(grant.id)),
        ("Name", json!(terms.name)),
        ("CreationDate", timestamp(grant.created)),
        ("GranteePrincipal", json!(terms.grantee)),
        ("GranteeServicePrincipal", json!(terms.grantee_service)),
        ("RetiringPrincipal", json!(terms.retiring)),
        ("RetiringServicePrincipal", json!(terms.retiring_service)),
        ("IssuingAccount", json!(keys.root_arn())),
        ("Operations", json!(terms.operations)),
        ("Constraints", if has_constraints { constraints } else { Value::Null }),
    ]);
    (format!("{:020} {}", grant.created.max(0), grant.id), shaped)
}

fn sorted(mut all: Vec<(String, Value)>) -> Vec<(String, Value)> {
    all.sort_by(|(one, _), (other, _)| one.cmp(other));
    all
}
