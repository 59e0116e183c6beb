//! AWS through the program's own clients, which `itemseal/_clients.py` gives.

mod call;
mod failure;
mod key_store;
mod kms;
mod parameter;

use std::sync::Arc;

use itemseal::Result;
use itemseal::keystore::KeyStoreTable;
use itemseal::kms::Kms;
use pyo3::prelude::*;
use pyo3::types::PyTuple;

use crate::event_loop::{Call, in_a_thread};
use crate::services::Services;

/// An `AwsClients` of Python's.
#[derive(Clone)]
pub(crate) struct Clients(Arc<Py<PyAny>>);

impl Clients {
    /// The clients of a boto3 or aiobotocore object.
    pub(crate) fn of(given: &Bound<'_, PyAny>) -> PyResult<Self> {
        let module = given.py().import("itemseal._clients")?;
        Ok(Self(Arc::new(module.call_method1("clients_of", (given,))?.unbind())))
    }

    pub(crate) async fn prepare(&self, regions: Vec<String>) -> Result<()> {
        let clients = Arc::clone(&self.0);
        let begin = move |py: Python<'_>| -> PyResult<Call> {
            let function = clients.getattr(py, "prepare")?;
            let arguments = PyTuple::new(py, [regions])?.unbind();
            Ok(Call { function, arguments, explain: outcome(py)? })
        };
        // What stands in the way of a client is said when it is asked for.
        in_a_thread(begin, |_, _| ()).await
    }
}

/// What explains botocore's exceptions.
fn outcome(py: Python<'_>) -> PyResult<Py<PyAny>> {
    Ok(py.import("itemseal._clients")?.getattr("outcome")?.unbind())
}

impl Services for Clients {
    fn kms(&self) -> Result<Arc<dyn Kms>> {
        Ok(Arc::new(kms::BotoKms::new(self.clone())))
    }

    fn key_store(&self, table: &str, regions: &[String]) -> Result<Arc<dyn KeyStoreTable>> {
        Ok(Arc::new(key_store::BotoKeyStore::new(self.clone(), table, regions)?))
    }
}
