//! KMS keys, each in its own Region.

use std::sync::Arc;

use itemseal::{Result, keyring};
use pyo3::prelude::*;

use super::{Keyring, Recipe, checked};
use crate::access::Access;
use crate::services::Services;

struct Kms {
    key_arn: String,
    access: Access,
}

impl Recipe for Kms {
    fn build(&self, services: &dyn Services) -> Result<Arc<dyn itemseal::Keyring>> {
        Ok(Arc::new(keyring::KmsKeyring::new(&self.key_arn, self.access.over(services)?)?))
    }

    fn waits(&self) -> bool {
        true
    }
}

/// Wraps data keys under one AWS KMS key, in the Region of its ARN.
///
/// key_arn is the key's full ARN; an alias or a bare id is a MisuseError, since it does not say which key is meant.
/// deadline is the most time for one item, as seconds or a timedelta; 5 seconds unless given. grant_tokens are sent
/// with each call. With a multi-Region key, MrkKeyring also reads and writes in other Regions.
///
/// Items are written and read with errors of KeyDeniedError, KeyUnavailableError (worth trying again) and
/// ServiceError, which name the Region.
#[pyclass(frozen, extends = Keyring, module = "itemseal")]
pub(crate) struct KmsKeyring {
    key_arn: String,
}

#[pymethods]
impl KmsKeyring {
    #[new]
    #[pyo3(signature = (key_arn, *, deadline=None, grant_tokens=Vec::new()))]
    fn new(
        py: Python<'_>,
        key_arn: String,
        deadline: Option<&Bound<'_, PyAny>>,
        grant_tokens: Vec<String>,
    ) -> PyResult<PyClassInitializer<Self>> {
        let access = Access::new(deadline, grant_tokens)?;
        let recipe = Kms { key_arn: key_arn.clone(), access };
        Ok(checked(py, recipe)?.add_subclass(Self { key_arn }))
    }

    fn __repr__(&self) -> String {
        format!("KmsKeyring({:?})", self.key_arn)
    }
}

struct KmsMulti {
    key_arns: Vec<String>,
    access: Access,
}

impl Recipe for KmsMulti {
    fn build(&self, services: &dyn Services) -> Result<Arc<dyn itemseal::Keyring>> {
        Ok(Arc::new(keyring::KmsMultiKeyring::new(&self.key_arns, self.access.over(services)?)?))
    }

    fn waits(&self) -> bool {
        true
    }
}

/// Wraps data keys under several AWS KMS keys, each in its own Region: any one of them opens an item, and all are
/// needed to write one.
///
/// key_arns are full ARNs, at least one. The deadline is divided among the keys; it and grant_tokens are as for
/// KmsKeyring.
#[pyclass(frozen, extends = Keyring, module = "itemseal")]
pub(crate) struct KmsMultiKeyring {
    key_arns: Vec<String>,
}

#[pymethods]
impl KmsMultiKeyring {
    #[new]
    #[pyo3(signature = (key_arns, *, deadline=None, grant_tokens=Vec::new()))]
    fn new(
        py: Python<'_>,
        key_arns: Vec<String>,
        deadline: Option<&Bound<'_, PyAny>>,
        grant_tokens: Vec<String>,
    ) -> PyResult<PyClassInitializer<Self>> {
        let access = Access::new(deadline, grant_tokens)?;
        let recipe = KmsMulti { key_arns: key_arns.clone(), access };
        Ok(checked(py, recipe)?.add_subclass(Self { key_arns }))
    }

    fn __repr__(&self) -> String {
        format!("KmsMultiKeyring({:?})", self.key_arns)
    }
}
