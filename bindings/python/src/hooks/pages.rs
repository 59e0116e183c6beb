//! Query and Scan.

use std::sync::Arc;

use itemseal_aws::rules::{Kind, Projection, check_condition, partial_index, still_used};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList};

use super::answer::{Answer, written};
use super::list;
use super::one_item::take_projection;
use super::parts::Parts;
use super::request::{given, names, only, text};
use super::tables::{Table, Tables};
use super::work::{Before, Job, Work};
use crate::convert::item_from_dynamodb;
use crate::errors::{raise, refused};

/// What both may say.
const COMMON: [&str; 11] = [
    "TableName",
    "IndexName",
    "Select",
    "Limit",
    "ConsistentRead",
    "ExclusiveStartKey",
    "ReturnConsumedCapacity",
    "ProjectionExpression",
    "FilterExpression",
    "ExpressionAttributeNames",
    "ExpressionAttributeValues",
];

const INSTEAD: &str = "attach with complete_index_reads=True, which reads them from the table, ";

pub(super) fn page(
    tables: &Tables,
    operation: &str,
    params: &Bound<'_, PyDict>,
    complete_index_reads: bool,
) -> PyResult<Option<Before>> {
    let py = params.py();
    let Some(table) = tables.of(params)? else { return Ok(None) };
    let (more, legacy): (&[&str], &[&str]) = match operation {
        "Query" => (
            &["KeyConditionExpression", "ScanIndexForward"],
            &["AttributesToGet", "KeyConditions", "QueryFilter", "ConditionalOperator"],
        ),
        _ => (
            &["Segment", "TotalSegments"],
            &["AttributesToGet", "ScanFilter", "ConditionalOperator"],
        ),
    };
    only(operation, params, &[&COMMON[..], more].concat(), legacy)?;
    let names = names(params)?;
    let key_condition = text(params, "KeyConditionExpression")?;
    let filter = text(params, "FilterExpression")?;
    for (kind, expression) in [(Kind::KeyCondition, &key_condition), (Kind::Filter, &filter)] {
        check_condition(table.config(), kind, expression.as_deref(), names.as_ref())
            .map_err(|error| raise(py, &error))?;
    }
    let select = text(params, "Select")?;
    let mut completed = None;
    if let Some(index) = text(params, "IndexName")? {
        let whole = table.is_whole(&index).map_err(|error| raise(py, &error))?;
        // A count has no items.
        if !whole && select.as_deref() != Some("COUNT") {
            if !complete_index_reads {
                return Err(raise(py, &partial_index(&index, INSTEAD)));
            }
            let name = text(params, "TableName")?.unwrap_or_default();
            completed = Some((name, text(params, "ReturnConsumedCapacity")?));
        }
    }
    match select.as_deref() {
        // All of an item is read: it takes all to verify it.
        Some("SPECIFIC_ATTRIBUTES" | "ALL_PROJECTED_ATTRIBUTES") => params.del_item("Select")?,
        None | Some("COUNT" | "ALL_ATTRIBUTES") => {}
        Some(_) => return Err(refused(py, "Select has a value that is not known")),
    }
    let projection = take_projection(params)?;
    if let Some(names) = still_used(names, &[key_condition.as_deref(), filter.as_deref()]) {
        params.set_item("ExpressionAttributeNames", names)?;
    }
    let answer = Box::new(Page { table: Arc::clone(table), projection, completed });
    Ok(Some(Before { work: Work::none(), answer: Some(answer) }))
}

struct Page {
    table: Arc<Table>,
    projection: Option<Arc<Projection>>,
    /// Where the items are read from the table: its name in the request, and ReturnConsumedCapacity.
    completed: Option<(String, Option<String>)>,
}

impl Answer for Page {
    fn parts(&self, parsed: &Bound<'_, PyDict>) -> PyResult<Option<Parts>> {
        let Some((name, report)) = &self.completed else { return Ok(None) };
        let Some(items) = given(parsed, "Items")? else { return Ok(None) };
        let projection = self.projection.as_ref();
        Parts::of(&self.table, name.clone(), projection, report.clone(), &items)
    }

    fn opened(self: Box<Self>, parsed: &Bound<'_, PyDict>) -> PyResult<Work> {
        let Some(items) = given(parsed, "Items")? else { return Ok(Work::none()) };
        let jobs = open_all(&self.table, &items, self.projection.as_ref())?;
        let parsed = parsed.clone().unbind();
        Ok(Work::new(jobs, move |py, done| {
            let items = PyList::empty(py);
            for done in done {
                items.append(written(py, done)?)?;
            }
            parsed.bind(py).set_item("Items", items)
        }))
    }
}

/// Every item of a list.
pub(super) fn open_all(
    table: &Arc<Table>,
    items: &Bound<'_, PyAny>,
    projection: Option<&Arc<Projection>>,
) -> PyResult<Vec<Job>> {
    let open = |stored| Ok(Job::open(table, item_from_dynamodb(&stored)?, projection));
    list(items, "Items")?.into_iter().map(open).collect()
}
