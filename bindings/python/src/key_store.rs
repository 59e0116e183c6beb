//! Key stores: a table of branch keys.

use std::collections::BTreeMap;
use std::future::Future;
use std::sync::Arc;

use itemseal::keystore::KeyStoreKms;
use itemseal::kms::KeyArn;
use itemseal::{Result, keystore};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList};

use crate::access::Access;
use crate::errors::raise;
use crate::nothing::Nothing;
use crate::runtime::wait;
use crate::services::{Services, Source};

/// What a key store is built from.
pub(crate) struct StoreRecipe {
    pub(crate) table: String,
    pub(crate) logical_name: String,
    pub(crate) key_arn: String,
    /// Those of the table and of the key; without any, the one of the key's ARN.
    pub(crate) regions: Vec<String>,
    pub(crate) access: Access,
}

impl StoreRecipe {
    pub(crate) fn open(&self, services: &dyn Services) -> Result<keystore::KeyStore> {
        let key: KeyArn = self.key_arn.parse()?;
        let own = [key.region().to_owned()];
        let regions = if self.regions.is_empty() { own.as_slice() } else { &self.regions };
        let table = services.key_store(&self.table, regions)?;
        let kms = KeyStoreKms::mrk(&self.key_arn, regions)?;
        keystore::KeyStore::new(table, &self.logical_name, kms, self.access.over(services)?)
    }
}

struct Inner {
    recipe: StoreRecipe,
    source: Source,
}

impl Inner {
    async fn open(&self) -> Result<keystore::KeyStore> {
        let store = self.recipe.open(&*self.source.load().await?)?;
        self.source.prepare(store.regions()).await?;
        Ok(store)
    }
}

/// Makes, rotates and lists the branch keys that HierarchicalKeyring uses.
///
/// table is a table with the partition key branch-key-id and the sort key type, both text; name is the logical name
/// that is bound to every key in it, the table's unless given. key_arn is the KMS key that new branch keys are under,
/// and regions are those of the table and the key, home first, and without them the one of the ARN. deadline (seconds
/// or a timedelta), grant_tokens and aws are as for keyrings and ItemEncryptor.
#[pyclass(frozen, module = "itemseal", name = "KeyStore")]
pub(crate) struct KeyStore {
    inner: Arc<Inner>,
}

impl KeyStore {
    fn wait<T: Send + 'static, F: Future<Output = Result<T>> + Send + 'static>(
        &self,
        py: Python<'_>,
        work: impl FnOnce(keystore::KeyStore) -> F + Send + 'static,
    ) -> PyResult<T> {
        let inner = Arc::clone(&self.inner);
        wait(py, true, async move { work(inner.open().await?).await })
    }
}

#[pymethods]
impl KeyStore {
    #[new]
    #[pyo3(signature = (table, key_arn, regions=Vec::new(), *, name=None, deadline=None,
        grant_tokens=Vec::new(), aws=None))]
    #[allow(clippy::too_many_arguments, reason = "Python's keyword arguments")]
    fn new(
        py: Python<'_>,
        table: String,
        key_arn: String,
        regions: Vec<String>,
        name: Option<String>,
        deadline: Option<&Bound<'_, PyAny>>,
        grant_tokens: Vec<String>,
        aws: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Self> {
        let logical_name = name.unwrap_or_else(|| table.clone());
        let access = Access::new(deadline, grant_tokens)?;
        let recipe = StoreRecipe { table, logical_name, key_arn, regions, access };
        recipe.open(&Nothing).map_err(|error| raise(py, &error))?;
        let source = aws.map_or(Ok(Source::Sdk), Source::from_python)?;
        Ok(Self { inner: Arc::new(Inner { recipe, source }) })
    }

    /// Makes a branch key and gives its id: branch_key_id, or a new UUID. context is bound to it for ever; to choose an
    /// id takes one, such as {"department": "admin"}. ConflictError if there is such a key.
    #[pyo3(signature = (branch_key_id=None, context=BTreeMap::new()))]
    fn create_key(
        &self,
        py: Python<'_>,
        branch_key_id: Option<String>,
        context: BTreeMap<String, String>,
    ) -> PyResult<String> {
        self.wait(
            py,
            |store| async move { store.create_key(branch_key_id.as_deref(), context).await },
        )
    }

    /// Makes a new version of a branch key, which new items are written with; old items still open. A keyring that
    /// has the old one goes on with it for its ttl. ConflictError if somebody else has made one meanwhile.
    fn rotate(&self, py: Python<'_>, branch_key_id: String) -> PyResult<()> {
        self.wait(py, |store| async move { store.rotate(&branch_key_id).await })
    }

    /// The branch keys and their versions, as dicts, in the order of their ids; the oldest version first. No key is
    /// opened, and nothing of it is verified.
    fn list<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyList>> {
        let keys = self.wait(py, |store| async move { store.list().await })?;
        let list = PyList::empty(py);
        for key in keys {
            let versions = PyList::empty(py);
            for of in key.versions {
                let version = PyDict::new(py);
                version.set_item("version", of.version)?;
                version.set_item("create_time", of.create_time)?;
                version.set_item("active", of.active)?;
                versions.append(version)?;
            }
            let one = PyDict::new(py);
            one.set_item("id", key.id)?;
            one.set_item("kms_arn", key.kms_arn)?;
            one.set_item("context", key.context)?;
            one.set_item("versions", versions)?;
            list.append(one)?;
        }
        Ok(list)
    }

    fn __repr__(&self) -> String {
        let StoreRecipe { table, key_arn, regions, .. } = &self.inner.recipe;
        format!("KeyStore({table:?}, {key_arn:?}, regions={regions:?})")
    }
}
