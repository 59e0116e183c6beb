//! From the core's errors to the package's exceptions, which are defined in Python.

use itemseal::{Error, ErrorKind};
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyModule, PyType};

/// The module with the exceptions.
const MODULE: &str = "itemseal.exceptions";

/// The class of a kind.
fn class_name(kind: ErrorKind) -> &'static str {
    match kind {
        ErrorKind::Authentication => "AuthenticationError",
        ErrorKind::Malformed => "MalformedError",
        ErrorKind::NotEncrypted => "NotEncryptedError",
        ErrorKind::Misuse => "MisuseError",
        ErrorKind::Refused => "RefusedError",
        ErrorKind::TooLarge => "TooLargeError",
        ErrorKind::KeyDenied => "KeyDeniedError",
        ErrorKind::KeyUnavailable => "KeyUnavailableError",
        ErrorKind::Service => "ServiceError",
        ErrorKind::Conflict => "ConflictError",
        _ => "InternalError",
    }
}

pub(crate) fn module(py: Python<'_>) -> PyResult<&Bound<'_, PyModule>> {
    static CELL: PyOnceLock<Py<PyModule>> = PyOnceLock::new();
    let module = CELL.get_or_try_init(py, || py.import(MODULE).map(Bound::unbind))?;
    Ok(module.bind(py))
}

/// The exception of an error.
pub(crate) fn raise(py: Python<'_>, error: &Error) -> PyErr {
    let made = || -> PyResult<PyErr> {
        let of = module(py)?.getattr("_of_native")?;
        let made = of.call1((
            class_name(error.kind()),
            error.to_string(),
            error.attribute(),
            error.region(),
            error.is_retryable(),
            error.code(),
            error.request_id(),
        ))?;
        let raised = PyErr::from_value(made);
        if let Some(cause) = python_cause(error) {
            raised.set_cause(py, Some(cause.clone_ref(py)));
        }
        Ok(raised)
    };
    made().unwrap_or_else(|error| error)
}

/// The Python exception below an error, if Python code was called.
fn python_cause(error: &Error) -> Option<&PyErr> {
    let mut next = std::error::Error::source(error);
    while let Some(error) = next {
        if let Some(cause) = error.downcast_ref() {
            return Some(cause);
        }
        next = error.source();
    }
    None
}

/// An exception of the package by its name, for what never reaches the core.
pub(crate) fn named(
    py: Python<'_>,
    class: &'static str,
    message: &str,
    attribute: Option<&str>,
) -> PyErr {
    let made = || -> PyResult<PyErr> {
        let of = module(py)?.getattr("_of_native")?;
        let none: Option<&str> = None;
        Ok(PyErr::from_value(of.call1((class, message, attribute, none, false, none, none))?))
    };
    made().unwrap_or_else(|error| error)
}

/// A call that cannot be right.
pub(crate) fn misuse(py: Python<'_>, message: &str) -> PyErr {
    named(py, "MisuseError", message, None)
}

/// An operation that would leak, or could not be verified.
pub(crate) fn refused(py: Python<'_>, message: &str) -> PyErr {
    named(py, "RefusedError", message, None)
}

/// What Python calls a value's type.
pub(crate) fn type_name(value: &Bound<'_, PyAny>) -> String {
    let name = |of: Bound<'_, PyType>| of.name().map(|name| name.to_string());
    name(value.get_type()).unwrap_or_else(|_| "?".to_owned())
}
