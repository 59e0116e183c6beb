//! The interpreter, from threads that are not Python's.
//!
//! A thread that asks for the interpreter while it is being ended is ended by it, in the middle of Rust code. So none
//! asks any more once the program's exit handlers run, and these wait for those that have it.

use std::sync::{PoisonError, RwLock};

use pyo3::prelude::*;
use pyo3::types::PyCFunction;

use crate::per_process::PerProcess;

/// Whether the interpreter is being ended. A child's lock is its own: what a thread of the parent held stays held.
static ENDING: PerProcess<RwLock<bool>> = PerProcess::new();

fn ending() -> itemseal::Result<std::sync::Arc<RwLock<bool>>> {
    ENDING.get_or_make(|| Ok(RwLock::new(false)))
}

/// Does a short work with the interpreter, or not if it is being ended.
pub(crate) fn attached<T>(work: impl FnOnce(Python<'_>) -> T) -> Option<T> {
    let ending = ending().ok()?;
    let ended = ending.read().unwrap_or_else(PoisonError::into_inner);
    if *ended { None } else { Python::try_attach(work) }
}

/// Has the program's exit wait for the threads that have the interpreter.
pub(crate) fn at_exit(py: Python<'_>) -> PyResult<()> {
    let end = PyCFunction::new_closure(py, None, None, |args, _| {
        let Ok(ending) = ending() else { return };
        args.py().detach(|| *ending.write().unwrap_or_else(PoisonError::into_inner) = true);
    })?;
    py.import("atexit")?.call_method1("register", (end,)).map(drop)
}
