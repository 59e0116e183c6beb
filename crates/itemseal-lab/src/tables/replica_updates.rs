//! UpdateTable's `ReplicaUpdates` and `GlobalTableWitnessUpdates`.
//!
//! Source: [UpdateTable](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateTable.html),
//! [multi-Region strong consistency](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/multi-region-strong-consistency-gt.html).
//! Texts are DynamoDB's where they are known.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::error::TableError;
use super::global::{Consistency, Group};
use super::{Region, Tables, is_region_name, strong};

/// What is to be done with one replica or witness.
#[derive(Clone, Debug, PartialEq)]
struct Change {
    kind: Kind,
    region: String,
    /// The replica's own settings.
    overrides: Map<String, Value>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Create,
    Update,
    Delete,
}

/// The members of UpdateTable that concern replicas.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct ReplicaUpdates {
    replicas: Vec<Change>,
    witnesses: Vec<Change>,
    consistency: Option<Consistency>,
}

impl ReplicaUpdates {
    /// Takes the members out of a request; none if it has none.
    pub(super) fn take(request: &mut Value) -> Result<Option<Self>, TableError> {
        let Some(members) = request.as_object_mut() else { return Ok(None) };
        let mut take = |name: &str| members.remove(name).filter(|value| !value.is_null());
        let (replicas, witnesses) = (take("ReplicaUpdates"), take("GlobalTableWitnessUpdates"));
        let consistency = match take("MultiRegionConsistency").as_ref().and_then(Value::as_str) {
            None => None,
            Some("EVENTUAL") => Some(Consistency::Eventual),
            Some("STRONG") => Some(Consistency::Strong),
            Some(other) => {
                return Err(TableError::validation(format!(
                    "1 validation error detected: Value '{other}' at 'multiRegionConsistency' \
                     failed to satisfy constraint: Member must satisfy enum value set: \
                     [EVENTUAL, STRONG]"
                )));
            }
        };
        if replicas.is_none() && witnesses.is_none() && consistency.is_none() {
            return Ok(None);
        }
        let parsed = Self {
            replicas: changes(replicas, "replicaUpdates", &[Kind::Update])?,
            witnesses: changes(witnesses, "globalTableWitnessUpdates", &[])?,
            consistency,
        };
        parsed.check()?;
        Ok(Some(parsed))
    }

    fn check(&self) -> Result<(), TableError> {
        let mut seen = BTreeSet::new();
        if !self.replicas.iter().chain(&self.witnesses).all(|change| seen.insert(&change.region)) {
            return Err(invalid("a Region can be named in one update only"));
        }
        if self.witnesses.len() > 1 {
            return Err(invalid("only one witness can be created or deleted"));
        }
        let creates = !self.regions(Kind::Create).is_empty();
        if self.consistency.is_some() && !creates {
            return Err(invalid(
                "MultiRegionConsistency can be given only when replicas are created",
            ));
        }
        let kinds: BTreeSet<u8> = self.replicas.iter().map(|change| change.kind as u8).collect();
        if kinds.len() > 1 {
            return Err(invalid(
                "replicas are created, updated or deleted, but not in one request",
            ));
        }
        Ok(())
    }

    fn regions(&self, kind: Kind) -> Vec<String> {
        let of_kind = self.replicas.iter().filter(|change| change.kind == kind);
        of_kind.map(|change| change.region.clone()).collect()
    }

    fn witness(&self, kind: Kind) -> Option<&str> {
        let mut of_kind = self.witnesses.iter().filter(|change| change.kind == kind);
        of_kind.next().map(|change| change.region.as_str())
    }
}

fn invalid(what: &str) -> TableError {
    TableError::validation(format!("One or more parameter values were invalid: {what}"))
}

fn changes(value: Option<Value>, name: &str, also: &[Kind]) -> Result<Vec<Change>, TableError> {
    let Some(value) = value else { return Ok(Vec::new()) };
    let Value::Array(entries) = value else {
        return Err(TableError::new("SerializationException", "Expected list or null"));
    };
    if entries.is_empty() {
        return Err(TableError::validation(format!(
            "1 validation error detected: Value '[]' at '{name}' failed to satisfy constraint: \
             Member must have length greater than or equal to 1"
        )));
    }
    entries.into_iter().map(|entry| change(entry, also)).collect()
}

fn change(entry: Value, also: &[Kind]) -> Result<Change, TableError> {
    let Value::Object(entry) = entry else {
        return Err(TableError::new("SerializationException", "Expected object"));
    };
    let mut actions = entry.into_iter().filter(|(_, action)| !action.is_null());
    let (Some((name, action)), None) = (actions.next(), actions.next()) else {
        return Err(invalid("each entry has to hold exactly one of Create, Update and Delete"));
    };
    let kind = match name.as_str() {
        "Create" => Kind::Create,
        "Delete" => Kind::Delete,
        "Update" if also.contains(&Kind::Update) => Kind::Update,
        _ => return Err(invalid(&format!("there is no action {name}"))),
    };
    let Value::Object(mut overrides) = action else {
        return Err(TableError::new("SerializationException", "Expected object"));
    };
    let Some(Value::String(region)) = overrides.remove("RegionName") else {
        return Err(invalid("RegionName is required"));
    };
    if !is_region_name(&region) {
        return Err(invalid(&format!("Region {region} is not available")));
    }
    overrides.retain(|_, value| !value.is_null());
    Ok(Change { kind, region, overrides })
}

impl Region {
    /// Does what was asked with the replicas of a table.
    pub(super) fn update_replicas(
        &self,
        table: &str,
        updates: &ReplicaUpdates,
    ) -> Result<(), TableError> {
        let (tables, here) = (self.tables(), self.name());
        let members = tables.replicas(here, table)?;
        let group = self.database().lock().group(table)?;
        if updates.replicas.iter().any(|change| change.region == here) {
            return Err(TableError::validation(
                "Cannot add, delete, or update the local region through ReplicaUpdates. Use \
                 CreateTable, DeleteTable, or UpdateTable as required.",
            ));
        }
        for change in &updates.replicas {
            let member = members.contains(&change.region);
            match change.kind {
                Kind::Create if member => return Err(exists(table)),
                Kind::Update | Kind::Delete if !member => {
                    return Err(TableError::validation(format!(
                        "Update table operation failed because one or more replicas were not part \
                         of the global table: {}",
                        change.region
                    )));
                }
                _ => {}
            }
        }
        let strong = group.consistency == Consistency::Strong;
        let created = updates.regions(Kind::Create);
        let wants = updates.consistency == Some(Consistency::Strong);
        if (wants || strong) && !created.is_empty() {
            return tables.create_strong(here, table, updates, &members);
        }
        if strong {
            let gone = updates.regions(Kind::Delete);
            if !gone.is_empty() || !updates.witnesses.is_empty() {
                return tables.delete_strong(here, table, updates, &members, &group);
            }
        } else if !updates.witnesses.is_empty() {
            return Err(invalid(
                "a witness belongs to a global table of multi-Region strong consistency",
            ));
        }
        for change in &updates.replicas {
            match change.kind {
                Kind::Create => tables.create_eventual(here, table, change)?,
                Kind::Update => {
                    tables.override_settings(&change.region, table, &change.overrides)?
                }
                Kind::Delete => {
                    tables.check_source(&change.region, table)?;
                    tables.remove_replica(table, &change.region)?;
                }
            }
        }
        Ok(())
    }
}

fn exists(table: &str) -> TableError {
    TableError::validation(format!(
        "Failed to create a the new replica of table with name: '{table}' because one or more \
         replicas already existed as tables."
    ))
}

impl Tables {
    fn create_eventual(
        &self,
        source: &str,
        table: &str,
        change: &Change,
    ) -> Result<(), TableError> {
        let database = self.database(source)?;
        let definition = database.lock().require_table(table)?;
        let view = definition.stream_view_type.as_deref();
        if definition.stream_enabled && view != Some("NEW_AND_OLD_IMAGES") {
            return Err(TableError::validation(
                "One or more parameter values were invalid: the table's stream has to show \
                 NEW_AND_OLD_IMAGES before replicas can be created",
            ));
        }
        self.open_database(&change.region)?;
        self.add_replica_from(source, table, &change.region)?;
        self.became_source(source, table)?;
        self.override_settings(&change.region, table, &change.overrides)
    }

    fn became_source(&self, source: &str, table: &str) -> Result<(), TableError> {
        let database = self.database(source)?;
        let now = database.now();
        let database = database.lock();
        let group = database.group(table)?;
        database.set_group(table, &Group { source_at: Some(now), ..group })
    }

    /// Makes a table with nothing in it strongly consistent in three Regions at once.
    fn create_strong(
        &self,
        source: &str,
        table: &str,
        updates: &ReplicaUpdates,
        members: &[String],
    ) -> Result<(), TableError> {
        let created = updates.regions(Kind::Create);
        let witness = updates.witness(Kind::Create);
        if members.len() > 1 {
            return Err(invalid(
                "the consistency mode of a global table cannot change, and a strongly consistent \
                 one takes no further replica",
            ));
        }
        if updates.consistency != Some(Consistency::Strong)
            || created.len() + usize::from(witness.is_some()) != 2
        {
            return Err(invalid(
                "multi-Region strong consistency needs three Regions: two replicas, or one replica \
                 and one witness, besides the table's own",
            ));
        }
        let regions: Vec<&str> =
            created.iter().map(String::as_str).chain(witness).chain([source]).collect();
        strong::check_regions(&regions)?;
        let database = self.database(source)?;
        strong::check_table(&database.lock(), table)?;
        let mut opened = Vec::new();
        for region in &regions {
            opened.push((*region, self.open_database(region)?));
        }
        for (region, database) in &opened {
            if *region != source && database.lock().table(table)?.is_some() {
                return Err(exists(table));
            }
        }
        for region in &created {
            self.join_replica(source, table, region)?;
        }
        let group = Group {
            consistency: Consistency::Strong,
            witness: witness.map(str::to_owned),
            ..Group::default()
        };
        for (region, database) in &opened {
            if Some(*region) != witness {
                database.lock().set_group(table, &group)?;
            }
        }
        self.note_strong();
        self.became_source(source, table)
    }

    /// Takes a strongly consistent table back to one Region: both others go together.
    fn delete_strong(
        &self,
        region: &str,
        table: &str,
        updates: &ReplicaUpdates,
        members: &[String],
        group: &Group,
    ) -> Result<(), TableError> {
        let mut gone = updates.regions(Kind::Delete);
        gone.sort();
        let others: Vec<&String> = members.iter().filter(|member| *member != region).collect();
        let witness = updates.witness(Kind::Delete);
        if gone.iter().ne(others) || witness != group.witness.as_deref() {
            return Err(invalid(
                "the other replicas, or the other replica and the witness, of a strongly consistent \
                 global table can be deleted only together",
            ));
        }
        for replica in &gone {
            self.remove_strong_replica(table, replica)?;
        }
        self.database(region)?.lock().set_group(table, &Group::default())
    }
}
