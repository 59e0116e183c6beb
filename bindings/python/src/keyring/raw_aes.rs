//! A wrapping key in memory.

use std::sync::Arc;

use itemseal::Result;
use pyo3::prelude::*;
use zeroize::Zeroizing;

use super::{Keyring, Recipe, checked};
use crate::services::Services;

struct RawAes {
    namespace: String,
    name: String,
    key: Zeroizing<Vec<u8>>,
}

impl Recipe for RawAes {
    fn build(&self, _: &dyn Services) -> Result<Arc<dyn itemseal::Keyring>> {
        let keyring =
            itemseal::RawAesKeyring::new(&self.namespace, &self.name, self.key.as_slice())?;
        Ok(Arc::new(keyring))
    }

    fn waits(&self) -> bool {
        false
    }
}

/// Wraps data keys under an AES key that the program has: AES-GCM.
///
/// namespace and name say which key it is; they are stored with every item. The key has 32 bytes (AES-256), or 24
/// or 16; any other number is a MisuseError.
#[pyclass(frozen, extends = Keyring, module = "itemseal")]
pub(crate) struct RawAesKeyring {}

#[pymethods]
impl RawAesKeyring {
    #[new]
    fn new(
        py: Python<'_>,
        namespace: String,
        name: String,
        key: Vec<u8>,
    ) -> PyResult<PyClassInitializer<Self>> {
        let recipe = RawAes { namespace, name, key: Zeroizing::new(key) };
        Ok(checked(py, recipe)?.add_subclass(Self {}))
    }

    fn __repr__(&self) -> &'static str {
        "RawAesKeyring(...)"
    }
}
