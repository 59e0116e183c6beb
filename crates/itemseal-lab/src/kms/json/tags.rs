//! Tags.

use std::collections::BTreeMap;

use itemseal::kms::KmsError;
use serde_json::{Value, json};

use super::Answer;
use super::fields::{Fields, missing};
use super::shapes::{nothing, page};
use crate::kms::keys::Keys;
use crate::kms::{Call, tags};

pub(super) fn tag_resource(keys: &mut Keys, call: &Call<'_>, fields: Fields<'_>) -> Answer {
    require_list(fields, "Tags")?;
    tags::add(keys, call, fields.key_id("KeyId")?, read_tags(fields)?)?;
    Ok(nothing())
}

pub(super) fn untag_resource(keys: &mut Keys, call: &Call<'_>, fields: Fields<'_>) -> Answer {
    require_list(fields, "TagKeys")?;
    tags::remove(keys, call, fields.key_id("KeyId")?, &fields.texts("TagKeys")?)?;
    Ok(nothing())
}

pub(super) fn list_resource_tags(keys: &Keys, call: &Call<'_>, fields: Fields<'_>) -> Answer {
    let found = keys.find(call, fields.key_id("KeyId")?)?;
    let all = found.regional.tags.iter().map(|(key, value)| (key.clone(), shape(key, value)));
    page(fields, "Tags", 50, all)
}

/// The `Tags` of a request.
pub(super) fn read_tags(fields: Fields<'_>) -> Result<Vec<(String, String)>, KmsError> {
    let read = |tag: Fields<'_>| {
        let key = tag.required("TagKey", 128)?;
        let value = tag.text_within("TagValue", 0, 256)?.ok_or_else(|| missing("TagValue"))?;
        Ok((key.to_owned(), value.to_owned()))
    };
    fields.structures("Tags")?.into_iter().map(read).collect()
}

pub(super) fn tag_list(tags: &BTreeMap<String, String>) -> Value {
    tags.iter().map(|(key, value)| shape(key, value)).collect()
}

fn shape(key: &str, value: &str) -> Value {
    json!({ "TagKey": key, "TagValue": value })
}

fn require_list(fields: Fields<'_>, name: &str) -> Result<(), KmsError> {
    if fields.has(name) { Ok(()) } else { Err(missing(name)) }
}
