//! `update_item_with`: a Python function changes an item.

use std::sync::{Arc, Mutex, PoisonError};

use itemseal::{Error, ErrorKind, Result};
use itemseal_aws::{Answer, item_to_sdk};
use pyo3::prelude::*;
use pyo3::types::PyDict;

use super::conflicts::raise_found;
use super::given::Attributes;
use super::told::Told;
use crate::convert::Layer;
use crate::runtime::ended_early;

/// What becomes of an item: the answer, with the item as it is now if there is one.
pub(super) type Updated = Answer<Option<Attributes>>;

/// Python's function, and what it raised.
pub(super) struct Change {
    function: Py<PyAny>,
    layer: Layer,
    raised: Raised,
}

/// Where the exception of a function is kept on its way to the caller.
#[derive(Clone, Default)]
pub(super) struct Raised(Arc<Mutex<Option<PyErr>>>);

impl Change {
    pub(super) fn new(function: Py<PyAny>, layer: Layer) -> (Self, Raised) {
        let raised = Raised::default();
        (Self { function, layer, raised: raised.clone() }, raised)
    }

    /// Calls the function. It may wait, also for this client: the runtime's other work goes on in another thread.
    pub(super) fn call(&self, present: Option<Attributes>) -> Result<Option<Attributes>> {
        let called = tokio::task::block_in_place(|| {
            Python::try_attach(|py| {
                let told = Told::new(py, self.layer);
                let present = present.map(|item| told.one_item(item)).transpose()?;
                let changed = self.function.bind(py).call1((present,))?;
                if changed.is_none() {
                    return Ok(None);
                }
                Ok(Some(item_to_sdk(self.layer.read(&changed)?)))
            })
        });
        // There is no interpreter when it is being ended.
        called.ok_or_else(ended_early)?.map_err(|error: PyErr| {
            *self.raised.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(error);
            Error::new(ErrorKind::Misuse, "the change of an item raised an exception")
        })
    }
}

impl Raised {
    /// The result: the item as it is now, if there is one.
    pub(super) fn finish<'py>(
        &self,
        py: Python<'py>,
        layer: Layer,
        answer: Result<Updated>,
    ) -> PyResult<Bound<'py, PyDict>> {
        let answer = answer.map_err(|error| {
            let raised = self.0.lock().unwrap_or_else(PoisonError::into_inner).take();
            raised.unwrap_or_else(|| raise_found(py, layer, &error))
        })?;
        let told = Told::new(py, layer);
        told.set("Region", answer.region())?;
        if let Some(version) = answer.version() {
            told.set("Version", version)?;
        }
        told.item("Item", answer.into_output())?;
        Ok(told.dict)
    }
}
