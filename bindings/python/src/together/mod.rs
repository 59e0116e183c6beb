//! Many items at a time.

mod cores;
mod places;
mod tasks;

use std::sync::Arc;

use pyo3::prelude::*;
use pyo3::types::PyList;

use crate::convert::Layer;
use crate::encryptor::{Encryptor, Way};

/// What becomes of every item, in the order of the items.
pub(crate) fn together<'py>(
    encryptor: &Arc<Encryptor>,
    way: Way,
    layer: Layer,
    items: &Bound<'py, PyAny>,
) -> PyResult<Bound<'py, PyList>> {
    if encryptor.waits() {
        tasks::run(encryptor, way, layer, items)
    } else {
        cores::run(encryptor, way, layer, items)
    }
}
