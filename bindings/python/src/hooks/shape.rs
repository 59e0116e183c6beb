//! What a table looks like to DynamoDB, as its own client tells it.

use itemseal_aws::TableShape;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyString};

use super::list;
use super::request::{as_dict, dict, given, text};
use super::tables::Tables;

/// The tables that a request is about and that have not been described, as it names them. What is not as it should be
/// is left to the request's own check.
pub(super) fn missing<'py>(
    tables: &Tables,
    operation: &str,
    params: &Bound<'py, PyDict>,
) -> PyResult<Vec<Bound<'py, PyString>>> {
    let mut missing = Vec::new();
    let mut look = |name: &Bound<'py, PyAny>| -> PyResult<()> {
        if let Ok(name) = name.cast::<PyString>()
            && let Some(table) = tables.named(name.to_str()?)
            && !table.is_described()
        {
            missing.push(name.clone());
        }
        Ok(())
    };
    match operation {
        "GetItem" | "PutItem" | "UpdateItem" | "DeleteItem" | "Query" | "Scan" => {
            if let Some(name) = params.get_item("TableName")? {
                look(&name)?;
            }
        }
        "BatchGetItem" | "BatchWriteItem" => {
            for (name, _) in dict(params, "RequestItems")?.iter().flatten() {
                look(&name)?;
            }
        }
        "TransactGetItems" | "TransactWriteItems" => {
            let Some(parts) = given(params, "TransactItems")? else { return Ok(missing) };
            for part in list(&parts, "TransactItems")? {
                for (_, of_part) in part.cast_into::<PyDict>().iter().flatten() {
                    if let Ok(of_part) = of_part.cast::<PyDict>()
                        && let Some(name) = of_part.get_item("TableName")?
                    {
                        look(&name)?;
                    }
                }
            }
        }
        _ => {}
    }
    Ok(missing)
}

/// From the answers of DescribeTable and DescribeTimeToLive.
pub(super) fn read(
    described: &Bound<'_, PyDict>,
    time_to_live: &Bound<'_, PyDict>,
) -> PyResult<TableShape> {
    let none = || PyDict::new(described.py());
    let table = dict(described, "Table")?.unwrap_or_else(none);
    let mut shape = TableShape::new(keys(&table)?);
    for kind in ["GlobalSecondaryIndexes", "LocalSecondaryIndexes"] {
        let Some(indexes) = given(&table, kind)? else { continue };
        for index in list(&indexes, kind)? {
            let index = as_dict(index, "an index")?;
            let projection = dict(&index, "Projection")?.unwrap_or_else(none);
            let whole = text(&projection, "ProjectionType")?.as_deref() == Some("ALL");
            let name = text(&index, "IndexName")?.unwrap_or_default();
            shape = shape.index(name, keys(&index)?, whole);
        }
    }
    let ttl = dict(time_to_live, "TimeToLiveDescription")?.unwrap_or_else(none);
    Ok(match text(&ttl, "AttributeName")? {
        Some(attribute) => shape.ttl_attribute(attribute),
        None => shape,
    })
}

/// Partition key first.
fn keys(of: &Bound<'_, PyDict>) -> PyResult<Vec<String>> {
    let Some(schema) = given(of, "KeySchema")? else { return Ok(Vec::new()) };
    let mut keys = Vec::new();
    for key in list(&schema, "KeySchema")? {
        let key = as_dict(key, "a key")?;
        let name = text(&key, "AttributeName")?.unwrap_or_default();
        keys.push((text(&key, "KeyType")?.as_deref() != Some("HASH"), name));
    }
    keys.sort_by_key(|(is_sort_key, _)| *is_sort_key);
    Ok(keys.into_iter().map(|(_, name)| name).collect())
}
