//! What has become of items, each in its place.

use std::sync::mpsc::{Receiver, RecvTimeoutError};

use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList};

use crate::runtime::SIGNALS;

/// The places of a batch's results, in the order in which they were begun. A place has one item or some that lie
/// together.
#[derive(Default)]
pub(super) struct Places {
    done: Vec<Option<Vec<Py<PyDict>>>>,
    left: usize,
}

impl Places {
    /// The next place.
    pub(super) fn begin(&mut self) -> usize {
        self.done.push(None);
        self.left += 1;
        self.done.len() - 1
    }

    /// How many places are empty yet.
    pub(super) fn left(&self) -> usize {
        self.left
    }

    pub(super) fn put(&mut self, at: usize, items: Vec<Py<PyDict>>) {
        if let Some(place) = self.done.get_mut(at) {
            *place = Some(items);
            self.left -= 1;
        }
    }

    pub(super) fn into_list(self, py: Python<'_>) -> PyResult<Bound<'_, PyList>> {
        PyList::new(py, self.done.into_iter().flatten().flatten().collect::<Vec<_>>())
    }
}

/// The next answer. None after a while without one; a signal's exception ends the waiting.
pub(super) fn next<T: Send>(py: Python<'_>, answers: &mut Receiver<T>) -> PyResult<Option<T>> {
    py.check_signals()?;
    match py.detach(move || answers.recv_timeout(SIGNALS)) {
        Ok(answer) => Ok(Some(answer)),
        Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => Ok(None),
    }
}
