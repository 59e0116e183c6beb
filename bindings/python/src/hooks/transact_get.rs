//! TransactGetItems.

use std::sync::Arc;

use itemseal_aws::rules::Projection;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList, PyString};

use super::answer::{Answer, put_back, written};
use super::list;
use super::one_item::take_projection;
use super::request::{as_dict, dict, given, only};
use super::tables::{Table, Tables};
use super::work::{Before, Job, Work};
use crate::convert::item_from_dynamodb;
use crate::errors::refused;

/// What is done with each part's item; none for tables that are not encrypted.
type Asked = Vec<Option<(Arc<Table>, Option<Arc<Projection>>)>>;

/// The operation of a transaction's part, and its parameters.
pub(super) fn part_of<'py>(
    tables: &Tables,
    part: &Bound<'py, PyDict>,
    known: &[&str],
) -> PyResult<Option<(String, Bound<'py, PyDict>)>> {
    let py = part.py();
    let entries: Vec<_> = part.iter().filter(|(_, value)| !value.is_none()).collect();
    let mut about = None;
    for (name, value) in &entries {
        let name = name.cast::<PyString>().ok().and_then(|name| name.to_str().ok());
        let value = value.cast::<PyDict>().ok();
        let (Some(name), Some(value)) = (name, value) else {
            return Err(refused(py, "it cannot be told what a part of the transaction does"));
        };
        let of_table = match value.get_item("TableName")? {
            Some(table) => match table.cast::<PyString>() {
                Ok(table) => Some(tables.named(table.to_str()?).is_some()),
                Err(_) => None,
            },
            None => None,
        };
        match of_table {
            Some(false) => {}
            Some(true) if known.contains(&name) && entries.len() == 1 => {
                about = Some((name.to_owned(), value.clone()));
            }
            _ => {
                let known = known.join(", ");
                return Err(refused(
                    py,
                    &format!(
                        "a part of the transaction names no table, or an encrypted one without being exactly one of {known}"
                    ),
                ));
            }
        }
    }
    Ok(about)
}

pub(super) fn transaction(tables: &Tables, params: &Bound<'_, PyDict>) -> PyResult<Option<Before>> {
    const KNOWN: [&str; 4] =
        ["TableName", "Key", "ProjectionExpression", "ExpressionAttributeNames"];
    let py = params.py();
    let Some(parts) = given(params, "TransactItems")? else { return Ok(None) };
    let (sent, mut asked) = (PyList::empty(py), Asked::new());
    for part in list(&parts, "TransactItems")? {
        let part = as_dict(part, "a part of the transaction")?;
        let Some((_, get)) = part_of(tables, &part, &["Get"])? else {
            asked.push(None);
            sent.append(part)?;
            continue;
        };
        only("TransactGetItems", &get, &KNOWN, &[])?;
        let get = get.copy()?;
        let projection = take_projection(&get)?;
        asked.push(tables.of(&get)?.map(|table| (Arc::clone(table), projection)));
        let part = PyDict::new(py);
        part.set_item("Get", get)?;
        sent.append(part)?;
    }
    if asked.iter().all(Option::is_none) {
        return Ok(None);
    }
    only("TransactGetItems", params, &["TransactItems", "ReturnConsumedCapacity"], &[])?;
    params.set_item("TransactItems", sent)?;
    Ok(Some(Before { work: Work::none(), answer: Some(Box::new(Gets(asked))) }))
}

struct Gets(Asked);

impl Answer for Gets {
    fn opened(self: Box<Self>, parsed: &Bound<'_, PyDict>) -> PyResult<Work> {
        let Some(responses) = given(parsed, "Responses")? else { return Ok(Work::none()) };
        let (mut jobs, mut places) = (Vec::new(), Vec::new());
        for (response, asked) in list(&responses, "Responses")?.into_iter().zip(self.0) {
            let Some((table, projection)) = asked else { continue };
            let response = as_dict(response, "a response")?;
            let Some(stored) = given(&response, "Item")? else { continue };
            jobs.push(Job::open(&table, item_from_dynamodb(&stored)?, projection.as_ref()));
            places.push(response.unbind());
        }
        Ok(Work::new(jobs, |py, done| {
            for (place, done) in places.into_iter().zip(done) {
                place.bind(py).set_item("Item", written(py, done)?)?;
            }
            Ok(())
        }))
    }

    fn failed(self: Box<Self>, parsed: &Bound<'_, PyDict>) -> PyResult<Work> {
        let tables = self.0.into_iter().map(|asked| asked.map(|(table, _)| table));
        open_reasons(&tables.collect::<Vec<_>>(), parsed)
    }
}

/// Opens the items in the reasons why a transaction was cancelled.
pub(super) fn open_reasons(
    tables: &[Option<Arc<Table>>],
    parsed: &Bound<'_, PyDict>,
) -> PyResult<Work> {
    let Some(reasons) = given(parsed, "CancellationReasons")? else { return Ok(Work::none()) };
    let (mut jobs, mut places) = (Vec::new(), Vec::new());
    for (reason, table) in list(&reasons, "CancellationReasons")?.into_iter().zip(tables) {
        let Some(table) = table else { continue };
        let reason = as_dict(reason, "a reason")?;
        let Some(stored) = dict(&reason, "Item")? else { continue };
        reason.del_item("Item")?;
        jobs.push(Job::open(table, item_from_dynamodb(stored.as_any())?, None));
        places.push(reason.unbind());
    }
    Ok(Work::new(jobs, |py, done| put_back(py, places, done)).one_by_one())
}
