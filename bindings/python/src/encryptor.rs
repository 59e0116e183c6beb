//! Items, one by one and many at a time.

use std::sync::Arc;

use itemseal::{Item, Result};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList};

use crate::config::Given;
use crate::convert::Layer;
use crate::errors::raise;
use crate::keyring::{Keyring, Recipe};
use crate::legacy::{Legacy, LegacyDecryptor};
use crate::nothing::Nothing;
use crate::per_process::PerProcess;
use crate::runtime::{awaitable, wait};
use crate::services::Source;
use crate::table_config::TableConfig;
use crate::together::together;

/// An encryptor, which each process builds for itself.
pub(crate) struct Encryptor {
    table: itemseal::TableConfig,
    recipe: Arc<dyn Recipe>,
    source: Source,
    built: PerProcess<itemseal::ItemEncryptor>,
    legacy: Option<Arc<Legacy>>,
}

/// Which way an item goes.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Way {
    Encrypt,
    Decrypt,
}

impl Encryptor {
    pub(crate) fn new(
        table: itemseal::TableConfig,
        recipe: Arc<dyn Recipe>,
        source: Source,
    ) -> Self {
        Self { table, recipe, source, built: PerProcess::new(), legacy: None }
    }

    /// Reads the items of AWS's legacy client too.
    pub(crate) fn with_legacy(mut self, legacy: Option<Arc<Legacy>>) -> Self {
        self.legacy = legacy;
        self
    }

    /// Calls AWS over these clients.
    pub(crate) fn over(mut self, source: Source) -> Self {
        self.source = source;
        self
    }

    /// Whether it reads and writes as the other does.
    pub(crate) fn is_like(&self, other: &Self) -> bool {
        let reader = |of: &Self| of.legacy.as_ref().map(Arc::as_ptr);
        self.recipe.is(&*other.recipe) && reader(self) == reader(other)
    }

    /// The reader of this item, if AWS's legacy client wrote it.
    pub(crate) fn legacy_of(&self, item: &Item) -> Option<&Legacy> {
        self.legacy.as_deref().filter(|_| Legacy::is_legacy(item))
    }

    pub(crate) fn table(&self) -> &itemseal::TableConfig {
        &self.table
    }

    /// Whether it may have to wait for something outside of the process.
    pub(crate) fn waits(&self) -> bool {
        self.recipe.waits() || self.legacy.as_ref().is_some_and(|legacy| legacy.waits())
    }

    pub(crate) async fn built(&self) -> Result<Arc<itemseal::ItemEncryptor>> {
        if let Some(built) = self.built.get() {
            return Ok(built);
        }
        let keyring = match self.recipe.waits() {
            true => {
                let keyring = self.recipe.build(&*self.source.load().await?)?;
                self.source.prepare(keyring.regions()).await?;
                keyring
            }
            false => self.recipe.build(&Nothing)?,
        };
        let table = self.table.clone();
        self.built.get_or_make(|| Ok(itemseal::ItemEncryptor::new(table, keyring)))
    }

    pub(crate) async fn one(&self, way: Way, item: Item) -> Result<Item> {
        match way {
            Way::Encrypt => match self.legacy_of(&item) {
                Some(_) => Err(Legacy::still_encrypted()),
                None => self.built().await?.encrypt_item(item).await,
            },
            Way::Decrypt => match self.legacy_of(&item) {
                Some(legacy) => legacy.decrypt(item).await,
                None => self.built().await?.decrypt_item(item).await,
            },
        }
    }
}

/// Encrypts and decrypts the items of one table.
///
/// config is a path, a Config or a TableConfig; table says which table of a file with several. keyring is the file's
/// unless it is given. aws says whose clients call AWS KMS: a boto3 or aiobotocore session, client, resource or Table,
/// or an AwsClients, and without it the AWS SDK for Rust, with the standard credential chain. legacy, a
/// LegacyDecryptor, reads the items that AWS's legacy client wrote. May be used by many threads; other threads run while
/// an item is being encrypted. After a fork it goes on in the child.
///
/// Items are dicts as boto3's resources have them (str, Decimal, set…); the methods with dynamodb in their name take
/// and give them as its clients do ({"S": …}). None of them changes what it is given.
#[pyclass(frozen, module = "itemseal", name = "ItemEncryptor")]
pub(crate) struct ItemEncryptor {
    encryptor: Arc<Encryptor>,
}

impl ItemEncryptor {
    fn one<'py>(
        &self,
        way: Way,
        layer: Layer,
        item: &Bound<'py, PyAny>,
    ) -> PyResult<Bound<'py, PyDict>> {
        let py = item.py();
        let (item, encryptor) = (layer.read(item)?, Arc::clone(&self.encryptor));
        let waits = encryptor.waits();
        let done = wait(py, waits, async move { encryptor.one(way, item).await })?;
        layer.write(py, done)
    }

    fn one_async<'py>(
        &self,
        way: Way,
        layer: Layer,
        item: &Bound<'py, PyAny>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let py = item.py();
        let (item, encryptor) = (layer.read(item)?, Arc::clone(&self.encryptor));
        let waits = encryptor.waits();
        let work = async move { encryptor.one(way, item).await };
        awaitable(py, waits, work, move |py, done| Ok(layer.write(py, done)?.into_any().unbind()))
    }
}

#[pymethods]
impl ItemEncryptor {
    #[new]
    #[pyo3(signature = (config, keyring=None, *, table=None, aws=None, legacy=None))]
    fn new(
        config: &Bound<'_, PyAny>,
        keyring: Option<&Bound<'_, Keyring>>,
        table: Option<&str>,
        aws: Option<&Bound<'_, PyAny>>,
        legacy: Option<&Bound<'_, LegacyDecryptor>>,
    ) -> PyResult<Self> {
        let source = aws.map_or(Ok(Source::Sdk), Source::from_python)?;
        let given = Given::read(config)?.one_table(table, keyring);
        let (table, recipe) = given.map_err(|error| raise(config.py(), &error))?;
        let legacy = legacy.map(|legacy| Arc::clone(&legacy.get().legacy));
        let encryptor = Encryptor::new(table, recipe, source).with_legacy(legacy);
        Ok(Self { encryptor: Arc::new(encryptor) })
    }

    /// The table's configuration.
    #[getter]
    fn table(&self) -> TableConfig {
        TableConfig { config: self.encryptor.table().clone() }
    }

    /// Encrypts an item to the form that is stored.
    ///
    /// MisuseError if a key attribute is missing or an attribute has a name of itemseal's own, UnsupportedTypeError for a
    /// value that DynamoDB has no type for, each with .attribute; and the keyring's errors.
    fn encrypt_item<'py>(&self, item: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyDict>> {
        self.one(Way::Encrypt, Layer::Python, item)
    }

    /// Verifies a stored item and decrypts it.
    ///
    /// AuthenticationError if it was altered or is not for this key or table, NotEncryptedError if it has no header,
    /// MalformedError if it is damaged; and the keyring's errors.
    fn decrypt_item<'py>(&self, item: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyDict>> {
        self.one(Way::Decrypt, Layer::Python, item)
    }

    /// encrypt_item for items as boto3's clients have them.
    fn encrypt_dynamodb_item<'py>(&self, item: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyDict>> {
        self.one(Way::Encrypt, Layer::DynamoDb, item)
    }

    /// decrypt_item for items as boto3's clients have them.
    fn decrypt_dynamodb_item<'py>(&self, item: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyDict>> {
        self.one(Way::Decrypt, Layer::DynamoDb, item)
    }

    /// encrypt_item for asyncio: waiting for KMS does not hold up the loop.
    fn encrypt_item_async<'py>(&self, item: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        self.one_async(Way::Encrypt, Layer::Python, item)
    }

    /// decrypt_item for asyncio.
    fn decrypt_item_async<'py>(&self, item: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        self.one_async(Way::Decrypt, Layer::Python, item)
    }

    /// encrypt_dynamodb_item for asyncio.
    fn encrypt_dynamodb_item_async<'py>(
        &self,
        item: &Bound<'py, PyAny>,
    ) -> PyResult<Bound<'py, PyAny>> {
        self.one_async(Way::Encrypt, Layer::DynamoDb, item)
    }

    /// decrypt_dynamodb_item for asyncio.
    fn decrypt_dynamodb_item_async<'py>(
        &self,
        item: &Bound<'py, PyAny>,
    ) -> PyResult<Bound<'py, PyAny>> {
        self.one_async(Way::Decrypt, Layer::DynamoDb, item)
    }

    /// Encrypts many items, any iterable of them, on every core; the first error ends all. The results keep the order.
    /// Errors are those of encrypt_item.
    fn encrypt_items<'py>(&self, items: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyList>> {
        together(&self.encryptor, Way::Encrypt, Layer::Python, items)
    }

    /// Decrypts many items, any iterable of them, on every core; the first error ends all. The results keep the order.
    /// Errors are those of decrypt_item.
    fn decrypt_items<'py>(&self, items: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyList>> {
        together(&self.encryptor, Way::Decrypt, Layer::Python, items)
    }

    /// encrypt_items for items as boto3's clients have them.
    fn encrypt_dynamodb_items<'py>(
        &self,
        items: &Bound<'py, PyAny>,
    ) -> PyResult<Bound<'py, PyList>> {
        together(&self.encryptor, Way::Encrypt, Layer::DynamoDb, items)
    }

    /// decrypt_items for items as boto3's clients have them.
    fn decrypt_dynamodb_items<'py>(
        &self,
        items: &Bound<'py, PyAny>,
    ) -> PyResult<Bound<'py, PyList>> {
        together(&self.encryptor, Way::Decrypt, Layer::DynamoDb, items)
    }

    fn __repr__(&self) -> String {
        format!("ItemEncryptor({:?})", self.encryptor.table().logical_name())
    }
}
