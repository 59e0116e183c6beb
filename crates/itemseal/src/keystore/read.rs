//! Branch keys, opened.

use std::pin::Pin;
use std::time::Duration;

use super::create::no_such_key;
use super::record::{Kind, Record};
use super::{KeyStore, kms, uuid};
use crate::error::{Error, ErrorKind, Result};
use crate::keyring::BranchKey;
use crate::kms::KeyArn;
use crate::secret::Secret;

/// A call that is to be made, in a Region that is still to be chosen. Boxed: the compiler cannot see
/// otherwise that callers' futures can move between threads.
pub(super) type Boxed<'a, T> = Pin<Box<dyn Future<Output = Result<T>> + Send + 'a>>;

/// The key that a branch key's beacons are derived from: 32 bytes, wiped on drop, unprintable.
#[derive(Debug)]
pub struct BeaconKey {
    id: String,
    key: Secret<32>,
}

impl BeaconKey {
    /// The branch key's id.
    pub fn branch_key_id(&self) -> &str {
        &self.id
    }

    /// The 32 bytes.
    pub fn expose(&self) -> &[u8; 32] {
        self.key.expose()
    }
}

impl KeyStore {
    /// The version of a branch key that items are written with.
    ///
    /// # Errors
    /// [`Misuse`](crate::ErrorKind::Misuse) if there is no such key; [`Malformed`](crate::ErrorKind::Malformed) if its
    /// item cannot be read; [`Refused`](crate::ErrorKind::Refused) if it is under another KMS key; and what KMS and
    /// DynamoDB say.
    pub async fn active_key(&self, branch_key_id: &str) -> Result<BranchKey> {
        let found = match self.find_anywhere(branch_key_id, Kind::Active).await? {
            Some(found) => Some(found),
            None => self.find_in_each(branch_key_id, &[Kind::Active], |_| true).await?,
        };
        self.open_branch_key(found.ok_or_else(|| no_such_key(branch_key_id))?).await
    }

    /// A version of a branch key, to read with. Where its own item has not arrived, the active one is it, if it
    /// is that version; else the other Regions are asked, in their order.
    ///
    /// # Errors
    /// As of [`active_key`](Self::active_key).
    pub async fn version_key(&self, branch_key_id: &str, version: [u8; 16]) -> Result<BranchKey> {
        let kind = Kind::Version(version);
        if let Some(record) = self.find_anywhere(branch_key_id, kind).await? {
            return self.open_branch_key(record).await;
        }
        let active = self.find_anywhere(branch_key_id, Kind::Active).await?;
        if let Some(record) = active.filter(|record| record.version == Some(version)) {
            return self.open_branch_key(record).await;
        }
        let is_it = |record: &Record| record.version == Some(version);
        let found = self.find_in_each(branch_key_id, &[kind, Kind::Active], is_it).await?;
        let missing = || {
            Error::misuse(format!(
                "the key store has no version {} of the branch key {branch_key_id:?} in any Region",
                uuid::to_text(&version)
            ))
        };
        self.open_branch_key(found.ok_or_else(missing)?).await
    }

    /// The key of a branch key's beacons.
    ///
    /// # Errors
    /// As of [`active_key`](Self::active_key).
    pub async fn beacon_key(&self, branch_key_id: &str) -> Result<BeaconKey> {
        let found = match self.find_anywhere(branch_key_id, Kind::Beacon).await? {
            Some(found) => Some(found),
            None => self.find_in_each(branch_key_id, &[Kind::Beacon], |_| true).await?,
        };
        let record = found.ok_or_else(|| no_such_key(branch_key_id))?;
        let key = self.open(&record).await?;
        Ok(BeaconKey { id: record.id, key })
    }

    /// An item of the first Region that answers; that it has none is an answer.
    async fn find_anywhere(&self, id: &str, kind: Kind) -> Result<Option<Record>> {
        let mut budget = self.inner.access.budget();
        let ask = async |region: &str, limit: Option<Duration>| {
            match self.get(region, id, kind, false, limit).await? {
                Some(record) => Ok(Some(record)),
                // It may have been written a moment ago.
                None => self.get(region, id, kind, true, limit).await,
            }
        };
        self.inner.route.ask(&mut budget, ask).await
    }

    /// The first record that is wanted, Region by Region; an error if it may be in one that does not answer.
    async fn find_in_each(
        &self,
        id: &str,
        kinds: &[Kind],
        is_wanted: impl Fn(&Record) -> bool,
    ) -> Result<Option<Record>> {
        let mut unanswered = None;
        for region in self.inner.route.regions() {
            for kind in kinds {
                let limit = Some(self.inner.route.most_per_region());
                match self.get(region, id, *kind, true, limit).await {
                    Ok(Some(record)) if is_wanted(&record) => return Ok(Some(record)),
                    Ok(_) => {}
                    Err(error) if error.is_retryable() => unanswered = Some(error),
                    Err(error) => return Err(error),
                }
            }
        }
        match unanswered {
            Some(error) => Err(error),
            None => Ok(None),
        }
    }

    async fn get(
        &self,
        region: &str,
        id: &str,
        kind: Kind,
        consistent: bool,
        limit: Option<Duration>,
    ) -> Result<Option<Record>> {
        let text = kind.to_text();
        let item = self.inner.table.get(region, id, &text, consistent, limit).await?;
        let record = item.map(|item| Record::of(&item, id, kind)).transpose();
        record.map_err(|error| error.with_region(region))
    }

    async fn open_branch_key(&self, record: Record) -> Result<BranchKey> {
        let key = self.open(&record).await?;
        let version = record.version.ok_or_else(|| Error::internal("a branch key's version"))?;
        Ok(BranchKey::of(record.id, version, key))
    }

    async fn open(&self, record: &Record) -> Result<Secret<32>> {
        let context = record.context(&self.inner.logical_name);
        let (access, enc, context) = (&self.inner.access, &record.enc, &context);
        let call = |key, limit| -> Boxed<'_, _> {
            Box::pin(async move { kms::decrypt(access, &key, limit, enc, context).await })
        };
        self.ask_kms(&record.kms_arn, call).await
    }

    /// Asks KMS, in the first Region that answers, with the key for what `stored` has encrypted.
    pub(super) async fn ask_kms<'a, T>(
        &'a self,
        stored: &'a KeyArn,
        call: impl Fn(KeyArn, Option<Duration>) -> Boxed<'a, T>,
    ) -> Result<T> {
        let mut budget = self.inner.access.budget();
        let ask = async |region: &str, limit: Option<Duration>| {
            call(self.inner.kms.to_read_with(stored, region)?, limit).await
        };
        let answer = self.inner.kms_route.ask(&mut budget, ask).await;
        answer.map_err(|error| match error.kind() {
            ErrorKind::Authentication => Error::new(
                ErrorKind::Authentication,
                "the key store's item could not be authenticated: it was altered, or it is of a key store \
                 with another logical name",
            ),
            _ => error,
        })
    }
}
