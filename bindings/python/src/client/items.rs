//! All items of a query or a scan, for `for` and `async for`.

use std::sync::Arc;

use itemseal::{Error, ErrorKind, Result};
use pyo3::exceptions::{PyStopAsyncIteration, PyStopIteration};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList};
use tokio::sync::Mutex;

use super::given::Attributes;
use super::operation::bad_items;
use super::told::Told;
use crate::convert::Layer;
use crate::errors::raise;
use crate::per_process::PerProcess;
use crate::runtime::{awaitable, wait};

use super::connection::Connection;

type Begin = Box<dyn FnOnce(&itemseal_aws::GlobalTable) -> Result<itemseal_aws::Items> + Send>;

enum Stream {
    /// Nothing has been asked for yet.
    Asked(Option<Begin>),
    Begun(itemseal_aws::Items),
}

/// The items of a query or a scan, opened, page after page; for `for` and for `async for`.
///
/// After an error whose `retryable` is true it may be asked again with `next()`, and goes on with the page that
/// failed. It belongs to the process that made it.
#[pyclass(frozen, module = "itemseal", name = "Items")]
pub(crate) struct Items {
    connection: Connection,
    layer: Layer,
    stream: PerProcess<Mutex<Stream>>,
}

impl Items {
    pub(super) fn new(
        py: Python<'_>,
        connection: Connection,
        layer: Layer,
        begin: impl FnOnce(&itemseal_aws::GlobalTable) -> Result<itemseal_aws::Items> + Send + 'static,
    ) -> PyResult<Self> {
        let stream = PerProcess::new();
        let asked = Stream::Asked(Some(Box::new(begin)));
        stream
            .get_or_make(|| Ok::<_, Error>(Mutex::new(asked)))
            .map_err(|error| raise(py, &error))?;
        Ok(Self { connection, layer, stream })
    }

    fn stream(&self, py: Python<'_>) -> PyResult<Arc<Mutex<Stream>>> {
        self.stream.get().ok_or_else(|| {
            let message =
                "these items were begun in another process; ask for them again in this one";
            raise(py, &Error::new(ErrorKind::Misuse, message))
        })
    }

    fn next(
        &self,
        py: Python<'_>,
    ) -> PyResult<impl Future<Output = Result<Option<Attributes>>> + Send + use<>> {
        let (stream, connection) = (self.stream(py)?, self.connection.clone());
        Ok(async move {
            let mut stream = stream.lock().await;
            loop {
                match &mut *stream {
                    Stream::Begun(items) => return items.next().await.transpose(),
                    Stream::Asked(begin) => {
                        let client = connection.client().await?;
                        let Some(begin) = begin.take() else { return Ok(None) };
                        *stream = Stream::Begun(begin(&client)?);
                    }
                }
            }
        })
    }
}

#[pymethods]
impl Items {
    fn __iter__(this: PyRef<'_, Self>) -> PyRef<'_, Self> {
        this
    }

    fn __aiter__(this: PyRef<'_, Self>) -> PyRef<'_, Self> {
        this
    }

    fn __next__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        match wait(py, true, self.next(py)?)? {
            Some(item) => Told::new(py, self.layer).one_item(item),
            None => Err(PyStopIteration::new_err(())),
        }
    }

    fn __anext__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let layer = self.layer;
        awaitable(py, true, self.next(py)?, move |py, item| match item {
            Some(item) => Ok(Told::new(py, layer).one_item(item)?.into_any().unbind()),
            None => Err(PyStopAsyncIteration::new_err(())),
        })
    }

    /// The items that did not open and were met since this was called last, of a client that reports them: dicts with
    /// TableName, Key and Error.
    fn take_bad_items<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyList>> {
        let stream = self.stream(py)?;
        let taken = wait(py, true, async move {
            Ok(match &mut *stream.lock().await {
                Stream::Begun(items) => items.take_bad_items(),
                Stream::Asked(_) => Vec::new(),
            })
        })?;
        bad_items(&Told::new(py, self.layer), &taken)
    }
}
