//! The class.

use std::collections::BTreeMap;
use std::sync::Arc;

use itemseal_legacy::LegacyAction;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyString};

use super::materials::LegacyMaterials;
use super::{Legacy, Written};
use crate::convert::Layer;
use crate::errors::{named, raise};
use crate::runtime::{awaitable, wait};
use crate::services::Source;

fn action(py: Python<'_>, name: &str, attribute: Option<&str>) -> PyResult<LegacyAction> {
    match name {
        "encrypt_and_sign" => Ok(LegacyAction::EncryptAndSign),
        "sign_only" => Ok(LegacyAction::SignOnly),
        "do_nothing" => Ok(LegacyAction::DoNothing),
        _ => {
            let says = "an action is \"encrypt_and_sign\", \"sign_only\" or \"do_nothing\"";
            Err(named(py, "MisuseError", says, attribute))
        }
    }
}

/// Reads items of one table that AWS's legacy client wrote: verifies them, then decrypts them.
///
/// table_name, partition_key and sort_key are what that client had in its encryption context, None for what it had
/// not; default_action and actions what it did with attributes: "encrypt_and_sign", "sign_only" or "do_nothing". The
/// keys are signed only unless actions names them. aws is as for ItemEncryptor, which takes this as legacy=. May be
/// used by many threads; after a fork it goes on in the child.
#[pyclass(frozen, module = "itemseal")]
pub(crate) struct LegacyDecryptor {
    pub(crate) legacy: Arc<Legacy>,
}

impl LegacyDecryptor {
    fn one<'py>(&self, layer: Layer, item: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyDict>> {
        let py = item.py();
        let (item, legacy) = (layer.read(item)?, Arc::clone(&self.legacy));
        let waits = legacy.waits();
        let done = wait(py, waits, async move { legacy.decrypt(item).await })?;
        layer.write(py, done)
    }

    fn one_async<'py>(
        &self,
        layer: Layer,
        item: &Bound<'py, PyAny>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let py = item.py();
        let (item, legacy) = (layer.read(item)?, Arc::clone(&self.legacy));
        let waits = legacy.waits();
        let work = async move { legacy.decrypt(item).await };
        awaitable(py, waits, work, move |py, done| Ok(layer.write(py, done)?.into_any().unbind()))
    }
}

#[pymethods]
impl LegacyDecryptor {
    #[new]
    #[pyo3(signature = (table_name, partition_key, sort_key=None, *, materials,
        default_action="encrypt_and_sign", actions=BTreeMap::new(), aws=None))]
    #[allow(clippy::too_many_arguments, reason = "Python's keyword arguments")]
    fn new(
        py: Python<'_>,
        table_name: Option<String>,
        partition_key: Option<String>,
        sort_key: Option<String>,
        materials: &Bound<'_, LegacyMaterials>,
        default_action: &str,
        actions: BTreeMap<String, String>,
        aws: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Self> {
        let source = aws.map_or(Ok(Source::Sdk), Source::from_python)?;
        let default = action(py, default_action, None)?;
        let given = actions.into_iter();
        let actions = given
            .map(|(name, given)| action(py, &given, Some(&name)).map(|action| (name, action)))
            .collect::<PyResult<_>>()?;
        let written = Written { table: table_name, partition_key, sort_key, default, actions };
        let legacy = Legacy::new(written, Arc::clone(&materials.get().keys), source);
        Ok(Self { legacy: Arc::new(legacy.map_err(|error| raise(py, &error))?) })
    }

    /// Whether a legacy client wrote the item, by the two attributes that it adds; of either layer. Only decrypting
    /// says that it is genuine.
    #[staticmethod]
    fn is_legacy(item: &Bound<'_, PyAny>) -> PyResult<bool> {
        // No value is looked at, so it does not matter how they look.
        for attribute in item.try_iter()? {
            let attribute = attribute?;
            if let Ok(name) = attribute.cast::<PyString>()
                && name.to_cow().is_ok_and(|name| Legacy::is_attribute(&name))
            {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Verifies a stored item and decrypts it.
    fn decrypt_item<'py>(&self, item: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyDict>> {
        self.one(Layer::Python, item)
    }

    /// decrypt_item for items as boto3's clients have them.
    fn decrypt_dynamodb_item<'py>(&self, item: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyDict>> {
        self.one(Layer::DynamoDb, item)
    }

    /// decrypt_item for asyncio: waiting for KMS does not hold up the loop.
    fn decrypt_item_async<'py>(&self, item: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        self.one_async(Layer::Python, item)
    }

    /// decrypt_dynamodb_item for asyncio.
    fn decrypt_dynamodb_item_async<'py>(
        &self,
        item: &Bound<'py, PyAny>,
    ) -> PyResult<Bound<'py, PyAny>> {
        self.one_async(Layer::DynamoDb, item)
    }

    fn __repr__(&self) -> String {
        match &self.legacy.table() {
            Some(table) => format!("LegacyDecryptor({table:?})"),
            None => "LegacyDecryptor(None)".to_owned(),
        }
    }
}
