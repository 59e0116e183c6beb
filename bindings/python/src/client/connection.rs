//! A client as it is called: from threads, and from asyncio's loops.

use std::sync::Arc;

use itemseal::Result;
use itemseal_aws::item_to_sdk;
use pyo3::prelude::*;
use pyo3::types::PyDict;

use super::connect::Client;
use super::operation::{Operation, read, write};
use super::update_item_with::{Change, Raised, Updated};
use crate::convert::Layer;
use crate::runtime::{awaitable, wait};

/// A client, and how it is asked.
#[derive(Clone)]
pub(super) struct Connection {
    pub(super) client: Arc<Client>,
    pub(super) idempotent: bool,
    pub(super) reporting: bool,
}

impl Connection {
    pub(super) async fn client(&self) -> Result<itemseal_aws::GlobalTable> {
        let mut client = self.client.connected().await?;
        if self.idempotent {
            client = client.idempotent();
        }
        if self.reporting {
            client = client.reporting_bad_items();
        }
        Ok(client)
    }

    /// An operation, waited for.
    pub(super) fn call<'py, O: Operation>(
        &self,
        py: Python<'py>,
        layer: Layer,
        parameters: Option<&Bound<'py, PyDict>>,
    ) -> PyResult<Bound<'py, PyDict>> {
        let input = read::<O>(py, parameters, layer)?;
        let connection = self.clone();
        let answer = wait(py, true, async move {
            Ok(async { O::send(connection.client().await?, input).await }.await)
        })?;
        write::<O>(py, layer, self.reporting, answer)
    }

    /// The same for asyncio.
    pub(super) fn call_async<'py, O: Operation>(
        &self,
        py: Python<'py>,
        layer: Layer,
        parameters: Option<&Bound<'py, PyDict>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let input = read::<O>(py, parameters, layer)?;
        let (connection, reporting) = (self.clone(), self.reporting);
        let work =
            async move { Ok(async { O::send(connection.client().await?, input).await }.await) };
        awaitable(py, true, work, move |py, answer| {
            Ok(write::<O>(py, layer, reporting, answer)?.into_any().unbind())
        })
    }

    /// An item, changed by a Python function; and what that raised.
    pub(super) fn update_item_with(
        &self,
        layer: Layer,
        table: String,
        key: &Bound<'_, PyAny>,
        change: Py<PyAny>,
    ) -> PyResult<(impl Future<Output = Result<Updated>> + Send + 'static, Raised)> {
        let (key, connection) = (item_to_sdk(layer.read(key)?), self.clone());
        let (change, raised) = Change::new(change, layer);
        let work = async move {
            let client = connection.client().await?;
            client.update_item_with(&table, key, |item| change.call(item)).await
        };
        Ok((work, raised))
    }
}
