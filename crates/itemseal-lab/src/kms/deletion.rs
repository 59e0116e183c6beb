//! ScheduleKeyDeletion and CancelKeyDeletion.

use itemseal::kms::KmsError;

use super::key::{KeyState, Phase, days};
use super::{LabKms, errors};
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
        self.call(region, "ScheduleKeyDeletion", |keys, now| {
            let window_days = window_days.unwrap_or(DEFAULT_WINDOW_DAYS);
            if !(7..=30).contains(&window_days) {
                return Err(errors::validation(format!(
                    "the waiting period is 7 to 30 days, not {window_days}"
                )));
            }
            let mut found = keys.find(region, key_id, now)?;
            found.require(&[KeyState::Enabled, KeyState::Disabled])?;
            let phase = if found.is_primary() && found.related.has_replicas() {
                Phase::PendingReplicaDeletion { window_days }
            } else {
                Phase::PendingDeletion { at: now.saturating_add(days(window_days)) }
            };
            let key_id = found.arn.clone();
            let key = found.regional()?;
            key.phase = phase;
            let deletion_micros =
                if let Phase::PendingDeletion { at } = phase { Some(at) } else { None };
            let state = key.state();
            Ok(ScheduledDeletion {
                key_id,
                state,
                deletion_micros,
                pending_window_days: window_days,
            })
        })
    }

    /// [CancelKeyDeletion](https://docs.aws.amazon.com/kms/latest/APIReference/API_CancelKeyDeletion.html):
    /// the key is disabled after it. Gives the key's ARN.
    ///
    /// # Errors
    /// `KMSInvalidStateException` if the key is not pending deletion; `NotFoundException`,
    /// `InvalidArnException`.
    pub fn cancel_key_deletion(&self, region: &str, key_id: &str) -> Result<String, KmsError> {
        self.call(region, "CancelKeyDeletion", |keys, now| {
            let mut found = keys.find(region, key_id, now)?;
            let arn = found.arn.clone();
            let pending = [KeyState::PendingDeletion, KeyState::PendingReplicaDeletion];
            found.require(&pending).map_err(|_| errors::not_pending_deletion(&arn))?;
            let key = found.regional()?;
            key.phase = Phase::Settled;
            key.enabled = false;
            Ok(arn)
        })
    }
}
