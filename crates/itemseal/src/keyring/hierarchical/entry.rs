use std::sync::Arc;
use std::time::Duration;

use super::BranchKey;
use crate::crypto::{self, SHA384_LEN_BYTES, Sha384};
use crate::error::Result;

/// What a keyring wants of its key store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Wanted {
    /// To write with.
    Active(String),
    /// To read with.
    Version(String, [u8; 16]),
}

/// Whose entries: keyrings with the same partition and key store find each other's.
#[derive(Debug)]
pub(super) struct Scope {
    partition: Vec<u8>,
    logical_name: String,
    pub(super) id: EntryId,
    pub(super) ttl: Duration,
    pub(super) most_age: Duration,
}

/// SHA-384 over everything that tells one entry from another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct EntryId([u8; SHA384_LEN_BYTES]);

impl Scope {
    pub(super) fn new(
        partition: Option<String>,
        logical_name: String,
        ttl: Duration,
        most_age: Duration,
    ) -> Result<Self> {
        let partition = match partition {
            Some(partition) => partition.into_bytes(),
            None => {
                let mut own = vec![0; 16];
                crypto::random(&mut own)?;
                own
            }
        };
        let id = EntryId(start(&partition, &logical_name).finish());
        Ok(Self { partition, logical_name, id, ttl, most_age })
    }

    pub(super) fn entry(&self, wanted: &Wanted) -> EntryId {
        let mut hash = start(&self.partition, &self.logical_name);
        match wanted {
            Wanted::Active(id) => part(&mut hash, id.as_bytes()),
            Wanted::Version(id, version) => {
                part(&mut hash, id.as_bytes());
                part(&mut hash, version);
            }
        }
        EntryId(hash.finish())
    }
}

fn start(partition: &[u8], logical_name: &str) -> Sha384 {
    let mut hash = Sha384::new();
    part(&mut hash, b"itemseal branch keys");
    part(&mut hash, partition);
    part(&mut hash, logical_name.as_bytes());
    hash
}

fn part(hash: &mut Sha384, bytes: &[u8]) {
    hash.update(&(bytes.len() as u64).to_be_bytes());
    hash.update(bytes);
}

/// A branch key in the cache.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) key: Arc<BranchKey>,
    pub(super) scope: EntryId,
    /// When the key store gave it.
    pub(super) since: Duration,
    /// When it is not worth asking again before.
    pub(super) not_before: Duration,
    /// Its place in the order of last uses.
    pub(super) used: u64,
}
