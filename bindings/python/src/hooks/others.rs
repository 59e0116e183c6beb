//! Operations without items of ours: those that may pass, and those that nobody knows.

use itemseal_aws::rules::{no_table, not_partiql, table_of_statement};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyString};

use super::list;
use super::request::{as_dict, given, text};
use super::tables::Tables;
use crate::errors::{raise, refused};

/// Operations that carry no items through this program.
/// Source: [operations](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Operations_Amazon_DynamoDB.html).
const PASS: [&str; 47] = [
    "CancelBulkOperation",
    "CreateBackup",
    "CreateGlobalTable",
    "CreateTable",
    "DeleteBackup",
    "DeleteResourcePolicy",
    "DeleteTable",
    "DescribeBackup",
    "DescribeBulkOperation",
    "DescribeContinuousBackups",
    "DescribeContributorInsights",
    "DescribeEndpoints",
    "DescribeExport",
    "DescribeGlobalTable",
    "DescribeGlobalTableSettings",
    "DescribeImport",
    "DescribeKinesisStreamingDestination",
    "DescribeLimits",
    "DescribeTable",
    "DescribeTableReplicaAutoScaling",
    "DescribeTimeToLive",
    "DisableKinesisStreamingDestination",
    "EnableKinesisStreamingDestination",
    "ExportTableToPointInTime",
    "GetResourcePolicy",
    "ImportTable",
    "ListBackups",
    "ListBulkOperations",
    "ListContributorInsights",
    "ListExports",
    "ListGlobalTables",
    "ListImports",
    "ListTables",
    "ListTagsOfResource",
    "PutResourcePolicy",
    "RestoreTableFromBackup",
    "RestoreTableToPointInTime",
    "TagResource",
    "UntagResource",
    "UpdateContinuousBackups",
    "UpdateContributorInsights",
    "UpdateGlobalTable",
    "UpdateGlobalTableSettings",
    "UpdateKinesisStreamingDestination",
    "UpdateTable",
    "UpdateTableReplicaAutoScaling",
    "UpdateTimeToLive",
];

/// Lets a request pass, or refuses it.
pub(super) fn check(tables: &Tables, operation: &str, params: &Bound<'_, PyDict>) -> PyResult<()> {
    match operation {
        "ExecuteStatement" => check_statement(tables, params),
        "BatchExecuteStatement" => check_statements(tables, params, "Statements"),
        "ExecuteTransaction" => check_statements(tables, params, "TransactStatements"),
        _ if PASS.contains(&operation) => Ok(()),
        _ => check_unknown(tables, operation, params),
    }
}

fn check_statements(tables: &Tables, params: &Bound<'_, PyDict>, name: &str) -> PyResult<()> {
    let Some(statements) = given(params, name)? else { return Ok(()) };
    for statement in list(&statements, name)? {
        check_statement(tables, &as_dict(statement, "a statement's request")?)?;
    }
    Ok(())
}

fn check_statement(tables: &Tables, params: &Bound<'_, PyDict>) -> PyResult<()> {
    let statement = text(params, "Statement")?.unwrap_or_default();
    let error = match table_of_statement(&statement) {
        Some(table) => match tables.named(&table) {
            Some(table) => not_partiql(table.name()),
            None => return Ok(()),
        },
        None => no_table(),
    };
    Err(raise(params.py(), &error))
}

/// An operation that was not there when this was written: it passes if it is certainly about another table.
fn check_unknown(tables: &Tables, operation: &str, params: &Bound<'_, PyDict>) -> PyResult<()> {
    let py = params.py();
    let is_elsewhere = text(params, "TableName")?.is_some_and(|name| tables.named(&name).is_none());
    if is_elsewhere && !mentions(tables, params.as_any())? {
        return Ok(());
    }
    let about = match is_elsewhere || params.contains("TableName")? {
        true => "it names an encrypted table",
        false => "it cannot be told which table it is about",
    };
    Err(refused(
        py,
        &format!(
            "this version of itemseal does not know the operation {operation}, and {about}; use a client without \
         itemseal for it if it touches no items, or look for a newer version"
        ),
    ))
}

/// Whether a value has the name of an encrypted table in it.
fn mentions(tables: &Tables, value: &Bound<'_, PyAny>) -> PyResult<bool> {
    if let Ok(text) = value.cast::<PyString>() {
        return Ok(tables.named(text.to_str()?).is_some());
    }
    if let Ok(dict) = value.cast::<PyDict>() {
        for (name, value) in dict {
            if mentions(tables, &name)? || mentions(tables, &value)? {
                return Ok(true);
            }
        }
        return Ok(false);
    }
    for value in list(value, "").unwrap_or_default() {
        if mentions(tables, &value)? {
            return Ok(true);
        }
    }
    Ok(false)
}
