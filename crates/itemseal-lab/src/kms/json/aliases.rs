//! Aliases.

use itemseal::kms::KmsError;
use serde_json::json;

use super::Answer;
use super::fields::{Fields, check_characters};
use super::shapes::{nothing, page, timestamp};
use crate::kms::keys::Keys;
use crate::kms::{Call, aliases};

pub(super) fn create_alias(keys: &mut Keys, call: &Call<'_>, fields: Fields<'_>) -> Answer {
    aliases::create(keys, call, name(fields)?, fields.key_id("TargetKeyId")?)?;
    Ok(nothing())
}

pub(super) fn update_alias(keys: &mut Keys, call: &Call<'_>, fields: Fields<'_>) -> Answer {
    aliases::update(keys, call, name(fields)?, fields.key_id("TargetKeyId")?)?;
    Ok(nothing())
}

pub(super) fn delete_alias(keys: &mut Keys, call: &Call<'_>, fields: Fields<'_>) -> Answer {
    aliases::delete(keys, call, name(fields)?)?;
    Ok(nothing())
}

pub(super) fn list_aliases(keys: &Keys, call: &Call<'_>, fields: Fields<'_>) -> Answer {
    let only = match fields.text_within("KeyId", 1, 2_048)? {
        Some(key_id) => Some(keys.find(call, key_id)?.id()),
        None => None,
    };
    let all = keys.aliases.get(call.region).into_iter().flatten();
    let all = all.filter(|(_, alias)| only.as_ref().is_none_or(|id| *id == alias.target));
    let all = all.map(|(name, alias)| {
        let shaped = json!({
            "AliasName": name,
            "AliasArn": keys.alias_arn(call.region, name),
            "TargetKeyId": alias.target,
            "CreationDate": timestamp(alias.created),
            "LastUpdatedDate": timestamp(alias.updated),
        });
        (name.clone(), shaped)
    });
    page(fields, "Aliases", 50, all)
}

fn name<'r>(fields: Fields<'r>) -> Result<&'r str, KmsError> {
    let name = fields.required("AliasName", 256)?;
    let allowed = |c: char| c.is_ascii_alphanumeric() || ":/_-".contains(c);
    check_characters("AliasName", name, "^[a-zA-Z0-9:/_-]+$", allowed)?;
    Ok(name)
}
