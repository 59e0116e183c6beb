//! RotateKeyOnDemand, and automatic rotation: EnableKeyRotation, DisableKeyRotation.
//!
//! Source: [rotating KMS keys](https://docs.aws.amazon.com/kms/latest/developerguide/rotate-keys.html).

use itemseal::kms::KmsError;

use super::key::{Generation, Rotated, Schedule, days};
use super::keys::{Found, Keys};
use super::spec::KeySpec;
use super::{Call, LabKms, errors};
use crate::clock::Micros;

/// How often a key can be rotated on demand.
const MAX_ON_DEMAND_ROTATIONS: u32 = 25;
/// The period of automatic rotation if none is given, in days.
pub(super) const DEFAULT_PERIOD_DAYS: u32 = 365;
/// So near to an automatic rotation there is none on demand: 20 minutes.
const NEAR_MICROS: Micros = 20 * 60 * 1_000_000;

impl LabKms {
    /// [RotateKeyOnDemand](https://docs.aws.amazon.com/kms/latest/APIReference/API_RotateKeyOnDemand.html):
    /// new data is encrypted under new material, in all Regions at once; what older material
    /// encrypted still opens. For a multi-Region key, called in the primary's Region. Gives the
    /// key's ARN.
    ///
    /// # Errors
    /// `UnsupportedOperationException` for a replica and for a key that is not symmetric;
    /// `LimitExceededException` after 25 rotations; `ConflictException` within 20 minutes of an
    /// automatic rotation; `DisabledException`, `KMSInvalidStateException`, `NotFoundException`,
    /// `InvalidArnException`.
    pub fn rotate_key_on_demand(&self, region: &str, key_id: &str) -> Result<String, KmsError> {
        self.change(region, "RotateKeyOnDemand", |keys, call| on_demand(keys, call, key_id))
    }
}

pub(super) fn on_demand(
    keys: &mut Keys,
    call: &Call<'_>,
    key_id: &str,
) -> Result<String, KmsError> {
    let found = find_rotatable(keys, call, key_id)?;
    if found.related.on_demand_rotations >= MAX_ON_DEMAND_ROTATIONS {
        return Err(errors::limit_exceeded(format!(
            "{} was rotated on demand {MAX_ON_DEMAND_ROTATIONS} times, which is the limit.",
            found.arn
        )));
    }
    let next = found.related.schedule.map(|schedule| schedule.next);
    if next.is_some_and(|next| next.saturating_sub(call.now) <= NEAR_MICROS) {
        return Err(errors::conflict(format!(
            "{} is about to be rotated automatically.",
            found.arn
        )));
    }
    let next = Generation::make(call.entropy, found.related.spec, Rotated::OnDemand(call.now))
        .map_err(|error| errors::internal(&error))?;
    let (id, arn) = (found.id(), found.arn);
    let related = keys.related_mut(&id)?;
    related.generations.push(next);
    related.on_demand_rotations += 1;
    Ok(arn)
}

/// Enables automatic rotation: the first is one period from now. Enabled already, it changes the
/// period.
pub(super) fn enable(
    keys: &mut Keys,
    call: &Call<'_>,
    key_id: &str,
    period_days: u32,
) -> Result<(), KmsError> {
    let id = find_rotatable(keys, call, key_id)?.id();
    let next = call.now.saturating_add(days(period_days));
    keys.related_mut(&id)?.schedule = Some(Schedule { period_days, next });
    Ok(())
}

pub(super) fn disable(keys: &mut Keys, call: &Call<'_>, key_id: &str) -> Result<(), KmsError> {
    let id = find_rotatable(keys, call, key_id)?.id();
    keys.related_mut(&id)?.schedule = None;
    Ok(())
}

/// A key of a kind that rotates, in whatever state.
pub(super) fn find_of_kind<'k>(
    keys: &'k Keys,
    call: &Call<'_>,
    key_id: &str,
) -> Result<Found<'k>, KmsError> {
    let found = keys.find(call, key_id)?;
    if found.related.spec != KeySpec::Symmetric {
        return Err(errors::unsupported(format!(
            "{}: {} is a key of spec {}; only symmetric encryption keys rotate.",
            call.operation, found.arn, found.related.spec
        )));
    }
    Ok(found)
}

/// A key whose rotation can be changed here and now: for a multi-Region key, the primary.
fn find_rotatable<'k>(
    keys: &'k Keys,
    call: &Call<'_>,
    key_id: &str,
) -> Result<Found<'k>, KmsError> {
    let found = find_of_kind(keys, call, key_id)?;
    if found.related.multi_region {
        found.require_primary(call.operation)?;
    }
    found.require(&[super::KeyState::Enabled])?;
    Ok(found)
}
