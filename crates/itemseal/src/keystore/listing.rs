//! What is in a key store, without opening a key.

use std::collections::BTreeMap;

use super::record::{self, Kind, Record};
use super::{KeyStore, uuid};
use crate::error::Result;
use crate::item::{AttributeValue, Item};

/// A branch key and its versions.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BranchKeyListing {
    /// Its id.
    pub id: String,
    /// The KMS key that it is under.
    pub kms_arn: String,
    /// The application's own context, which is bound to it.
    pub context: BTreeMap<String, String>,
    /// Its versions, the oldest first.
    pub versions: Vec<BranchKeyVersion>,
}

/// A version of a branch key.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BranchKeyVersion {
    /// Its UUID.
    pub version: String,
    /// When it was made, in ISO 8601.
    pub create_time: String,
    /// Whether items are written with it.
    pub active: bool,
}

impl KeyStore {
    /// The branch keys, in the order of their ids. Nothing of it is verified: KMS is not asked.
    ///
    /// # Errors
    /// [`Malformed`](crate::ErrorKind::Malformed) for an item that is none of a key store; and what DynamoDB says.
    pub async fn list(&self) -> Result<Vec<BranchKeyListing>> {
        let mut keys: BTreeMap<String, BranchKeyListing> = BTreeMap::new();
        let mut active = BTreeMap::new();
        for item in self.inner.table.list().await? {
            let Some((id, kind)) = kind_of(&item) else { continue };
            let record = Record::of(&item, &id, kind)?;
            let Some(version) = record.version else { continue };
            if kind == Kind::Active {
                active.insert(id, version);
                continue;
            }
            let key = keys.entry(id.clone()).or_insert_with(|| BranchKeyListing {
                id,
                kms_arn: record.kms_arn.to_string(),
                context: record.custom(),
                versions: Vec::new(),
            });
            key.versions.push(BranchKeyVersion {
                version: uuid::to_text(&version),
                create_time: record.create_time().to_owned(),
                active: false,
            });
        }
        for (id, key) in &mut keys {
            key.versions.sort_by(|a, b| a.create_time.cmp(&b.create_time));
            let active = active.get(id).map(uuid::to_text);
            for version in &mut key.versions {
                version.active = active.as_ref() == Some(&version.version);
            }
        }
        Ok(keys.into_values().collect())
    }
}

/// Whose item it is; none for a beacon key's, and for what is none of ours.
fn kind_of(item: &Item) -> Option<(String, Kind)> {
    let text = |name: &str| item.get(name).and_then(AttributeValue::as_s);
    let (id, kind) = (text(record::ID)?, text(record::TYPE)?);
    let kind = match kind.strip_prefix("branch:version:") {
        Some(version) => Kind::Version(uuid::of_text(version)?),
        None if kind == Kind::Active.to_text() => Kind::Active,
        None => return None,
    };
    Some((id.to_owned(), kind))
}
