//! Keyrings: what they are made of is kept, and they are built in each process, over its own clients.

mod caching;
mod hierarchical;
mod kms;
mod mrk;
mod mrk_discovery;
mod multi;
mod provider;
mod raw_aes;
mod raw_rsa;

use std::sync::Arc;

use itemseal::Result;
use itemseal_aws::ConfigFile;
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;

pub(crate) use caching::CachingKeyring;
pub(crate) use hierarchical::HierarchicalKeyring;
pub(crate) use kms::{KmsKeyring, KmsMultiKeyring};
pub(crate) use mrk::{MrkKeyring, MrkMultiKeyring};
pub(crate) use mrk_discovery::MrkDiscoveryKeyring;
pub(crate) use multi::MultiKeyring;
pub(crate) use provider::ProviderKeyring;
pub(crate) use raw_aes::RawAesKeyring;
pub(crate) use raw_rsa::RawRsaKeyring;

use crate::errors::{raise, type_name};
use crate::nothing::Nothing;
use crate::services::Services;

/// What a keyring is built from.
pub(crate) trait Recipe: Send + Sync {
    /// Builds it over these services.
    fn build(&self, services: &dyn Services) -> Result<Arc<dyn itemseal::Keyring>>;

    /// Whether it asks anything outside of the process.
    fn waits(&self) -> bool;

    /// The file that it is in, if it is a file's.
    fn file(&self) -> Option<&ConfigFile> {
        None
    }
}

impl dyn Recipe {
    /// Whether this is the other: the same object, or of a file that says the same.
    pub(crate) fn is(&self, other: &dyn Recipe) -> bool {
        match (self.file(), other.file()) {
            (Some(one), Some(other)) => one == other,
            _ => std::ptr::addr_eq(self, other),
        }
    }
}

/// Whose key items' data keys are wrapped under. Make one of its subclasses.
#[pyclass(frozen, subclass, module = "itemseal")]
pub(crate) struct Keyring {
    pub(crate) recipe: Arc<dyn Recipe>,
}

impl Keyring {
    pub(crate) fn new(recipe: impl Recipe + 'static) -> Self {
        Self { recipe: Arc::new(recipe) }
    }
}

#[pymethods]
impl Keyring {
    fn __reduce__(slf: &Bound<'_, Self>) -> PyResult<()> {
        let message = format!(
            "a {} cannot be pickled or copied: it may hold keys and permissions; make it anew in the other process",
            type_name(slf.as_any())
        );
        Err(PyTypeError::new_err(message))
    }
}

/// The base of a keyring whose recipe was built once, over nothing: so what cannot be right is said at once.
fn checked(py: Python<'_>, recipe: impl Recipe + 'static) -> PyResult<PyClassInitializer<Keyring>> {
    recipe.build(&Nothing).map_err(|error| raise(py, &error))?;
    Ok(PyClassInitializer::from(Keyring::new(recipe)))
}
