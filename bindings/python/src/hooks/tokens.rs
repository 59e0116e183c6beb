//! Transactions that are sent again with their token.

use std::sync::Arc;

use itemseal_aws::rules;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList, PyString, PyTuple};
use zeroize::Zeroizing;

/// What a transaction says, in one way of writing it.
pub(super) type Said = Zeroizing<Vec<u8>>;

/// What was given under which token, and what was sent.
pub(super) type Tokens = rules::Tokens<Said, Arc<Py<PyList>>>;

/// Equal for values that are equal, whatever the order of their dicts, and for no others.
pub(super) fn same_bytes(value: &Bound<'_, PyAny>) -> Said {
    let mut bytes = Said::default();
    write(value, &mut bytes);
    bytes
}

fn write(value: &Bound<'_, PyAny>, to: &mut Said) {
    if let Ok(dict) = value.cast::<PyDict>() {
        let mut entries: Vec<(Said, Said)> =
            dict.iter().map(|(name, value)| (same_bytes(&name), same_bytes(&value))).collect();
        entries.sort_by(|(one, _), (other, _)| one.as_slice().cmp(other.as_slice()));
        to.extend_from_slice(b"d");
        to.extend_from_slice(&entries.len().to_le_bytes());
        for (name, value) in &entries {
            part(b'k', name, to);
            part(b'v', value, to);
        }
    } else if value.is_instance_of::<PyList>() || value.is_instance_of::<PyTuple>() {
        let values: Vec<Bound<'_, PyAny>> =
            value.try_iter().map(|all| all.flatten().collect()).unwrap_or_default();
        to.extend_from_slice(b"l");
        to.extend_from_slice(&values.len().to_le_bytes());
        for value in &values {
            part(b'v', &same_bytes(value), to);
        }
    } else if let Ok(text) = value.cast::<PyString>() {
        part(b's', text.to_str().unwrap_or_default().as_bytes(), to);
    } else if let Ok(bytes) = value.extract::<Vec<u8>>() {
        part(b'b', &Said::new(bytes), to);
    } else {
        // Booleans, and numbers that are no items'.
        let text = value.repr().map(|text| text.to_string()).unwrap_or_default();
        part(b'o', text.as_bytes(), to);
    }
}

fn part(kind: u8, bytes: &[u8], to: &mut Said) {
    to.push(kind);
    to.extend_from_slice(&bytes.len().to_le_bytes());
    to.extend_from_slice(bytes);
}
