//! `[keyring]`.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use aws_types::SdkConfig;
use itemseal::keyring::{DiscoveryFilter, KmsAccess, KmsKeyring, MrkDiscoveryKeyring};
use itemseal::keystore::KeyStore;
use itemseal::kms::KeyArn;
use itemseal::{Keyring, MrkKeyring, MultiKeyring, RawAesKeyring, Result};

use super::fields::{Fields, Place};
use super::hierarchical::Hierarchical;
use super::key_file;
use super::services::Services;
use crate::DynamoDbKeyStore;

const KINDS: &str = "raw-aes, kms, kms-mrk, kms-mrk-discovery, hierarchical or multi";

/// A keyring, before it has read a key or made a client.
#[derive(Debug)]
pub(crate) struct KeyringConfig {
    place: Place,
    kind: Kind,
}

#[derive(Debug)]
enum Kind {
    RawAes { key_file: PathBuf, namespace: String, name: String },
    Kms { key: KeyArn, deadline: Option<Duration> },
    Mrk { key: KeyArn, regions: Vec<String>, deadline: Option<Duration> },
    MrkDiscovery { region: String, filter: DiscoveryFilter, deadline: Option<Duration> },
    Hierarchical(Hierarchical),
    Multi { children: Vec<KeyringConfig> },
}

impl KeyringConfig {
    pub(super) fn read(mut fields: Fields, folder: &Path) -> Result<Self> {
        let place = fields.place().clone();
        let kind = fields.required_text("kind", "kms-mrk")?;
        let kind = match kind.as_str() {
            "raw-aes" => Kind::RawAes {
                key_file: folder.join(fields.required_text("key_file", "wrapping.key")?),
                namespace: fields.required_text("namespace", "example")?,
                name: fields.required_text("name", "key-1")?,
            },
            "kms" => Kind::Kms { key: key_arn(&mut fields)?, deadline: deadline(&mut fields)? },
            "kms-mrk" => read_mrk(&mut fields)?,
            "kms-mrk-discovery" => read_discovery(&mut fields)?,
            "multi" => {
                let children = fields.array_of_fields("children")?;
                let children = children.into_iter().map(|child| Self::read(child, folder));
                let children = children.collect::<Result<Vec<_>>>()?;
                if children.is_empty() {
                    let says = "a multi-keyring needs one; add [[keyring.children]]";
                    return Err(place.field("children").error(says));
                }
                Kind::Multi { children }
            }
            "hierarchical" => Kind::Hierarchical(Hierarchical::read(&mut fields)?),
            _ => return Err(place.field("kind").error(format!("no such keyring; say {KINDS}"))),
        };
        fields.finish()?;
        Ok(Self { place, kind })
    }

    pub(super) fn needs_aws(&self) -> bool {
        match &self.kind {
            Kind::RawAes { .. } => false,
            Kind::Multi { children } => children.iter().any(Self::needs_aws),
            _ => true,
        }
    }

    /// Every Region that is asked, in this order.
    pub(super) fn regions(&self) -> Vec<String> {
        match &self.kind {
            Kind::RawAes { .. } => Vec::new(),
            Kind::Kms { key, .. } => vec![key.region().to_owned()],
            Kind::Mrk { regions, .. } => regions.clone(),
            Kind::MrkDiscovery { region, .. } => vec![region.clone()],
            Kind::Hierarchical(of) => of.regions.clone(),
            Kind::Multi { children } => {
                let mut regions = Vec::new();
                for region in children.iter().flat_map(Self::regions) {
                    if !regions.contains(&region) {
                        regions.push(region);
                    }
                }
                regions
            }
        }
    }

    /// The KMS keys that it names, each with the Regions in which it is asked.
    pub(crate) fn keys(&self) -> Vec<(KeyArn, Vec<String>)> {
        match &self.kind {
            Kind::Kms { key, .. } => vec![(key.clone(), vec![key.region().to_owned()])],
            Kind::Mrk { key, regions, .. } => vec![(key.clone(), regions.clone())],
            Kind::Hierarchical(of) => vec![(of.key.clone(), of.regions.clone())],
            Kind::RawAes { .. } | Kind::MrkDiscovery { .. } => Vec::new(),
            Kind::Multi { children } => children.iter().flat_map(Self::keys).collect(),
        }
    }

    /// The key store of a hierarchical keyring.
    pub(super) fn key_store(&self, aws: &SdkConfig) -> Result<(DynamoDbKeyStore, KeyStore)> {
        match &self.kind {
            Kind::Hierarchical(of) => of.key_store(aws),
            _ => Err(self.place.field("kind").error("only a hierarchical keyring has a key store")),
        }
    }

    pub(super) fn build(&self, services: &Services<'_>) -> Result<Arc<dyn Keyring>> {
        let explain = |error| self.place.explain(error);
        let access = |deadline: &Option<Duration>| -> Result<KmsAccess> {
            let access = KmsAccess::new((services.kms)()?);
            Ok(deadline.map_or(access.clone(), |deadline| access.deadline(deadline)))
        };
        Ok(match &self.kind {
            Kind::RawAes { key_file, namespace, name } => {
                let key = key_file::read(key_file, &self.place.field("key_file"))?;
                let keyring = RawAesKeyring::new(namespace, name, key.as_slice());
                Arc::new(keyring.map_err(explain)?)
            }
            Kind::Kms { key, deadline } => {
                Arc::new(KmsKeyring::new(key.to_string(), access(deadline)?).map_err(explain)?)
            }
            Kind::Mrk { key, regions, deadline } => {
                let keyring = MrkKeyring::builder(key.to_string()).regions(regions);
                Arc::new(keyring.build(access(deadline)?).map_err(explain)?)
            }
            Kind::MrkDiscovery { region, filter, deadline } => {
                let keyring = MrkDiscoveryKeyring::new(region, access(deadline)?);
                Arc::new(keyring.map_err(explain)?.filter(filter.clone()))
            }
            Kind::Hierarchical(of) => Arc::new(of.build(services)?),
            Kind::Multi { children } => {
                let mut built = children.iter().map(|child| child.build(services));
                // There is one: it has been checked.
                let first =
                    built.next().ok_or_else(|| self.place.error("it has no children"))??;
                let mut keyring = MultiKeyring::new(first);
                for child in built {
                    keyring = keyring.and(child?);
                }
                Arc::new(keyring)
            }
        })
    }
}

fn read_mrk(fields: &mut Fields) -> Result<Kind> {
    let key = key_arn(fields)?;
    if !key.is_multi_region() {
        return Err(fields.place().field("key_arn").error(
            "it is a single-Region key's; create a multi-Region key (its id starts with mrk-), or \
             say kind = \"kms\"",
        ));
    }
    let mut regions = fields.list("regions")?;
    check_regions(&regions, &fields.place().field("regions"))?;
    if regions.is_empty() {
        regions.push(key.region().to_owned());
    }
    Ok(Kind::Mrk { key, regions, deadline: deadline(fields)? })
}

fn read_discovery(fields: &mut Fields) -> Result<Kind> {
    let region = fields.required_text("region", "eu-west-1")?;
    check_regions(std::slice::from_ref(&region), &fields.place().field("region"))?;
    let accounts = fields.list("accounts")?;
    let partition = fields.text("partition")?.unwrap_or_else(|| "aws".to_owned());
    if accounts.is_empty() {
        return Err(fields.place().field("accounts").error(
            "whoever writes the table chooses the key, so say whose keys are trusted: \
             accounts = [\"111122223333\"]",
        ));
    }
    let filter = DiscoveryFilter::new(partition, accounts);
    let filter = filter.map_err(|error| fields.place().explain(error))?;
    Ok(Kind::MrkDiscovery { region, filter, deadline: deadline(fields)? })
}

/// The text is not repeated: it may be something else that should not be there.
pub(super) fn key_arn(fields: &mut Fields) -> Result<KeyArn> {
    let example = "arn:aws:kms:eu-west-1:111122223333:key/mrk-1234abcd12ab34cd56ef1234567890ab";
    let text = fields.required_text("key_arn", example)?;
    text.parse().map_err(|_| {
        fields.place().field("key_arn").error(format!(
            "it is not a key's full ARN, like {example}; aliases and bare ids do not say which key \
             is meant"
        ))
    })
}

pub(super) fn deadline(fields: &mut Fields) -> Result<Option<Duration>> {
    Ok(fields.number("deadline_ms")?.map(Duration::from_millis))
}

/// Every Region has a name, and is listed once.
pub(super) fn check_regions(regions: &[String], place: &Place) -> Result<()> {
    for (index, region) in regions.iter().enumerate() {
        if region.is_empty() {
            return Err(place.error("a Region's name is empty"));
        }
        if regions.iter().take(index).any(|earlier| earlier == region) {
            return Err(place.error(format!("the Region {region} is listed twice; keep one")));
        }
    }
    Ok(())
}
