//! The operations on tables that concern their replicas too, from and to DynamoDB's JSON.

use serde_json::Value;

use super::Region;
use super::error::TableError;
use super::operations::call;
use super::replica_updates::ReplicaUpdates;

impl Region {
    /// DescribeTable, with the replicas in other Regions.
    pub(super) fn describe_table_json(&self, request: Value) -> Result<Value, TableError> {
        let mut answer = call("DescribeTable", request, |request| self.describe_table(request))?;
        if let Some(description) = answer.get_mut("Table") {
            self.tables().describe_global(self.name(), description)?;
        }
        Ok(answer)
    }

    /// DeleteTable, with what it refuses of global tables.
    pub(super) fn delete_table_json(&self, request: Value) -> Result<Value, TableError> {
        if let Some(table) = request.get("TableName").and_then(Value::as_str) {
            self.tables().check_source(self.name(), table)?;
        }
        call("DeleteTable", request, |request| self.delete_table(request))
    }

    /// UpdateTable of settings, which replicas share, or of the replicas themselves.
    pub(super) fn update_table_json(&self, mut request: Value) -> Result<Value, TableError> {
        let updates = ReplicaUpdates::take(&mut request)?;
        // DynamoDB ignores what it does not know.
        let settings = request.as_object().into_iter().flatten();
        let others = settings.filter(|(name, value)| *name != "TableName" && !value.is_null());
        let (table, others) = (request.get("TableName").and_then(Value::as_str), others.count());
        let mut answer = match (updates, table) {
            (Some(_), Some(_)) if others > 0 => {
                return Err(TableError::validation(
                    "One or more parameter values were invalid: replicas and other settings of a \
                     table cannot be updated in one request",
                ));
            }
            (Some(updates), Some(table)) => {
                self.update_replicas(table, &updates)?;
                let of = serde_json::json!({ "TableName": table });
                let mut described = call("DescribeTable", of, |of| self.describe_table(of))?;
                let table = described.get_mut("Table").map(Value::take);
                serde_json::json!({ "TableDescription": table })
            }
            (None, Some(table)) => {
                let table = table.to_owned();
                self.update_settings(&table, request)?
            }
            // The engine says what is missing.
            (_, None) => call("UpdateTable", request, |request| self.update_table(request))?,
        };
        if let Some(description) = answer.get_mut("TableDescription") {
            self.tables().describe_global(self.name(), description)?;
        }
        Ok(answer)
    }
}
