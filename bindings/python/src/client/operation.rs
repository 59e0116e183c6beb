//! What an operation is: how its parameters are read, which of the client's methods it is, and how its answer is
//! written.

use std::future::Future;

use aws_sdk_dynamodb::operation::RequestId;
use itemseal::Result;
use itemseal_aws::{Answer, BadItem};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList};

use super::conflicts::raise_found;
use super::given::Given;
use super::told::Told;
use crate::convert::Layer;
use crate::errors::raise;

pub(super) trait Operation {
    /// What Python calls it.
    const NAME: &'static str;
    type Input: Send + 'static;
    type Output: RequestId + Send + 'static;

    fn read(given: &mut Given<'_>) -> PyResult<Self::Input>;

    fn send(
        client: itemseal_aws::GlobalTable,
        input: Self::Input,
    ) -> impl Future<Output = Result<Answer<Self::Output>>> + Send;

    fn write(told: &Told<'_>, output: Self::Output) -> PyResult<()>;
}

/// An operation's parameters, all of them.
pub(super) fn read<O: Operation>(
    py: Python<'_>,
    parameters: Option<&Bound<'_, PyDict>>,
    layer: Layer,
) -> PyResult<O::Input> {
    let mut given = Given::call(py, O::NAME, parameters, layer);
    let input = O::read(&mut given)?;
    given.finish()?;
    Ok(input)
}

/// An operation's result, or its exception.
pub(super) fn write<'py, O: Operation>(
    py: Python<'py>,
    layer: Layer,
    reporting: bool,
    answer: Result<Answer<O::Output>>,
) -> PyResult<Bound<'py, PyDict>> {
    let answer = answer.map_err(|error| raise_found(py, layer, &error))?;
    let told = Told::new(py, layer);
    told.set("Region", answer.region())?;
    if let Some(version) = answer.version() {
        told.set("Version", version)?;
    }
    if reporting {
        told.set("BadItems", bad_items(&told, answer.bad_items())?)?;
    }
    let output = answer.into_output();
    let metadata = PyDict::new(py);
    metadata.set_item("RequestId", output.request_id().unwrap_or_default())?;
    metadata.set_item("HTTPStatusCode", 200)?;
    O::write(&told, output)?;
    told.set("ResponseMetadata", metadata)?;
    Ok(told.dict)
}

/// The items that did not open: table, key, and the exception that each would have been.
pub(super) fn bad_items<'py>(told: &Told<'py>, all: &[BadItem]) -> PyResult<Bound<'py, PyList>> {
    let list = PyList::empty(told.py());
    for bad in all {
        let one = Told::new(told.py(), told.layer);
        one.set("TableName", bad.table())?;
        one.item("Key", Some(bad.key().clone()))?;
        one.set("Error", raise(told.py(), bad.error()).into_value(told.py()))?;
        list.append(one.dict)?;
    }
    Ok(list)
}
