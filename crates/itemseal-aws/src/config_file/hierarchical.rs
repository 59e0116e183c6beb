//! `kind = "hierarchical"`: branch keys of a key store.

use std::sync::Arc;
use std::time::Duration;

use aws_types::SdkConfig;
use itemseal::keyring::{HierarchicalKeyring, KmsAccess};
use itemseal::keystore::{KeyStore, KeyStoreKms, KeyStoreTable};
use itemseal::kms::{KeyArn, Kms};
use itemseal::{AttributeValue, Error, ErrorKind, Item, Result};

use super::fields::{Fields, Place};
use super::keyring::{check_regions, deadline, key_arn};
use super::services::Services;
use crate::{AwsKms, DynamoDbKeyStore};

/// A hierarchical keyring and its key store.
#[derive(Debug)]
pub(super) struct Hierarchical {
    place: Place,
    table: String,
    logical_name: String,
    pub(super) key: KeyArn,
    pub(super) regions: Vec<String>,
    branch_key: BranchKeyOf,
    ttl: Option<Duration>,
    most_age: Option<Duration>,
    deadline: Option<Duration>,
}

#[derive(Debug)]
enum BranchKeyOf {
    All(String),
    /// The value of an attribute.
    Each(String),
}

impl Hierarchical {
    pub(super) fn read(fields: &mut Fields) -> Result<Self> {
        let place = fields.place().clone();
        let table = fields.required_text("key_store", "Keys")?;
        let logical_name = fields.text("key_store_name")?.unwrap_or_else(|| table.clone());
        let key = key_arn(fields)?;
        let mut regions = fields.list("regions")?;
        check_regions(&regions, &place.field("regions"))?;
        if !key.is_multi_region() && regions.iter().any(|region| region != key.region()) {
            return Err(place.field("regions").error(
                "the key is in one Region only; create a multi-Region key (its id starts with mrk-), or \
                 leave the other Regions out",
            ));
        }
        if regions.is_empty() {
            regions.push(key.region().to_owned());
        }
        let (one, each) = (fields.text("branch_key_id")?, fields.text("branch_key_id_from")?);
        let branch_key = match (one, each) {
            (Some(id), None) if !id.is_empty() => BranchKeyOf::All(id),
            (None, Some(attribute)) if !attribute.is_empty() => BranchKeyOf::Each(attribute),
            _ => {
                return Err(place.field("branch_key_id").error(
                    "say one of branch_key_id, the id of one branch key for all items, and \
                     branch_key_id_from, the key or context attribute that has each item's",
                ));
            }
        };
        let ttl = fields.number("ttl_seconds")?.map(Duration::from_secs);
        let most_age = fields.number("most_age_seconds")?.map(Duration::from_secs);
        let deadline = deadline(fields)?;
        Ok(Self { place, table, logical_name, key, regions, branch_key, ttl, most_age, deadline })
    }

    pub(super) fn key_store(&self, aws: &SdkConfig) -> Result<(DynamoDbKeyStore, KeyStore)> {
        let explain = |error| self.place.explain(error);
        let table = DynamoDbKeyStore::new(aws, &self.table, &self.regions).map_err(explain)?;
        let store = self.key_store_on(table.clone(), Arc::new(AwsKms::new(aws)?))?;
        Ok((table, store))
    }

    fn key_store_on(
        &self,
        table: impl KeyStoreTable + 'static,
        kms: Arc<dyn Kms>,
    ) -> Result<KeyStore> {
        let explain = |error| self.place.explain(error);
        let access = KmsAccess::new(kms);
        let access = match self.deadline {
            Some(deadline) => access.deadline(deadline),
            None => access,
        };
        let kms = KeyStoreKms::mrk(self.key.to_string(), &self.regions).map_err(explain)?;
        KeyStore::new(table, &self.logical_name, kms, access).map_err(explain)
    }

    pub(super) fn build(&self, services: &Services<'_>) -> Result<HierarchicalKeyring> {
        let explain = |error| self.place.explain(error);
        let table = (services.key_store)(&self.table, &self.regions).map_err(explain)?;
        let store = self.key_store_on(table, (services.kms)()?)?;
        let keyring = match &self.branch_key {
            BranchKeyOf::All(id) => HierarchicalKeyring::builder(store, id),
            BranchKeyOf::Each(name) => {
                let name = name.clone();
                HierarchicalKeyring::with_supplier(store, move |item: &Item| value(item, &name))
            }
        };
        let keyring = match self.ttl {
            Some(ttl) => keyring.ttl(ttl),
            None => keyring,
        };
        let keyring = match self.most_age {
            Some(most_age) => keyring.most_age(most_age),
            None => keyring,
        };
        keyring.build().map_err(|error| self.place.explain(error))
    }
}

fn value(item: &Item, name: &str) -> Result<String> {
    match item.get(name) {
        Some(AttributeValue::S(text)) => Ok(text.clone()),
        Some(_) => Err(Error::new(ErrorKind::Misuse, "a branch key's id is text").with_attribute(name)),
        None => Err(Error::new(
            ErrorKind::Misuse,
            "it says whose branch key the item is under, so it has to be a key attribute, or be listed in \
             context and be there",
        )
        .with_attribute(name)),
    }
}
