//! CreateKey, DescribeKey, EnableKey, DisableKey and UpdateKeyDescription.

use std::collections::BTreeMap;

use itemseal::kms::KmsError;

use super::key::{Generation, KeyState, Phase, RegionalKey, RelatedKeys, Rotated};
use super::keys::Keys;
use super::metadata::KeyMetadata;
use super::spec::{KeySpec, KeyUsage};
use super::{Call, LabKms, check_region, errors, policy};
use crate::entropy::{Entropy, hex, uuid};

/// The longest description, in characters.
const MAX_DESCRIPTION: usize = 8_192;

impl LabKms {
    /// [CreateKey](https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateKey.html): a
    /// symmetric encryption key, enabled at once. A multi-Region key is a primary without replicas;
    /// a single-Region key can never become one.
    ///
    /// # Errors
    /// `ValidationException` if the Region or the description cannot be one.
    pub fn create_key(
        &self,
        region: &str,
        multi_region: bool,
        description: &str,
    ) -> Result<KeyMetadata, KmsError> {
        self.change(region, "CreateKey", |keys, call| {
            let new = NewKey {
                spec: KeySpec::Symmetric,
                usage: KeyUsage::EncryptDecrypt,
                multi_region,
                description: description.to_owned(),
                policy: policy::default_document(keys),
                tags: BTreeMap::new(),
            };
            create(keys, call, new)
        })
    }

    /// [DescribeKey](https://docs.aws.amazon.com/kms/latest/APIReference/API_DescribeKey.html),
    /// which works in every state.
    ///
    /// # Errors
    /// `NotFoundException`, `InvalidArnException`.
    pub fn describe_key(&self, region: &str, key_id: &str) -> Result<KeyMetadata, KmsError> {
        self.read(region, "DescribeKey", |keys, call| {
            Ok(keys.describe(&keys.find_or_alias(call, key_id)?, region))
        })
    }

    /// [EnableKey](https://docs.aws.amazon.com/kms/latest/APIReference/API_EnableKey.html), in this
    /// Region only.
    ///
    /// # Errors
    /// `NotFoundException`; `KMSInvalidStateException` unless the key is enabled or disabled.
    pub fn enable_key(&self, region: &str, key_id: &str) -> Result<(), KmsError> {
        self.change(region, "EnableKey", |keys, call| set_enabled(keys, call, key_id, true))
    }

    /// [DisableKey](https://docs.aws.amazon.com/kms/latest/APIReference/API_DisableKey.html), in this
    /// Region only: related keys go on working, whichever is the primary.
    ///
    /// # Errors
    /// `NotFoundException`; `KMSInvalidStateException` unless the key is enabled or disabled.
    pub fn disable_key(&self, region: &str, key_id: &str) -> Result<(), KmsError> {
        self.change(region, "DisableKey", |keys, call| set_enabled(keys, call, key_id, false))
    }
}

/// What CreateKey needs; already checked, but for the description.
pub(super) struct NewKey {
    pub(super) spec: KeySpec,
    pub(super) usage: KeyUsage,
    pub(super) multi_region: bool,
    pub(super) description: String,
    pub(super) policy: String,
    pub(super) tags: BTreeMap<String, String>,
}

pub(super) fn create(
    keys: &mut Keys,
    call: &Call<'_>,
    new: NewKey,
) -> Result<KeyMetadata, KmsError> {
    check_region(call.region)?;
    check_description(&new.description)?;
    let id = if new.multi_region { multi_region_id(call.entropy) } else { uuid(call.entropy) }
        .map_err(|error| errors::internal(&error))?;
    let first = Generation::make(call.entropy, new.spec, Rotated::Created)
        .map_err(|error| errors::internal(&error))?;
    let key = RegionalKey {
        description: new.description,
        created: call.now,
        enabled: true,
        phase: Phase::Settled,
        policy: new.policy,
        tags: new.tags,
        grants: Vec::new(),
    };
    keys.insert(RelatedKeys {
        id: id.clone(),
        multi_region: new.multi_region,
        spec: new.spec,
        usage: new.usage,
        generations: vec![first],
        schedule: None,
        on_demand_rotations: 0,
        primary: call.region.to_owned(),
        regions: BTreeMap::from([(call.region.to_owned(), key)]),
    });
    Ok(keys.describe(&keys.look_up(call.region, &id)?, call.region))
}

pub(super) fn set_enabled(
    keys: &mut Keys,
    call: &Call<'_>,
    key_id: &str,
    enabled: bool,
) -> Result<(), KmsError> {
    let found = keys.find(call, key_id)?;
    found.require(&[KeyState::Enabled, KeyState::Disabled])?;
    let (id, is_primary) = (found.id(), found.is_primary());
    keys.regional_mut(call.region, &id)?.enabled = enabled;
    // A rotation that was due while the key was disabled happens now, once.
    if enabled
        && is_primary
        && let Some(schedule) = &mut keys.related_mut(&id)?.schedule
    {
        schedule.next = schedule.next.max(call.now);
    }
    Ok(())
}

pub(super) fn set_description(
    keys: &mut Keys,
    call: &Call<'_>,
    key_id: &str,
    description: &str,
) -> Result<(), KmsError> {
    check_description(description)?;
    let found = keys.find(call, key_id)?;
    found.require(&[KeyState::Enabled, KeyState::Disabled, KeyState::Updating])?;
    let id = found.id();
    keys.regional_mut(call.region, &id)?.description = description.to_owned();
    Ok(())
}

pub(super) fn check_description(description: &str) -> Result<(), KmsError> {
    if description.chars().count() <= MAX_DESCRIPTION {
        return Ok(());
    }
    Err(errors::validation(format!("the description is longer than {MAX_DESCRIPTION} characters")))
}

fn multi_region_id(entropy: &dyn Entropy) -> itemseal::Result<String> {
    let mut bytes = [0; 16];
    entropy.fill(&mut bytes)?;
    Ok(format!("mrk-{}", hex(&bytes)))
}
