//! How a table's items are encrypted.

use itemseal::{AlgorithmSuite, CryptographicAction};
use pyo3::prelude::*;

use crate::errors::{named, raise};

/// How the items of a table are encrypted. What is not named is encrypted and signed.
///
/// logical_name is bound into every item; give the table's name as it was when it was first encrypted. sign_only
/// attributes stay readable and are signed; context attributes are so too, and stand in the encryption context
/// (format version 2); unsigned attributes, and those that start with unsigned_prefix, are left as they are.
/// suite is "ecdsa-p384", with a signature, or "hmac-only". What cannot be right, such as an attribute with two actions,
/// is a MisuseError.
#[pyclass(frozen, module = "itemseal", name = "TableConfig")]
pub(crate) struct TableConfig {
    pub(crate) config: itemseal::TableConfig,
}

#[pymethods]
impl TableConfig {
    #[new]
    #[pyo3(signature = (logical_name, *, partition_key, sort_key=None, sign_only=Vec::new(),
        context=Vec::new(), unsigned=Vec::new(), unsigned_prefix=None, suite="ecdsa-p384"))]
    #[allow(clippy::too_many_arguments, reason = "Python's keyword arguments")]
    fn new(
        py: Python<'_>,
        logical_name: String,
        partition_key: String,
        sort_key: Option<String>,
        sign_only: Vec<String>,
        context: Vec<String>,
        unsigned: Vec<String>,
        unsigned_prefix: Option<String>,
        suite: &str,
    ) -> PyResult<Self> {
        let suite = match suite {
            "ecdsa-p384" => AlgorithmSuite::EcdsaP384,
            "hmac-only" => AlgorithmSuite::HmacOnly,
            _ => {
                let message = "suite: say \"ecdsa-p384\" or \"hmac-only\"";
                return Err(named(py, "MisuseError", message, None));
            }
        };
        let mut builder = itemseal::TableConfig::builder(logical_name)
            .partition_key(partition_key)
            .sign_only(sign_only)
            .context(context)
            .unsigned(unsigned)
            .suite(suite);
        if let Some(sort_key) = sort_key {
            builder = builder.sort_key(sort_key);
        }
        if let Some(prefix) = unsigned_prefix {
            builder = builder.unsigned_prefix(prefix);
        }
        let config = builder.build().map_err(|error| raise(py, &error))?;
        Ok(Self { config })
    }

    /// The name that is bound into every item.
    #[getter]
    fn logical_name(&self) -> &str {
        self.config.logical_name()
    }

    /// The partition key's name.
    #[getter]
    fn partition_key(&self) -> &str {
        self.config.partition_key()
    }

    /// The sort key's name, if the table has one.
    #[getter]
    fn sort_key(&self) -> Option<&str> {
        self.config.sort_key()
    }

    /// What becomes of an attribute: "encrypt_and_sign", "sign_only", "sign_and_include_in_encryption_context" or
    /// "do_nothing".
    fn action(&self, attribute: &str) -> &'static str {
        match self.config.action(attribute) {
            CryptographicAction::SignOnly => "sign_only",
            CryptographicAction::SignAndIncludeInEncryptionContext => {
                "sign_and_include_in_encryption_context"
            }
            CryptographicAction::DoNothing => "do_nothing",
            _ => "encrypt_and_sign",
        }
    }

    fn __repr__(&self) -> String {
        let keys: Vec<&str> = [Some(self.config.partition_key()), self.config.sort_key()]
            .into_iter()
            .flatten()
            .collect();
        format!("TableConfig({:?}, keys {})", self.config.logical_name(), keys.join(" and "))
    }
}
