//! Attributes' names as Python has them.

use std::collections::HashMap;

use pyo3::prelude::*;
use pyo3::types::PyString;

/// How many names a batch keeps. Items of one table mostly have the same few.
const MOST: usize = 256;

/// Names that were made before, for items that come together: one `str` for all of them, as in items that a program
/// writes itself.
pub(crate) struct Names(Option<HashMap<String, Py<PyString>>>);

impl Names {
    /// Keeps nothing: for an item that comes alone.
    pub(crate) fn forgotten() -> Self {
        Self(None)
    }

    pub(crate) fn kept() -> Self {
        Self(Some(HashMap::new()))
    }

    pub(super) fn of<'py>(&mut self, py: Python<'py>, name: &str) -> Bound<'py, PyString> {
        let Some(known) = &mut self.0 else { return PyString::new(py, name) };
        if let Some(known) = known.get(name) {
            return known.bind(py).clone();
        }
        let made = PyString::new(py, name);
        if known.len() < MOST {
            known.insert(name.to_owned(), made.clone().unbind());
        }
        made
    }
}
