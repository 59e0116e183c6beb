//! How often what was done, as Python has it.

use itemseal_aws::{CallCounts, ItemCounts};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList};

pub(super) fn calls(py: Python<'_>, counts: Vec<CallCounts>) -> PyResult<Bound<'_, PyList>> {
    let list = PyList::empty(py);
    for count in counts {
        let dict = PyDict::new(py);
        dict.set_item("operation", count.operation)?;
        dict.set_item("region", count.region)?;
        for (name, number) in
            [("calls", count.calls), ("errors", count.errors), ("given_up", count.given_up)]
        {
            dict.set_item(name, number)?;
        }
        list.append(dict)?;
    }
    Ok(list)
}

pub(super) fn items(py: Python<'_>, counts: ItemCounts) -> PyResult<Bound<'_, PyDict>> {
    let dict = PyDict::new(py);
    for (name, number) in [
        ("sealed", counts.sealed),
        ("sealed_bytes", counts.sealed_bytes),
        ("opened", counts.opened),
        ("opened_bytes", counts.opened_bytes),
        ("unopened", counts.unopened),
        ("failovers", counts.failovers),
    ] {
        dict.set_item(name, number)?;
    }
    Ok(dict)
}
