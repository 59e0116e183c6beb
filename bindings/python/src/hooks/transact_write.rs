//! TransactWriteItems.

use std::sync::Arc;

use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList};

use super::answer::{Answer, written};
use super::list;
use super::request::{as_dict, given, only, text};
use super::tables::{Table, Tables};
use super::tokens::{Tokens, same_bytes};
use super::transact_get::{open_reasons, part_of};
use super::work::{Before, Work};
use super::writes::{change_update, check, put_job};

/// What every part may say.
const COMMON: [&str; 5] = [
    "TableName",
    "ConditionExpression",
    "ExpressionAttributeNames",
    "ExpressionAttributeValues",
    "ReturnValuesOnConditionCheckFailure",
];

pub(super) fn transaction(
    tables: &Tables,
    tokens: &Arc<Tokens>,
    params: &Bound<'_, PyDict>,
) -> PyResult<Option<Before>> {
    let py = params.py();
    let Some(given) = given(params, "TransactItems")? else { return Ok(None) };
    let sent = PyList::empty(py);
    let (mut jobs, mut places, mut about) = (Vec::new(), Vec::new(), Vec::new());
    for part in list(&given, "TransactItems")? {
        let part = as_dict(part, "a part of the transaction")?;
        let found = part_of(tables, &part, &["Put", "Update", "Delete", "ConditionCheck"])?;
        let Some((operation, of_part)) = found else {
            about.push(None);
            sent.append(part)?;
            continue;
        };
        let Some(table) = tables.of(&of_part)? else { continue };
        let own: &[&str] = match operation.as_str() {
            "Put" => &["Item"],
            "Update" => &["Key", "UpdateExpression"],
            _ => &["Key"],
        };
        only("TransactWriteItems", &of_part, &[&COMMON[..], own].concat(), &[])?;
        let changed = of_part.copy()?;
        match operation.as_str() {
            "Put" => {
                jobs.push(put_job(table, &changed)?);
                places.push(changed.clone().unbind());
            }
            "Update" => change_update(table, &changed)?,
            _ => drop(check(table, &changed)?),
        }
        let part = PyDict::new(py);
        part.set_item(operation, changed)?;
        sent.append(part)?;
        about.push(Some(Arc::clone(table)));
    }
    if about.iter().all(Option::is_none) {
        return Ok(None);
    }
    let known = [
        "TransactItems",
        "ReturnConsumedCapacity",
        "ReturnItemCollectionMetrics",
        "ClientRequestToken",
    ];
    only("TransactWriteItems", params, &known, &[])?;
    let answer = Box::new(Writes(about));
    // Sent again with its token, it is what was sent the first time.
    let token = text(params, "ClientRequestToken")?.map(|token| (token, same_bytes(&given)));
    if let Some((token, bytes)) = &token
        && let Some(sent) = tokens.sealed(token, bytes)
    {
        params.set_item("TransactItems", sent.bind(py))?;
        return Ok(Some(Before { work: Work::none(), answer: Some(answer) }));
    }
    let (params, sent, tokens) = (params.clone().unbind(), sent.unbind(), Arc::clone(tokens));
    let work = Work::new(jobs, move |py, done| {
        for (place, done) in places.into_iter().zip(done) {
            place.bind(py).set_item("Item", written(py, done)?)?;
        }
        let sent = Arc::new(sent);
        if let Some((token, bytes)) = token {
            tokens.remember(&token, bytes, Arc::clone(&sent));
        }
        params.bind(py).set_item("TransactItems", sent.bind(py))
    });
    Ok(Some(Before { work, answer: Some(answer) }))
}

/// The encrypted tables of the parts.
struct Writes(Vec<Option<Arc<Table>>>);

impl Answer for Writes {
    fn opened(self: Box<Self>, _: &Bound<'_, PyDict>) -> PyResult<Work> {
        Ok(Work::none())
    }

    fn failed(self: Box<Self>, parsed: &Bound<'_, PyDict>) -> PyResult<Work> {
        open_reasons(&self.0, parsed)
    }
}
