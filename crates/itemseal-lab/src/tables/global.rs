//! What a Region knows of a global table that its engine does not.
//!
//! Source: [global tables](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/GlobalTables.html),
//! version 2019.11.21.

use rusqlite::{OptionalExtension, params};
use serde_json::{Map, Value, json};

use super::Tables;
use super::database::Database;
use super::error::TableError;
use super::side_tables::{GLOBAL_TABLES, text};
use crate::clock::{DAY_MICROS, Micros};

/// The version that DescribeTable names.
pub(super) const VERSION: &str = "2019.11.21";

/// How the replicas of a global table agree.
///
/// Source: [consistency modes](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/V2globaltables_HowItWorks.html#V2globaltables_HowItWorks.consistency-modes).
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Consistency {
    /// `EVENTUAL`: changes arrive later, and the last writer wins.
    #[default]
    Eventual,
    /// `STRONG`: a write is in another Region before it is answered, and a strongly consistent read
    /// sees the latest in any.
    Strong,
}

impl Consistency {
    /// DynamoDB's name for it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Eventual => "EVENTUAL",
            Self::Strong => "STRONG",
        }
    }
}

/// One Region's part in a global table.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Group {
    pub(super) consistency: Consistency,
    /// The Region that keeps changes, and has no table.
    pub(super) witness: Option<String>,
    /// What this Region's replica was given of its own: the members of
    /// `CreateReplicationGroupMemberAction`.
    pub(super) overrides: Map<String, Value>,
    /// When this replica was last the source of a new one.
    pub(super) source_at: Option<Micros>,
}

impl Database {
    pub(super) fn group(&self, table: &str) -> Result<Group, TableError> {
        let sql = format!(
            "SELECT consistency, witness, overrides, source_at FROM {GLOBAL_TABLES}
             WHERE table_name = {}",
            text(table)
        );
        let read = |row: &rusqlite::Row<'_>| {
            let consistency: String = row.get(0)?;
            let strong = consistency == Consistency::Strong.name();
            Ok(Group {
                consistency: if strong { Consistency::Strong } else { Consistency::Eventual },
                witness: row.get(1)?,
                overrides: serde_json::from_str(&row.get::<_, String>(2)?).unwrap_or_default(),
                source_at: row.get(3)?,
            })
        };
        let found = self.storage.conn().query_row(&sql, [], read).optional()?;
        Ok(found.unwrap_or_default())
    }

    pub(super) fn has_strong_tables(&self) -> Result<bool, TableError> {
        let sql = format!("SELECT EXISTS (SELECT 1 FROM {GLOBAL_TABLES} WHERE consistency = ?1)");
        let strong = Consistency::Strong.name();
        Ok(self.storage.conn().query_row(&sql, [strong], |row| row.get(0))?)
    }

    pub(super) fn set_group(&self, table: &str, group: &Group) -> Result<(), TableError> {
        let overrides = Value::Object(group.overrides.clone()).to_string();
        let sql = format!("INSERT OR REPLACE INTO {GLOBAL_TABLES} VALUES (?1, ?2, ?3, ?4, ?5)");
        let mode = group.consistency.name();
        let row = params![table, mode, group.witness, overrides, group.source_at];
        self.storage.conn().execute(&sql, row)?;
        Ok(())
    }
}

impl Tables {
    /// How a table's replicas agree, as one Region knows it; `EVENTUAL` for a table that has none.
    ///
    /// # Errors
    /// `UnknownRegion`; `ResourceNotFoundException` if the Region has no such table.
    pub fn consistency(&self, region: &str, table: &str) -> Result<Consistency, TableError> {
        let database = self.database(region)?;
        let database = database.lock();
        database.require_table(table)?;
        Ok(database.group(table)?.consistency)
    }

    /// Adds to a table's description what the engine does not know.
    pub(super) fn describe_global(
        &self,
        region: &str,
        description: &mut Value,
    ) -> Result<(), TableError> {
        let Some(members) = description.as_object_mut() else { return Ok(()) };
        let table = members.get("TableName").and_then(Value::as_str).unwrap_or_default().to_owned();
        let (others, group) = {
            let database = self.database(region)?;
            let database = database.lock();
            (database.replicas(&table)?, database.group(&table)?)
        };
        if others.is_empty() {
            return Ok(());
        }
        let mut replicas = Vec::new();
        for other in &others {
            replicas.push(self.describe_replica(other, &table)?);
        }
        let mut set = |name: &str, value: Value| members.insert(name.to_owned(), value);
        set("GlobalTableVersion", VERSION.into());
        set("Replicas", replicas.into());
        set("MultiRegionConsistency", group.consistency.name().into());
        // What DynamoDB sets for the tables of one account.
        set("GlobalTableSettingsReplicationMode", "ENABLED_WITH_OVERRIDES".into());
        if let Some(witness) = group.witness {
            let witness = json!([{ "RegionName": witness, "WitnessStatus": "ACTIVE" }]);
            set("GlobalTableWitnesses", witness);
        }
        Ok(())
    }

    fn describe_replica(&self, region: &str, table: &str) -> Result<Value, TableError> {
        let overrides = self.database(region)?.lock().group(table)?.overrides;
        let mut replica = json!({
            "RegionName": region,
            "ReplicaStatus": "ACTIVE",
            // The account is the endpoint's to fill in.
            "ReplicaArn": format!("arn:aws:dynamodb:{region}:000000000000:table/{table}"),
        });
        if let Some(members) = replica.as_object_mut() {
            for (name, value) in overrides {
                if name == "TableClassOverride" {
                    let summary = json!({ "TableClass": value });
                    members.insert("ReplicaTableClassSummary".to_owned(), summary);
                } else {
                    members.insert(name, value);
                }
            }
        }
        Ok(replica)
    }

    /// Whether a replica may be deleted: DynamoDB keeps the one that others were copied from for a
    /// day.
    pub(super) fn check_source(&self, region: &str, table: &str) -> Result<(), TableError> {
        let database = self.database(region)?;
        let now = database.now();
        let database = database.lock();
        let source_at = database.group(table)?.source_at;
        let recent = source_at.is_some_and(|at| now < at.saturating_add(DAY_MICROS));
        if recent && !database.replicas(table)?.is_empty() {
            return Err(TableError::validation(
                "Replica cannot be deleted because it has acted as a source region for new \
                 replica(s) being added to the table in the last 24 hours.",
            ));
        }
        Ok(())
    }
}
