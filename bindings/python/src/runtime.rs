//! Waiting for what is asynchronous in Rust, from Python code that is synchronous and from asyncio's.

use std::future::Future;
use std::pin::Pin;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use itemseal::{Error, ErrorKind};
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::PyCFunction;
use tokio::runtime::{Builder, Runtime};
use tokio::task::AbortHandle;

use crate::attach::attached;
use crate::errors::raise;
use crate::event_loop;
use crate::per_process::PerProcess;

/// How often a waiting call looks for a signal, such as Ctrl-C.
pub(crate) const SIGNALS: Duration = Duration::from_millis(50);

/// A task that gave nothing.
pub(crate) fn ended_early() -> Error {
    Error::new(ErrorKind::Internal, "a task of itemseal ended early")
}

type Boxed<T> = Pin<Box<dyn Future<Output = T> + Send>>;

/// The process's runtime, made when it is first needed.
pub(crate) fn runtime() -> itemseal::Result<Arc<Runtime>> {
    static RUNTIME: PerProcess<Runtime> = PerProcess::new();
    RUNTIME.get_or_make(|| {
        let made = Builder::new_multi_thread().thread_name("itemseal").enable_all().build();
        made.map_err(|error| {
            Error::new(ErrorKind::Internal, "no threads can be started").with_source(error)
        })
    })
}

/// Polls once: what waits for nothing is done with that, in this thread. `waits` says that it may wait, and needs the
/// runtime for that.
fn poll_once<T>(future: &mut Boxed<T>, waits: bool) -> itemseal::Result<Poll<T>> {
    let mut context = Context::from_waker(Waker::noop());
    if !waits {
        return Ok(future.as_mut().poll(&mut context));
    }
    let runtime = runtime()?;
    let _entered = runtime.enter();
    Ok(future.as_mut().poll(&mut context))
}

/// What `future` gives. Other Python threads run meanwhile; a signal's exception ends the waiting, and the work.
pub(crate) fn wait<T: Send + 'static>(
    py: Python<'_>,
    waits: bool,
    future: impl Future<Output = itemseal::Result<T>> + Send + 'static,
) -> PyResult<T> {
    let mut future: Boxed<_> = Box::pin(future);
    let begun = py.detach(|| poll_once(&mut future, waits).map(|polled| (polled, future)));
    let (polled, future) = begun.map_err(|error| raise(py, &error))?;
    if let Poll::Ready(done) = polled {
        return done.map_err(|error| raise(py, &error));
    }
    let runtime = runtime().map_err(|error| raise(py, &error))?;
    let (sender, mut receiver) = mpsc::sync_channel(1);
    let task = runtime.spawn(async move {
        // Whoever waited may have gone.
        let _ = sender.send(future.await);
    });
    loop {
        let waiting = &mut receiver;
        match py.detach(move || waiting.recv_timeout(SIGNALS)) {
            Ok(done) => return done.map_err(|error| raise(py, &error)),
            Err(RecvTimeoutError::Timeout) => {
                if let Err(signal) = py.check_signals() {
                    task.abort();
                    return Err(signal);
                }
            }
            Err(RecvTimeoutError::Disconnected) => {
                return Err(raise(py, &ended_early()));
            }
        }
    }
}

/// An awaitable of what `future` gives, made Python's by `finish`, which has the interpreter. It belongs to the event
/// loop that is running; if it is cancelled, so is the work.
pub(crate) fn awaitable<'py, T: Send + 'static>(
    py: Python<'py>,
    waits: bool,
    future: impl Future<Output = itemseal::Result<T>> + Send + 'static,
    finish: impl FnOnce(Python<'_>, T) -> PyResult<Py<PyAny>> + Send + 'static,
) -> PyResult<Bound<'py, PyAny>> {
    static RUNNING_LOOP: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    let event_loop = RUNNING_LOOP.import(py, "asyncio", "get_running_loop")?.call0()?;
    let promise = event_loop.call_method0("create_future")?;
    let mut future: Boxed<_> = Box::pin(event_loop::under(event_loop.clone().unbind(), future));
    let begun = py.detach(|| poll_once(&mut future, waits).map(|polled| (polled, future)));
    let (polled, future) = begun.map_err(|error| raise(py, &error))?;
    if let Poll::Ready(done) = polled {
        let done = done.map_err(|error| raise(py, &error)).and_then(|done| finish(py, done));
        settle(&promise, done)?;
        return Ok(promise);
    }
    let runtime = runtime().map_err(|error| raise(py, &error))?;
    let (to, event_loop) = (promise.clone().unbind(), event_loop.unbind());
    let task = runtime.spawn(async move {
        let done = future.await;
        // There is none when the interpreter is being ended.
        attached(|py| {
            let done = done.map_err(|error| raise(py, &error)).and_then(|done| finish(py, done));
            // The loop may have been closed meanwhile; then nobody waits.
            let _ = in_its_loop(py, &event_loop, to, done);
        });
    });
    promise.call_method1("add_done_callback", (cancels(py, task.abort_handle())?,))?;
    Ok(promise)
}

/// Settles a future, which only the loop's own thread may do.
fn in_its_loop(
    py: Python<'_>,
    event_loop: &Py<PyAny>,
    promise: Py<PyAny>,
    done: PyResult<Py<PyAny>>,
) -> PyResult<()> {
    let once = Mutex::new(Some((promise, done)));
    let settle = PyCFunction::new_closure(py, None, None, move |args, _| -> PyResult<()> {
        let taken = once.lock().unwrap_or_else(PoisonError::into_inner).take();
        match taken {
            Some((promise, done)) => settle(promise.bind(args.py()), done),
            None => Ok(()),
        }
    })?;
    event_loop.bind(py).call_method1("call_soon_threadsafe", (settle,))?;
    Ok(())
}

fn settle(promise: &Bound<'_, PyAny>, done: PyResult<Py<PyAny>>) -> PyResult<()> {
    if promise.call_method0("done")?.extract()? {
        return Ok(());
    }
    match done {
        Ok(value) => promise.call_method1("set_result", (value,))?,
        Err(error) => promise.call_method1("set_exception", (error.into_value(promise.py()),))?,
    };
    Ok(())
}

/// A callback that ends a task whose future was cancelled.
fn cancels<'py>(py: Python<'py>, task: AbortHandle) -> PyResult<Bound<'py, PyCFunction>> {
    PyCFunction::new_closure(py, None, None, move |args, _| -> PyResult<()> {
        let promise = args.get_item(0)?;
        if promise.call_method0("cancelled")?.extract()? {
            task.abort();
        }
        Ok(())
    })
}

/// What a future gives that waits for nothing outside of this process; should it wait after all, so does this thread.
pub(crate) fn here<T>(future: impl Future<Output = T>) -> T {
    struct Unpark(std::thread::Thread);
    impl std::task::Wake for Unpark {
        fn wake(self: Arc<Self>) {
            self.0.unpark();
        }
    }
    let mut future = std::pin::pin!(future);
    let waker = Waker::from(Arc::new(Unpark(std::thread::current())));
    let mut context = Context::from_waker(&waker);
    loop {
        match future.as_mut().poll(&mut context) {
            Poll::Ready(done) => return done,
            Poll::Pending => std::thread::park(),
        }
    }
}
