//! The native part of the Python package `itemseal`.

use pyo3::prelude::*;

/// What the Python package is made of; use `itemseal`.
#[pymodule]
mod _itemseal {
    #[pymodule_export]
    #[allow(non_upper_case_globals, reason = "Python's name")]
    const __version__: &str = env!("CARGO_PKG_VERSION");
}
