//! One Region's tables: the engine, the lab's side tables, and the lock over both.

use std::future::Future;
use std::ops::{Deref, DerefMut};
use std::pin::pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

use dynoxide::actions::execute_transaction::ExecuteTransactionResponse;
use dynoxide::actions::transact_write_items::TransactWriteItemsResponse;
use dynoxide::actions::vector_lifecycle::VectorIndexLifecycle;
use dynoxide::storage::{Storage, TableMetadata};
use rusqlite::OptionalExtension;

use super::error::TableError;
use super::past::{self, Past};
use super::side_tables;
use super::signal::Signal;
use super::tokens::Tokens;
use super::version::{Stamper, Version};
use crate::clock::{Clock, Micros, SkewedClock};
use crate::faults::Faults;

/// How many compiled statements SQLite keeps.
const STATEMENTS: usize = 256;

/// One Region's database. All of a call happens under one lock, so a local write and a write that
/// arrives from another Region never interleave.
pub(super) struct RegionDatabase {
    pub(super) name: String,
    pub(super) clock: Arc<SkewedClock>,
    signal: Arc<Signal>,
    /// How many operations that can take long are under way.
    slow: AtomicUsize,
    inner: Mutex<Database>,
}

/// An operation that can take long is under way.
pub(crate) struct Slow(Arc<RegionDatabase>);

impl Slow {
    pub(super) fn new(database: Arc<RegionDatabase>) -> Self {
        database.slow.fetch_add(1, Ordering::Relaxed);
        Self(database)
    }
}

impl Drop for Slow {
    fn drop(&mut self) {
        self.0.slow.fetch_sub(1, Ordering::Relaxed);
    }
}

/// The lock on a Region's database. When it is let go, the Region tells of changes that wait for
/// others.
pub(super) struct Locked<'d> {
    region: &'d RegionDatabase,
    database: MutexGuard<'d, Database>,
}

impl Deref for Locked<'_> {
    type Target = Database;

    fn deref(&self) -> &Database {
        &self.database
    }
}

impl DerefMut for Locked<'_> {
    fn deref_mut(&mut self) -> &mut Database {
        &mut self.database
    }
}

impl Drop for Locked<'_> {
    fn drop(&mut self) {
        if self.database.stamper.take_wrote() {
            self.region.signal.changed(&self.region.name);
        }
    }
}

/// What the lock protects.
pub(super) struct Database {
    pub(super) storage: Storage,
    pub(super) lifecycle: VectorIndexLifecycle,
    pub(super) stamper: Arc<Stamper>,
    pub(super) past: Past,
    pub(super) writes: Tokens<TransactWriteItemsResponse>,
    pub(super) statements: Tokens<ExecuteTransactionResponse>,
}

impl RegionDatabase {
    /// A Region over `storage`, new or with tables in it.
    pub(super) fn open(
        name: &str,
        faults: &Faults,
        storage: Storage,
        stream_records_kept: u32,
        signal: Arc<Signal>,
    ) -> Result<Self, TableError> {
        let clock = Arc::new(faults.clock_of(name));
        // The lab and the engine have some dozens of statements for a table.
        storage.conn().set_prepared_statement_cache_capacity(STATEMENTS);
        let storage = storage.with_clock(Arc::new(EngineClock(Arc::clone(&clock))));
        let stamper = Arc::new(Stamper::new(name.to_owned(), Arc::clone(&clock)));
        side_tables::install(storage.conn(), &stamper, stream_records_kept)?;
        let past = Past::install(storage.conn(), faults, name)?;
        let database = Database {
            storage,
            lifecycle: VectorIndexLifecycle::new(),
            stamper,
            past,
            writes: Tokens::default(),
            statements: Tokens::default(),
        };
        for table in database.storage.list_table_names()? {
            database.watch(&table)?;
        }
        Ok(Self {
            name: name.to_owned(),
            clock,
            signal,
            slow: AtomicUsize::new(0),
            inner: Mutex::new(database),
        })
    }

    pub(super) fn lock(&self) -> Locked<'_> {
        // SQLite has rolled back, or will refuse, what a panicking call left undone.
        let database = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        Locked { region: self, database }
    }

    /// Whether somebody may hold the lock for long.
    pub(super) fn is_slow(&self) -> bool {
        self.slow.load(Ordering::Relaxed) > 0
    }

    pub(super) fn now(&self) -> Micros {
        self.clock.now_micros()
    }
}

impl Database {
    pub(super) fn table(&self, table: &str) -> Result<Option<TableMetadata>, TableError> {
        Ok(self.storage.get_table_metadata(table)?)
    }

    pub(super) fn require_table(&self, table: &str) -> Result<TableMetadata, TableError> {
        self.table(table)?.ok_or_else(|| TableError::no_such_table(table))
    }

    /// Starts what is done with every write of a table: nothing, unless it is a global table, or the
    /// Region has stale reads. The engine compiles its statements, and so the triggers on them, with
    /// every call: a table that needs none has none.
    pub(super) fn watch(&self, table: &str) -> Result<(), TableError> {
        if side_tables::is_versioned(self.storage.conn(), table)? {
            self.stamp_changes(table)?;
        }
        self.watch_past(table)
    }

    /// Makes a table one whose items have versions: those that are there get one now. What waits for
    /// other Regions is logged from now on.
    pub(super) fn make_global(&self, table: &str) -> Result<(), TableError> {
        if side_tables::is_versioned(self.storage.conn(), table)? {
            return Ok(());
        }
        side_tables::stamp_items(self.storage.conn(), table)?;
        self.stamp_changes(table)
    }

    fn stamp_changes(&self, table: &str) -> Result<(), TableError> {
        let (partition_key, sort_key) = super::schema::key_names(&self.require_table(table)?)?;
        let connection = self.storage.conn();
        Ok(side_tables::watch(connection, table, &partition_key, sort_key.as_deref())?)
    }

    /// Keeps what writes replace, or stops doing so, as the Region's faults say.
    fn watch_past(&self, table: &str) -> Result<(), TableError> {
        let connection = self.storage.conn();
        if self.past.is_wanted() {
            past::watch(connection, table)?;
        } else {
            past::forget(connection, table)?;
        }
        Ok(())
    }

    /// The Region's faults are others now.
    pub(super) fn follow_faults(&self) -> Result<(), TableError> {
        for table in self.storage.list_table_names()? {
            self.watch_past(&table)?;
        }
        Ok(())
    }

    /// The last write of an item, deletes included; the key as the engine stores it.
    pub(super) fn version(
        &self,
        table: &str,
        (pk, sk): (&str, &str),
    ) -> Result<Option<Version>, TableError> {
        let mut statement = self.storage.conn().prepare_cached(
            "SELECT time, writer FROM lab$versions WHERE table_name = ?1 AND pk = ?2 AND sk = ?3",
        )?;
        let read = |row: &rusqlite::Row<'_>| {
            Ok(Version::new(row.get::<_, Micros>(0)?, row.get::<_, String>(1)?))
        };
        Ok(statement.query_row([table, pk, sk], read).optional()?)
    }

    /// The other Regions that have a replica of the table, in the order of their names.
    pub(super) fn replicas(&self, table: &str) -> Result<Vec<String>, TableError> {
        let mut statement = self.storage.conn().prepare_cached(
            "SELECT region FROM lab$replicas WHERE table_name = ?1 ORDER BY region",
        )?;
        let regions = statement.query_map([table], |row| row.get(0))?;
        Ok(regions.collect::<Result<_, _>>()?)
    }
}

/// Runs one of the engine's futures, which are always ready.
pub(super) fn ready<T>(future: impl Future<Output = dynoxide::Result<T>>) -> Result<T, TableError> {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(result) => Ok(result?),
        Poll::Pending => Err(TableError::internal("the engine has suspended a call")),
    }
}

/// The Region's clock, as the engine wants it.
struct EngineClock(Arc<SkewedClock>);

impl dynoxide::storage_backend::Clock for EngineClock {
    fn now_unix_secs(&self) -> u64 {
        u64::try_from(self.0.now_micros() / 1_000_000).unwrap_or_default()
    }

    fn now_unix_secs_f64(&self) -> f64 {
        let micros = self.0.now_micros();
        // Whole seconds and the rest, so that neither loses digits on its own.
        let (seconds, rest) = (micros.div_euclid(1_000_000), micros.rem_euclid(1_000_000));
        seconds as f64 + rest as f64 / 1_000_000.0
    }
}
