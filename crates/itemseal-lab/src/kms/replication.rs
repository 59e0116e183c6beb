//! ReplicateKey and UpdatePrimaryRegion.

use std::collections::BTreeMap;

use itemseal::kms::KmsError;

use super::key::{KeyState, Phase, RegionalKey};
use super::keys::Keys;
use super::lifecycle::check_description;
use super::metadata::KeyMetadata;
use super::{Call, LabKms, check_region, errors, policy};

impl LabKms {
    /// [ReplicateKey](https://docs.aws.amazon.com/kms/latest/APIReference/API_ReplicateKey.html),
    /// called in the primary's Region. The replica shares the id and every material; its description
    /// is its own, and it is [`Creating`](KeyState::Creating) for as long as the builder says.
    ///
    /// # Errors
    /// `AlreadyExistsException` if the Region has a related key, even one that is pending deletion;
    /// `UnsupportedOperationException` from a replica, for a single-Region key or into another
    /// partition; `DisabledException`, `KMSInvalidStateException`, `NotFoundException`,
    /// `InvalidArnException`, `ValidationException`.
    pub fn replicate_key(
        &self,
        region: &str,
        key_id: &str,
        replica_region: &str,
        description: &str,
    ) -> Result<KeyMetadata, KmsError> {
        self.change(region, "ReplicateKey", |keys, call| {
            let policy = policy::default_document(keys);
            let new =
                NewReplica { description: description.to_owned(), policy, tags: BTreeMap::new() };
            replicate(keys, call, key_id, replica_region, new)
        })
    }

    /// [UpdatePrimaryRegion](https://docs.aws.amazon.com/kms/latest/APIReference/API_UpdatePrimaryRegion.html),
    /// called in the current primary's Region. Both keys are [`Updating`](KeyState::Updating) for as
    /// long as the builder says; they encrypt and decrypt all the while, and no ARN changes.
    ///
    /// # Errors
    /// `UnsupportedOperationException` from a replica, for a single-Region key, or if `primary_region`
    /// is the primary's already; `NotFoundException` if there is no replica in `primary_region`;
    /// `DisabledException` and `KMSInvalidStateException` unless both keys are enabled;
    /// `InvalidArnException`.
    pub fn update_primary_region(
        &self,
        region: &str,
        key_id: &str,
        primary_region: &str,
    ) -> Result<(), KmsError> {
        self.change(region, "UpdatePrimaryRegion", |keys, call| {
            update_primary(keys, call, key_id, primary_region)
        })
    }
}

/// What a replica has of its own; already checked, but for the description.
pub(super) struct NewReplica {
    pub(super) description: String,
    pub(super) policy: String,
    pub(super) tags: BTreeMap<String, String>,
}

pub(super) fn replicate(
    keys: &mut Keys,
    call: &Call<'_>,
    key_id: &str,
    replica_region: &str,
    new: NewReplica,
) -> Result<KeyMetadata, KmsError> {
    check_region(replica_region)?;
    check_description(&new.description)?;
    let found = keys.find(call, key_id)?;
    found.require_primary(call.operation)?;
    found.require(&[KeyState::Enabled])?;
    if partition(replica_region) != partition(call.region) {
        return Err(errors::unsupported(format!(
            "ReplicateKey: {replica_region} is in another partition than {}.",
            found.arn
        )));
    }
    if found.related.regions.contains_key(replica_region) {
        return Err(errors::already_exists(format!(
            "{replica_region} already has a key that is related to {}.",
            found.arn
        )));
    }
    let id = found.id();
    let replica = RegionalKey {
        description: new.description,
        created: call.now,
        enabled: true,
        phase: Phase::creating(call.now, call.creating),
        policy: new.policy,
        tags: new.tags,
        grants: Vec::new(),
    };
    keys.related_mut(&id)?.regions.insert(replica_region.to_owned(), replica);
    Ok(keys.describe(&keys.look_up(replica_region, &id)?, replica_region))
}

/// Which Regions are one partition with `region`: the start of their names.
fn partition(region: &str) -> Option<&'static str> {
    ["cn-", "us-gov-", "us-iso", "eu-iso", "eusc-"]
        .into_iter()
        .find(|start| region.starts_with(start))
}

pub(super) fn update_primary(
    keys: &mut Keys,
    call: &Call<'_>,
    key_id: &str,
    primary_region: &str,
) -> Result<(), KmsError> {
    let found = keys.find(call, key_id)?;
    found.require_primary(call.operation)?;
    found.require(&[KeyState::Enabled])?;
    if found.related.is_primary(primary_region) {
        return Err(errors::unsupported(format!(
            "UpdatePrimaryRegion: {} is the primary key already.",
            found.arn
        )));
    }
    let id = found.id();
    keys.look_up(primary_region, &id)?.require(&[KeyState::Enabled])?;
    let related = keys.related_mut(&id)?;
    for changing in [call.region, primary_region] {
        if let Some(key) = related.regions.get_mut(changing) {
            key.phase = Phase::updating(call.now, call.updating);
        }
    }
    related.primary = primary_region.to_owned();
    Ok(())
}
