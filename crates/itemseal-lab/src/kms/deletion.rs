//! ScheduleKeyDeletion and CancelKeyDeletion.

use itemseal::kms::KmsError;

use super::key::{KeyState, Phase, days};
use super::keys::Keys;
use super::{Call, LabKms, errors};
use crate::clock::Micros;

/// The waiting period if none is given, in days.
const DEFAULT_WINDOW_DAYS: u32 = 30;

/// A ScheduleKeyDeletion answer.
///
/// Source: [ScheduleKeyDeletion](https://docs.aws.amazon.com/kms/latest/APIReference/API_ScheduleKeyDeletion.html).
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScheduledDeletion {
    /// The key's ARN.
    pub key_id: String,
    /// `PendingDeletion`, or `PendingReplicaDeletion` for a primary that has replicas.
    pub state: KeyState,
    /// When it will be deleted, in microseconds since the Unix epoch; none for a primary that has
    /// replicas, whose waiting period begins when the last of them is gone.
    pub deletion_micros: Option<Micros>,
    /// The waiting period in days.
    pub pending_window_days: u32,
}

impl LabKms {
    /// [ScheduleKeyDeletion](https://docs.aws.amazon.com/kms/latest/APIReference/API_ScheduleKeyDeletion.html)
    /// with a waiting period of 7 to 30 days (30 if `None`). A replica may go at any time.
    ///
    /// # Errors
    /// `ValidationException` for another period; `KMSInvalidStateException` unless the key is enabled
    /// or disabled; `NotFoundException`, `InvalidArnException`.
    pub fn schedule_key_deletion(
        &self,
        region: &str,
        key_id: &str,
        window_days: Option<u32>,
    ) -> Result<ScheduledDeletion, KmsError> {
        self.change(region, "ScheduleKeyDeletion", |keys, call| {
            schedule(keys, call, key_id, window_days)
        })
    }
    /// [CancelKeyDeletion](https://docs.aws.amazon.com/kms/latest/APIReference/API_CancelKeyDeletion.html):
    /// the key is disabled after it. Gives the key's ARN.
    ///
    /// # Errors
    /// `KMSInvalidStateException` if the key is not pending deletion; `NotFoundException`,
    /// `InvalidArnException`.
    pub fn cancel_key_deletion(&self, region: &str, key_id: &str) -> Result<String, KmsError> {
        self.change(region, "CancelKeyDeletion", |keys, call| cancel(keys, call, key_id))
    }
}

pub(super) fn schedule(
    keys: &mut Keys,
    call: &Call<'_>,
    key_id: &str,
    window_days: Option<u32>,
) -> Result<ScheduledDeletion, KmsError> {
    let window_days = window_days.unwrap_or(DEFAULT_WINDOW_DAYS);
    if !(7..=30).contains(&window_days) {
        return Err(errors::validation(format!(
            "the waiting period is 7 to 30 days, not {window_days}"
        )));
    }
    let found = keys.find(call, key_id)?;
    found.require(&[KeyState::Enabled, KeyState::Disabled])?;
    let (phase, deletion_micros) = if found.is_primary() && found.related.has_replicas() {
        (Phase::PendingReplicaDeletion { window_days }, None)
    } else {
        let at = call.now.saturating_add(days(window_days));
        (Phase::PendingDeletion { at }, Some(at))
    };
    let (id, key_id) = (found.id(), found.arn);
    let key = keys.regional_mut(call.region, &id)?;
    key.phase = phase;
    let state = key.state();
    Ok(ScheduledDeletion { key_id, state, deletion_micros, pending_window_days: window_days })
}

pub(super) fn cancel(keys: &mut Keys, call: &Call<'_>, key_id: &str) -> Result<String, KmsError> {
    let found = keys.find(call, key_id)?;
    let pending = [KeyState::PendingDeletion, KeyState::PendingReplicaDeletion];
    found.require(&pending).map_err(|_| errors::not_pending_deletion(&found.arn))?;
    let (id, arn) = (found.id(), found.arn);
    let key = keys.regional_mut(call.region, &id)?;
    key.phase = Phase::Settled;
    key.enabled = false;
    Ok(arn)
}
