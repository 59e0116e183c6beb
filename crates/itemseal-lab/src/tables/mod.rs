//! DynamoDB tables in several Regions, with global tables of multi-Region eventual consistency.
//!
//! Each Region has an engine of its own (`dynoxide-rs` over SQLite). A write is done in one Region,
//! and waits for the others until it is delivered: explicitly, one by one or all, so that a lag or a
//! partition is something a test makes, and never something it waits for. Of two writes of one item
//! the later wins, deletes included; it arrives whole, since replication is item by item.
//!
//! As in DynamoDB's streams, a put that changes nothing is not a change: it is acknowledged, and gets
//! no new version. A transaction is atomic in its Region only.
//!
//! Source: [global tables](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/V2globaltables_HowItWorks.html).

mod batches;
mod change;
pub mod convert;
mod database;
mod error;
mod inventory;
mod links;
mod operations;
mod past;
mod reads;
mod region;
mod replicas;
mod replication;
mod schema;
mod side_tables;
#[cfg(test)]
mod tests;
mod tokens;
mod version;

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use dynoxide::storage::Storage;

pub use change::PendingChange;
pub use error::TableError;
pub use operations::OPERATIONS;
pub use region::Region;
pub use replication::{Delivery, ReplicationError, Waiting};
pub use schema::KeyAttribute;
pub use version::Version;

use crate::clock::{Clock, Micros};
use crate::durable::Dir;
use crate::faults::Faults;
use database::RegionDatabase;
use side_tables::STREAM_RECORDS_KEPT;
use version::{Merge, last_writer_wins};

/// DynamoDB in several Regions. Clones are handles on the same tables.
#[derive(Clone)]
pub struct Tables {
    inner: Arc<Inner>,
}

struct Inner {
    regions: BTreeMap<String, Arc<RegionDatabase>>,
    faults: Faults,
    /// Held while changes are delivered, and while the set of replicas changes.
    pump: Mutex<()>,
    merge: Merge,
    /// Its lock is held as long as the tables are open.
    _home: Option<Arc<Dir>>,
}

/// What the tables are built with.
pub(crate) struct Setup {
    pub(crate) faults: Faults,
    /// Where the Regions are kept; in memory if none.
    pub(crate) home: Option<Arc<Dir>>,
    merge: Merge,
    stream_records_kept: u32,
}

impl Setup {
    pub(crate) fn in_memory(faults: Faults) -> Self {
        let stream_records_kept = STREAM_RECORDS_KEPT;
        Self { faults, home: None, merge: last_writer_wins, stream_records_kept }
    }
}

impl Tables {
    /// Empty Regions, in memory, on one clock.
    ///
    /// # Errors
    /// `InternalServerError` if SQLite cannot be started.
    pub fn in_memory<R: Into<String>>(
        regions: impl IntoIterator<Item = R>,
        clock: &Arc<dyn Clock>,
    ) -> Result<Self, TableError> {
        Self::open(regions, Setup::in_memory(Faults::new(Arc::clone(clock), 0)))
    }

    pub(crate) fn open<R: Into<String>>(
        regions: impl IntoIterator<Item = R>,
        setup: Setup,
    ) -> Result<Self, TableError> {
        let Setup { faults, home, merge, stream_records_kept } = setup;
        let mut databases = BTreeMap::new();
        for region in regions {
            let region = region.into();
            let storage = match &home {
                None => Storage::memory()?,
                Some(dir) => dir.open_region(&region)?,
            };
            let database = RegionDatabase::open(&region, &faults, storage, stream_records_kept)?;
            databases.insert(region, Arc::new(database));
        }
        let pump = Mutex::default();
        Ok(Self { inner: Arc::new(Inner { regions: databases, faults, pump, merge, _home: home }) })
    }

    /// The Regions' names, in order.
    pub fn regions(&self) -> impl Iterator<Item = &str> {
        self.inner.regions.keys().map(String::as_str)
    }

    /// One Region's DynamoDB.
    ///
    /// # Errors
    /// `UnknownRegion`, which is the lab's own, if it was not built with this Region.
    pub fn region(&self, name: &str) -> Result<Region, TableError> {
        let unknown = || self.unknown(name);
        let database = self.inner.regions.get(name).ok_or_else(unknown)?;
        Ok(Region::new(self.clone(), Arc::clone(database)))
    }

    /// Creates a table in one Region, billed by request, without indexes. `partition_key` can be
    /// the name of a string attribute.
    ///
    /// # Errors
    /// `UnknownRegion`; `ResourceInUseException` if there is one; `ValidationException`.
    pub fn create_table(
        &self,
        region: &str,
        table: &str,
        partition_key: impl Into<KeyAttribute>,
        sort_key: Option<KeyAttribute>,
    ) -> Result<(), TableError> {
        let request = schema::create_request(table, partition_key.into(), sort_key);
        self.region(region)?.create_table(request).map(drop)
    }

    /// Lets a Region's clock run ahead by `micros`, or behind if it is negative.
    ///
    /// # Errors
    /// `UnknownRegion`.
    pub fn set_clock_skew(&self, region: &str, micros: Micros) -> Result<(), TableError> {
        self.database(region)?;
        self.inner.faults.set_skew(region, micros);
        Ok(())
    }

    fn database(&self, region: &str) -> Result<&RegionDatabase, TableError> {
        self.inner
            .regions
            .get(region)
            .map(|database| &**database)
            .ok_or_else(|| self.unknown(region))
    }

    fn unknown(&self, region: &str) -> TableError {
        let known = self.regions().collect::<Vec<_>>().join(", ");
        let message = format!("the lab has no Region {region:?}; it was built with: {known}");
        TableError::new("UnknownRegion", message)
    }

    fn pump(&self) -> MutexGuard<'_, ()> {
        self.inner.pump.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Tables {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tables")
            .field("regions", &self.regions().collect::<Vec<_>>())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
impl Tables {
    /// Lets a Region's file not grow beyond so many pages of 4 KiB.
    pub(crate) fn limit_pages(&self, region: &str, pages: u32) -> Result<(), TableError> {
        let database = self.database(region)?.lock();
        Ok(database.storage.conn().pragma_update_and_check(
            None,
            "max_page_count",
            pages,
            |_| Ok(()),
        )?)
    }
}
