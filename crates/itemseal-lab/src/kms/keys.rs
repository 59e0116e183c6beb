//! All keys of the account, and how a request's `KeyId` finds one.
//!
//! Source: [KeyId](https://docs.aws.amazon.com/kms/latest/developerguide/concepts.html#key-id).

use std::collections::{BTreeMap, BTreeSet};

use itemseal::kms::{KeyArn, KmsError};

use super::errors;
use super::key::{KeyState, RegionalKey, RelatedKeys};
use crate::clock::Micros;

/// The keys of one account in one partition, in all Regions.
#[derive(Debug)]
pub(super) struct Keys {
    partition: String,
    account: String,
    related: BTreeMap<String, RelatedKeys>,
    /// Ids that were in use: a ciphertext of a deleted key is not a corrupt one.
    gone: BTreeSet<String>,
}

/// A key that a request named, in the Region of the request.
#[derive(Debug)]
pub(super) struct Found<'k> {
    pub(super) related: &'k mut RelatedKeys,
    pub(super) arn: String,
    pub(super) state: KeyState,
    region: String,
}

impl Found<'_> {
    /// The key's own part in the Region of the request.
    pub(super) fn regional(&mut self) -> Result<&mut RegionalKey, KmsError> {
        let missing = || errors::not_found(format!("Key '{}' does not exist", self.arn));
        self.related.regions.get_mut(&self.region).ok_or_else(missing)
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
        Self { partition, account, related: BTreeMap::new(), gone: BTreeSet::new() }
    }

    pub(super) fn account(&self) -> &str {
        &self.account
    }

    pub(super) fn arn(&self, region: &str, id: &str) -> String {
        format!("arn:{}:kms:{region}:{}:key/{id}", self.partition, self.account)
    }

    pub(super) fn insert(&mut self, related: RelatedKeys) {
        self.related.insert(related.id.clone(), related);
    }

    /// The key that `key_id` names in `region`: by its id, or by its ARN there.
    pub(super) fn find(
        &mut self,
        region: &str,
        key_id: &str,
        now: Micros,
    ) -> Result<Found<'_>, KmsError> {
        let id = self.id_in(region, key_id)?;
        let arn = self.arn(region, &id);
        let missing = errors::not_found(format!("Key '{arn}' does not exist"));
        let related = self.settled(&id, now).ok_or_else(|| missing.clone())?;
        let state = related.regions.get(region).map(RegionalKey::state).ok_or(missing)?;
        Ok(Found { related, arn, state, region: region.to_owned() })
    }

    /// Like [`find`](Self::find), for the operations that have no `InvalidArnException`.
    pub(super) fn find_for_cryptography(
        &mut self,
        region: &str,
        key_id: &str,
        now: Micros,
    ) -> Result<Found<'_>, KmsError> {
        self.find(region, key_id, now).map_err(|error| match error.code.as_str() {
            "InvalidArnException" => errors::not_found(error.message),
            _ => error,
        })
    }

    /// Whether a key with this id exists, or did.
    pub(super) fn has_known(&self, id: &str) -> bool {
        self.related.contains_key(id) || self.gone.contains(id)
    }

    /// Whether `region` has the key now.
    pub(super) fn has_in(&mut self, region: &str, id: &str, now: Micros) -> bool {
        self.settled(id, now).is_some_and(|related| related.regions.contains_key(region))
    }

    fn settled(&mut self, id: &str, now: Micros) -> Option<&mut RelatedKeys> {
        let related = self.related.get_mut(id)?;
        related.settle(now);
        if related.regions.is_empty() {
            // Dropping it wipes the material.
            self.related.remove(id);
            self.gone.insert(id.to_owned());
        }
        self.related.get_mut(id)
    }

    fn id_in(&self, region: &str, key_id: &str) -> Result<String, KmsError> {
        if !key_id.starts_with("arn:") {
            return Ok(key_id.to_owned());
        }
        let arn: KeyArn = key_id
            .parse()
            .map_err(|_| errors::invalid_arn(format!("{key_id} is not the ARN of a KMS key.")))?;
        if arn.region() != region || arn.partition() != self.partition {
            return Err(errors::not_found(format!("Invalid arn {}", arn.region())));
        }
        if arn.account() != self.account {
            return Err(errors::other_account());
        }
        Ok(arn.key_id().to_owned())
    }
}
