use std::fmt;

use aws_sdk_kms::Client;
use aws_sdk_kms::config::{Builder, Region};
use aws_types::SdkConfig;
use itemseal::Result;

/// Gives a KMS client for a Region, asked once for each.
///
/// It is how a key in another account is used: give each Region a client with the role to assume
/// there. Any `Fn(&str) -> itemseal::Result<aws_sdk_kms::Client>` is one. The client's own retries
/// are not used, since it is the keyring that repeats a call or moves on to another Region.
pub trait ClientSupplier: Send + Sync {
    /// A client for `region`, such as `eu-west-1`.
    ///
    /// # Errors
    /// If there is none for this Region; the keyring tells it as it is.
    fn client(&self, region: &str) -> Result<Client>;
}

impl<F: Fn(&str) -> Result<Client> + Send + Sync> ClientSupplier for F {
    fn client(&self, region: &str) -> Result<Client> {
        self(region)
    }
}

/// The same credentials and endpoint for every Region.
pub(crate) struct OneConfig(pub(crate) SdkConfig);

impl ClientSupplier for OneConfig {
    fn client(&self, region: &str) -> Result<Client> {
        let config = Builder::from(&self.0).region(Region::new(region.to_owned()));
        Ok(Client::from_conf(config.build()))
    }
}

impl fmt::Debug for dyn ClientSupplier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ClientSupplier")
    }
}
