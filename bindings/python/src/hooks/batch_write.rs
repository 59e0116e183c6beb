//! BatchWriteItem.

use std::collections::{BTreeMap, BTreeSet};

use itemseal::Item;
use itemseal_aws::rules::{Key, table_in_arn};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList, PyString};

use super::answer::{Answer, written};
use super::batch_get::table_of;
use super::list;
use super::request::{as_dict, dict, only};
use super::tables::{Table, Tables};
use super::work::{Before, Job, Work};
use crate::convert::{Layer, item_from_dynamodb};
use crate::errors::{misuse, raise, refused};

/// What was given for one table, by the items' keys.
struct Given {
    table: std::sync::Arc<Table>,
    requests: BTreeMap<Key, Py<PyDict>>,
}

/// By the tables' names.
struct Batch(BTreeMap<String, Given>);

/// A put's or a delete's own dict, and the items' attributes in it.
fn parts<'py>(request: &Bound<'py, PyDict>) -> PyResult<(bool, Item)> {
    let py = request.py();
    let wrong =
        || misuse(py, "a request of the batch is neither a put nor a delete, or it is both");
    only("BatchWriteItem", request, &["PutRequest", "DeleteRequest"], &[])?;
    let (put, delete) = (dict(request, "PutRequest")?, dict(request, "DeleteRequest")?);
    let (one, field, is_put) = match (put, delete) {
        (Some(put), None) => (put, "Item", true),
        (None, Some(delete)) => (delete, "Key", false),
        _ => return Err(wrong()),
    };
    only("BatchWriteItem", &one, &[field], &[])?;
    let attributes = dict(&one, field)?.ok_or_else(wrong)?;
    Ok((is_put, item_from_dynamodb(attributes.as_any())?))
}

pub(super) fn batch(tables: &Tables, params: &Bound<'_, PyDict>) -> PyResult<Option<Before>> {
    let py = params.py();
    let Some(requests) = dict(params, "RequestItems")? else { return Ok(None) };
    let sent = PyDict::new(py);
    let (mut batch, mut jobs, mut places) = (BTreeMap::new(), Vec::new(), Vec::new());
    for (name, of_table) in &requests {
        let Some(table) = table_of(tables, &name)? else {
            sent.set_item(name, of_table)?;
            continue;
        };
        let (mut given, mut keys) = (BTreeMap::new(), BTreeSet::new());
        let sent_to_table = PyList::empty(py);
        for request in list(&of_table, "a table's part of RequestItems")? {
            let request = as_dict(request, "a request of the batch")?;
            let (is_put, item) = parts(&request)?;
            if is_put && table.version_attribute.is_some() {
                return Err(refused(
                    py,
                    &format!(
                        "the items of {} have versions, and a batch cannot compare them; put them one by one, or in a \
                     transaction",
                        table.name()
                    ),
                ));
            }
            let key = Key::of(table.config(), &item).map_err(|error| raise(py, &error))?;
            if !keys.insert(key.clone()) {
                return Err(misuse(
                    py,
                    &format!(
                        "two requests of the batch are about one item of {}; send one",
                        table.name()
                    ),
                ));
            }
            given.insert(key, request.clone().unbind());
            if !is_put {
                sent_to_table.append(request)?;
                continue;
            }
            let put = PyDict::new(py);
            let request = PyDict::new(py);
            request.set_item("PutRequest", &put)?;
            sent_to_table.append(request)?;
            places.push(put.unbind());
            jobs.push(Job::seal(table, item));
        }
        sent.set_item(name, sent_to_table)?;
        let one = Given { table: std::sync::Arc::clone(table), requests: given };
        if batch.insert(table.name().to_owned(), one).is_some() {
            return Err(misuse(py, "RequestItems has one table twice"));
        }
    }
    if batch.is_empty() {
        return Ok(None);
    }
    let known = ["RequestItems", "ReturnConsumedCapacity", "ReturnItemCollectionMetrics"];
    only("BatchWriteItem", params, &known, &[])?;
    let params = params.clone().unbind();
    let sent = sent.unbind();
    let work = Work::new(jobs, move |py, done| {
        for (place, done) in places.into_iter().zip(done) {
            place.bind(py).set_item("Item", written(py, done)?)?;
        }
        params.bind(py).set_item("RequestItems", sent)
    });
    Ok(Some(Before { work, answer: Some(Box::new(Batch(batch))) }))
}

impl Answer for Batch {
    /// What was left undone comes back as it was given. It is found by its key among what was sent in this call, so
    /// nothing that anybody writes into an item can make it pass for encrypted.
    fn opened(self: Box<Self>, parsed: &Bound<'_, PyDict>) -> PyResult<Work> {
        let py = parsed.py();
        let Some(left) = dict(parsed, "UnprocessedItems")? else { return Ok(Work::none()) };
        for (name, requests) in &left {
            let text = name.cast::<PyString>()?.to_str()?;
            let Some(given) = self.0.get(table_in_arn(text).unwrap_or(text)) else { continue };
            let back = PyList::empty(py);
            for request in list(&requests, "UnprocessedItems")? {
                let request = as_dict(request, "a request left undone")?;
                let (is_put, item) = parts(&request)?;
                let key = Key::of(given.table.config(), &item);
                let key = key.map_err(|error| raise(py, &error))?;
                let given = given.requests.get(&key);
                let own = given.ok_or_else(|| {
                    misuse(py, "DynamoDB left requests undone that it was not sent")
                })?;
                back.append(if is_put { fresh(own.bind(py))? } else { request })?;
            }
            left.set_item(name, back)?;
        }
        Ok(Work::none())
    }
}

/// The given put as an answer has it, which shares nothing with the caller's.
fn fresh<'py>(given: &Bound<'py, PyDict>) -> PyResult<Bound<'py, PyDict>> {
    let py = given.py();
    let (_, item) = parts(given)?;
    let put = PyDict::new(py);
    put.set_item("Item", Layer::DynamoDb.write(py, item)?)?;
    let request = PyDict::new(py);
    request.set_item("PutRequest", put)?;
    Ok(request)
}
