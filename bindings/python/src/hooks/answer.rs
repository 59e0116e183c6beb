//! What a request leaves for its answer.

use std::sync::{Mutex, PoisonError};

use itemseal::{Error, Item, Result};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::PyDict;

use super::parts::Parts;
use super::work::Work;
use crate::convert::Layer;
use crate::errors::raise;

/// How an answer is opened.
pub(super) trait Answer: Send {
    /// What has to be read from the table first; then this opens nothing.
    fn parts(&self, _: &Bound<'_, PyDict>) -> PyResult<Option<Parts>> {
        Ok(None)
    }

    fn opened(self: Box<Self>, parsed: &Bound<'_, PyDict>) -> PyResult<Work>;

    /// The same of an error's answer. What does not open is taken out of it.
    fn failed(self: Box<Self>, _: &Bound<'_, PyDict>) -> PyResult<Work> {
        Ok(Work::none())
    }
}

impl dyn Answer {
    pub(super) fn work(
        self: Box<Self>,
        parsed: &Bound<'_, PyDict>,
        failed: bool,
    ) -> PyResult<Work> {
        match failed {
            true => self.failed(parsed),
            false => self.opened(parsed),
        }
    }
}

/// An [`Answer`] in the context of its call, which botocore prints when it is told to: this prints nothing.
#[pyclass(frozen, module = "itemseal")]
pub(super) struct State(Mutex<Option<Box<dyn Answer>>>);

impl State {
    pub(super) fn put(context: &Bound<'_, PyDict>, answer: Box<dyn Answer>) -> PyResult<()> {
        let py = context.py();
        context.set_item(intern!(py, "itemseal"), Self(Mutex::new(Some(answer))))
    }

    pub(super) fn take(context: &Bound<'_, PyDict>) -> PyResult<Option<Box<dyn Answer>>> {
        let name = intern!(context.py(), "itemseal");
        let Some(state) = context.get_item(name)? else { return Ok(None) };
        context.del_item(name)?;
        let state = state.cast::<Self>()?.get();
        Ok(state.0.lock().unwrap_or_else(PoisonError::into_inner).take())
    }
}

#[pymethods]
impl State {
    fn __repr__(&self) -> &'static str {
        "<itemseal>"
    }
}

/// A result as boto3's clients have items.
pub(super) fn written(py: Python<'_>, done: Result<Item>) -> PyResult<Bound<'_, PyDict>> {
    Layer::DynamoDb.write(py, done.map_err(|error| raise(py, &error))?)
}

/// Puts opened items into the places of an error's answer; places of those that did not open stay empty, and the
/// first of their errors is told.
pub(super) fn put_back(
    py: Python<'_>,
    places: Vec<Py<PyDict>>,
    done: Vec<Result<Item>>,
) -> PyResult<()> {
    let mut first: Option<Error> = None;
    for (place, done) in places.into_iter().zip(done) {
        match done {
            Ok(item) => place.bind(py).set_item("Item", Layer::DynamoDb.write(py, item)?)?,
            Err(error) => drop(first.get_or_insert(error)),
        }
    }
    match first {
        Some(error) => Err(raise(py, &error)),
        None => Ok(()),
    }
}
