//! Whatever multi-Region key wrapped an item.

use std::sync::Arc;

use itemseal::{Result, keyring};
use pyo3::prelude::*;

use super::{Keyring, Recipe, checked};
use crate::access::Access;
use crate::services::Services;

struct MrkDiscovery {
    region: String,
    accounts: Vec<String>,
    partition: String,
    access: Access,
}

impl Recipe for MrkDiscovery {
    fn build(&self, services: &dyn Services) -> Result<Arc<dyn itemseal::Keyring>> {
        let filter = keyring::DiscoveryFilter::new(&self.partition, &self.accounts)?;
        let access = self.access.over(services)?;
        Ok(Arc::new(keyring::MrkDiscoveryKeyring::new(&self.region, access)?.filter(filter)))
    }

    fn waits(&self) -> bool {
        true
    }
}

/// Reads what any multi-Region key with a replica in one Region wrapped, wherever it was wrapped. It does not write.
///
/// accounts are those whose keys are trusted, at least one: whoever can write the table chooses the key. partition is
/// "aws" unless given; deadline and grant_tokens are as for MrkKeyring. Encrypting with it is a MisuseError.
#[pyclass(frozen, extends = Keyring, module = "itemseal")]
pub(crate) struct MrkDiscoveryKeyring {
    region: String,
    accounts: Vec<String>,
}

#[pymethods]
impl MrkDiscoveryKeyring {
    #[new]
    #[pyo3(signature = (region, accounts, *, partition="aws", deadline=None, grant_tokens=Vec::new()))]
    fn new(
        py: Python<'_>,
        region: String,
        accounts: Vec<String>,
        partition: &str,
        deadline: Option<&Bound<'_, PyAny>>,
        grant_tokens: Vec<String>,
    ) -> PyResult<PyClassInitializer<Self>> {
        let access = Access::new(deadline, grant_tokens)?;
        let this = Self { region: region.clone(), accounts: accounts.clone() };
        let partition = partition.to_owned();
        let recipe = MrkDiscovery { region, accounts, partition, access };
        Ok(checked(py, recipe)?.add_subclass(this))
    }

    fn __repr__(&self) -> String {
        format!("MrkDiscoveryKeyring({:?}, accounts={:?})", self.region, self.accounts)
    }
}
