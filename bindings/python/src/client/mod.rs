//! The client for encrypted global tables, with boto3's calling convention.

mod batches;
mod conditions;
mod conflicts;
mod connect;
mod given;
mod items;
mod operation;
mod options;
mod pages;
mod reads;
mod streams;
mod told;
mod transactions;
mod update_item_with;
mod writes;

use std::sync::Arc;

use itemseal::Result;
use itemseal_aws::item_to_sdk;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList};

pub(crate) use items::Items;
pub(crate) use streams::StreamOpener;

use crate::convert::Layer;
use crate::errors::named;
use crate::keyring::Keyring;
use crate::runtime::{awaitable, wait};
use batches::{BatchGetItem, BatchWriteItem};
use connect::Client;
use given::Given;
use operation::{Operation, read, write};
use options::Options;
use pages::{Query, Scan};
use reads::{GetItem, GetItemNotBefore};
use transactions::{TransactGetItems, TransactWriteItems};
use update_item_with::Change;
use writes::{DeleteItem, PutItem, UpdateItem};

/// A client, and how it is asked.
#[derive(Clone)]
struct Connection {
    client: Arc<Client>,
    idempotent: bool,
    reporting: bool,
}

impl Connection {
    async fn client(&self) -> Result<itemseal_aws::GlobalTable> {
        let mut client = self.client.connected().await?;
        if self.idempotent {
            client = client.idempotent();
        }
        if self.reporting {
            client = client.reporting_bad_items();
        }
        Ok(client)
    }
}

/// A client for encrypted tables: boto3's parameters and results, and in each result the Region that answered.
///
/// config is a path, a Config, a TableConfig, or a dict of TableConfigs by the tables' names; keyring is the file's
/// unless it is given. types is "python" for values as boto3's resources have them (str, Decimal, set…) or "dynamodb"
/// for those of its clients ({"S": …}). The other keyword arguments, all optional: regions (home first),
/// allowed_regions, deadline and most_per_region in seconds, writes ("home" or "failover"), read_order ("given" or
/// "nearest"), hedged_reads, consistent_reads_elsewhere, complete_index_reads, hand_back_unprocessed,
/// plaintext_tables, plaintext_reads, version_attributes (by table) and shapes (by table).
///
/// It needs no boto3: credentials and endpoints are found as the AWS SDKs find them. It is built at the first call,
/// and may be used by many threads and, after a fork, in the child. Each operation has a twin for asyncio, named
/// *_async.
#[pyclass(frozen, module = "itemseal", name = "GlobalTable")]
pub(crate) struct GlobalTable {
    connection: Connection,
    layer: Layer,
}

impl GlobalTable {
    fn call<'py, O: Operation>(
        &self,
        py: Python<'py>,
        parameters: Option<&Bound<'py, PyDict>>,
    ) -> PyResult<Bound<'py, PyDict>> {
        let input = read::<O>(py, parameters, self.layer)?;
        let connection = self.connection.clone();
        let reporting = connection.reporting;
        let answer = wait(py, true, async move {
            Ok(async { O::send(connection.client().await?, input).await }.await)
        })?;
        write::<O>(py, self.layer, reporting, answer)
    }

    fn call_async<'py, O: Operation>(
        &self,
        py: Python<'py>,
        parameters: Option<&Bound<'py, PyDict>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let input = read::<O>(py, parameters, self.layer)?;
        let (connection, layer) = (self.connection.clone(), self.layer);
        let reporting = connection.reporting;
        let work =
            async move { Ok(async { O::send(connection.client().await?, input).await }.await) };
        awaitable(py, true, work, move |py, answer| {
            Ok(write::<O>(py, layer, reporting, answer)?.into_any().unbind())
        })
    }

    fn asked(&self, idempotent: bool, reporting: bool) -> Self {
        let client = Arc::clone(&self.connection.client);
        Self { connection: Connection { client, idempotent, reporting }, layer: self.layer }
    }
}

#[pymethods]
impl GlobalTable {
    #[new]
    #[pyo3(signature = (config, keyring=None, *, types="python", **options))]
    fn new(
        config: &Bound<'_, PyAny>,
        keyring: Option<&Bound<'_, Keyring>>,
        types: &str,
        options: Option<&Bound<'_, PyDict>>,
    ) -> PyResult<Self> {
        let py = config.py();
        let layer = match types {
            "python" => Layer::Python,
            "dynamodb" => Layer::DynamoDb,
            _ => {
                let message = "types: say \"python\" or \"dynamodb\"";
                return Err(named(py, "MisuseError", message, None));
            }
        };
        let said = PyDict::new(py);
        for (name, value) in options.into_iter().flatten() {
            // None is as if it were not given.
            if !value.is_none() {
                said.set_item(name, value)?;
            }
        }
        let mut given = Given::call(py, "GlobalTable", Some(&said), layer);
        let options = Options::read(&mut given)?;
        given.finish()?;
        let client = Arc::new(Client::read(config, keyring, options)?);
        let connection = Connection { client, idempotent: false, reporting: false };
        Ok(Self { connection, layer })
    }

    /// Builds the client now, and not at the first call: the tables are described, and checked against their
    /// configuration.
    fn connect(&self, py: Python<'_>) -> PyResult<()> {
        let connection = self.connection.clone();
        wait(py, true, async move { connection.client().await.map(drop) })
    }

    /// connect for asyncio.
    fn connect_async<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let connection = self.connection.clone();
        let work = async move { connection.client().await.map(drop) };
        awaitable(py, true, work, |py, ()| Ok(py.None()))
    }

    /// Encrypts an item and puts it. Result: Attributes, if ReturnValues asks for them.
    #[pyo3(signature = (**parameters))]
    fn put_item<'py>(
        &self,
        py: Python<'py>,
        parameters: Option<&Bound<'py, PyDict>>,
    ) -> PyResult<Bound<'py, PyDict>> {
        self.call::<PutItem>(py, parameters)
    }

    /// Reads an item from the first Region that answers, verifies and opens it. Result: Item, if there is one.
    #[pyo3(signature = (**parameters))]
    fn get_item<'py>(
        &self,
        py: Python<'py>,
        parameters: Option<&Bound<'py, PyDict>>,
    ) -> PyResult<Bound<'py, PyDict>> {
        self.call::<GetItem>(py, parameters)
    }

    /// Changes attributes that are not signed; update_item_with changes the others. Result: Attributes.
    #[pyo3(signature = (**parameters))]
    fn update_item<'py>(
        &self,
        py: Python<'py>,
        parameters: Option<&Bound<'py, PyDict>>,
    ) -> PyResult<Bound<'py, PyDict>> {
        self.call::<UpdateItem>(py, parameters)
    }

    /// Deletes an item. Result: Attributes, if ReturnValues asks for them.
    #[pyo3(signature = (**parameters))]
    fn delete_item<'py>(
        &self,
        py: Python<'py>,
        parameters: Option<&Bound<'py, PyDict>>,
    ) -> PyResult<Bound<'py, PyDict>> {
        self.call::<DeleteItem>(py, parameters)
    }

    /// A page of a query. Result: Items, Count, ScannedCount, LastEvaluatedKey.
    #[pyo3(signature = (**parameters))]
    fn query<'py>(
        &self,
        py: Python<'py>,
        parameters: Option<&Bound<'py, PyDict>>,
    ) -> PyResult<Bound<'py, PyDict>> {
        self.call::<Query>(py, parameters)
    }

    /// A page of a scan. Result: Items, Count, ScannedCount, LastEvaluatedKey.
    #[pyo3(signature = (**parameters))]
    fn scan<'py>(
        &self,
        py: Python<'py>,
        parameters: Option<&Bound<'py, PyDict>>,
    ) -> PyResult<Bound<'py, PyDict>> {
        self.call::<Scan>(py, parameters)
    }

    /// Reads any number of keys. Result: Responses, UnprocessedKeys.
    #[pyo3(signature = (**parameters))]
    fn batch_get_item<'py>(
        &self,
        py: Python<'py>,
        parameters: Option<&Bound<'py, PyDict>>,
    ) -> PyResult<Bound<'py, PyDict>> {
        self.call::<BatchGetItem>(py, parameters)
    }

    /// Puts and deletes any number of items. Result: UnprocessedItems.
    #[pyo3(signature = (**parameters))]
    fn batch_write_item<'py>(
        &self,
        py: Python<'py>,
        parameters: Option<&Bound<'py, PyDict>>,
    ) -> PyResult<Bound<'py, PyDict>> {
        self.call::<BatchWriteItem>(py, parameters)
    }

    /// Writes all or nothing, in the home Region.
    #[pyo3(signature = (**parameters))]
    fn transact_write_items<'py>(
        &self,
        py: Python<'py>,
        parameters: Option<&Bound<'py, PyDict>>,
    ) -> PyResult<Bound<'py, PyDict>> {
        self.call::<TransactWriteItems>(py, parameters)
    }

    /// Reads several items as they are at one moment. Result: Responses.
    #[pyo3(signature = (**parameters))]
    fn transact_get_items<'py>(
        &self,
        py: Python<'py>,
        parameters: Option<&Bound<'py, PyDict>>,
    ) -> PyResult<Bound<'py, PyDict>> {
        self.call::<TransactGetItems>(py, parameters)
    }

    /// get_item that gives the item with this Version or a later one: an int, of a table that has a version attribute.
    #[pyo3(signature = (**parameters))]
    fn get_item_not_before<'py>(
        &self,
        py: Python<'py>,
        parameters: Option<&Bound<'py, PyDict>>,
    ) -> PyResult<Bound<'py, PyDict>> {
        self.call::<GetItemNotBefore>(py, parameters)
    }

    /// put_item for asyncio.
    #[pyo3(signature = (**parameters))]
    fn put_item_async<'py>(
        &self,
        py: Python<'py>,
        parameters: Option<&Bound<'py, PyDict>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        self.call_async::<PutItem>(py, parameters)
    }

    /// get_item for asyncio.
    #[pyo3(signature = (**parameters))]
    fn get_item_async<'py>(
        &self,
        py: Python<'py>,
        parameters: Option<&Bound<'py, PyDict>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        self.call_async::<GetItem>(py, parameters)
    }

    /// update_item for asyncio.
    #[pyo3(signature = (**parameters))]
    fn update_item_async<'py>(
        &self,
        py: Python<'py>,
        parameters: Option<&Bound<'py, PyDict>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        self.call_async::<UpdateItem>(py, parameters)
    }

    /// delete_item for asyncio.
    #[pyo3(signature = (**parameters))]
    fn delete_item_async<'py>(
        &self,
        py: Python<'py>,
        parameters: Option<&Bound<'py, PyDict>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        self.call_async::<DeleteItem>(py, parameters)
    }

    /// query for asyncio.
    #[pyo3(signature = (**parameters))]
    fn query_async<'py>(
        &self,
        py: Python<'py>,
        parameters: Option<&Bound<'py, PyDict>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        self.call_async::<Query>(py, parameters)
    }

    /// scan for asyncio.
    #[pyo3(signature = (**parameters))]
    fn scan_async<'py>(
        &self,
        py: Python<'py>,
        parameters: Option<&Bound<'py, PyDict>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        self.call_async::<Scan>(py, parameters)
    }

    /// batch_get_item for asyncio.
    #[pyo3(signature = (**parameters))]
    fn batch_get_item_async<'py>(
        &self,
        py: Python<'py>,
        parameters: Option<&Bound<'py, PyDict>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        self.call_async::<BatchGetItem>(py, parameters)
    }

    /// batch_write_item for asyncio.
    #[pyo3(signature = (**parameters))]
    fn batch_write_item_async<'py>(
        &self,
        py: Python<'py>,
        parameters: Option<&Bound<'py, PyDict>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        self.call_async::<BatchWriteItem>(py, parameters)
    }

    /// transact_write_items for asyncio.
    #[pyo3(signature = (**parameters))]
    fn transact_write_items_async<'py>(
        &self,
        py: Python<'py>,
        parameters: Option<&Bound<'py, PyDict>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        self.call_async::<TransactWriteItems>(py, parameters)
    }

    /// transact_get_items for asyncio.
    #[pyo3(signature = (**parameters))]
    fn transact_get_items_async<'py>(
        &self,
        py: Python<'py>,
        parameters: Option<&Bound<'py, PyDict>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        self.call_async::<TransactGetItems>(py, parameters)
    }

    /// get_item_not_before for asyncio.
    #[pyo3(signature = (**parameters))]
    fn get_item_not_before_async<'py>(
        &self,
        py: Python<'py>,
        parameters: Option<&Bound<'py, PyDict>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        self.call_async::<GetItemNotBefore>(py, parameters)
    }

    /// Changes an item, signed and encrypted attributes too: change gets the item, or None if there is none, and
    /// returns the new one, or None to leave things as they are. If others wrote the item meanwhile it is called
    /// again, up to eight times. It runs in another thread. Result: Item, as it is now.
    #[allow(non_snake_case, reason = "boto3's names")]
    fn update_item_with<'py>(
        &self,
        py: Python<'py>,
        TableName: String,
        Key: &Bound<'py, PyAny>,
        change: Py<PyAny>,
    ) -> PyResult<Bound<'py, PyDict>> {
        let (key, connection) = (item_to_sdk(self.layer.read(Key)?), self.connection.clone());
        let (change, raised) = Change::new(change, self.layer);
        let work = async move {
            let client = connection.client().await?;
            client.update_item_with(&TableName, key, |item| change.call(item)).await
        };
        let answer = wait(py, true, async move { Ok(work.await) })?;
        raised.finish(py, self.layer, answer)
    }

    /// update_item_with for asyncio; change is a plain function.
    #[allow(non_snake_case, reason = "boto3's names")]
    fn update_item_with_async<'py>(
        &self,
        py: Python<'py>,
        TableName: String,
        Key: &Bound<'py, PyAny>,
        change: Py<PyAny>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let (key, connection) = (item_to_sdk(self.layer.read(Key)?), self.connection.clone());
        let layer = self.layer;
        let (change, raised) = Change::new(change, layer);
        let work = async move {
            let client = connection.client().await?;
            client.update_item_with(&TableName, key, |item| change.call(item)).await
        };
        awaitable(py, true, async move { Ok(work.await) }, move |py, answer| {
            Ok(raised.finish(py, layer, answer)?.into_any().unbind())
        })
    }

    /// All items that a query finds, page after page; query's parameters.
    #[pyo3(signature = (**parameters))]
    fn query_items(
        &self,
        py: Python<'_>,
        parameters: Option<&Bound<'_, PyDict>>,
    ) -> PyResult<Items> {
        let input = read::<Query>(py, parameters, self.layer)?;
        Items::new(py, self.connection.clone(), self.layer, |client| Ok(client.query_items(input)))
    }

    /// All items of a table or an index, in no order; scan's parameters. As many segments as are given are scanned at
    /// the same time.
    #[pyo3(signature = (*, segments=1, **parameters))]
    fn scan_items(
        &self,
        py: Python<'_>,
        segments: u32,
        parameters: Option<&Bound<'_, PyDict>>,
    ) -> PyResult<Items> {
        let input = read::<Scan>(py, parameters, self.layer)?;
        let begin = move |client: &itemseal_aws::GlobalTable| client.scan_items(input, segments);
        Items::new(py, self.connection.clone(), self.layer, begin)
    }

    /// This client for writes that may be carried out twice, the second time later and in another Region. It matters
    /// where writes fail over.
    fn idempotent(&self) -> Self {
        self.asked(true, self.connection.reporting)
    }

    /// This client for reads of many items that give the good ones, and report those that do not open in BadItems:
    /// dicts with TableName, Key and Error.
    fn reporting_bad_items(&self) -> Self {
        self.asked(self.connection.idempotent, true)
    }

    /// What opens the images in the change records of these tables.
    fn stream_opener(&self) -> StreamOpener {
        StreamOpener::new(self.connection.clone())
    }

    /// The tables' names in DynamoDB.
    #[getter]
    fn tables(&self) -> Vec<&str> {
        self.connection.client.names()
    }

    /// The Regions, the home Region first.
    fn regions(&self, py: Python<'_>) -> PyResult<Vec<String>> {
        let connection = self.connection.clone();
        let client = wait(py, true, async move { connection.client().await })?;
        Ok(client.regions().map(str::to_owned).collect())
    }

    /// How often which operation was called in which Region, in this process: dicts with operation, region, calls,
    /// errors and given_up.
    fn call_counts<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyList>> {
        let list = PyList::empty(py);
        let counts = self.connection.client.built().map(|client| client.call_counts());
        for count in counts.unwrap_or_default() {
            let dict = PyDict::new(py);
            dict.set_item("operation", count.operation)?;
            dict.set_item("region", count.region)?;
            for (name, number) in
                [("calls", count.calls), ("errors", count.errors), ("given_up", count.given_up)]
            {
                dict.set_item(name, number)?;
            }
            list.append(dict)?;
        }
        Ok(list)
    }

    /// How many items were encrypted and opened in this process: sealed, sealed_bytes, opened, opened_bytes, unopened,
    /// and failovers, the answers of other Regions than the home Region.
    fn item_counts<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let counts = self.connection.client.built().map(|client| client.item_counts());
        let counts = counts.unwrap_or_default();
        let dict = PyDict::new(py);
        for (name, number) in [
            ("sealed", counts.sealed),
            ("sealed_bytes", counts.sealed_bytes),
            ("opened", counts.opened),
            ("opened_bytes", counts.opened_bytes),
            ("unopened", counts.unopened),
            ("failovers", counts.failovers),
        ] {
            dict.set_item(name, number)?;
        }
        Ok(dict)
    }

    fn __repr__(&self) -> String {
        format!("GlobalTable({})", self.tables().join(", "))
    }
}
