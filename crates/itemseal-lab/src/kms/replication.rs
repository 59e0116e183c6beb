//! ReplicateKey and UpdatePrimaryRegion.

use itemseal::kms::KmsError;

use super::key::{KeyState, Phase, RegionalKey};
use super::lifecycle::check_description;
use super::metadata::KeyMetadata;
use super::{LabKms, check_region, errors};
use crate::clock::duration_micros;

impl LabKms {
    /// [ReplicateKey](https://docs.aws.amazon.com/kms/latest/APIReference/API_ReplicateKey.html),
    /// called in the primary's Region. The replica shares the id and every material; its description
    /// is its own, and it is [`Creating`](KeyState::Creating) for as long as the builder says.
    ///
    /// # Errors
    /// `AlreadyExistsException` if the Region has a related key, even one that is pending deletion;
    /// `UnsupportedOperationException` from a replica or for a single-Region key; `DisabledException`,
    /// `KMSInvalidStateException`, `NotFoundException`, `InvalidArnException`, `ValidationException`.
    pub fn replicate_key(
        &self,
        region: &str,
        key_id: &str,
        replica_region: &str,
        description: &str,
    ) -> Result<KeyMetadata, KmsError> {
        self.call(region, "ReplicateKey", |keys, now| {
            check_region(replica_region)?;
            check_description(description)?;
            let found = keys.find(region, key_id, now)?;
            found.require_primary("ReplicateKey")?;
            found.require(&[KeyState::Enabled])?;
            if found.related.regions.contains_key(replica_region) {
                return Err(errors::already_exists(format!(
                    "{replica_region} already has a key that is related to {}.",
                    found.arn
                )));
            }
            let until = now.saturating_add(duration_micros(self.inner.creating));
            found.related.regions.insert(
                replica_region.to_owned(),
                RegionalKey {
                    description: description.to_owned(),
                    created: now,
                    enabled: true,
                    phase: Phase::Creating { until },
                },
            );
            let id = found.related.id.clone();
            keys.describe(replica_region, &id, now)
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
        self.call(region, "UpdatePrimaryRegion", |keys, now| {
            let id = {
                let found = keys.find(region, key_id, now)?;
                found.require_primary("UpdatePrimaryRegion")?;
                found.require(&[KeyState::Enabled])?;
                if found.related.is_primary(primary_region) {
                    return Err(errors::unsupported(format!(
                        "UpdatePrimaryRegion: {} is the primary key already.",
                        found.arn
                    )));
                }
                found.related.id.clone()
            };
            let replica = keys.find(primary_region, &id, now)?;
            replica.require(&[KeyState::Enabled])?;
            let until = now.saturating_add(duration_micros(self.inner.updating));
            for changing in [region, primary_region] {
                if let Some(key) = replica.related.regions.get_mut(changing) {
                    key.phase = Phase::Updating { until };
                }
            }
            replica.related.primary = primary_region.to_owned();
            Ok(())
        })
    }
}
