//! The lab's errors as Python's.

use std::error::Error;

use pyo3::PyErr;

mod python {
    pyo3::import_exception!(itemseal_lab.exceptions, LabError);
}

/// What was refused, in the lab's words and those of what caused it.
pub(crate) fn lab_error(error: &(dyn Error + 'static)) -> PyErr {
    let causes = std::iter::successors(Some(error), |&error| error.source());
    let texts: Vec<String> = causes.map(ToString::to_string).collect();
    python::LabError::new_err(texts.join(": "))
}

/// The same for what only the package can say.
pub(crate) fn refused(message: String) -> PyErr {
    python::LabError::new_err(message)
}
