//! PutItem, UpdateItem, DeleteItem, and the same as parts of a transaction.

use std::sync::Arc;

use itemseal::{AttributeValue, Item};
use itemseal_aws::rules::{Kind, Names, Raised, check_condition, check_update, only_if_encrypted};
use pyo3::prelude::*;
use pyo3::types::PyDict;

use super::answer::{Answer, written};
use super::one_item::OneItem;
use super::request::{dict, given, names, only, text};
use super::tables::{Table, Tables};
use super::work::{Before, Job, Work};
use crate::convert::item_from_dynamodb;
use crate::errors::{misuse, raise, refused};

const NAMES: &str = "ExpressionAttributeNames";
const VALUES: &str = "ExpressionAttributeValues";
const CONDITION: &str = "ConditionExpression";
/// What every write may say.
const COMMON: [&str; 8] = [
    "TableName",
    CONDITION,
    NAMES,
    VALUES,
    "ReturnValuesOnConditionCheckFailure",
    "ReturnValues",
    "ReturnConsumedCapacity",
    "ReturnItemCollectionMetrics",
];
/// What changes signed attributes.
const INSTEAD_OF_UPDATES: &str =
    "get the item, change it, and put it, with a condition if others may write it meanwhile";

pub(super) fn put(tables: &Tables, params: &Bound<'_, PyDict>) -> PyResult<Option<Before>> {
    let Some(table) = tables.of(params)? else { return Ok(None) };
    let known = [&COMMON[..], &["Item"]].concat();
    only("PutItem", params, &known, &["Expected", "ConditionalOperator"])?;
    let job = put_job(table, params)?;
    let target = params.clone().unbind();
    let work = Work::new(vec![job], move |py, done| {
        for done in done {
            target.bind(py).set_item("Item", written(py, done)?)?;
        }
        Ok(())
    });
    Ok(Some(Before { work, answer: answer(table, params, Some("Attributes"))? }))
}

pub(super) fn update(tables: &Tables, params: &Bound<'_, PyDict>) -> PyResult<Option<Before>> {
    let Some(table) = tables.of(params)? else { return Ok(None) };
    let known = [&COMMON[..], &["Key", "UpdateExpression"]].concat();
    let legacy = ["AttributeUpdates", "Expected", "ConditionalOperator"];
    only("UpdateItem", params, &known, &legacy)?;
    change_update(table, params)?;
    let field = match text(params, "ReturnValues")?.as_deref() {
        Some("ALL_OLD" | "ALL_NEW") => Some("Attributes"),
        // What was updated is unsigned, and comes back as it is.
        None | Some("NONE" | "UPDATED_OLD" | "UPDATED_NEW") => None,
        Some(_) => return Err(refused(params.py(), "ReturnValues has a value that is not known")),
    };
    Ok(Some(Before { work: Work::none(), answer: answer(table, params, field)? }))
}

pub(super) fn delete(tables: &Tables, params: &Bound<'_, PyDict>) -> PyResult<Option<Before>> {
    let Some(table) = tables.of(params)? else { return Ok(None) };
    let known = [&COMMON[..], &["Key"]].concat();
    only("DeleteItem", params, &known, &["Expected", "ConditionalOperator"])?;
    check(table, params)?;
    Ok(Some(Before { work: Work::none(), answer: answer(table, params, Some("Attributes"))? }))
}

/// An item comes back of those writes only that ask for it.
fn answer(
    table: &Arc<Table>,
    params: &Bound<'_, PyDict>,
    field: Option<&'static str>,
) -> PyResult<Option<Box<dyn Answer>>> {
    let asks = given(params, "ReturnValues")?.is_some()
        || given(params, "ReturnValuesOnConditionCheckFailure")?.is_some();
    let answer = || OneItem { table: Arc::clone(table), field, projection: None };
    Ok(asks.then(|| Box::new(answer()) as Box<dyn Answer>))
}

/// Checks a put and raises its item's version. `params` is the request's own, or a copy.
pub(super) fn put_job(table: &Arc<Table>, params: &Bound<'_, PyDict>) -> PyResult<Job> {
    let py = params.py();
    let condition = check(table, params)?;
    let item = given(params, "Item")?.ok_or_else(|| misuse(py, "Item is missing"))?;
    let mut item = item_from_dynamodb(&item)?;
    if let Some(attribute) = &table.version_attribute {
        raise_version(attribute, &mut item, (&condition.0, &condition.1), params)?;
    }
    Ok(Job::seal(table, item))
}

fn raise_version(
    attribute: &str,
    item: &mut Item,
    (condition, names): (&Option<String>, &Option<Names>),
    params: &Bound<'_, PyDict>,
) -> PyResult<()> {
    let py = params.py();
    let raised = Raised::from_item(attribute, item.get(attribute));
    let raised = raised.map_err(|error| raise(py, &error))?;
    params.set_item(CONDITION, raised.condition(condition.as_deref()))?;
    params.set_item(NAMES, raised.names(names.as_ref()))?;
    if let Some((placeholder, number)) = raised.value() {
        let values = match dict(params, VALUES)? {
            Some(values) => values.copy()?,
            None => PyDict::new(py),
        };
        let value = PyDict::new(py);
        value.set_item("N", number)?;
        values.set_item(placeholder, value)?;
        params.set_item(VALUES, values)?;
    }
    let new = raised.version().to_string();
    item.insert(attribute.to_owned(), AttributeValue::N(new));
    Ok(())
}

/// Checks an update, and lets it change only items that are there. `params` is the request's own, or a copy.
pub(super) fn change_update(table: &Table, params: &Bound<'_, PyDict>) -> PyResult<()> {
    let (condition, names) = check(table, params)?;
    let update = text(params, "UpdateExpression")?;
    check_update(table.config(), update.as_deref(), names.as_ref(), INSTEAD_OF_UPDATES)
        .map_err(|error| raise(params.py(), &error))?;
    let (condition, names) = only_if_encrypted(condition.as_deref(), names.as_ref());
    params.set_item(CONDITION, condition)?;
    params.set_item(NAMES, names)
}

/// Checks a condition, and gives it with its names.
pub(super) fn check(
    table: &Table,
    params: &Bound<'_, PyDict>,
) -> PyResult<(Option<String>, Option<Names>)> {
    let (condition, names) = (text(params, CONDITION)?, names(params)?);
    check_condition(table.config(), Kind::Condition, condition.as_deref(), names.as_ref())
        .map_err(|error| raise(params.py(), &error))?;
    Ok((condition, names))
}
