//! What DynamoDB found when a condition did not hold.

use itemseal::Error;
use itemseal_aws::{ConditionFailed, TransactionCancelled};
use pyo3::prelude::*;
use pyo3::types::PyDict;

use super::told::Told;
use crate::convert::Layer;
use crate::errors::{module, raise};

/// The exception of an error, with the items that were found.
pub(super) fn raise_found(py: Python<'_>, layer: Layer, error: &Error) -> PyErr {
    let raised = raise(py, error);
    match add(py, layer, error, &raised) {
        Ok(()) => raised,
        Err(other) => other,
    }
}

fn add(py: Python<'_>, layer: Layer, error: &Error, raised: &PyErr) -> PyResult<()> {
    let told = Told::new(py, layer);
    let mut next = std::error::Error::source(error);
    while let Some(source) = next {
        if let Some(failed) = source.downcast_ref::<ConditionFailed>() {
            let item = told.one_item(failed.item().clone())?;
            module(py)?.getattr("_found")?.call1((raised.value(py), item, py.None()))?;
        }
        if let Some(cancelled) = source.downcast_ref::<TransactionCancelled>() {
            let reasons = cancelled.reasons().iter().map(|reason| {
                let told = Told::new(py, layer);
                told.set("Code", reason.code().unwrap_or("None"))?;
                told.item("Item", reason.item().cloned())?;
                Ok(told.dict)
            });
            let reasons: Vec<Bound<'_, PyDict>> = reasons.collect::<PyResult<_>>()?;
            module(py)?.getattr("_found")?.call1((raised.value(py), py.None(), reasons))?;
        }
        next = source.source();
    }
    Ok(())
}
