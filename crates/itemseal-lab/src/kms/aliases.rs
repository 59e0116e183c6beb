//! Aliases: names for keys, each Region's own.
//!
//! Source: [aliases](https://docs.aws.amazon.com/kms/latest/developerguide/kms-alias.html).

use itemseal::kms::KmsError;
use serde::{Deserialize, Serialize};

use super::key::{KeyState, RelatedKeys};
use super::keys::{Found, Keys};
use super::{Call, errors};
use crate::clock::Micros;

const PREFIX: &str = "alias/";
/// AWS's own aliases begin with this.
const RESERVED_PREFIX: &str = "alias/aws/";
/// How many aliases a key can have in a Region.
const MAX_PER_KEY: usize = 50;

/// An alias, by its name.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Alias {
    /// The key's id; an alias and its key are in one Region.
    pub(super) target: String,
    pub(super) created: Micros,
    pub(super) updated: Micros,
}

/// Whether a `KeyId`, or the resource of an ARN, is an alias. Only the prefix counts: an alias may be
/// called `mrk-…`, and is none the less no key.
pub(super) fn is_alias(key_id: &str) -> bool {
    // Of an ARN, the resource.
    let resource = if key_id.starts_with("arn:") { key_id.splitn(6, ':').nth(5) } else { None };
    resource.unwrap_or(key_id).starts_with(PREFIX)
}

impl Keys {
    /// The id of the key that `alias` names in `region`.
    pub(super) fn alias_target(&self, region: &str, alias: &str) -> Result<String, KmsError> {
        let found = self.aliases.get(region).and_then(|aliases| aliases.get(alias));
        found.map(|alias| alias.target.clone()).ok_or_else(|| not_found(self, region, alias))
    }
}

pub(super) fn create(
    keys: &mut Keys,
    call: &Call<'_>,
    name: &str,
    target: &str,
) -> Result<(), KmsError> {
    check_name(name)?;
    let found = find_target(keys, call, target)?;
    let id = found.id();
    let count = of_key(keys, call.region, &id).count();
    let arn = keys.alias_arn(call.region, name);
    let aliases = keys.aliases.entry(call.region.to_owned()).or_default();
    if aliases.contains_key(name) {
        return Err(errors::already_exists(format!("An alias with the name {arn} already exists")));
    }
    if count >= MAX_PER_KEY {
        return Err(errors::limit_exceeded(format!("a key has at most {MAX_PER_KEY} aliases")));
    }
    let alias = Alias { target: id, created: call.now, updated: call.now };
    aliases.insert(name.to_owned(), alias);
    Ok(())
}

/// Points an alias to another key, which must be of the same type and usage. The old key's state does
/// not matter.
pub(super) fn update(
    keys: &mut Keys,
    call: &Call<'_>,
    name: &str,
    target: &str,
) -> Result<(), KmsError> {
    check_name(name)?;
    let old = keys.alias_target(call.region, name)?;
    let old = type_of(keys.look_up(call.region, &old)?.related);
    let found = find_target(keys, call, target)?;
    if type_of(found.related) != old {
        return Err(errors::validation(format!(
            "Alias {name} cannot be changed to a key of another type or usage"
        )));
    }
    let id = found.id();
    let missing = not_found(keys, call.region, name);
    let aliases = keys.aliases.get_mut(call.region);
    let alias = aliases.and_then(|aliases| aliases.get_mut(name)).ok_or(missing)?;
    alias.target = id;
    alias.updated = call.now;
    Ok(())
}

pub(super) fn delete(keys: &mut Keys, call: &Call<'_>, name: &str) -> Result<(), KmsError> {
    check_name(name)?;
    let target = keys.alias_target(call.region, name)?;
    // The key's policy has a say, the key's state has none.
    keys.find(call, &target)?;
    if let Some(aliases) = keys.aliases.get_mut(call.region) {
        aliases.remove(name);
    }
    Ok(())
}

/// The aliases of one key in `region`, by name.
pub(super) fn of_key<'k>(
    keys: &'k Keys,
    region: &str,
    id: &str,
) -> impl Iterator<Item = (&'k String, &'k Alias)> {
    let all = keys.aliases.get(region).into_iter().flatten();
    all.filter(move |(_, alias)| alias.target == id)
}

fn find_target<'k>(keys: &'k Keys, call: &Call<'_>, target: &str) -> Result<Found<'k>, KmsError> {
    let found = keys.find(call, target)?;
    found.require(&[
        KeyState::Enabled,
        KeyState::Disabled,
        KeyState::Creating,
        KeyState::Updating,
    ])?;
    Ok(found)
}

fn type_of(key: &RelatedKeys) -> (bool, bool, super::KeyUsage) {
    (key.spec.is_asymmetric(), key.spec.mac_algorithm().is_some(), key.usage)
}

fn check_name(name: &str) -> Result<(), KmsError> {
    let Some(rest) = name.strip_prefix(PREFIX) else {
        return Err(errors::validation("Invalid identifier"));
    };
    if rest.is_empty() {
        return Err(errors::invalid_alias_name(format!("{name} has no name after {PREFIX}")));
    }
    if name.starts_with(RESERVED_PREFIX) {
        return Err(errors::invalid_alias_name(format!(
            "{name}: names that begin with {RESERVED_PREFIX} are AWS's own"
        )));
    }
    Ok(())
}

fn not_found(keys: &Keys, region: &str, name: &str) -> KmsError {
    errors::not_found(format!("Alias {} is not found.", keys.alias_arn(region, name)))
}
