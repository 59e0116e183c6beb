//! Where keyrings' calls go: AWS KMS and key stores, over one SDK or another.

use std::sync::Arc;

use aws_types::SdkConfig;
use itemseal::keystore::KeyStoreTable;
use itemseal::kms::{
    Decrypt, Decrypted, GenerateDataKey, GeneratedDataKey, Kms, KmsError, KmsFuture,
};
use itemseal::{Error, ErrorKind, Result};
use itemseal_aws::{AwsKms, DynamoDbKeyStore};

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
pub(crate) enum Source {
    /// The AWS SDK for Rust.
    Sdk,
}

impl Source {
    pub(crate) async fn load(&self) -> Result<Arc<dyn Services>> {
        match self {
            Self::Sdk => Ok(Arc::new(Sdk((*sdk_config().await?).clone()))),
        }
    }
}

/// No service at all: to see whether a keyring can be right, and for keyrings that ask none.
pub(crate) struct Nothing;

impl Services for Nothing {
    fn kms(&self) -> Result<Arc<dyn Kms>> {
        Ok(Arc::new(NoKms))
    }

    fn key_store(&self, _: &str, _: &[String]) -> Result<Arc<dyn KeyStoreTable>> {
        Err(Error::new(ErrorKind::Internal, "no key store is to be had here"))
    }
}

#[derive(Debug)]
struct NoKms;

fn nothing<'a, T: Send + 'a>() -> KmsFuture<'a, T> {
    Box::pin(async { Err(KmsError::unreachable("no KMS is to be had here")) })
}

impl Kms for NoKms {
    fn generate_data_key<'a>(
        &'a self,
        _: &'a str,
        _: GenerateDataKey<'a>,
    ) -> KmsFuture<'a, GeneratedDataKey> {
        nothing()
    }

    fn decrypt<'a>(&'a self, _: &'a str, _: Decrypt<'a>) -> KmsFuture<'a, Decrypted> {
        nothing()
    }
}
