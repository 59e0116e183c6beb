//! Python code that is called while an item waits: in a thread that may wait, and whose event loop it may use.

use std::future::Future;
use std::sync::{Arc, Mutex, PoisonError};

use itemseal::{Error, ErrorKind, Result};
use pyo3::prelude::*;
use pyo3::types::{PyCFunction, PyTuple};
use tokio::sync::{Semaphore, oneshot};

use crate::attach::attached;
use crate::per_process::PerProcess;
use crate::runtime::ended_early;

/// How many calls may be under way in a process.
const MOST_CALLS: usize = 256;

tokio::task_local! {
    /// The loop of the call that waits.
    static EVENT_LOOP: Arc<Py<PyAny>>;
}

/// `future`, with everything that it calls belonging to `event_loop`.
pub(crate) fn under<F: Future>(
    event_loop: Py<PyAny>,
    future: F,
) -> impl Future<Output = F::Output> {
    EVENT_LOOP.scope(Arc::new(event_loop), future)
}

/// The loop that waits for this, if one does.
pub(crate) fn current() -> Option<Arc<Py<PyAny>>> {
    EVENT_LOOP.try_with(Arc::clone).ok()
}

/// What is called: a function of Python's, its arguments, and another that explains what it raises.
pub(crate) struct Call {
    pub(crate) function: Py<PyAny>,
    pub(crate) arguments: Py<PyTuple>,
    pub(crate) explain: Py<PyAny>,
}

/// What it gave: a result, or what it raised and the explanation.
pub(crate) type Given<'py> = std::result::Result<Bound<'py, PyAny>, (PyErr, Bound<'py, PyAny>)>;

/// Calls Python code in a thread of its own, never in a loop's, and has `read` take from the result what is wanted.
///
/// The thread is Python's and runs nothing of Rust's while it waits: when the interpreter ends, so can it. A call that
/// nobody waits for any more goes on, if it has begun.
pub(crate) async fn in_a_thread<T: Send + 'static>(
    begin: impl FnOnce(Python<'_>) -> PyResult<Call>,
    read: impl FnOnce(Python<'_>, Given<'_>) -> T + Send + 'static,
) -> Result<T> {
    static CALLS: PerProcess<Semaphore> = PerProcess::new();
    let calls = CALLS.get_or_make(|| -> Result<_> { Ok(Semaphore::new(MOST_CALLS)) })?;
    let permit = calls.acquire_owned().await.map_err(|_| ended_early())?;
    let (sender, receiver) = oneshot::channel();
    let begun = attached(|py| -> PyResult<()> {
        let once = Mutex::new(Some((read, sender, permit)));
        let done = PyCFunction::new_closure(py, None, None, move |args, _| -> PyResult<()> {
            let taken = once.lock().unwrap_or_else(PoisonError::into_inner).take();
            let Some((read, sender, _permit)) = taken else { return Ok(()) };
            let error = args.get_item(1)?;
            let given = match error.is_none() {
                true => Ok(args.get_item(0)?),
                false => Err((PyErr::from_value(error), args.get_item(2)?)),
            };
            // Whoever waited may have gone.
            let _ = sender.send(read(args.py(), given));
            Ok(())
        })?;
        let Call { function, arguments, explain } = begin(py)?;
        let threads = py.import("itemseal._threads")?;
        threads.call_method1("start", (function, arguments, explain, done)).map(drop)
    });
    match begun {
        Some(Ok(())) => receiver.await.map_err(|_| ended_early()),
        Some(Err(error)) => {
            let message = "a thread for a call of Python code could not be started";
            Err(Error::new(ErrorKind::Internal, message).with_source(error))
        }
        None => Err(Error::new(ErrorKind::Internal, "the Python interpreter is ending")),
    }
}
