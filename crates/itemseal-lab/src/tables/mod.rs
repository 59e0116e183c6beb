//! DynamoDB tables in several Regions, with global tables (version 2019.11.21) of both consistency
//! modes.
//!
//! Each Region has an engine of its own (`dynoxide-rs` over SQLite). Under eventual consistency a
//! write is done in one Region, and waits for the others until it is delivered: explicitly, one by one
//! or all, so that a lag or a partition is something a test makes, and never something it waits for;
//! or [by itself](Tables::replicate_automatically). Of two writes of one item the later wins, deletes
//! included; it arrives whole, since replication is item by item. Under [strong](Consistency::Strong)
//! consistency a write is in another Region before it is answered.
//!
//! As in DynamoDB's streams, a put that changes nothing is not a change: it is acknowledged, and gets
//! no new version. A transaction is atomic in its Region only.
//!
//! Source: [global tables](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/V2globaltables_HowItWorks.html).

mod account;
mod automatic;
mod batches;
mod change;
mod claims;
mod control;
pub mod convert;
mod database;
mod error;
mod footprint;
mod global;
mod inventory;
mod links;
mod operations;
mod past;
mod reads;
mod region;
mod replica_updates;
mod replicas;
mod replication;
mod schema;
mod settings;
mod side_tables;
mod signal;
mod strong;
#[cfg(test)]
mod tests;
mod tokens;
mod ttl;
mod version;

use std::collections::BTreeMap;
use std::fmt;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

use dynoxide::storage::Storage;

pub use change::PendingChange;
pub use claims::WriteUnderWay;
pub use error::TableError;
pub use global::Consistency;
pub use operations::OPERATIONS;
pub use region::Region;
pub use replication::{Delivery, ReplicationError, Waiting};
pub use schema::KeyAttribute;
pub use version::Version;

use crate::clock::{Clock, Micros};
use crate::durable::Dir;
use crate::faults::Faults;
use claims::Claims;
use database::RegionDatabase;
use side_tables::STREAM_RECORDS_KEPT;
use signal::Signal;
use version::{Merge, last_writer_wins};

/// DynamoDB in several Regions. Clones are handles on the same tables.
#[derive(Clone)]
pub struct Tables {
    inner: Arc<Inner>,
}

struct Inner {
    regions: RwLock<BTreeMap<String, Arc<RegionDatabase>>>,
    /// Whether a Region that is not there yet opens when it is asked for.
    every_region: bool,
    stream_records_kept: u32,
    /// Which Regions have changes for others.
    signal: Arc<Signal>,
    /// Whether there is, or was, a strongly consistent table.
    strong: AtomicBool,
    claims: Mutex<Claims>,
    faults: Faults,
    /// Held while changes are delivered, and while the set of replicas changes.
    pump: Mutex<()>,
    merge: Merge,
    /// Where the Regions are kept; its lock is held as long as the tables are open.
    home: Option<Arc<Dir>>,
}

/// What the tables are built with.
pub(crate) struct Setup {
    pub(crate) faults: Faults,
    /// Where the Regions are kept; in memory if none.
    pub(crate) home: Option<Arc<Dir>>,
    /// Whether a Region that is not there yet opens when it is asked for.
    pub(crate) every_region: bool,
    merge: Merge,
    stream_records_kept: u32,
}

impl Setup {
    pub(crate) fn in_memory(faults: Faults) -> Self {
        let stream_records_kept = STREAM_RECORDS_KEPT;
        Self {
            faults,
            home: None,
            every_region: false,
            merge: last_writer_wins,
            stream_records_kept,
        }
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        // What delivers by itself ends with the tables.
        self.signal.close();
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

    /// Empty Regions, in memory, on one clock: these, and every other from the moment that it is
    /// first asked for.
    ///
    /// # Errors
    /// `InternalServerError` if SQLite cannot be started.
    pub fn in_memory_everywhere<R: Into<String>>(
        regions: impl IntoIterator<Item = R>,
        clock: &Arc<dyn Clock>,
    ) -> Result<Self, TableError> {
        let setup = Setup::in_memory(Faults::new(Arc::clone(clock), 0));
        Self::open(regions, Setup { every_region: true, ..setup })
    }

    pub(crate) fn open<R: Into<String>>(
        regions: impl IntoIterator<Item = R>,
        setup: Setup,
    ) -> Result<Self, TableError> {
        let Setup { faults, home, every_region, merge, stream_records_kept } = setup;
        let tables = Self {
            inner: Arc::new(Inner {
                regions: RwLock::default(),
                every_region,
                stream_records_kept,
                signal: Arc::default(),
                strong: AtomicBool::default(),
                claims: Mutex::default(),
                faults,
                pump: Mutex::default(),
                merge,
                home,
            }),
        };
        let inner = Arc::downgrade(&tables.inner);
        tables.inner.faults.on_change(move || {
            if let Some(inner) = inner.upgrade() {
                Self { inner }.follow_faults();
            }
        });
        for region in regions {
            tables.open_database(&region.into())?;
        }
        Ok(tables)
    }

    /// The names of the Regions that are open, in order.
    pub fn regions(&self) -> impl Iterator<Item = String> + use<> {
        let regions = self.inner.regions.read().unwrap_or_else(PoisonError::into_inner);
        regions.keys().cloned().collect::<Vec<_>>().into_iter()
    }

    /// One Region's DynamoDB.
    ///
    /// # Errors
    /// `UnknownRegion`, which is the lab's own, if it was not built with this Region.
    pub fn region(&self, name: &str) -> Result<Region, TableError> {
        Ok(Region::new(self.clone(), self.database(name)?))
    }

    /// One Region's DynamoDB, which opens now if it is not open yet.
    ///
    /// # Errors
    /// `UnknownRegion` if this is not the name of a Region, such as `eu-west-1`;
    /// `InternalServerError` if SQLite cannot be started.
    pub fn open_region(&self, name: &str) -> Result<Region, TableError> {
        Ok(Region::new(self.clone(), self.open_database(name)?))
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

    fn database(&self, region: &str) -> Result<Arc<RegionDatabase>, TableError> {
        match self.opened(region) {
            Some(database) => Ok(database),
            None if self.inner.every_region => self.open_database(region),
            None => Err(self.unknown(region)),
        }
    }

    fn opened(&self, region: &str) -> Option<Arc<RegionDatabase>> {
        let regions = self.inner.regions.read().unwrap_or_else(PoisonError::into_inner);
        regions.get(region).map(Arc::clone)
    }

    fn open_database(&self, region: &str) -> Result<Arc<RegionDatabase>, TableError> {
        if let Some(database) = self.opened(region) {
            return Ok(database);
        }
        if !is_region_name(region) {
            let message = format!("{region:?} is not the name of a Region, such as eu-west-1");
            return Err(TableError::new("UnknownRegion", message));
        }
        let mut regions = self.inner.regions.write().unwrap_or_else(PoisonError::into_inner);
        // Another caller can have opened it between the two locks.
        if let Some(database) = regions.get(region) {
            return Ok(Arc::clone(database));
        }
        let storage = match &self.inner.home {
            None => Storage::memory()?,
            Some(home) => home.open_region(region)?,
        };
        let database = Arc::new(RegionDatabase::open(
            region,
            &self.inner.faults,
            storage,
            self.inner.stream_records_kept,
            Arc::clone(&self.inner.signal),
        )?);
        if database.lock().has_strong_tables()? {
            self.note_strong();
        }
        regions.insert(region.to_owned(), Arc::clone(&database));
        Ok(database)
    }

    fn unknown(&self, region: &str) -> TableError {
        let known = self.regions().collect::<Vec<_>>().join(", ");
        let message = format!("the lab has no Region {region:?}; it was built with: {known}");
        TableError::new("UnknownRegion", message)
    }

    /// The list of faults has changed.
    fn follow_faults(&self) {
        for region in self.regions() {
            if let Some(database) = self.opened(&region) {
                // If it cannot keep what writes replace, its reads are not stale.
                let _ = database.lock().follow_faults();
            }
        }
        self.inner.signal.all();
    }

    /// Whether writes go to a disk before they are acknowledged.
    fn is_kept(&self) -> bool {
        self.inner.home.is_some()
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

/// Whether a name is made as those of AWS's Regions are, such as `us-gov-west-1`: a field of every
/// ARN, and of a file's name.
pub(crate) fn is_region_name(name: &str) -> bool {
    let parts: Vec<&str> = name.split('-').collect();
    let (Some((number, words)), true) = (parts.split_last(), name.len() <= 32) else {
        return false;
    };
    let word = |word: &&str| !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase());
    let number = !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit());
    number && words.len() >= 2 && words.iter().all(word)
}

#[cfg(test)]
impl Tables {
    /// Lets a Region's file not grow beyond so many pages of 4 KiB.
    pub(crate) fn limit_pages(&self, region: &str, pages: u32) -> Result<(), TableError> {
        let database = self.database(region)?;
        let locked = database.lock();
        let limit = |_: &rusqlite::Row<'_>| Ok(());
        Ok(locked.storage.conn().pragma_update_and_check(None, "max_page_count", pages, limit)?)
    }
}
