//! What the lab answers about the account, without any table.

use serde_json::{Value, json};

use super::Region;
use super::error::TableError;

impl Region {
    /// [DescribeContinuousBackups](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeContinuousBackups.html):
    /// backups are on for every table, and points in time cannot be restored, as for a new table.
    pub(super) fn describe_continuous_backups(&self, request: &Value) -> Result<Value, TableError> {
        let Some(table) = request.get("TableName").and_then(Value::as_str) else {
            return Err(TableError::validation(
                "1 validation error detected: Value null at 'tableName' failed to satisfy \
                 constraint: Member must not be null",
            ));
        };
        if self.database().lock().table(table)?.is_none() {
            let message = format!("Table not found: {table}");
            return Err(TableError::new("TableNotFoundException", message));
        }
        Ok(json!({ "ContinuousBackupsDescription": {
            "ContinuousBackupsStatus": "ENABLED",
            "PointInTimeRecoveryDescription": { "PointInTimeRecoveryStatus": "DISABLED" },
        }}))
    }

    /// [DescribeEndpoints](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeEndpoints.html).
    pub(super) fn describe_endpoints(&self) -> Value {
        let address = format!("dynamodb.{}.amazonaws.com", self.name());
        json!({ "Endpoints": [{ "Address": address, "CachePeriodInMinutes": 1440 }] })
    }
}

/// [DescribeLimits](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeLimits.html):
/// a new account's.
pub(super) fn describe_limits() -> Value {
    json!({
        "AccountMaxReadCapacityUnits": 80_000, "AccountMaxWriteCapacityUnits": 80_000,
        "TableMaxReadCapacityUnits": 40_000, "TableMaxWriteCapacityUnits": 40_000,
    })
}
