//! What replicas have in common, and what each has of its own.
//!
//! Source: [settings of global tables](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/V2globaltables_HowItWorks.html).
//! In common: capacity mode, capacity for writes, indexes, TTL and, of eventually consistent tables,
//! the stream. In common unless a replica overrides it: capacity for reads, the table class. Never:
//! deletion protection and tags.

use serde_json::{Map, Value, json};

use super::database::Database;
use super::error::TableError;
use super::global::{Consistency, Group};
use super::operations::call;
use super::{Region, Tables};

impl Region {
    /// UpdateTable of this replica, and then of the others as far as it concerns them.
    pub(super) fn update_settings(&self, table: &str, request: Value) -> Result<Value, TableError> {
        let (others, group) = {
            let database = self.database().lock();
            (database.replicas(table)?, database.group(table)?)
        };
        let stream = request.get("StreamSpecification").filter(|value| !value.is_null());
        let eventual = group.consistency == Consistency::Eventual;
        if !others.is_empty() && eventual && stream.is_some() {
            return Err(TableError::validation(
                "One or more parameter values were invalid: the stream of a global table is on, \
                 and shows NEW_AND_OLD_IMAGES, as long as there are replicas",
            ));
        }
        let shared = indexes_of(&request, table);
        let answer = call("UpdateTable", request, |request| self.update_table(request))?;
        let definition = self.database().lock().require_table(table)?;
        for other in &others {
            let other = self.tables().region(other)?;
            {
                let database = other.database().lock();
                database.take_settings(&definition)?;
            }
            if let Some(shared) = &shared {
                call("UpdateTable", shared.clone(), |request| other.update_table(request))?;
            }
        }
        Ok(answer)
    }
}

/// The part of an UpdateTable request that changes indexes.
fn indexes_of(request: &Value, table: &str) -> Option<Value> {
    let updates = request.get("GlobalSecondaryIndexUpdates").filter(|value| !value.is_null())?;
    let mut shared = json!({ "TableName": table, "GlobalSecondaryIndexUpdates": updates });
    if let (Some(definitions), Some(members)) =
        (request.get("AttributeDefinitions"), shared.as_object_mut())
    {
        members.insert("AttributeDefinitions".to_owned(), definitions.clone());
    }
    Some(shared)
}

impl Database {
    /// Takes over the settings of another Region's replica, except what this one overrides.
    fn take_settings(&self, from: &dynoxide::storage::TableMetadata) -> Result<(), TableError> {
        let table = &from.table_name;
        let own = self.group(table)?.overrides;
        let overridden = |path: [&str; 2]| own.get(path[0]).and_then(|o| o.get(path[1])).cloned();
        if let Some(mode) = &from.billing_mode {
            self.storage.update_billing_mode(table, mode)?;
        }
        match &from.provisioned_throughput {
            Some(json) => {
                let read = overridden(["ProvisionedThroughputOverride", "ReadCapacityUnits"]);
                let json = with(json, "ReadCapacityUnits", read);
                self.storage.update_provisioned_throughput(table, &json)?;
            }
            None => self.storage.clear_provisioned_throughput(table)?,
        }
        match &from.on_demand_throughput {
            Some(json) => {
                let read = overridden(["OnDemandThroughputOverride", "MaxReadRequestUnits"]);
                let json = with(json, "MaxReadRequestUnits", read);
                self.storage.update_on_demand_throughput(table, &json)?;
            }
            None => self.storage.clear_on_demand_throughput(table)?,
        }
        let class = own.get("TableClassOverride").and_then(Value::as_str);
        if let Some(class) = class.or(from.table_class.as_deref()) {
            self.storage.update_table_class(table, class)?;
        }
        Ok(())
    }
}

/// A JSON object with one member replaced, if there is something to replace it with.
fn with(json: &str, name: &str, value: Option<Value>) -> String {
    let (Some(value), Ok(Value::Object(mut members))) = (value, serde_json::from_str(json)) else {
        return json.to_owned();
    };
    members.insert(name.to_owned(), value);
    Value::Object(members).to_string()
}

impl Tables {
    /// Gives one replica settings of its own, beside those that it has.
    pub(super) fn override_settings(
        &self,
        region: &str,
        table: &str,
        overrides: &Map<String, Value>,
    ) -> Result<(), TableError> {
        if overrides.is_empty() {
            return Ok(());
        }
        check(overrides)?;
        let database = self.database(region)?;
        let database = database.lock();
        let group = database.group(table)?;
        let mut all = group.overrides.clone();
        all.extend(overrides.clone());
        database.set_group(table, &Group { overrides: all, ..group })?;
        let definition = database.require_table(table)?;
        database.take_settings(&definition)
    }
}

fn check(overrides: &Map<String, Value>) -> Result<(), TableError> {
    const KNOWN: [&str; 5] = [
        "GlobalSecondaryIndexes",
        "KMSMasterKeyId",
        "OnDemandThroughputOverride",
        "ProvisionedThroughputOverride",
        "TableClassOverride",
    ];
    if let Some(name) = overrides.keys().find(|name| !KNOWN.contains(&name.as_str())) {
        let message = format!("One or more parameter values were invalid: a replica has no {name}");
        return Err(TableError::validation(message));
    }
    match overrides.get("TableClassOverride").map(|class| class.as_str().unwrap_or_default()) {
        None | Some("STANDARD" | "STANDARD_INFREQUENT_ACCESS") => Ok(()),
        Some(other) => Err(TableError::validation(format!(
            "1 validation error detected: Value '{other}' at 'tableClassOverride' failed to \
             satisfy constraint: Member must satisfy enum value set: [STANDARD, \
             STANDARD_INFREQUENT_ACCESS]"
        ))),
    }
}
