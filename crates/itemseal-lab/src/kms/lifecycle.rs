//! CreateKey, DescribeKey, EnableKey and DisableKey.

use std::collections::BTreeMap;

use itemseal::kms::KmsError;

use super::errors;
use super::key::{Generation, KeyState, Phase, RegionalKey, RelatedKeys};
use super::metadata::KeyMetadata;
use super::{LabKms, check_region};
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
        self.call(region, "CreateKey", |keys, now| {
            check_region(region)?;
            check_description(description)?;
            let entropy = &*self.inner.entropy;
            let id = if multi_region { multi_region_id(entropy) } else { uuid(entropy) }
                .map_err(|error| errors::internal(&error))?;
            let first = Generation::random(entropy).map_err(|error| errors::internal(&error))?;
            let key = RegionalKey {
                description: description.to_owned(),
                created: now,
                enabled: true,
                phase: Phase::Settled,
            };
            keys.insert(RelatedKeys {
                id: id.clone(),
                multi_region,
                generations: vec![first],
                on_demand_rotations: 0,
                primary: region.to_owned(),
                regions: BTreeMap::from([(region.to_owned(), key)]),
            });
            keys.describe(region, &id, now)
        })
    }

    /// [DescribeKey](https://docs.aws.amazon.com/kms/latest/APIReference/API_DescribeKey.html),
    /// which works in every state.
    ///
    /// # Errors
    /// `NotFoundException`, `InvalidArnException`.
    pub fn describe_key(&self, region: &str, key_id: &str) -> Result<KeyMetadata, KmsError> {
        self.call(region, "DescribeKey", |keys, now| keys.describe(region, key_id, now))
    }

    /// [EnableKey](https://docs.aws.amazon.com/kms/latest/APIReference/API_EnableKey.html), in this
    /// Region only.
    ///
    /// # Errors
    /// `NotFoundException`; `KMSInvalidStateException` unless the key is enabled or disabled.
    pub fn enable_key(&self, region: &str, key_id: &str) -> Result<(), KmsError> {
        self.call(region, "EnableKey", |keys, now| {
            let mut found = keys.find(region, key_id, now)?;
            found.require(&[KeyState::Enabled, KeyState::Disabled])?;
            found.regional()?.enabled = true;
            Ok(())
        })
    }

    /// [DisableKey](https://docs.aws.amazon.com/kms/latest/APIReference/API_DisableKey.html), in this
    /// Region only: related keys go on working, whichever is the primary.
    ///
    /// # Errors
    /// `NotFoundException`; `KMSInvalidStateException` unless the key is enabled or disabled.
    pub fn disable_key(&self, region: &str, key_id: &str) -> Result<(), KmsError> {
        self.call(region, "DisableKey", |keys, now| {
            let mut found = keys.find(region, key_id, now)?;
            found.require(&[KeyState::Enabled, KeyState::Disabled])?;
            found.regional()?.enabled = false;
            Ok(())
        })
    }
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
