//! Tags of a key in one Region.
//!
//! Source: [tags](https://docs.aws.amazon.com/kms/latest/developerguide/tagging-keys.html).

use std::collections::BTreeMap;

use itemseal::kms::KmsError;

use super::key::KeyState;
use super::keys::Keys;
use super::{Call, errors};

/// How many tags a key can have in a Region.
const MAX_TAGS: usize = 50;
/// AWS's own tags begin with this.
const RESERVED_PREFIX: &str = "aws:";
const TAGGABLE: [KeyState; 3] = [KeyState::Enabled, KeyState::Disabled, KeyState::Updating];

/// Checks tags, and makes a map of them.
pub(super) fn checked(tags: Vec<(String, String)>) -> Result<BTreeMap<String, String>, KmsError> {
    let mut map = BTreeMap::new();
    for (key, value) in tags {
        if key.to_ascii_lowercase().starts_with(RESERVED_PREFIX) {
            return Err(errors::tag(format!("{key}: keys that begin with aws: are AWS's own")));
        }
        if map.insert(key, value).is_some() {
            return Err(errors::tag("Duplicate tag keys"));
        }
    }
    check_count(map.len())?;
    Ok(map)
}

pub(super) fn add(
    keys: &mut Keys,
    call: &Call<'_>,
    key_id: &str,
    tags: Vec<(String, String)>,
) -> Result<(), KmsError> {
    let tags = checked(tags)?;
    let found = keys.find(call, key_id)?;
    found.require(&TAGGABLE)?;
    let id = found.id();
    let key = keys.regional_mut(call.region, &id)?;
    key.tags.extend(tags);
    check_count(key.tags.len())
}

/// Removes tags; keys that the key has not are passed over.
pub(super) fn remove(
    keys: &mut Keys,
    call: &Call<'_>,
    key_id: &str,
    tag_keys: &[String],
) -> Result<(), KmsError> {
    let found = keys.find(call, key_id)?;
    found.require(&TAGGABLE)?;
    let id = found.id();
    let key = keys.regional_mut(call.region, &id)?;
    key.tags.retain(|tag, _| !tag_keys.contains(tag));
    Ok(())
}

fn check_count(count: usize) -> Result<(), KmsError> {
    if count <= MAX_TAGS {
        return Ok(());
    }
    Err(errors::limit_exceeded(format!("a key has at most {MAX_TAGS} tags, not {count}")))
}
