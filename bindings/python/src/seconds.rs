//! Times, as Python says them: seconds as a number, or a `datetime.timedelta`.

use std::time::Duration;

use pyo3::prelude::*;
use pyo3::types::PyBool;

use crate::errors::{named, type_name};

/// `value`, the argument `name`.
pub(crate) fn seconds(name: &str, value: &Bound<'_, PyAny>) -> PyResult<Duration> {
    let py = value.py();
    let number: Option<f64> = match value.call_method0("total_seconds") {
        Ok(seconds) => seconds.extract().ok(),
        Err(_) if value.is_instance_of::<PyBool>() => None,
        Err(_) => value.extract().ok(),
    };
    let Some(number) = number else {
        let message = format!(
            "{name} is a time: a number of seconds or a datetime.timedelta, not {}",
            type_name(value)
        );
        return Err(named(py, "UnsupportedTypeError", &message, None));
    };
    Duration::try_from_secs_f64(number).ok().filter(|time| !time.is_zero()).ok_or_else(|| {
        let message = format!("{name} is a time above zero, in seconds, not {number}");
        named(py, "MisuseError", &message, None)
    })
}

/// The same, where nothing need be given.
pub(crate) fn some_seconds(
    name: &str,
    value: Option<&Bound<'_, PyAny>>,
) -> PyResult<Option<Duration>> {
    value.map(|value| seconds(name, value)).transpose()
}
