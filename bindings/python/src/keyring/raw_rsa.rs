//! An RSA key pair of the program's.

use std::sync::Arc;

use itemseal::keyring::{self, RsaPadding};
use itemseal::{Error, ErrorKind, Result};
use pyo3::prelude::*;
use zeroize::Zeroizing;

use super::{Keyring, Recipe, checked};
use crate::errors::{named, type_name};
use crate::services::Services;

struct RawRsa {
    namespace: String,
    name: String,
    padding: RsaPadding,
    public_key: Option<Vec<u8>>,
    private_key: Option<Zeroizing<Vec<u8>>>,
}

impl Recipe for RawRsa {
    fn build(&self, _: &dyn Services) -> Result<Arc<dyn itemseal::Keyring>> {
        if self.public_key.is_none() && self.private_key.is_none() {
            let says = "an RSA keyring needs public_key, to write, private_key, to read, or both";
            return Err(Error::new(ErrorKind::Misuse, says));
        }
        let mut keyring = keyring::RawRsaKeyring::new(&self.namespace, &self.name, self.padding)?;
        if let Some(key) = &self.public_key {
            keyring = keyring.public_key(key)?;
        }
        if let Some(key) = &self.private_key {
            keyring = keyring.private_key(key.as_slice())?;
        }
        Ok(Arc::new(keyring))
    }

    fn waits(&self) -> bool {
        false
    }
}

/// Wraps data keys under an RSA key pair that the program has: writes with the public key, reads with the private one.
///
/// namespace and name say which key it is; they are stored with every item. padding is "oaep-sha256", "oaep-sha384",
/// "oaep-sha512", "oaep-sha1" or "pkcs1"; readers and writers say the same. The keys are PEM, as text or bytes: BEGIN
/// PUBLIC KEY, and BEGIN PRIVATE KEY (PKCS #8), of 2048 to 8192 bits. What is none is a MisuseError; so is writing
/// without a public key, and reading without a private one. Whoever has the public key can write items.
#[pyclass(frozen, extends = Keyring, module = "itemseal")]
pub(crate) struct RawRsaKeyring {
    namespace: String,
    name: String,
}

#[pymethods]
impl RawRsaKeyring {
    #[new]
    #[pyo3(signature = (namespace, name, padding, *, public_key=None, private_key=None))]
    fn new(
        py: Python<'_>,
        namespace: String,
        name: String,
        padding: &str,
        public_key: Option<&Bound<'_, PyAny>>,
        private_key: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<PyClassInitializer<Self>> {
        let padding = match padding {
            "pkcs1" => RsaPadding::Pkcs1,
            "oaep-sha1" => RsaPadding::OaepSha1,
            "oaep-sha256" => RsaPadding::OaepSha256,
            "oaep-sha384" => RsaPadding::OaepSha384,
            "oaep-sha512" => RsaPadding::OaepSha512,
            _ => {
                let message = "padding: say \"oaep-sha256\", \"oaep-sha384\", \"oaep-sha512\", \"oaep-sha1\" or \
                               \"pkcs1\"";
                return Err(named(py, "MisuseError", message, None));
            }
        };
        let public_key = public_key.map(|key| pem("public_key", key)).transpose()?;
        let private_key = private_key.map(|key| pem("private_key", key)).transpose()?;
        let private_key = private_key.map(Zeroizing::new);
        let this = Self { namespace: namespace.clone(), name: name.clone() };
        let recipe = RawRsa { namespace, name, padding, public_key, private_key };
        Ok(checked(py, recipe)?.add_subclass(this))
    }

    fn __repr__(&self) -> String {
        format!("RawRsaKeyring({:?}, {:?}, ...)", self.namespace, self.name)
    }
}

fn pem(name: &str, key: &Bound<'_, PyAny>) -> PyResult<Vec<u8>> {
    if let Ok(text) = key.extract::<String>() {
        return Ok(text.into_bytes());
    }
    key.extract().map_err(|_| {
        let message = format!("{name} is PEM, as text or bytes, not {}", type_name(key));
        named(key.py(), "UnsupportedTypeError", &message, None)
    })
}
