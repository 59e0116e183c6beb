//! New keys, and new versions of them.

use std::collections::BTreeMap;

use super::read::Boxed;
use super::record::{Kind, Record};
use super::table::KeyStorePut;
use super::{KeyStore, kms, time, uuid};
use crate::context::EncryptionContext;
use crate::error::{Error, Result};
use crate::kms::KeyArn;

/// What is the same in the items of one version.
struct NewVersion<'a> {
    id: &'a str,
    version: [u8; 16],
    create_time: String,
    kms_arn: &'a KeyArn,
    custom: &'a BTreeMap<String, String>,
}

impl KeyStore {
    /// Makes a branch key with its first version and its beacon key, and gives its id: `branch_key_id`, or a new
    /// UUID. `context` is bound to it for ever; to choose an id takes one.
    ///
    /// # Errors
    /// [`Misuse`](crate::ErrorKind::Misuse) if there is an id without a context, or the store discovers its keys;
    /// [`Conflict`](crate::ErrorKind::Conflict) if there is such a key; and what KMS and DynamoDB say.
    pub async fn create_key<K: Into<String>, V: Into<String>>(
        &self,
        branch_key_id: Option<&str>,
        context: impl IntoIterator<Item = (K, V)>,
    ) -> Result<String> {
        let kms_arn = self.inner.kms.to_write_with()?;
        let custom: BTreeMap<String, String> =
            context.into_iter().map(|(name, value)| (name.into(), value.into())).collect();
        let id = match branch_key_id {
            None => uuid::to_text(&uuid::random()?),
            Some("") => return Err(Error::misuse("the branch key's id is empty")),
            Some(_) if custom.is_empty() => {
                return Err(Error::misuse(
                    "a branch key whose id is chosen needs a context that says whose it is, \
                     such as department = admin",
                ));
            }
            Some(id) => id.to_owned(),
        };
        let (version, create_time) = (uuid::random()?, time::to_text(self.inner.table.now()));
        let new = NewVersion { id: &id, version, create_time, kms_arn, custom: &custom };
        let [only, active] = self.new_version(&new).await?;
        let beacon = new.record(Kind::Beacon);
        let beacon = self.generate(beacon).await?;
        let new = |record: Record| KeyStorePut { item: record.to_item(), replaces: None };
        // Where they are written one by one: the first is refused if there is such a key, and the last says that
        // the others are there.
        self.inner.table.put_all([beacon, only, active].map(new).into()).await?;
        Ok(id)
    }

    /// Makes a new version of a branch key, which new items are written with from now on: here, and in other
    /// Regions when it has arrived there. Old items stay as they are.
    ///
    /// # Errors
    /// [`Misuse`](crate::ErrorKind::Misuse) if there is no such key or the store discovers its keys;
    /// [`Conflict`](crate::ErrorKind::Conflict) if somebody else has made one meanwhile; and what KMS and DynamoDB say.
    pub async fn rotate(&self, branch_key_id: &str) -> Result<()> {
        self.inner.kms.to_write_with()?;
        let home = self.inner.route.regions().next().unwrap_or_default();
        let table = &self.inner.table;
        let kind = Kind::Active;
        let item = table.get(home, branch_key_id, &kind.to_text(), true, None).await?;
        let item = item.ok_or_else(|| no_such_key(branch_key_id))?;
        let old = Record::of(&item, branch_key_id, kind)?;
        self.authenticate(&old).await?;
        let (version, create_time) = (uuid::random()?, time::to_text(table.now()));
        let custom = old.custom();
        // The key's ARN stays what it was: others may be configured with that one only.
        let kms_arn = &old.kms_arn;
        let new = NewVersion { id: branch_key_id, version, create_time, kms_arn, custom: &custom };
        let [only, active] = self.new_version(&new).await?;
        let only = KeyStorePut { item: only.to_item(), replaces: None };
        let active = KeyStorePut { item: active.to_item(), replaces: Some(old.enc) };
        table.put_all(vec![only, active]).await
    }

    /// The two items of a version: the one to read with, and the one to write with.
    async fn new_version(&self, new: &NewVersion<'_>) -> Result<[Record; 2]> {
        let only = self.generate(new.record(Kind::Version(new.version))).await?;
        let active = new.record(Kind::Active);
        let name = &self.inner.logical_name;
        let enc = self.re_encrypt(&only, (&only.context(name), &active.context(name))).await?;
        Ok([only, active.with_enc(enc)])
    }

    /// A new key for a record.
    async fn generate(&self, record: Record) -> Result<Record> {
        let context = record.context(&self.inner.logical_name);
        let (access, context) = (&self.inner.access, &context);
        let call = |key, limit| -> Boxed<'_, _> {
            Box::pin(async move { kms::generate(access, &key, limit, context).await })
        };
        let enc = self.ask_kms(&record.kms_arn, call).await?;
        Ok(record.with_enc(enc))
    }

    /// Has KMS say that a record is as it was made.
    async fn authenticate(&self, record: &Record) -> Result<()> {
        let context = record.context(&self.inner.logical_name);
        self.re_encrypt(record, (&context, &context)).await.map(drop)
    }

    /// A record's key from one context to another.
    async fn re_encrypt(
        &self,
        record: &Record,
        contexts: (&EncryptionContext, &EncryptionContext),
    ) -> Result<Vec<u8>> {
        let (access, enc) = (&self.inner.access, &record.enc);
        let call = |key, limit| -> Boxed<'_, _> {
            Box::pin(async move { kms::re_encrypt(access, &key, limit, enc, contexts).await })
        };
        self.ask_kms(&record.kms_arn, call).await
    }
}

impl NewVersion<'_> {
    fn record(&self, kind: Kind) -> Record {
        let made = (self.create_time.as_str(), self.kms_arn);
        Record::new(self.id, (kind, self.version), made, self.custom)
    }
}

pub(super) fn no_such_key(branch_key_id: &str) -> Error {
    Error::misuse(format!(
        "the key store has no branch key {branch_key_id:?}; create it, or wait until it has arrived here"
    ))
}
