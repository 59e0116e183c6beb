//! A key and its replicas: what they share, what each Region has of its own, and how states change.
//!
//! Source: [multi-Region keys](https://docs.aws.amazon.com/kms/latest/developerguide/multi-region-keys-overview.html),
//! [key states](https://docs.aws.amazon.com/kms/latest/developerguide/key-state.html),
//! [deleting multi-Region keys](https://docs.aws.amazon.com/kms/latest/developerguide/multi-region-keys-delete.html).

use std::collections::BTreeMap;
use std::fmt;

use itemseal::Result;
use serde::{Deserialize, Serialize};

use super::asymmetric;
use super::grants::Grant;
use super::secret::KeyMaterial;
use super::spec::{KeySpec, KeyUsage};
use crate::clock::{DAY_MICROS, Micros};
use crate::entropy::{Entropy, hex};

pub(super) const GENERATION_ID_LEN_BYTES: usize = 32;

/// The state of a key in one Region.
///
/// Source: [KeyMetadata](https://docs.aws.amazon.com/kms/latest/APIReference/API_KeyMetadata.html).
/// `PendingImport` and `Unavailable` belong to key origins that the lab has not.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum KeyState {
    /// A new replica that is not ready yet: cryptographic calls are refused.
    Creating,
    /// Ready.
    Enabled,
    /// Switched off in this Region; related keys in other Regions are not affected.
    Disabled,
    /// A primary that waits for its last replica to go; its own waiting period has not begun.
    PendingReplicaDeletion,
    /// Will be deleted at its deletion date.
    PendingDeletion,
    /// Changing between primary and replica; cryptographic calls work.
    Updating,
}

impl fmt::Display for KeyState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Creating => "Creating",
            Self::Enabled => "Enabled",
            Self::Disabled => "Disabled",
            Self::PendingReplicaDeletion => "PendingReplicaDeletion",
            Self::PendingDeletion => "PendingDeletion",
            Self::Updating => "Updating",
        })
    }
}

/// Why there is a material.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Rotated {
    /// It is the first.
    Created,
    Automatically(Micros),
    OnDemand(Micros),
}

/// One of a key's materials. New data is sealed under the last; all open what they sealed.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Generation {
    pub(super) id: [u8; GENERATION_ID_LEN_BYTES],
    pub(super) material: KeyMaterial,
    pub(super) rotated: Rotated,
}

impl Generation {
    pub(super) fn make(entropy: &dyn Entropy, spec: KeySpec, rotated: Rotated) -> Result<Self> {
        let mut id = [0; GENERATION_ID_LEN_BYTES];
        entropy.fill(&mut id)?;
        let material = if spec.is_asymmetric() {
            asymmetric::generate(spec)?
        } else {
            KeyMaterial::random(entropy, spec.material_len_bytes())?
        };
        Ok(Self { id, material, rotated })
    }

    /// AWS's `KeyMaterialId`: 64 hexadecimal digits.
    pub(super) fn material_id(&self) -> String {
        hex(&self.id)
    }
}

/// What is going on with a key in one Region, besides being enabled or disabled.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(super) enum Phase {
    Settled,
    Creating { until: Micros },
    Updating { until: Micros },
    PendingReplicaDeletion { window_days: u32 },
    PendingDeletion { at: Micros },
}

impl Phase {
    /// `Creating`, unless that takes no time.
    pub(super) fn creating(now: Micros, duration: Micros) -> Self {
        if duration <= 0 {
            return Self::Settled;
        }
        Self::Creating { until: now.saturating_add(duration) }
    }

    /// `Updating`, unless that takes no time.
    pub(super) fn updating(now: Micros, duration: Micros) -> Self {
        if duration <= 0 {
            return Self::Settled;
        }
        Self::Updating { until: now.saturating_add(duration) }
    }

    /// When it ends by itself.
    fn ends(self) -> Option<Micros> {
        match self {
            Self::Creating { until } | Self::Updating { until } => Some(until),
            Self::PendingDeletion { at } => Some(at),
            Self::Settled | Self::PendingReplicaDeletion { .. } => None,
        }
    }
}

/// What each Region has of its own. The ARN follows from the Region.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct RegionalKey {
    pub(super) description: String,
    pub(super) created: Micros,
    pub(super) enabled: bool,
    pub(super) phase: Phase,
    /// The policy document, as it was given.
    pub(super) policy: String,
    pub(super) tags: BTreeMap<String, String>,
    pub(super) grants: Vec<Grant>,
}

impl RegionalKey {
    pub(super) fn state(&self) -> KeyState {
        match self.phase {
            Phase::Creating { .. } => KeyState::Creating,
            Phase::Updating { .. } => KeyState::Updating,
            Phase::PendingReplicaDeletion { .. } => KeyState::PendingReplicaDeletion,
            Phase::PendingDeletion { .. } => KeyState::PendingDeletion,
            Phase::Settled if self.enabled => KeyState::Enabled,
            Phase::Settled => KeyState::Disabled,
        }
    }
}

/// Automatic rotation, while it is enabled.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(super) struct Schedule {
    pub(super) period_days: u32,
    pub(super) next: Micros,
}

/// A key with all its replicas. A single-Region key is the same with one Region.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct RelatedKeys {
    pub(super) id: String,
    pub(super) multi_region: bool,
    pub(super) spec: KeySpec,
    pub(super) usage: KeyUsage,
    pub(super) generations: Vec<Generation>,
    pub(super) schedule: Option<Schedule>,
    pub(super) on_demand_rotations: u32,
    pub(super) primary: String,
    pub(super) regions: BTreeMap<String, RegionalKey>,
}

impl RelatedKeys {
    pub(super) fn is_primary(&self, region: &str) -> bool {
        self.primary == region
    }

    pub(super) fn has_replicas(&self) -> bool {
        self.regions.len() > 1
    }

    pub(super) fn generation(&self, id: &[u8; GENERATION_ID_LEN_BYTES]) -> Option<&Generation> {
        self.generations.iter().find(|generation| generation.id == *id)
    }

    /// When the next thing happens by itself.
    pub(super) fn due(&self) -> Option<Micros> {
        let phases = self.regions.values().filter_map(|key| key.phase.ends());
        phases.chain(self.rotation_due()).min()
    }

    /// When it rotates next: never while the primary is not enabled.
    fn rotation_due(&self) -> Option<Micros> {
        let primary = self.regions.get(&self.primary)?;
        let rotates = matches!(primary.state(), KeyState::Enabled | KeyState::Updating);
        self.schedule.filter(|_| rotates).map(|schedule| schedule.next)
    }

    /// Brings the states up to `now`, and says whether the key rotated. With no Region left, the key
    /// is gone.
    pub(super) fn settle(&mut self, now: Micros, entropy: &dyn Entropy) -> Result<bool> {
        let rotated = self.rotate_automatically(now, entropy)?;
        self.settle_phases(now);
        Ok(rotated)
    }

    fn rotate_automatically(&mut self, now: Micros, entropy: &dyn Entropy) -> Result<bool> {
        let mut rotated = false;
        while let (Some(at), Some(schedule)) = (self.rotation_due(), self.schedule)
            && at <= now
        {
            let next = Generation::make(entropy, self.spec, Rotated::Automatically(at))?;
            self.generations.push(next);
            let next = at.saturating_add(days(schedule.period_days));
            self.schedule = Some(Schedule { next, ..schedule });
            rotated = true;
            // The end of time: there is no later rotation.
            if next == at {
                break;
            }
        }
        Ok(rotated)
    }

    fn settle_phases(&mut self, now: Micros) {
        for key in self.regions.values_mut() {
            if let Phase::Creating { until } | Phase::Updating { until } = key.phase
                && until <= now
            {
                key.phase = Phase::Settled;
            }
        }
        // Twice: the last replica's going starts the primary's own period, which may be over too.
        for _ in 0..2 {
            let mut last_gone = None;
            self.regions.retain(|_, key| match key.phase {
                Phase::PendingDeletion { at } if at <= now => {
                    last_gone = last_gone.max(Some(at));
                    false
                }
                _ => true,
            });
            let (Some(gone), false) = (last_gone, self.has_replicas()) else { return };
            if let Some(primary) = self.regions.get_mut(&self.primary)
                && let Phase::PendingReplicaDeletion { window_days } = primary.phase
            {
                primary.phase =
                    Phase::PendingDeletion { at: gone.saturating_add(days(window_days)) };
            }
        }
    }
}

pub(super) fn days(count: u32) -> Micros {
    Micros::from(count) * DAY_MICROS
}
