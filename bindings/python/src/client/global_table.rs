//! The class.

use std::sync::Arc;

use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList};

use super::batches::{BatchGetItem, BatchWriteItem};
use super::connect::Client;
use super::connection::Connection;
use super::counts;
use super::given::Given;
use super::items::Items;
use super::operation::read;
use super::options::Options;
use super::pages::{Query, Scan};
use super::reads::{GetItem, GetItemNotBefore};
use super::streams::StreamOpener;
use super::transactions::{TransactGetItems, TransactWriteItems};
use super::writes::{DeleteItem, PutItem, UpdateItem};
use crate::convert::Layer;
use crate::errors::named;
use crate::keyring::Keyring;
use crate::runtime::{awaitable, wait};

/// What an operation takes, what it gives, and what it gives to be awaited.
type Dict<'py> = Bound<'py, PyDict>;
type Told<'py> = PyResult<Dict<'py>>;
type Awaited<'py> = PyResult<Bound<'py, PyAny>>;

/// A client for encrypted tables: boto3's parameters and results, and in each result the Region that answered.
///
/// config is a path, a Config, a TableConfig, or a dict of TableConfigs by the tables' names; keyring is the file's
/// unless it is given. types is "python" for values as boto3's resources have them (str, Decimal, set…) or "dynamodb"
/// for those of its clients ({"S": …}). The other keyword arguments, all optional:
///
/// - regions: those of the tables, home first; the keyring's unless given. allowed_regions: any other is a MisuseError.
/// - deadline: the most time for a call over all Regions, in seconds, 5 unless given; most_per_region: the most that a
///   read may take in one while others are left, 0.8 unless given.
/// - writes: "home", or "failover", where a write goes on in the next Region. read_order: "given", or "nearest".
/// - hedged_reads: an unusually slow read is sent to the next Region too, at most two in a hundred.
/// - consistent_reads_elsewhere: while the home Region does not answer, ConsistentRead is another replica's.
/// - complete_index_reads: what an index has parts of only is read from the table, a BatchGetItem for every hundred
///   items; without it such reads are refused.
/// - hand_back_unprocessed: what a batch leaves undone comes back, and is not sent again.
/// - plaintext_tables: tables that pass as they are. plaintext_reads: tables that may still have plaintext items.
/// - version_attributes: the attribute that counts an item's versions, by table.
/// - shapes: what is otherwise asked of DescribeTable, by table:
///   {"keys": [...], "indexes": {"by-status": {"keys": [...], "whole": True}}, "ttl_attribute": ...}.
///
/// Parameters that are not known, or that encrypted items do not allow, are MisuseError and RefusedError before anything
/// is sent; what AWS answers is ServiceError or ConflictError, and what does not open AuthenticationError.
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
    fn put_item<'py>(&self, py: Python<'py>, parameters: Option<&Dict<'py>>) -> Told<'py> {
        self.connection.call::<PutItem>(py, self.layer, parameters)
    }

    /// Reads an item from the first Region that answers, verifies and opens it. Result: Item, if there is one.
    #[pyo3(signature = (**parameters))]
    fn get_item<'py>(&self, py: Python<'py>, parameters: Option<&Dict<'py>>) -> Told<'py> {
        self.connection.call::<GetItem>(py, self.layer, parameters)
    }

    /// Changes attributes that are not signed; update_item_with changes the others. Result: Attributes.
    #[pyo3(signature = (**parameters))]
    fn update_item<'py>(&self, py: Python<'py>, parameters: Option<&Dict<'py>>) -> Told<'py> {
        self.connection.call::<UpdateItem>(py, self.layer, parameters)
    }

    /// Deletes an item. Result: Attributes, if ReturnValues asks for them.
    #[pyo3(signature = (**parameters))]
    fn delete_item<'py>(&self, py: Python<'py>, parameters: Option<&Dict<'py>>) -> Told<'py> {
        self.connection.call::<DeleteItem>(py, self.layer, parameters)
    }

    /// A page of a query. Result: Items, Count, ScannedCount, LastEvaluatedKey.
    #[pyo3(signature = (**parameters))]
    fn query<'py>(&self, py: Python<'py>, parameters: Option<&Dict<'py>>) -> Told<'py> {
        self.connection.call::<Query>(py, self.layer, parameters)
    }

    /// A page of a scan. Result: Items, Count, ScannedCount, LastEvaluatedKey.
    #[pyo3(signature = (**parameters))]
    fn scan<'py>(&self, py: Python<'py>, parameters: Option<&Dict<'py>>) -> Told<'py> {
        self.connection.call::<Scan>(py, self.layer, parameters)
    }

    /// Reads any number of keys. Result: Responses, UnprocessedKeys.
    #[pyo3(signature = (**parameters))]
    fn batch_get_item<'py>(&self, py: Python<'py>, parameters: Option<&Dict<'py>>) -> Told<'py> {
        self.connection.call::<BatchGetItem>(py, self.layer, parameters)
    }

    /// Puts and deletes any number of items. Result: UnprocessedItems.
    #[pyo3(signature = (**parameters))]
    fn batch_write_item<'py>(&self, py: Python<'py>, parameters: Option<&Dict<'py>>) -> Told<'py> {
        self.connection.call::<BatchWriteItem>(py, self.layer, parameters)
    }

    /// Writes all or nothing, in the home Region.
    #[pyo3(signature = (**parameters))]
    fn transact_write_items<'py>(
        &self,
        py: Python<'py>,
        parameters: Option<&Dict<'py>>,
    ) -> Told<'py> {
        self.connection.call::<TransactWriteItems>(py, self.layer, parameters)
    }

    /// Reads several items as they are at one moment. Result: Responses.
    #[pyo3(signature = (**parameters))]
    fn transact_get_items<'py>(
        &self,
        py: Python<'py>,
        parameters: Option<&Dict<'py>>,
    ) -> Told<'py> {
        self.connection.call::<TransactGetItems>(py, self.layer, parameters)
    }

    /// get_item that gives the item with this Version or a later one: an int, of a table that has a version attribute.
    #[pyo3(signature = (**parameters))]
    fn get_item_not_before<'py>(
        &self,
        py: Python<'py>,
        parameters: Option<&Dict<'py>>,
    ) -> Told<'py> {
        self.connection.call::<GetItemNotBefore>(py, self.layer, parameters)
    }

    /// put_item for asyncio.
    #[pyo3(signature = (**parameters))]
    fn put_item_async<'py>(&self, py: Python<'py>, parameters: Option<&Dict<'py>>) -> Awaited<'py> {
        self.connection.call_async::<PutItem>(py, self.layer, parameters)
    }

    /// get_item for asyncio.
    #[pyo3(signature = (**parameters))]
    fn get_item_async<'py>(&self, py: Python<'py>, parameters: Option<&Dict<'py>>) -> Awaited<'py> {
        self.connection.call_async::<GetItem>(py, self.layer, parameters)
    }

    /// update_item for asyncio.
    #[pyo3(signature = (**parameters))]
    fn update_item_async<'py>(
        &self,
        py: Python<'py>,
        parameters: Option<&Dict<'py>>,
    ) -> Awaited<'py> {
        self.connection.call_async::<UpdateItem>(py, self.layer, parameters)
    }

    /// delete_item for asyncio.
    #[pyo3(signature = (**parameters))]
    fn delete_item_async<'py>(
        &self,
        py: Python<'py>,
        parameters: Option<&Dict<'py>>,
    ) -> Awaited<'py> {
        self.connection.call_async::<DeleteItem>(py, self.layer, parameters)
    }

    /// query for asyncio.
    #[pyo3(signature = (**parameters))]
    fn query_async<'py>(&self, py: Python<'py>, parameters: Option<&Dict<'py>>) -> Awaited<'py> {
        self.connection.call_async::<Query>(py, self.layer, parameters)
    }

    /// scan for asyncio.
    #[pyo3(signature = (**parameters))]
    fn scan_async<'py>(&self, py: Python<'py>, parameters: Option<&Dict<'py>>) -> Awaited<'py> {
        self.connection.call_async::<Scan>(py, self.layer, parameters)
    }

    /// batch_get_item for asyncio.
    #[pyo3(signature = (**parameters))]
    fn batch_get_item_async<'py>(
        &self,
        py: Python<'py>,
        parameters: Option<&Dict<'py>>,
    ) -> Awaited<'py> {
        self.connection.call_async::<BatchGetItem>(py, self.layer, parameters)
    }

    /// batch_write_item for asyncio.
    #[pyo3(signature = (**parameters))]
    fn batch_write_item_async<'py>(
        &self,
        py: Python<'py>,
        parameters: Option<&Dict<'py>>,
    ) -> Awaited<'py> {
        self.connection.call_async::<BatchWriteItem>(py, self.layer, parameters)
    }

    /// transact_write_items for asyncio.
    #[pyo3(signature = (**parameters))]
    fn transact_write_items_async<'py>(
        &self,
        py: Python<'py>,
        parameters: Option<&Dict<'py>>,
    ) -> Awaited<'py> {
        self.connection.call_async::<TransactWriteItems>(py, self.layer, parameters)
    }

    /// transact_get_items for asyncio.
    #[pyo3(signature = (**parameters))]
    fn transact_get_items_async<'py>(
        &self,
        py: Python<'py>,
        parameters: Option<&Dict<'py>>,
    ) -> Awaited<'py> {
        self.connection.call_async::<TransactGetItems>(py, self.layer, parameters)
    }

    /// get_item_not_before for asyncio.
    #[pyo3(signature = (**parameters))]
    fn get_item_not_before_async<'py>(
        &self,
        py: Python<'py>,
        parameters: Option<&Dict<'py>>,
    ) -> Awaited<'py> {
        self.connection.call_async::<GetItemNotBefore>(py, self.layer, parameters)
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
        let (work, raised) =
            self.connection.update_item_with(self.layer, TableName, Key, change)?;
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
        let layer = self.layer;
        let (work, raised) = self.connection.update_item_with(layer, TableName, Key, change)?;
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
        let counts = self.connection.client.built().map(|client| client.call_counts());
        counts::calls(py, counts.unwrap_or_default())
    }

    /// How many items were encrypted and opened in this process: sealed, sealed_bytes, opened, opened_bytes, unopened,
    /// and failovers, the answers of other Regions than the home Region.
    fn item_counts<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let counts = self.connection.client.built().map(|client| client.item_counts());
        counts::items(py, counts.unwrap_or_default())
    }

    fn __repr__(&self) -> String {
        format!("GlobalTable({})", self.tables().join(", "))
    }
}
