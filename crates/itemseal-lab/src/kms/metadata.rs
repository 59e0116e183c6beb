//! What DescribeKey answers.

use super::key::{KeyState, Phase};
use super::keys::{Found, Keys};
use super::spec::{KeySpec, KeyUsage};
use crate::clock::Micros;

/// Whether a multi-Region key is the primary.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum MultiRegionKeyType {
    /// `PRIMARY`: can be replicated and rotated.
    Primary,
    /// `REPLICA`.
    Replica,
}

/// A related key.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct MultiRegionKey {
    /// Its ARN.
    pub arn: String,
    /// Its Region.
    pub region: String,
}

/// A multi-Region key and its related keys.
///
/// Source: [MultiRegionConfiguration](https://docs.aws.amazon.com/kms/latest/APIReference/API_MultiRegionConfiguration.html).
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MultiRegionConfiguration {
    /// What the described key is.
    pub key_type: MultiRegionKeyType,
    /// The primary, which may be the described key itself.
    pub primary: MultiRegionKey,
    /// The replicas, in the order of their Regions; the described key may be among them.
    pub replicas: Vec<MultiRegionKey>,
}

/// A key, as one Region describes it. Holds nothing secret.
///
/// Source: [KeyMetadata](https://docs.aws.amazon.com/kms/latest/APIReference/API_KeyMetadata.html).
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyMetadata {
    /// The id: `mrk-` and 32 hexadecimal digits for a multi-Region key, else a UUID.
    pub key_id: String,
    /// The ARN in the Region that was asked.
    pub arn: String,
    /// The account that owns the key.
    pub account: String,
    /// When it was made in this Region, in microseconds since the Unix epoch.
    pub created_micros: Micros,
    /// The description in this Region.
    pub description: String,
    /// What the key is.
    pub spec: KeySpec,
    /// What the key is for.
    pub usage: KeyUsage,
    /// The state in this Region.
    pub state: KeyState,
    /// When it will be deleted, in microseconds since the Unix epoch; only in `PendingDeletion`.
    pub deletion_micros: Option<Micros>,
    /// The waiting period in days; only in `PendingReplicaDeletion`.
    pub pending_deletion_window_days: Option<u32>,
    /// The related keys; none for a single-Region key.
    pub multi_region: Option<MultiRegionConfiguration>,
    /// The material that new data is encrypted under, 64 hexadecimal digits.
    pub current_key_material_id: String,
}

impl KeyMetadata {
    /// AWS's `Enabled`: whether the state is `Enabled`.
    pub fn is_enabled(&self) -> bool {
        self.state == KeyState::Enabled
    }
}

impl Keys {
    /// Describes a key that was found.
    pub(super) fn describe(&self, found: &Found<'_>, region: &str) -> KeyMetadata {
        let (related, regional) = (found.related, found.regional);
        let newest = related.generations.last();
        let (deletion_micros, pending_deletion_window_days) = match regional.phase {
            Phase::PendingDeletion { at } => (Some(at), None),
            Phase::PendingReplicaDeletion { window_days } => (None, Some(window_days)),
            _ => (None, None),
        };
        KeyMetadata {
            key_id: related.id.clone(),
            arn: found.arn.clone(),
            account: self.account().to_owned(),
            created_micros: regional.created,
            description: regional.description.clone(),
            spec: related.spec,
            usage: related.usage,
            state: found.state,
            deletion_micros,
            pending_deletion_window_days,
            multi_region: related.multi_region.then(|| configuration(found, region)),
            current_key_material_id: newest.map(|g| g.material_id()).unwrap_or_default(),
        }
    }
}

fn configuration(found: &Found<'_>, region: &str) -> MultiRegionConfiguration {
    let related = found.related;
    // Related ARNs differ in the Region's field only.
    let key = |other: &String| MultiRegionKey {
        arn: found.arn.replacen(&format!(":{region}:"), &format!(":{other}:"), 1),
        region: other.clone(),
    };
    MultiRegionConfiguration {
        key_type: if related.is_primary(region) {
            MultiRegionKeyType::Primary
        } else {
            MultiRegionKeyType::Replica
        },
        primary: key(&related.primary),
        replicas: related.regions.keys().filter(|r| !related.is_primary(r)).map(key).collect(),
    }
}
