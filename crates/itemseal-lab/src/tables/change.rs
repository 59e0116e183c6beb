//! Changes on their way to another Region.

use dynoxide::actions::delete_item::{self, DeleteItemRequest};
use dynoxide::actions::put_item::{self, PutItemRequest};
use itemseal::Item;
use rusqlite::{OptionalExtension, Row, params};

use super::convert::from_dynoxide;
use super::database::{Database, ready};
use super::error::TableError;
use super::version::{Merge, Version};
use crate::clock::Micros;

/// A change that waits for another Region.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq)]
pub struct PendingChange {
    /// The table.
    pub table: String,
    /// The item's key attributes.
    pub key: Item,
    /// The whole item as it was written; none if it was deleted.
    pub item: Option<Item>,
    /// When and where it was written.
    pub version: Version,
}

/// What a Region made of a change that arrived.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    Applied,
    /// The Region has a later write of the item.
    Superseded,
}

/// A row of the log.
pub(super) struct Change {
    pub(super) id: i64,
    pub(super) table: String,
    pk: String,
    sk: String,
    key: String,
    item: Option<String>,
    version: Version,
    /// When it was put into the log, by the lab's clock: its lag counts from here.
    pub(super) logged: Micros,
}

const COLUMNS: &str = "id, table_name, pk, sk, key, item, time, writer, logged";

impl Change {
    fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            id: row.get(0)?,
            table: row.get(1)?,
            pk: row.get(2)?,
            sk: row.get(3)?,
            key: row.get(4)?,
            item: row.get(5)?,
            version: Version::new(row.get(6)?, row.get::<_, String>(7)?),
            logged: row.get(8)?,
        })
    }

    fn into_pending(self) -> Result<PendingChange, TableError> {
        Ok(PendingChange {
            table: self.table,
            key: from_dynoxide(parse(&self.key)?),
            item: self.item.as_deref().map(parse).transpose()?.map(from_dynoxide),
            version: self.version,
        })
    }
}

impl Database {
    /// The oldest change that waits for a Region.
    pub(super) fn next_change(&self, destination: &str) -> Result<Option<Change>, TableError> {
        let sql =
            format!("SELECT {COLUMNS} FROM lab$waiting WHERE destination = ?1 ORDER BY id LIMIT 1");
        let mut statement = self.storage.conn().prepare_cached(&sql)?;
        Ok(statement.query_row([destination], Change::read).optional()?)
    }

    /// The Regions that changes wait for.
    pub(super) fn destinations(&self) -> Result<Vec<String>, TableError> {
        let sql = "SELECT DISTINCT destination FROM lab$waiting ORDER BY destination";
        let mut statement = self.storage.conn().prepare_cached(sql)?;
        let regions = statement.query_map([], |row| row.get(0))?;
        Ok(regions.collect::<Result<_, _>>()?)
    }

    /// The oldest change of one table that waits for a Region.
    pub(super) fn next_change_of(
        &self,
        table: &str,
        destination: &str,
    ) -> Result<Option<Change>, TableError> {
        let sql = format!(
            "SELECT {COLUMNS} FROM lab$waiting WHERE destination = ?1 AND table_name = ?2
             ORDER BY id LIMIT 1"
        );
        let mut statement = self.storage.conn().prepare_cached(&sql)?;
        Ok(statement.query_row([destination, table], Change::read).optional()?)
    }

    /// All changes of one table that wait for a Region, oldest first.
    pub(super) fn waiting_rows(
        &self,
        destination: &str,
        table: &str,
    ) -> Result<Vec<Change>, TableError> {
        let sql = format!(
            "SELECT {COLUMNS} FROM lab$waiting WHERE destination = ?1 AND table_name = ?2
             ORDER BY id"
        );
        let mut statement = self.storage.conn().prepare_cached(&sql)?;
        let rows = statement.query_map([destination, table], Change::read)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Keeps changes that another Region cannot deliver itself now; each of them once.
    pub(super) fn keep_for(&self, destination: &str, changes: &[Change]) -> Result<(), TableError> {
        let mut statement = self.storage.conn().prepare_cached(
            "INSERT INTO lab$waiting (destination, table_name, pk, sk, key, item, time, writer)
             SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8 WHERE NOT EXISTS (
                SELECT 1 FROM lab$waiting WHERE destination = ?1 AND table_name = ?2
                AND pk = ?3 AND sk = ?4 AND time = ?7 AND writer = ?8)",
        )?;
        for change in changes {
            let Change { table, pk, sk, key, item, version, .. } = change;
            let (time, writer) = (version.written_micros, &version.region);
            statement.execute(params![destination, table, pk, sk, key, item, time, writer])?;
        }
        Ok(())
    }

    pub(super) fn delivered(&self, id: i64) -> Result<(), TableError> {
        let mut statement =
            self.storage.conn().prepare_cached("DELETE FROM lab$waiting WHERE id = ?1")?;
        statement.execute([id])?;
        Ok(())
    }

    pub(super) fn waiting_for(&self, destination: &str) -> Result<u64, TableError> {
        let sql = "SELECT COUNT(*) FROM lab$waiting WHERE destination = ?1";
        let count =
            self.storage.conn().query_row(sql, [destination], |row| row.get::<_, i64>(0))?;
        Ok(u64::try_from(count).unwrap_or_default())
    }

    pub(super) fn pending(&self, destination: &str) -> Result<Vec<PendingChange>, TableError> {
        let sql = format!("SELECT {COLUMNS} FROM lab$waiting WHERE destination = ?1 ORDER BY id");
        let mut statement = self.storage.conn().prepare(&sql)?;
        let rows = statement.query_map([destination], Change::read)?;
        rows.map(|row| row?.into_pending()).collect()
    }

    /// All items of a table with their versions, deleted ones too.
    pub(super) fn snapshot(&self, table: &str) -> Result<Vec<Change>, TableError> {
        // The key is not needed: a new replica has nothing that could be deleted.
        let mut statement = self.storage.conn().prepare(&format!(
            "SELECT 0, v.table_name, v.pk, v.sk, '{{}}', data.item_json, v.time, v.writer, 0
             FROM lab$versions v LEFT JOIN {} data ON data.pk = v.pk AND data.sk = v.sk
             WHERE v.table_name = ?1 ORDER BY v.time, v.writer, v.pk, v.sk",
            super::side_tables::identifier(table)
        ))?;
        let rows = statement.query_map([table], Change::read)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Takes over a change that another Region made, if it is the one that counts.
    pub(super) fn apply(&self, change: &Change, merge: Merge) -> Result<Outcome, TableError> {
        let present = self.version(&change.table, (&change.pk, &change.sk))?;
        if present.is_some_and(|present| !merge(&change.version, &present)) {
            return Ok(Outcome::Superseded);
        }
        // The triggers keep the version with the write, in the engine's transaction.
        self.stamper.applying(&change.version, || match &change.item {
            Some(item) => {
                let (table_name, item) = (change.table.clone(), parse(item)?);
                let request = PutItemRequest { table_name, item, ..PutItemRequest::default() };
                ready(put_item::execute(&self.storage, request)).map(drop)
            }
            None if self.storage.get_item(&change.table, &change.pk, &change.sk)?.is_some() => {
                let (table_name, key) = (change.table.clone(), parse(&change.key)?);
                let request = DeleteItemRequest { table_name, key, ..DeleteItemRequest::default() };
                ready(delete_item::execute(&self.storage, request)).map(drop)
            }
            // There is nothing to delete, but what was written before must not come back later.
            None => self.bury(change),
        })?;
        Ok(Outcome::Applied)
    }

    fn bury(&self, change: &Change) -> Result<(), TableError> {
        let Change { table, pk, sk, version, .. } = change;
        self.storage.conn().execute(
            "INSERT OR REPLACE INTO lab$versions (table_name, pk, sk, time, writer, deleted)
             VALUES (?1, ?2, ?3, ?4, ?5, 1)",
            params![table, pk, sk, version.written_micros, version.region],
        )?;
        Ok(())
    }
}

fn parse(json: &str) -> Result<dynoxide::Item, TableError> {
    serde_json::from_str(json).map_err(|error| TableError::internal(format!("the log: {error}")))
}
