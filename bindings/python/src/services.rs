//! Where keyrings' calls go: AWS KMS and key stores, over one SDK or another.

use std::sync::Arc;

use aws_types::SdkConfig;
use itemseal::Result;
use itemseal::keystore::KeyStoreTable;
use itemseal::kms::Kms;
use itemseal_aws::{AwsKms, DynamoDbKeyStore};
use pyo3::prelude::*;

use crate::boto::Clients;
use crate::per_process::PerProcess;

/// What keyrings are built over.
pub(crate) trait Services: Send + Sync {
    fn kms(&self) -> Result<Arc<dyn Kms>>;
    fn key_store(&self, table: &str, regions: &[String]) -> Result<Arc<dyn KeyStoreTable>>;
}

/// The AWS SDK for Rust, with its standard credential chain and the environment's endpoints.
struct Sdk(SdkConfig);

impl Services for Sdk {
    fn kms(&self) -> Result<Arc<dyn Kms>> {
        Ok(Arc::new(AwsKms::new(&self.0)?))
    }

    fn key_store(&self, table: &str, regions: &[String]) -> Result<Arc<dyn KeyStoreTable>> {
        Ok(Arc::new(DynamoDbKeyStore::new(&self.0, table, regions)?))
    }
}

/// The SDK's configuration as the environment has it when it is first needed; each process reads it once.
pub(crate) async fn sdk_config() -> Result<Arc<SdkConfig>> {
    static CONFIG: PerProcess<SdkConfig> = PerProcess::new();
    if let Some(config) = CONFIG.get() {
        return Ok(config);
    }
    let loaded = aws_config::load_defaults(aws_config::BehaviorVersion::latest()).await;
    CONFIG.get_or_make(|| Ok(loaded))
}

/// Whose clients are used.
#[derive(Clone)]
pub(crate) enum Source {
    /// The AWS SDK for Rust.
    Sdk,
    /// The program's own boto3 or aiobotocore.
    Python(Clients),
}

impl Source {
    /// What a caller gave as `aws=`: None, or a session, client, resource, Table or AwsClients.
    pub(crate) fn from_python(given: &Bound<'_, PyAny>) -> PyResult<Self> {
        if given.is_none() { Ok(Self::Sdk) } else { Clients::of(given).map(Self::Python) }
    }

    pub(crate) async fn load(&self) -> Result<Arc<dyn Services>> {
        match self {
            Self::Sdk => Ok(Arc::new(Sdk((*sdk_config().await?).clone()))),
            Self::Python(clients) => Ok(Arc::new(clients.clone())),
        }
    }

    /// Makes clients for these Regions before a keyring's time runs.
    pub(crate) async fn prepare(&self, regions: Vec<String>) -> Result<()> {
        match self {
            Self::Sdk => Ok(()),
            Self::Python(clients) => clients.prepare(regions).await,
        }
    }
}
