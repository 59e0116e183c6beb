//! Parameters of requests.

use itemseal_aws::rules::{Names, refuse_legacy};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyString};

use crate::errors::{misuse, raise, refused};

/// A parameter, if it is given.
pub(super) fn given<'py>(
    params: &Bound<'py, PyDict>,
    name: &str,
) -> PyResult<Option<Bound<'py, PyAny>>> {
    Ok(params.get_item(name)?.filter(|value| !value.is_none()))
}

/// A text, if it is given.
pub(super) fn text(params: &Bound<'_, PyDict>, name: &str) -> PyResult<Option<String>> {
    let Some(value) = given(params, name)? else { return Ok(None) };
    let text = value.cast::<PyString>();
    let text = text.map_err(|_| misuse(params.py(), &format!("{name} is a str")))?;
    Ok(Some(text.to_str()?.to_owned()))
}

/// A dict, if it is given.
pub(super) fn dict<'py>(
    params: &Bound<'py, PyDict>,
    name: &str,
) -> PyResult<Option<Bound<'py, PyDict>>> {
    let Some(value) = given(params, name)? else { return Ok(None) };
    Ok(Some(as_dict(value, name)?))
}

pub(super) fn as_dict<'py>(value: Bound<'py, PyAny>, name: &str) -> PyResult<Bound<'py, PyDict>> {
    let py = value.py();
    value.cast_into::<PyDict>().map_err(|_| misuse(py, &format!("{name} is a dict")))
}

/// `ExpressionAttributeNames`
pub(super) fn names(params: &Bound<'_, PyDict>) -> PyResult<Option<Names>> {
    let Some(given) = dict(params, "ExpressionAttributeNames")? else { return Ok(None) };
    let wrong = || misuse(params.py(), "ExpressionAttributeNames are str by str");
    let mut names = Names::with_capacity(given.len());
    for (placeholder, name) in given {
        let placeholder = placeholder.cast::<PyString>().map_err(|_| wrong())?.to_str()?.to_owned();
        names.insert(
            placeholder,
            name.cast::<PyString>().map_err(|_| wrong())?.to_str()?.to_owned(),
        );
    }
    Ok(Some(names))
}

/// Refuses a parameter that nobody here knows, and one that expressions have taken the place of.
pub(super) fn only(
    what: &str,
    params: &Bound<'_, PyDict>,
    known: &[&str],
    legacy: &[&str],
) -> PyResult<()> {
    let py = params.py();
    for (name, value) in params {
        let name =
            name.cast::<PyString>().map_err(|_| misuse(py, "a parameter's name is a str"))?;
        let name = name.to_str()?;
        if known.contains(&name) {
            continue;
        }
        if legacy.contains(&name) {
            refuse_legacy(name, !value.is_none()).map_err(|error| raise(py, &error))?;
            continue;
        }
        let message = format!(
            "{what} has the parameter {name}, which this version of itemseal does not know, so it cannot be told \
             what it would do to an encrypted table; leave it out, or look for a newer version"
        );
        return Err(refused(py, &message));
    }
    Ok(())
}
