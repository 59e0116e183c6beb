//! Python code that is called while an item waits: in a thread that may wait, and whose event loop it may use.

use std::future::Future;
use std::sync::Arc;

use itemseal::{Error, ErrorKind, Result};
use pyo3::prelude::*;
use tokio::task::AbortHandle;

use crate::runtime::ended_early;

tokio::task_local! {
    /// The loop of the call that waits.
    static EVENT_LOOP: Arc<Py<PyAny>>;
}

/// `future`, with everything that it calls belonging to `event_loop`.
pub(crate) fn under<F: Future>(event_loop: Py<PyAny>, future: F) -> impl Future<Output = F::Output> {
    EVENT_LOOP.scope(Arc::new(event_loop), future)
}

/// The loop that waits for this, if one does.
pub(crate) fn current() -> Option<Arc<Py<PyAny>>> {
    EVENT_LOOP.try_with(Arc::clone).ok()
}

/// Runs Python code in a thread of its own, never in a loop's. Dropped before it began, it never runs; what runs is
/// waited for by nobody.
pub(crate) async fn in_a_thread<T: Send + 'static>(
    work: impl FnOnce(Python<'_>) -> T + Send + 'static,
) -> Result<T> {
    let task = tokio::task::spawn_blocking(move || Python::try_attach(work));
    let _ends = AbortOnDrop(task.abort_handle());
    let done = task.await.map_err(|_| ended_early())?;
    done.ok_or_else(|| Error::new(ErrorKind::Internal, "the Python interpreter is ending"))
}

struct AbortOnDrop(AbortHandle);

impl Drop for AbortOnDrop {
    fn drop(&mut self) {
        self.0.abort();
    }
}
