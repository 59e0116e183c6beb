//! The native part of the Python package `itemseal-lab`.

mod errors;
mod server;

use pyo3::prelude::*;

/// What the Python package is made of; use `itemseal_lab`.
#[pymodule]
mod _itemseal_lab {
    #[pymodule_export]
    #[allow(non_upper_case_globals, reason = "Python's name")]
    const __version__: &str = env!("CARGO_PKG_VERSION");

    #[pymodule_export]
    use super::server::Server;
}
