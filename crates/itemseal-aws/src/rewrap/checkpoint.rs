use std::fmt;

use itemseal::{Error, ErrorKind, Item, Result};
use serde::{Deserialize, Serialize};

/// What a run has done.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RewrapCounts {
    /// How many items were read, of pages that are done.
    pub read: u64,
    /// How many of them were as they should be. An item that was written before its page had to be begun again is
    /// among these too.
    pub current: u64,
    /// How many were gone when they were to be written.
    pub gone: u64,
    /// How many were bad: they did not open, or could not be written.
    pub bad: u64,
    /// How many were written; of a dry run, would be.
    pub rewrapped: u64,
    /// How many of these were encrypted again, attribute by attribute.
    pub whole: u64,
    /// How often an item had been changed since it was read, and was read again.
    pub conflicts: u64,
}

/// How far a run has come.
///
/// In JSON it has key values of the table: it is for a file that only its owner reads.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RewrapCheckpoint {
    format: u32,
    table: String,
    region: String,
    segments: Vec<Segment>,
    counts: RewrapCounts,
}

/// The one that there is.
const FORMAT: u32 = 1;

/// How far a segment is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Segment {
    Begin,
    /// After the item with this key, in DynamoDB JSON.
    After(serde_json::Value),
    Done,
}

impl Segment {
    pub(super) fn after(key: &Item) -> Result<Self> {
        let key = serde_json::from_str(&key.to_json()).map_err(|error| {
            Error::new(ErrorKind::Internal, "a key that is no JSON").with_source(error)
        })?;
        Ok(Self::After(key))
    }

    /// The key that the next page begins after.
    pub(super) fn key(&self) -> Result<Option<Item>> {
        match self {
            Self::After(key) => Item::from_json(key.to_string()).map(Some),
            Self::Begin | Self::Done => Ok(None),
        }
    }
}

impl RewrapCheckpoint {
    pub(super) fn new(
        [table, region]: [&str; 2],
        segments: Vec<Segment>,
        counts: RewrapCounts,
    ) -> Self {
        let (table, region) = (table.to_owned(), region.to_owned());
        Self { format: FORMAT, table, region, segments, counts }
    }

    /// As JSON.
    pub fn to_json(&self) -> String {
        // Of texts and numbers only.
        serde_json::to_string(self).unwrap_or_default()
    }

    /// From JSON.
    ///
    /// # Errors
    /// [`Malformed`](ErrorKind::Malformed) if it is no checkpoint, or one of another version of itemseal.
    pub fn from_json(json: impl AsRef<[u8]>) -> Result<Self> {
        let bad = |message| Error::new(ErrorKind::Malformed, message);
        // What serde says can quote a key.
        let checkpoint: Self = serde_json::from_slice(json.as_ref())
            .map_err(|_| bad("this is no checkpoint of a re-wrapping; start without it"))?;
        if checkpoint.format != FORMAT {
            return Err(bad("the checkpoint is of another version of itemseal; start without it"));
        }
        for segment in &checkpoint.segments {
            segment.key()?;
        }
        Ok(checkpoint)
    }

    /// What had been done.
    pub fn counts(&self) -> RewrapCounts {
        self.counts
    }

    /// Table and Region.
    pub(super) fn place(&self) -> [&str; 2] {
        [&self.table, &self.region]
    }

    pub(super) fn segments(&self) -> &[Segment] {
        &self.segments
    }
}

impl fmt::Debug for RewrapCheckpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RewrapCheckpoint")
            .field("table", &self.table)
            .field("region", &self.region)
            .field("counts", &self.counts)
            .finish_non_exhaustive()
    }
}
