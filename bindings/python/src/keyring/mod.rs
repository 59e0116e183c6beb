//! Keyrings: what they are made of is kept, and they are built in each process, over its own clients.

mod raw_aes;

use std::sync::Arc;

use itemseal::Result;
use itemseal_aws::ConfigFile;
use pyo3::prelude::*;

pub(crate) use raw_aes::RawAesKeyring;

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
