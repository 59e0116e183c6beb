//! Multi-Region strong consistency.
//!
//! Source: [MRSC](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/multi-region-strong-consistency-gt.html).
//! There are three members: three replicas, or two and a witness. An operation needs two of them, its
//! own Region and another one that it reaches. A write is done in its Region, and is with the others
//! before it is answered; what a member cannot be given now, the reached ones keep for it. A strongly
//! consistent read first takes over what is kept for its Region. Any two operations have a member in
//! common, so a read sees every write that was answered before.

use std::sync::atomic::Ordering;

use super::database::RegionDatabase;
use super::error::TableError;
use super::footprint::{Access, Footprint};
use super::global::Consistency;
use super::{Region, Tables};

/// The Regions that can be together in one strongly consistent table.
const REGION_SETS: [&[&str]; 3] = [
    &["us-east-1", "us-east-2", "us-west-2"],
    &["eu-central-1", "eu-west-1", "eu-west-2", "eu-west-3"],
    &["ap-northeast-1", "ap-northeast-2", "ap-northeast-3"],
];

pub(super) fn check_regions(regions: &[&str]) -> Result<(), TableError> {
    if REGION_SETS.iter().any(|set| regions.iter().all(|region| set.contains(region))) {
        return Ok(());
    }
    Err(TableError::validation(format!(
        "One or more parameter values were invalid: {} are not in one Region set of multi-Region \
         strong consistency",
        regions.join(", ")
    )))
}

/// What a table must not have to become strongly consistent.
pub(super) fn check_table(
    database: &super::database::Database,
    table: &str,
) -> Result<(), TableError> {
    let definition = database.require_table(table)?;
    let sql = format!("SELECT EXISTS (SELECT 1 FROM {})", super::side_tables::identifier(table));
    if database.storage.conn().query_row(&sql, [], |row| row.get::<_, bool>(0))? {
        return Err(TableError::validation(
            "One or more parameter values were invalid: the table must be empty to become a global \
             table with multi-Region strong consistency",
        ));
    }
    let indexes = definition.lsi_definitions.as_deref();
    if indexes.is_some_and(|json| json != "null" && json != "[]") {
        return Err(unsupported("Local secondary index"));
    }
    if definition.ttl_enabled {
        return Err(unsupported("Time To Live"));
    }
    Ok(())
}

pub(super) fn unsupported(what: &str) -> TableError {
    TableError::validation(format!(
        "One or more parameter values were invalid: {what} is not supported on global tables with \
         multi-Region strong consistency"
    ))
}

impl Tables {
    /// From now on operations look whether their table is strongly consistent.
    pub(super) fn note_strong(&self) {
        self.inner.strong.store(true, Ordering::SeqCst);
    }

    pub(super) fn any_strong(&self) -> bool {
        self.inner.strong.load(Ordering::SeqCst)
    }
}

impl Region {
    /// Runs an operation by the rules of its tables. Without strongly consistent tables, and for
    /// operations that no rule concerns, there is no footprint.
    pub(super) fn guarded<T>(
        &self,
        footprint: Option<Footprint>,
        run: impl FnOnce() -> Result<T, TableError>,
    ) -> Result<T, TableError> {
        let Some(footprint) = footprint else { return run() };
        let mut strong = Vec::new();
        for table in &footprint.tables {
            let database = self.database().lock();
            if database.table(table)?.is_some()
                && database.group(table)?.consistency == Consistency::Strong
            {
                strong.push(table.as_str());
            }
        }
        if strong.is_empty() || footprint.access == Access::EventualRead {
            return run();
        }
        if footprint.access == Access::Transaction {
            return Err(unsupported("A transaction"));
        }
        let _claims = self.claim(&footprint, &strong)?;
        // The one order in which all Regions write.
        let _pump = self.tables().pump();
        let mut members = Vec::new();
        for table in strong {
            let of = Members::find(self, table)?;
            of.catch_up()?;
            members.push(of);
        }
        let result = run()?;
        if footprint.access == Access::Write {
            for of in &members {
                of.publish()?;
            }
        }
        Ok(result)
    }
}

/// The other members of one table's group, as one Region sees them.
struct Members<'r> {
    region: &'r Region,
    table: String,
    /// Databases of members that this Region reaches, and whether they have the table.
    reached: Vec<(std::sync::Arc<RegionDatabase>, bool)>,
    /// Replicas that this Region does not reach.
    missing: Vec<String>,
}

impl<'r> Members<'r> {
    fn find(region: &'r Region, table: &str) -> Result<Self, TableError> {
        let (others, witness) = {
            let database = region.database().lock();
            (database.replicas(table)?, database.group(table)?.witness)
        };
        let mut members =
            Self { region, table: table.to_owned(), reached: Vec::new(), missing: Vec::new() };
        let tables = region.tables();
        let all = others.iter().map(|name| (name, true)).chain(witness.iter().map(|w| (w, false)));
        for (name, has_table) in all {
            if tables.are_connected(region.name(), name) {
                members.reached.push((tables.database(name)?, has_table));
            } else if has_table {
                members.missing.push(name.clone());
            }
        }
        if members.reached.is_empty() {
            return Err(TableError::internal(format!(
                "{} reaches no other Region of {table}, which is strongly consistent",
                region.name()
            )));
        }
        Ok(members)
    }

    /// Takes over what the reached members keep for this Region.
    fn catch_up(&self) -> Result<(), TableError> {
        for (member, _) in &self.reached {
            self.region.tables().deliver_table(member, self.region.database(), &self.table)?;
        }
        Ok(())
    }

    /// Gives the reached members what this Region wrote, and for the others to keep.
    fn publish(&self) -> Result<(), TableError> {
        for missing in &self.missing {
            let waiting = self.region.database().lock().waiting_rows(missing, &self.table)?;
            for (member, _) in &self.reached {
                member.lock().keep_for(missing, &waiting)?;
            }
        }
        for (member, has_table) in &self.reached {
            if *has_table {
                self.region.tables().deliver_table(self.region.database(), member, &self.table)?;
            }
        }
        Ok(())
    }
}
