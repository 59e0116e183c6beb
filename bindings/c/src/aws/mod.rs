//! How AWS is reached.

pub mod builder;

use std::sync::Arc;

use aws_config::BehaviorVersion;
use aws_types::SdkConfig;
use itemseal::Result;
use itemseal::keystore::KeyStoreTable;
use itemseal::kms::Kms;
use itemseal_aws::{AwsKms, ConfigFile, DynamoDbKeyStore};

use crate::guard::Outcome;
use crate::handle::{self, Handle};
use crate::process::{Home, Homed, PerProcess};
use crate::wait;

/// How AWS is reached: credentials, endpoint, timeouts. Never changes: may be used by many threads, in the process that made it.
/// What is made with it keeps what it needs, so it may be freed before that; it shares its connections.
///
/// Functions that take one take NULL too: then AWS's standard credential chain (environment, profiles, web identity, container,
/// instance) and `AWS_ENDPOINT_URL` are used as the process has them when they are needed first. One of the program's own, from
/// `itemseal_aws_builder_new`, reads them when it is built.
pub struct itemseal_aws_config {
    _opaque: [u8; 0],
}

impl Handle for itemseal_aws_config {
    type Inner = Homed<Aws>;
    const NAME: &'static str = "itemseal_aws_config";
    const TAG: u64 = u64::from_le_bytes(*b"is aws\0\0");
}

pub(crate) struct Aws {
    pub(crate) config: SdkConfig,
    pub(crate) kms: AwsKms,
}

impl Aws {
    fn new(config: SdkConfig, insecure: &[String]) -> Result<Self> {
        let builder = AwsKms::builder(&config);
        let kms =
            insecure.iter().fold(builder, |builder, url| builder.allow_insecure_endpoint(url));
        Ok(Self { kms: kms.build()?, config })
    }

    pub(crate) fn key_store(&self, table: &str, regions: &[String]) -> Result<DynamoDbKeyStore> {
        DynamoDbKeyStore::new(&self.config, table, regions)
    }

    /// A file's keyring over these clients.
    pub(crate) fn keyring_of(&self, file: &ConfigFile) -> Result<Arc<dyn itemseal::Keyring>> {
        file.keyring_over(
            || Ok(Arc::new(self.kms.clone()) as Arc<dyn Kms>),
            |table, regions| Ok(Arc::new(self.key_store(table, regions)?) as Arc<dyn KeyStoreTable>),
        )
    }
}

/// Finds a handle of another type where none is needed, too.
///
/// # Safety
/// `aws` is NULL or a handle that is alive.
pub(crate) unsafe fn check(aws: *const itemseal_aws_config) -> Outcome {
    if !aws.is_null() {
        // SAFETY: as this function's.
        unsafe { handle::shared(aws) }?;
    }
    Ok(())
}

/// What was given, or the process's own.
///
/// # Safety
/// `aws` is NULL or a handle that is alive.
pub(crate) unsafe fn given<'a>(aws: *const itemseal_aws_config) -> Outcome<&'a Aws> {
    if !aws.is_null() {
        // SAFETY: as this function's.
        return Ok(unsafe { handle::shared(aws) }?.get()?);
    }
    static STANDARD: PerProcess<Aws> = PerProcess::new();
    let make = || {
        let loaded = async { Ok(aws_config::load_defaults(BehaviorVersion::latest()).await) };
        Aws::new(wait::at(Home::this_process(), loaded)?, &[])
    };
    Ok(STANDARD.get_or_make(make, drop)?)
}

/// Frees it. NULL is fine.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itemseal_aws_config_free(aws: *mut itemseal_aws_config) {
    // SAFETY: the header requires NULL or a handle that the caller uses no more.
    unsafe { handle::free(aws, |_| {}) }
}
