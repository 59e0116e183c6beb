//! RotateKeyOnDemand.

use itemseal::kms::KmsError;

use super::key::Generation;
use super::{LabKms, errors};

/// How often a key can be rotated on demand.
const MAX_ON_DEMAND_ROTATIONS: u32 = 25;

impl LabKms {
    /// [RotateKeyOnDemand](https://docs.aws.amazon.com/kms/latest/APIReference/API_RotateKeyOnDemand.html):
    /// new data is encrypted under new material, in all Regions at once; what older material
    /// encrypted still opens. For a multi-Region key, called in the primary's Region. Gives the
    /// key's ARN.
    ///
    /// # Errors
    /// `UnsupportedOperationException` for a replica; `LimitExceededException` after 25 rotations;
    /// `DisabledException`, `KMSInvalidStateException`, `NotFoundException`, `InvalidArnException`.
    pub fn rotate_key_on_demand(&self, region: &str, key_id: &str) -> Result<String, KmsError> {
        self.call(region, "RotateKeyOnDemand", |keys, now| {
            let found = keys.find(region, key_id, now)?;
            if found.related.multi_region {
                found.require_primary("RotateKeyOnDemand")?;
            }
            found.require_usable()?;
            if found.related.on_demand_rotations >= MAX_ON_DEMAND_ROTATIONS {
                return Err(errors::limit_exceeded(format!(
                    "{} was rotated on demand {MAX_ON_DEMAND_ROTATIONS} times, which is the limit.",
                    found.arn
                )));
            }
            let next = Generation::random(&*self.inner.entropy)
                .map_err(|error| errors::internal(&error))?;
            found.related.generations.push(next);
            found.related.on_demand_rotations += 1;
            Ok(found.arn)
        })
    }
}
