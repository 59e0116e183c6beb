//! What the lab keeps beside the engine's tables, in the same SQLite database.
//!
//! Triggers on the engine's item tables stamp every change of an item and put it into the log of
//! changes that wait for other Regions. They run inside the engine's own transaction, so a change,
//! its version and its log entries are kept together or not at all, whichever operation made it:
//! a put, an update, a delete, a batch, a transaction, PartiQL or expiry. Only global tables have them:
//! an item of another table has no version, and gets one when the table becomes global.
//!
//! The triggers are temporary ones, installed by [`install`] when a database is opened: the file
//! itself stays one that the engine can open alone. `$` cannot be in a DynamoDB table's name, so no
//! name here can meet a user's.

use std::sync::Arc;

use rusqlite::Connection;
use rusqlite::functions::FunctionFlags;

use super::version::Stamper;

/// The most stream records that a Region keeps, newest first. AWS keeps a day's, whatever number.
pub(super) const STREAM_RECORDS_KEPT: u32 = 10_000;

/// What a Region knows of its global tables.
pub(super) const GLOBAL_TABLES: &str = "lab$global";

const TABLES: &str = "
CREATE TABLE IF NOT EXISTS lab$versions (
    table_name TEXT NOT NULL, pk TEXT NOT NULL, sk TEXT NOT NULL,
    time INTEGER NOT NULL, writer TEXT NOT NULL, deleted INTEGER NOT NULL,
    PRIMARY KEY (table_name, pk, sk)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS lab$replicas (
    table_name TEXT NOT NULL, region TEXT NOT NULL,
    PRIMARY KEY (table_name, region)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS lab$waiting (
    id INTEGER PRIMARY KEY AUTOINCREMENT, destination TEXT NOT NULL,
    table_name TEXT NOT NULL, pk TEXT NOT NULL, sk TEXT NOT NULL,
    key TEXT NOT NULL, item TEXT, time INTEGER NOT NULL, writer TEXT NOT NULL,
    -- What a new replica is handed over has been on its way for long: it is due at once.
    logged INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE IF NOT EXISTS lab$global (
    table_name TEXT PRIMARY KEY, consistency TEXT NOT NULL, witness TEXT, overrides TEXT NOT NULL,
    source_at INTEGER
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS lab$waiting_for ON lab$waiting (destination, id);
";

/// The engine looks for a stream's last number with every record, and has no index for it; and it
/// never drops a record. Without this each write costs as much as all records before it.
const STREAM_INDEXES: &str = "
CREATE INDEX IF NOT EXISTS lab$stream_order
    ON _stream_records (table_name, CAST(sequence_number AS INTEGER));
CREATE INDEX IF NOT EXISTS lab$stream_age ON _stream_records (created_at);
";

/// Makes the side tables, and the functions and triggers of this connection.
pub(super) fn install(
    connection: &Connection,
    stamper: &Arc<Stamper>,
    stream_records_kept: u32,
) -> rusqlite::Result<()> {
    connection.execute_batch(TABLES)?;
    connection.execute_batch(STREAM_INDEXES)?;
    let last = connection.query_row(
        "SELECT COALESCE(MAX(time), 0) FROM lab$versions WHERE writer = ?1",
        [stamper.writer()],
        |row| row.get(0),
    )?;
    stamper.resume_after(last);
    functions(connection, stamper)?;
    // A stream keeps its records for 24 hours, and the lab not more than a number of them.
    connection.execute_batch(&format!(
        "CREATE TEMP TRIGGER lab$trim AFTER INSERT ON main._stream_records BEGIN
            DELETE FROM _stream_records WHERE id <= NEW.id - {stream_records_kept};
            DELETE FROM _stream_records WHERE created_at < NEW.created_at - 86400;
        END"
    ))
}

fn functions(connection: &Connection, stamper: &Arc<Stamper>) -> rusqlite::Result<()> {
    // Not deterministic, so SQLite calls them for every row.
    let each_time = FunctionFlags::SQLITE_UTF8;
    let of = Arc::clone(stamper);
    connection
        .create_scalar_function("lab_stamp", 1, each_time, move |c| Ok(of.stamp(c.get(0)?)))?;
    let of = Arc::clone(stamper);
    connection.create_scalar_function("lab_writer", 0, each_time, move |_| Ok(of.writer()))?;
    let of = Arc::clone(stamper);
    connection
        .create_scalar_function("lab_applying", 0, each_time, move |_| Ok(of.is_applying()))?;
    let pure = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC;
    connection.create_scalar_function("lab_same", 2, pure, |c| {
        Ok(same_item(&c.get::<String>(0)?, &c.get::<String>(1)?))
    })?;
    connection.create_scalar_function("lab_key", 3, pure, |c| {
        let (item, partition): (String, String) = (c.get(0)?, c.get(1)?);
        let sort: Option<String> = c.get(2)?;
        key_of(&item, &partition, sort.as_deref())
            .ok_or_else(|| rusqlite::Error::UserFunctionError("an item without its key".into()))
    })
}

/// The engine writes attributes in no particular order.
fn same_item(one: &str, other: &str) -> bool {
    let read = |text| serde_json::from_str::<serde_json::Value>(text).ok();
    one == other || matches!((read(one), read(other)), (Some(a), Some(b)) if a == b)
}

fn key_of(item: &str, partition: &str, sort: Option<&str>) -> Option<String> {
    let mut item: serde_json::Value = serde_json::from_str(item).ok()?;
    let mut key = serde_json::Map::new();
    for name in [Some(partition), sort].into_iter().flatten() {
        key.insert(name.to_owned(), item.get_mut(name)?.take());
    }
    serde_json::to_string(&key).ok()
}

/// Whether the items of a table have versions: it is a global table, or was one.
pub(super) fn is_versioned(connection: &Connection, table: &str) -> rusqlite::Result<bool> {
    connection.query_row(
        "SELECT EXISTS (SELECT 1 FROM lab$replicas WHERE table_name = ?1)
             OR EXISTS (SELECT 1 FROM lab$versions WHERE table_name = ?1)",
        [table],
        |row| row.get(0),
    )
}

/// Gives the items of a table that become a global one their first versions.
pub(super) fn stamp_items(connection: &Connection, table: &str) -> rusqlite::Result<()> {
    let (table_name, data) = (text(table), identifier(table));
    connection.execute_batch(&format!(
        "INSERT INTO lab$versions (table_name, pk, sk, time, writer, deleted)
         SELECT {table_name}, pk, sk, lab_stamp(0), lab_writer(), 0 FROM {data} ORDER BY pk, sk"
    ))
}

/// Watches a table's items. The engine replaces whole rows (`INSERT OR REPLACE`) and deletes them; it
/// updates no item in place. A put that changes nothing is no change, as in DynamoDB's streams. The
/// trigger is a `BEFORE` one since only there the old row can be seen.
pub(super) fn watch(
    connection: &Connection,
    table: &str,
    partition_key: &str,
    sort_key: Option<&str>,
) -> rusqlite::Result<()> {
    let (table_name, data) = (text(table), identifier(table));
    let sort_key = sort_key.map_or_else(|| "NULL".to_owned(), text);
    let put = identifier(&format!("lab$put${table}"));
    let delete = identifier(&format!("lab$delete${table}"));
    let record = |row: &str, item: &str, deleted: u8| {
        format!(
            "INSERT OR REPLACE INTO lab$versions (table_name, pk, sk, time, writer, deleted)
             VALUES ({table_name}, {row}.pk, {row}.sk, lab_stamp(COALESCE((
                SELECT time FROM lab$versions
                WHERE table_name = {table_name} AND pk = {row}.pk AND sk = {row}.sk), 0)),
                lab_writer(), {deleted});
             INSERT INTO lab$waiting (destination, table_name, pk, sk, key, item, time, writer, logged)
             SELECT replica.region, {table_name}, {row}.pk, {row}.sk,
                lab_key({row}.item_json, {partition_key}, {sort_key}), {item}, v.time, v.writer, lab_now()
             FROM lab$replicas replica JOIN lab$versions v
             WHERE replica.table_name = {table_name} AND v.table_name = {table_name}
                AND v.pk = {row}.pk AND v.sk = {row}.sk AND NOT lab_applying();",
            partition_key = text(partition_key),
        )
    };
    connection.execute_batch(&format!(
        "CREATE TEMP TRIGGER IF NOT EXISTS {put} BEFORE INSERT ON main.{data}
         WHEN NOT lab_looking_back() AND (lab_applying() OR NOT EXISTS (
            SELECT 1 FROM {data} old
            WHERE old.pk = NEW.pk AND old.sk = NEW.sk AND lab_same(old.item_json, NEW.item_json)))
         BEGIN {} END;
         CREATE TEMP TRIGGER IF NOT EXISTS {delete} AFTER DELETE ON main.{data}
         WHEN NOT lab_looking_back()
         BEGIN {} END;",
        record("NEW", "NEW.item_json", 0),
        record("OLD", "NULL", 1),
    ))
}

/// Forgets what a deleted table's items were. What still waits for other Regions goes on waiting.
pub(super) fn forget(connection: &Connection, table: &str) -> rusqlite::Result<()> {
    connection.execute("DELETE FROM lab$versions WHERE table_name = ?1", [table])?;
    connection.execute("DELETE FROM lab$replicas WHERE table_name = ?1", [table])?;
    connection.execute("DELETE FROM lab$global WHERE table_name = ?1", [table])?;
    super::past::forget(connection, table)?;
    Ok(())
}

pub(super) fn text(value: &str) -> String {
    format!("'{}'", value.replace('\'', "''"))
}

pub(super) fn identifier(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}
