//! What a table was a moment ago, for reads that are to be stale.
//!
//! While a Region has stale reads, triggers keep what each write replaces, in memory. A stale read
//! puts that back, is done by the engine as any other, and is rolled back: so projections, filters
//! and pages of stale items are the engine's own. Indexes are not put back.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use rusqlite::Connection;
use rusqlite::functions::FunctionFlags;

use super::database::Database;
use super::error::TableError;
use super::side_tables::{identifier, text};
use crate::clock::{Micros, duration_micros};
use crate::faults::Faults;

/// One Region's past.
pub(super) struct Past {
    faults: Faults,
    region: String,
    /// While it is put back, what is written is not a write.
    looking_back: Arc<AtomicBool>,
}

impl Past {
    /// Makes the functions of this connection that the triggers here and elsewhere call.
    pub(super) fn install(
        connection: &Connection,
        faults: &Faults,
        region: &str,
    ) -> rusqlite::Result<Self> {
        let each_time = FunctionFlags::SQLITE_UTF8;
        let looking_back = Arc::new(AtomicBool::new(false));
        let of = faults.clone();
        connection.create_scalar_function("lab_now", 0, each_time, move |_| Ok(of.now()))?;
        let (of, at) = (faults.clone(), region.to_owned());
        connection.create_scalar_function("lab_reads_back", 0, each_time, move |_| {
            Ok(of.reads_back(&at))
        })?;
        let flag = Arc::clone(&looking_back);
        connection.create_scalar_function("lab_looking_back", 0, each_time, move |_| {
            Ok(flag.load(Ordering::SeqCst))
        })?;
        Ok(Self { faults: faults.clone(), region: region.to_owned(), looking_back })
    }

    /// Whether reads of the Region can be stale.
    pub(super) fn is_wanted(&self) -> bool {
        self.faults.reads_back(&self.region) > 0
    }

    /// The moment that the next eventually consistent read sees; the present if none.
    pub(super) fn next_read_at(&self) -> Option<Micros> {
        let by = self.faults.next_read_is_stale(&self.region)?;
        Some(self.faults.now().saturating_sub(duration_micros(by)))
    }
}

fn old(table: &str) -> String {
    identifier(&format!("lab$old${table}"))
}

/// Starts keeping what writes of a table's items replace: the row until when it was there, or that
/// there was none.
pub(super) fn watch(connection: &Connection, table: &str) -> rusqlite::Result<()> {
    let (data, old) = (identifier(table), old(table));
    let (put, delete) = triggers(table);
    let wanted = "WHEN NOT lab_looking_back()";
    let forget = format!("DELETE FROM {old} WHERE until <= lab_now() - lab_reads_back();");
    let keep = |row: &str| {
        format!(
            "INSERT INTO {old} SELECT lab_now(), 1, data.* FROM {data} data
             WHERE data.pk = {row}.pk AND data.sk = {row}.sk;"
        )
    };
    connection.execute_batch(&format!(
        "CREATE TEMP TABLE IF NOT EXISTS {old} AS SELECT 0 AS until, 0 AS was, * FROM {data} WHERE 0;
         CREATE TEMP TRIGGER IF NOT EXISTS {put} BEFORE INSERT ON main.{data} {wanted} BEGIN
            {forget}
            {keep_new}
            INSERT INTO {old} (until, was, pk, sk) SELECT lab_now(), 0, NEW.pk, NEW.sk
            WHERE NOT EXISTS (SELECT 1 FROM {data} d WHERE d.pk = NEW.pk AND d.sk = NEW.sk);
         END;
         CREATE TEMP TRIGGER IF NOT EXISTS {delete} BEFORE DELETE ON main.{data} {wanted} BEGIN
            {forget}
            {keep_old}
         END;",
        keep_new = keep("NEW"),
        keep_old = keep("OLD"),
    ))
}

/// Forgets what was kept, and keeps nothing more.
pub(super) fn forget(connection: &Connection, table: &str) -> rusqlite::Result<()> {
    let (put, delete) = triggers(table);
    connection.execute_batch(&format!(
        "DROP TRIGGER IF EXISTS temp.{put};
         DROP TRIGGER IF EXISTS temp.{delete};
         DROP TABLE IF EXISTS temp.{}",
        old(table)
    ))
}

fn triggers(table: &str) -> (String, String) {
    let name = |what: &str| identifier(&format!("lab$old_{what}${table}"));
    (name("put"), name("delete"))
}

impl Database {
    /// Reads as if it were `moment`, as far as `tables` are concerned.
    pub(super) fn looking_back<T>(
        &self,
        moment: Micros,
        tables: &[&str],
        read: impl FnOnce(&Self) -> Result<T, TableError>,
    ) -> Result<T, TableError> {
        struct Back<'d>(&'d Database);
        impl Drop for Back<'_> {
            fn drop(&mut self) {
                // If this fails SQLite has no transaction any more, which is what is wanted.
                let undo = "ROLLBACK TO lab_past; RELEASE lab_past";
                let _ = self.0.storage.conn().execute_batch(undo);
                self.0.past.looking_back.store(false, Ordering::SeqCst);
            }
        }
        self.storage.conn().execute_batch("SAVEPOINT lab_past")?;
        self.past.looking_back.store(true, Ordering::SeqCst);
        let _back = Back(self);
        for table in tables {
            // A table that is not there is the engine's to name.
            if self.table(table)?.is_some() {
                self.put_back(moment, table)?;
            }
        }
        read(self)
    }

    fn put_back(&self, moment: Micros, table: &str) -> Result<(), TableError> {
        let (data, old) = (identifier(table), old(table));
        let connection = self.storage.conn();
        let columns = {
            let sql = format!("SELECT name FROM pragma_table_info({})", text(table));
            let mut statement = connection.prepare(&sql)?;
            let names = statement.query_map([], |row| row.get::<_, String>(0))?;
            let names = names.collect::<Result<Vec<_>, _>>()?;
            names.iter().map(|name| identifier(name)).collect::<Vec<_>>().join(", ")
        };
        let sql = format!(
            "DELETE FROM {data} WHERE (pk, sk) IN (SELECT pk, sk FROM {old} WHERE until > ?1)"
        );
        connection.execute(&sql, [moment])?;
        // Of what was replaced since, the first is what was there.
        let sql = format!(
            "INSERT INTO {data} ({columns}) SELECT {columns} FROM {old}
             WHERE was AND rowid IN
                (SELECT MIN(rowid) FROM {old} WHERE until > ?1 GROUP BY pk, sk)"
        );
        connection.execute(&sql, [moment])?;
        Ok(())
    }
}
