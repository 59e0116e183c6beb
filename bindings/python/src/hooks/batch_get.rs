//! BatchGetItem.

use std::collections::BTreeMap;
use std::sync::Arc;

use itemseal_aws::rules::Projection;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList, PyString};

use super::answer::{Answer, written};
use super::one_item::take_projection;
use super::pages::open_all;
use super::request::{as_dict, dict, only};
use super::tables::{Table, Tables};
use super::work::{Before, Work};
use crate::errors::misuse;

/// What is asked of one encrypted table.
struct Asked {
    table: Arc<Table>,
    projection: Option<Arc<Projection>>,
    given: Py<PyDict>,
}

/// By the tables' names.
struct Batch(BTreeMap<String, Asked>);

pub(super) fn batch(tables: &Tables, params: &Bound<'_, PyDict>) -> PyResult<Option<Before>> {
    const KNOWN: [&str; 4] =
        ["Keys", "ConsistentRead", "ProjectionExpression", "ExpressionAttributeNames"];
    let Some(requests) = dict(params, "RequestItems")? else { return Ok(None) };
    let sent = PyDict::new(params.py());
    let mut asked = BTreeMap::new();
    for (name, request) in &requests {
        let Some(table) = table_of(tables, &name)? else {
            sent.set_item(name, request)?;
            continue;
        };
        let given = as_dict(request, "a table's part of RequestItems")?;
        only("BatchGetItem", &given, &KNOWN, &["AttributesToGet"])?;
        let request = given.copy()?;
        let projection = take_projection(&request)?;
        sent.set_item(name, request)?;
        let one = Asked { table: Arc::clone(table), projection, given: given.unbind() };
        if asked.insert(table.name().to_owned(), one).is_some() {
            return Err(misuse(params.py(), "RequestItems has one table twice"));
        }
    }
    if asked.is_empty() {
        return Ok(None);
    }
    only("BatchGetItem", params, &["RequestItems", "ReturnConsumedCapacity"], &[])?;
    params.set_item("RequestItems", sent)?;
    Ok(Some(Before { work: Work::none(), answer: Some(Box::new(Batch(asked))) }))
}

/// The encrypted table that a name in a batch is of.
pub(super) fn table_of<'t>(
    tables: &'t Tables,
    name: &Bound<'_, PyAny>,
) -> PyResult<Option<&'t Arc<Table>>> {
    let text = name.cast::<PyString>();
    let name = text.map_err(|_| misuse(name.py(), "a table's name is a str"))?;
    Ok(tables.named(name.to_str()?))
}

impl Batch {
    /// What was asked of a table that an answer names.
    fn asked(&self, name: &Bound<'_, PyAny>) -> PyResult<Option<&Asked>> {
        let name = name.cast::<PyString>()?.to_str()?;
        Ok(self.0.get(itemseal_aws::rules::table_in_arn(name).unwrap_or(name)))
    }
}

impl Answer for Batch {
    fn opened(self: Box<Self>, parsed: &Bound<'_, PyDict>) -> PyResult<Work> {
        if let Some(left) = dict(parsed, "UnprocessedKeys")? {
            for (name, left) in left {
                let Some(asked) = self.asked(&name)? else { continue };
                // As it was given, with the keys that are left.
                for name in ["ProjectionExpression", "ExpressionAttributeNames"] {
                    if let Some(value) = asked.given.bind(parsed.py()).get_item(name)? {
                        left.set_item(name, value)?;
                    }
                }
            }
        }
        let Some(responses) = dict(parsed, "Responses")? else { return Ok(Work::none()) };
        let (mut jobs, mut places) = (Vec::new(), Vec::new());
        for (name, items) in &responses {
            let Some(asked) = self.asked(&name)? else { continue };
            let of_table = open_all(&asked.table, &items, asked.projection.as_ref())?;
            places.push((name.unbind(), of_table.len()));
            jobs.extend(of_table);
        }
        let responses = responses.unbind();
        Ok(Work::new(jobs, move |py, done| {
            let mut done = done.into_iter();
            for (name, count) in places {
                let items = PyList::empty(py);
                for done in done.by_ref().take(count) {
                    items.append(written(py, done)?)?;
                }
                responses.bind(py).set_item(name, items)?;
            }
            Ok(())
        }))
    }
}
