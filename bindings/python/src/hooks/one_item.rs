//! GetItem, and answers with one item.

use std::sync::Arc;

use itemseal_aws::rules::Projection;
use pyo3::prelude::*;
use pyo3::types::PyDict;

use super::answer::{Answer, put_back, written};
use super::request::{given, names, only, text};
use super::tables::{Table, Tables};
use super::work::{Before, Job, Work};
use crate::convert::item_from_dynamodb;
use crate::errors::raise;

/// An answer with one item, and of an error perhaps the item that was found.
pub(super) struct OneItem {
    pub(super) table: Arc<Table>,
    /// Where the item is; none if what comes back is unsigned.
    pub(super) field: Option<&'static str>,
    pub(super) projection: Option<Arc<Projection>>,
}

impl Answer for OneItem {
    fn opened(self: Box<Self>, parsed: &Bound<'_, PyDict>) -> PyResult<Work> {
        let Some(field) = self.field else { return Ok(Work::none()) };
        let Some(stored) = given(parsed, field)? else { return Ok(Work::none()) };
        let stored = item_from_dynamodb(&stored)?;
        let job = Job::open(&self.table, stored, self.projection.as_ref());
        let parsed = parsed.clone().unbind();
        Ok(Work::new(vec![job], move |py, done| {
            for done in done {
                parsed.bind(py).set_item(field, written(py, done)?)?;
            }
            Ok(())
        }))
    }

    fn failed(self: Box<Self>, parsed: &Bound<'_, PyDict>) -> PyResult<Work> {
        let Some(stored) = given(parsed, "Item")? else { return Ok(Work::none()) };
        parsed.del_item("Item")?;
        let jobs = vec![Job::open(&self.table, item_from_dynamodb(&stored)?, None)];
        let places = vec![parsed.clone().unbind()];
        Ok(Work::new(jobs, |py, done| put_back(py, places, done)).one_by_one())
    }
}

pub(super) fn get(tables: &Tables, params: &Bound<'_, PyDict>) -> PyResult<Option<Before>> {
    const KNOWN: [&str; 6] = [
        "TableName",
        "Key",
        "ConsistentRead",
        "ReturnConsumedCapacity",
        "ProjectionExpression",
        "ExpressionAttributeNames",
    ];
    let Some(table) = tables.of(params)? else { return Ok(None) };
    only("GetItem", params, &KNOWN, &["AttributesToGet"])?;
    let projection = take_projection(params)?;
    let answer = OneItem { table: Arc::clone(table), field: Some("Item"), projection };
    Ok(Some(Before { work: Work::none(), answer: Some(Box::new(answer)) }))
}

/// Takes a projection out of a request: it takes all of an item to verify it.
pub(super) fn take_projection(params: &Bound<'_, PyDict>) -> PyResult<Option<Arc<Projection>>> {
    let (expression, names) = (text(params, "ProjectionExpression")?, names(params)?);
    let projection = Projection::read(expression.as_deref(), names.as_ref())
        .map_err(|error| raise(params.py(), &error))?;
    for name in ["ProjectionExpression", "ExpressionAttributeNames"] {
        if params.contains(name)? {
            params.del_item(name)?;
        }
    }
    Ok(projection.map(Arc::new))
}
