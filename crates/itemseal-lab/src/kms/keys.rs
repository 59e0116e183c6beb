//! All keys of the account, and how a request's `KeyId` finds one.
//!
//! Source: [KeyId](https://docs.aws.amazon.com/kms/latest/developerguide/concepts.html#key-id).

use std::collections::{BTreeMap, BTreeSet};

use itemseal::EncryptionContext;
use itemseal::kms::{KeyArn, KmsError};
use serde::{Deserialize, Serialize};

use super::aliases::{Alias, is_alias};
use super::key::{KeyState, RegionalKey, RelatedKeys};
use super::spec::KeyUsage;
use super::{Call, errors, grants, policy};
use crate::clock::Micros;
use crate::entropy::Entropy;

/// The keys of one account in one partition, in all Regions.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Keys {
    partition: String,
    account: String,
    related: BTreeMap<String, RelatedKeys>,
    /// Ids that were in use: a ciphertext of a deleted key is not a corrupt one.
    gone: BTreeSet<String>,
    /// By Region, then by name.
    pub(super) aliases: BTreeMap<String, BTreeMap<String, Alias>>,
}

/// A key that a request named, in the Region of the request.
#[derive(Debug)]
pub(super) struct Found<'k> {
    pub(super) related: &'k RelatedKeys,
    /// The key's own part in the Region of the request.
    pub(super) regional: &'k RegionalKey,
    pub(super) arn: String,
    pub(super) state: KeyState,
    region: String,
}

impl Found<'_> {
    pub(super) fn id(&self) -> String {
        self.related.id.clone()
    }

    pub(super) fn is_primary(&self) -> bool {
        self.related.is_primary(&self.region)
    }

    /// Refuses unless the key is in one of `states`.
    pub(super) fn require(&self, states: &[KeyState]) -> Result<(), KmsError> {
        if states.contains(&self.state) {
            return Ok(());
        }
        Err(errors::refused_in(self.state, &self.arn))
    }

    /// Refuses cryptographic calls in the states that do not allow them.
    pub(super) fn require_usable(&self) -> Result<(), KmsError> {
        self.require(&[KeyState::Enabled, KeyState::Updating])
    }

    /// Refuses what a key for something else cannot do.
    pub(super) fn require_usage(&self, usage: KeyUsage, call: &Call<'_>) -> Result<(), KmsError> {
        if self.related.usage == usage {
            return Ok(());
        }
        Err(errors::invalid_key_usage(format!(
            "{} key usage is {} which is not valid for {}.",
            self.arn, self.related.usage, call.operation
        )))
    }

    /// Refuses what only the primary may do.
    pub(super) fn require_primary(&self, operation: &str) -> Result<(), KmsError> {
        if !self.related.multi_region {
            return Err(errors::unsupported(format!(
                "{operation}: {} is not a multi-Region key.",
                self.arn
            )));
        }
        if !self.is_primary() {
            return Err(errors::unsupported(format!(
                "{operation}: {} is a replica; call it in the primary key's Region, {}.",
                self.arn, self.related.primary
            )));
        }
        Ok(())
    }
}

impl Keys {
    pub(super) fn new(partition: String, account: String) -> Self {
        Self {
            partition,
            account,
            related: BTreeMap::new(),
            gone: BTreeSet::new(),
            aliases: BTreeMap::new(),
        }
    }

    /// The same account, without keys.
    pub(super) fn emptied(&self) -> Self {
        Self::new(self.partition.clone(), self.account.clone())
    }

    pub(super) fn account(&self) -> &str {
        &self.account
    }

    pub(super) fn arn(&self, region: &str, id: &str) -> String {
        format!("arn:{}:kms:{region}:{}:key/{id}", self.partition, self.account)
    }

    /// `alias` with its prefix `alias/`.
    pub(super) fn alias_arn(&self, region: &str, alias: &str) -> String {
        format!("arn:{}:kms:{region}:{}:{alias}", self.partition, self.account)
    }

    /// The account itself, as a principal.
    pub(super) fn root_arn(&self) -> String {
        format!("arn:{}:iam::{}:root", self.partition, self.account)
    }

    pub(super) fn insert(&mut self, related: RelatedKeys) {
        self.related.insert(related.id.clone(), related);
    }

    /// The keys that `region` has, in the order of their ids.
    pub(super) fn in_region<'k>(
        &'k self,
        region: &'k str,
    ) -> impl Iterator<Item = (&'k RelatedKeys, &'k RegionalKey)> {
        self.related.values().filter_map(|related| Some((related, related.regions.get(region)?)))
    }

    /// The key that `key_id` names in the call's Region: by its id, or by its ARN there. Refuses what
    /// the key's policy denies.
    pub(super) fn find(&self, call: &Call<'_>, key_id: &str) -> Result<Found<'_>, KmsError> {
        if is_alias(key_id) {
            return Err(errors::not_found(format!("Invalid keyId '{key_id}'")));
        }
        self.find_or_alias(call, key_id)
    }

    /// Like [`find`](Self::find); the key may be named by an alias or an alias's ARN too.
    pub(super) fn find_or_alias(
        &self,
        call: &Call<'_>,
        key_id: &str,
    ) -> Result<Found<'_>, KmsError> {
        let id = self.id_in(call.region, key_id)?;
        let found = self.look_up(call.region, &id)?;
        policy::require(&found, call.operation, self)?;
        Ok(found)
    }

    /// Like [`find_or_alias`](Self::find_or_alias), for the operations that have no
    /// `InvalidArnException`. Refuses what the grants of the call's tokens do not allow.
    pub(super) fn find_for_cryptography(
        &self,
        call: &Call<'_>,
        key_id: &str,
        context: Option<&EncryptionContext>,
    ) -> Result<Found<'_>, KmsError> {
        let found =
            self.find_or_alias(call, key_id).map_err(|error| match error.code.as_str() {
                "InvalidArnException" => errors::not_found(error.message),
                _ => error,
            })?;
        grants::require(&found, call, context)?;
        Ok(found)
    }

    /// The key with this id, whatever its policy says.
    pub(super) fn look_up(&self, region: &str, id: &str) -> Result<Found<'_>, KmsError> {
        let arn = self.arn(region, id);
        let missing = || errors::not_found(format!("Key '{arn}' does not exist"));
        let related = self.related.get(id).ok_or_else(missing)?;
        let regional = related.regions.get(region).ok_or_else(missing)?;
        let region = region.to_owned();
        Ok(Found { related, regional, state: regional.state(), arn, region })
    }

    /// A key, to change what all its Regions share.
    pub(super) fn related_mut(&mut self, id: &str) -> Result<&mut RelatedKeys, KmsError> {
        let missing = || errors::not_found(format!("Key '{id}' does not exist"));
        self.related.get_mut(id).ok_or_else(missing)
    }

    /// A key, to change what is one Region's own.
    pub(super) fn regional_mut(
        &mut self,
        region: &str,
        id: &str,
    ) -> Result<&mut RegionalKey, KmsError> {
        let arn = self.arn(region, id);
        let missing = || errors::not_found(format!("Key '{arn}' does not exist"));
        self.related_mut(id)?.regions.get_mut(region).ok_or_else(missing)
    }

    /// Whether a key with this id exists, or did.
    pub(super) fn has_known(&self, id: &str) -> bool {
        self.related.contains_key(id) || self.gone.contains(id)
    }

    /// Whether `region` has the key.
    pub(super) fn has_in(&self, region: &str, id: &str) -> bool {
        self.related.get(id).is_some_and(|related| related.regions.contains_key(region))
    }

    /// When something happens next that no call makes happen.
    pub(super) fn due(&self) -> Micros {
        self.related.values().filter_map(RelatedKeys::due).min().unwrap_or(Micros::MAX)
    }

    /// Does what time has done until `now`: states that end, deletions, automatic rotations. Says
    /// whether there is new key material.
    pub(super) fn settle(&mut self, now: Micros, entropy: &dyn Entropy) -> itemseal::Result<bool> {
        let mut rotated = false;
        for related in self.related.values_mut() {
            rotated |= related.settle(now, entropy)?;
        }
        // Dropping a key wipes its material.
        let gone = &mut self.gone;
        self.related.retain(|id, related| {
            let keep = !related.regions.is_empty();
            if !keep {
                gone.insert(id.clone());
            }
            keep
        });
        // A key's aliases go with it.
        let related = &self.related;
        for (region, aliases) in &mut self.aliases {
            aliases.retain(|_, alias| {
                related.get(&alias.target).is_some_and(|key| key.regions.contains_key(region))
            });
        }
        Ok(rotated)
    }

    fn id_in(&self, region: &str, key_id: &str) -> Result<String, KmsError> {
        if !key_id.starts_with("arn:") {
            return if is_alias(key_id) {
                self.alias_target(region, key_id)
            } else {
                Ok(key_id.to_owned())
            };
        }
        let parts: Vec<&str> = key_id.splitn(6, ':').collect();
        let &["arn", partition, "kms", arn_region, account, resource] = parts.as_slice() else {
            return Err(not_a_key_arn(key_id));
        };
        let id = if is_alias(resource) {
            None
        } else {
            let arn: KeyArn = key_id.parse().map_err(|_| not_a_key_arn(key_id))?;
            Some(arn.key_id().to_owned())
        };
        if arn_region != region || partition != self.partition {
            return Err(errors::not_found(format!("Invalid arn {arn_region}")));
        }
        if account != self.account {
            return Err(errors::other_account());
        }
        id.map_or_else(|| self.alias_target(region, resource), Ok)
    }
}

fn not_a_key_arn(key_id: &str) -> KmsError {
    errors::invalid_arn(format!("{key_id} is not the ARN of a KMS key."))
}
