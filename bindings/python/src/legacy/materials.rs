//! The keys of legacy items.

use std::sync::Arc;

use itemseal::keyring::KmsAccess;
use itemseal::{Error, ErrorKind, Item, Result};
use itemseal_legacy::{LegacyKms, MetaStoreKeys, UnwrappingKey, VerificationKey};
use pyo3::prelude::*;
use zeroize::Zeroizing;

use crate::convert::Layer;
use crate::errors::{named, raise};
use crate::nothing::Nothing;
use crate::services::Services;

type Secret = Zeroizing<Vec<u8>>;

/// The key that signatures are verified with, and its algorithm by Java's name.
pub(super) struct Verification {
    algorithm: String,
    key: Secret,
}

impl Verification {
    fn build(&self) -> Result<VerificationKey> {
        VerificationKey::new(&self.algorithm, &self.key)
    }
}

pub(super) enum Unwrapping {
    Aes(Secret),
    Rsa { key: Secret, pkcs1: bool },
}

impl Unwrapping {
    fn build(&self) -> Result<UnwrappingKey> {
        match self {
            Self::Aes(key) => UnwrappingKey::aes(key),
            Self::Rsa { key, pkcs1: false } => UnwrappingKey::rsa(key),
            Self::Rsa { key, pkcs1: true } => Ok(UnwrappingKey::rsa(key)?.allow_pkcs1()),
        }
    }
}

/// Which KMS keys items may be under.
pub(super) struct KmsKeys {
    keys: Vec<String>,
    regions: Vec<String>,
    accounts: Option<(String, Vec<String>)>,
    any_key: bool,
    grant_tokens: Vec<String>,
}

impl KmsKeys {
    fn build(&self, services: &dyn Services) -> Result<LegacyKms> {
        let access = KmsAccess::from(services.kms()?).grant_tokens(self.grant_tokens.clone());
        let mut builder = LegacyKms::builder(access).keys(&self.keys).regions(&self.regions);
        if let Some((partition, accounts)) = &self.accounts {
            builder = builder.accounts(partition, accounts);
        }
        if self.any_key {
            builder = builder.any_key();
        }
        builder.build()
    }
}

/// What a decryptor's materials are built from.
pub(super) enum Keys {
    Wrapped(Unwrapping, Verification),
    Fixed(Option<Secret>, Verification),
    Kms(KmsKeys),
    /// Rows of a MetaStore's table, by its name, and the keys that they are under.
    MetaStore {
        table: String,
        keys: Arc<Keys>,
        rows: Vec<Item>,
    },
}

impl Keys {
    /// Whether KMS is asked.
    pub(super) fn waits(&self) -> bool {
        match self {
            Self::Wrapped(..) | Self::Fixed(..) => false,
            Self::Kms(_) => true,
            Self::MetaStore { keys, .. } => keys.waits(),
        }
    }

    /// The keys that are given, and not in a table.
    pub(super) fn outermost(
        &self,
        services: &dyn Services,
    ) -> Result<itemseal_legacy::LegacyMaterials> {
        use itemseal_legacy::LegacyMaterials;
        match self {
            Self::Wrapped(unwrapping, verification) => {
                Ok(LegacyMaterials::wrapped(unwrapping.build()?, verification.build()?))
            }
            Self::Fixed(content, verification) => {
                let content = content.as_ref().map(|key| key.as_slice());
                LegacyMaterials::fixed(content, verification.build()?)
            }
            Self::Kms(kms) => Ok(kms.build(services)?.into()),
            Self::MetaStore { keys, .. } => keys.outermost(services),
        }
    }

    pub(super) async fn build(
        &self,
        services: &dyn Services,
    ) -> Result<itemseal_legacy::LegacyMaterials> {
        let Self::MetaStore { table, rows, .. } = self else { return self.outermost(services) };
        let table = MetaStoreKeys::table(table).build(self.outermost(services)?)?;
        Ok(MetaStoreKeys::open(&table, rows.iter().cloned()).await?.into())
    }
}

/// The keys that AWS's legacy client had for a table's items. Make one by one of its functions.
#[pyclass(frozen, module = "itemseal")]
pub(crate) struct LegacyMaterials {
    pub(super) keys: Arc<Keys>,
}

impl LegacyMaterials {
    /// Refuses what cannot be right.
    fn checked(py: Python<'_>, keys: Keys) -> PyResult<Self> {
        keys.outermost(&Nothing).map_err(|error| raise(py, &error))?;
        Ok(Self { keys: Arc::new(keys) })
    }
}

#[pymethods]
impl LegacyMaterials {
    /// Of the Wrapped provider. kind is "AES" or "RSA"; key an AES key's 16 or 32 bytes, or an RSA private key as
    /// PKCS #8 in PEM or DER. signing_key belongs to signing_algorithm: an HMAC key's bytes ("HmacSHA256"…), or an RSA
    /// public or private key ("SHA256withRSA"…). allow_pkcs1 also opens keys wrapped with PKCS #1 v1.5 padding; only
    /// for tables that were written so.
    #[staticmethod]
    #[pyo3(signature = (kind, key, signing_algorithm, signing_key, *, allow_pkcs1=false))]
    fn wrapped(
        py: Python<'_>,
        kind: &str,
        key: Vec<u8>,
        signing_algorithm: String,
        signing_key: Vec<u8>,
        allow_pkcs1: bool,
    ) -> PyResult<Self> {
        let key = Zeroizing::new(key);
        let verification =
            Verification { algorithm: signing_algorithm, key: Zeroizing::new(signing_key) };
        let unwrapping = match kind {
            "AES" => Unwrapping::Aes(key),
            "RSA" => Unwrapping::Rsa { key, pkcs1: allow_pkcs1 },
            _ => return Err(named(py, "MisuseError", "kind: say \"AES\" or \"RSA\"", None)),
        };
        Self::checked(py, Keys::Wrapped(unwrapping, verification))
    }

    /// Of the Static provider: all items are under one AES key. Without it (None) items are only verified.
    #[staticmethod]
    fn fixed(
        py: Python<'_>,
        content_key: Option<Vec<u8>>,
        signing_algorithm: String,
        signing_key: Vec<u8>,
    ) -> PyResult<Self> {
        let verification =
            Verification { algorithm: signing_algorithm, key: Zeroizing::new(signing_key) };
        Self::checked(py, Keys::Fixed(content_key.map(Zeroizing::new), verification))
    }

    /// Of the AWS KMS provider. Items may be under these keys, by their ARNs; or under any key of these accounts
    /// (partition and account ids); or under any_key that the caller may use. regions are asked in their order: a
    /// multi-Region key in each until one answers.
    #[staticmethod]
    #[pyo3(signature = (keys=Vec::new(), *, regions=Vec::new(), accounts=None, any_key=false,
        grant_tokens=Vec::new()))]
    fn kms(
        py: Python<'_>,
        keys: Vec<String>,
        regions: Vec<String>,
        accounts: Option<(String, Vec<String>)>,
        any_key: bool,
        grant_tokens: Vec<String>,
    ) -> PyResult<Self> {
        let keys = KmsKeys { keys, regions, accounts, any_key, grant_tokens };
        Self::checked(py, Keys::Kms(keys))
    }

    /// Of the Most Recent provider: rows of a MetaStore's table, as boto3's resources have them, and the keys that
    /// those are under. The rows are opened when an item is first read.
    #[staticmethod]
    fn meta_store(
        table_name: String,
        materials: &Bound<'_, Self>,
        rows: Vec<Bound<'_, PyAny>>,
    ) -> PyResult<Self> {
        let py = materials.py();
        let keys = Arc::clone(&materials.get().keys);
        if matches!(*keys, Keys::MetaStore { .. }) {
            let says =
                "a MetaStore's own items are not under a MetaStore; give the keys it was made with";
            return Err(raise(py, &Error::new(ErrorKind::Misuse, says)));
        }
        let rows = rows.iter().map(|row| Layer::Python.read(row)).collect::<PyResult<_>>()?;
        Self::checked(py, Keys::MetaStore { table: table_name, keys, rows })
    }

    fn __repr__(&self) -> &'static str {
        "LegacyMaterials(...)"
    }
}
