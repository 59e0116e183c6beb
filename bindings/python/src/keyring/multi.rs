//! Several keyrings as one.

use std::sync::Arc;

use itemseal::Result;
use pyo3::prelude::*;
use pyo3::types::PyTuple;

use super::{Keyring, Recipe, checked};
use crate::services::Services;

struct Multi {
    generator: Arc<dyn Recipe>,
    children: Vec<Arc<dyn Recipe>>,
}

impl Recipe for Multi {
    fn build(&self, services: &dyn Services) -> Result<Arc<dyn itemseal::Keyring>> {
        let mut keyring = itemseal::MultiKeyring::new(self.generator.build(services)?);
        for child in &self.children {
            keyring = keyring.and(child.build(services)?);
        }
        Ok(Arc::new(keyring))
    }

    fn waits(&self) -> bool {
        self.generator.waits() || self.children.iter().any(|child| child.waits())
    }
}

/// Several keyrings as one: writes for all of them, reads with the first that can.
///
/// If one of them cannot wrap, nothing is written: MultiKeyring is for readers with different keys. For a table that
/// survives the loss of a Region take MrkKeyring.
#[pyclass(frozen, extends = Keyring, module = "itemseal")]
pub(crate) struct MultiKeyring {
    keyrings: String,
}

#[pymethods]
impl MultiKeyring {
    #[new]
    #[pyo3(signature = (generator, *children))]
    fn new(
        generator: &Bound<'_, Keyring>,
        children: &Bound<'_, PyTuple>,
    ) -> PyResult<PyClassInitializer<Self>> {
        let mut keyrings = generator.repr()?.to_string();
        let mut recipes = Vec::new();
        for child in children {
            let child = child.cast::<Keyring>()?;
            keyrings = format!("{keyrings}, {}", child.repr()?);
            recipes.push(Arc::clone(&child.get().recipe));
        }
        let recipe = Multi { generator: Arc::clone(&generator.get().recipe), children: recipes };
        Ok(checked(generator.py(), recipe)?.add_subclass(Self { keyrings }))
    }

    fn __repr__(&self) -> String {
        format!("MultiKeyring({})", self.keyrings)
    }
}
