//! KMS keys in their Regions.

use std::collections::BTreeMap;

use aws_sdk_kms::types::{KeyMetadata, KeyState};
use itemseal::EncryptionContext;
use itemseal::kms::{Decrypt, GenerateDataKey, KeyArn, Kms, KmsError};

use super::{Finding, Subject, code_of, remedy_for};
use crate::AwsKms;

const DATA_KEY_LEN_BYTES: usize = 32;

/// The keys of a keyring, and what KMS says of each in each of its Regions: metadata or a code.
pub(super) struct Keys {
    keys: Vec<Key>,
}

struct Key {
    arn: KeyArn,
    /// In the order in which they are configured.
    regions: Vec<String>,
    described: BTreeMap<String, Result<KeyMetadata, String>>,
}

impl Keys {
    pub(super) async fn look(keys: Vec<(KeyArn, Vec<String>)>, kms: &AwsKms) -> Self {
        let mut looked = Vec::new();
        for (arn, regions) in keys {
            let mut described = BTreeMap::new();
            for region in &regions {
                described.insert(region.clone(), describe(&arn.in_region(region), kms).await);
            }
            looked.push(Key { arn, regions, described });
        }
        Self { keys: looked }
    }

    pub(super) fn regions(&self) -> impl Iterator<Item = String> {
        self.keys.iter().flat_map(|key| key.regions.iter().cloned())
    }

    pub(super) async fn findings(
        &self,
        region: &str,
        subject: &Subject<'_>,
        kms: &AwsKms,
    ) -> Vec<Finding> {
        let mut findings = Vec::new();
        for key in &self.keys {
            let Some(described) = key.described.get(region) else { continue };
            let (finding, enabled) = key.state(region, described);
            findings.push(finding);
            if enabled {
                findings.push(may_use(&key.arn.in_region(region), subject, kms).await);
            }
        }
        findings
    }

    /// Replicas in Regions that are not listed.
    pub(super) fn elsewhere(&self, listed: &[String]) -> impl Iterator<Item = (String, Finding)> {
        self.keys.iter().flat_map(move |key| {
            let strangers = key.replicas().into_iter().filter(|r| !listed.contains(r));
            strangers.map(|region| {
                let says = format!("key replica of {} NOT LISTED", key.arn.key_id());
                let remedy = format!(
                    "add {region:?} to regions, or, if no item needs it, delete that replica"
                );
                (region, Finding::wrong(says, remedy))
            })
        })
    }
}

impl Key {
    /// All Regions that the key is in.
    fn replicas(&self) -> Vec<String> {
        let described = self.described.values().flatten().next();
        let regions = described.and_then(KeyMetadata::multi_region_configuration);
        let keys = regions
            .into_iter()
            .flat_map(|regions| regions.primary_key().into_iter().chain(regions.replica_keys()));
        keys.filter_map(|key| key.region().map(str::to_owned)).collect()
    }

    fn primary(&self) -> String {
        let described = self.described.values().flatten().next();
        let primary = described.and_then(KeyMetadata::multi_region_configuration);
        let primary = primary.and_then(|regions| regions.primary_key()?.region());
        primary.unwrap_or(self.arn.region()).to_owned()
    }

    /// And whether it can be used.
    fn state(&self, region: &str, described: &Result<KeyMetadata, String>) -> (Finding, bool) {
        let (id, multi) = (self.arn.key_id(), self.arn.is_multi_region());
        let what = if multi { "key replica" } else { "key" };
        let finding = match described {
            Err(code) if code == "NotFoundException" && multi => Finding::wrong(
                "key replica MISSING",
                format!(
                    "run: aws kms replicate-key --key-id {id} --replica-region {region} --region {}",
                    self.primary()
                ),
            ),
            Err(code) if code == "NotFoundException" => {
                Finding::wrong("key MISSING", "correct key_arn: there is no such key")
            }
            Err(code) => Finding::wrong(
                format!("{what} not seen ({code})"),
                remedy_for(code, "kms:DescribeKey", region),
            ),
            Ok(key) => match key.key_state() {
                Some(KeyState::Enabled) => return (Finding::well(format!("{what} enabled")), true),
                Some(KeyState::Disabled) => Finding::wrong(
                    format!("{what} DISABLED"),
                    format!("run: aws kms enable-key --key-id {id} --region {region}"),
                ),
                Some(KeyState::PendingDeletion) => Finding::wrong(
                    format!("{what} PENDING DELETION"),
                    format!(
                        "run: aws kms cancel-key-deletion --key-id {id} --region {region} && \
                         aws kms enable-key --key-id {id} --region {region}"
                    ),
                ),
                state => {
                    let state = state.map_or("in no known state", KeyState::as_str);
                    Finding::wrong(
                        format!("{what} {state}"),
                        format!(
                            "look at: aws kms describe-key --key-id {id} --region {region}; wait \
                             if it is being created or updated"
                        ),
                    )
                }
            },
        };
        (finding, false)
    }
}

async fn describe(arn: &KeyArn, kms: &AwsKms) -> Result<KeyMetadata, String> {
    let client = kms.client(arn.region()).map_err(|error| error.code)?;
    let answer = client.describe_key().key_id(arn.to_string()).send().await;
    let answer = answer.map_err(|error| code_of(&error))?;
    answer.key_metadata.ok_or_else(|| "no answer that can be read".to_owned())
}

/// A data key is made and opened, as for an item, and forgotten.
async fn may_use(arn: &KeyArn, subject: &Subject<'_>, kms: &AwsKms) -> Finding {
    let refused = |action: &str, error: KmsError| {
        let code = if error.code.is_empty() { "no answer" } else { &error.code };
        let says = format!("you may NOT {action} ({code})");
        Finding::wrong(says, remedy_for(code, &format!("kms:{action}"), arn.region()))
    };
    // What a key policy may ask for. An item's context has the values of its keys too.
    let mut context = EncryptionContext::new();
    context.insert("aws-crypto-table-name", subject.table.logical_name());
    context.insert("aws-crypto-partition-name", subject.table.partition_key());
    let key = arn.to_string();
    let generate = GenerateDataKey::new(&key, DATA_KEY_LEN_BYTES, &context);
    let made = match kms.generate_data_key(arn.region(), generate).await {
        Ok(made) => made,
        Err(error) => return refused("GenerateDataKey", error),
    };
    let decrypt = Decrypt::new(Some(&key), &made.ciphertext, &context);
    match kms.decrypt(arn.region(), decrypt).await {
        Err(error) => refused("Decrypt", error),
        Ok(_) => Finding::well("you may Decrypt, GenerateDataKey"),
    }
}
