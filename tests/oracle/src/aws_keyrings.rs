//! AWS's keyrings, each by the factory of its own.

use aws_db_esdk::material_providers::client::Client as Providers;
use aws_db_esdk::material_providers::operation::get_client::GetClientInput;
use aws_db_esdk::material_providers::types::client_supplier::{ClientSupplier, ClientSupplierRef};
use aws_db_esdk::material_providers::types::error::Error;
use aws_db_esdk::material_providers::types::keyring::KeyringRef;
use aws_db_esdk::material_providers::types::material_providers_config::MaterialProvidersConfig;
use aws_db_esdk::material_providers::types::{DiscoveryFilter, PaddingScheme};
use aws_sdk_dynamodb::primitives::Blob;
use aws_sdk_kms::Client;
use aws_sdk_kms::types::EncryptionAlgorithmSpec;

/// Gives the lab's client of a Region.
pub type Clients = fn(&str, &str) -> Client;

/// AWS's factory, over the lab at `endpoint`.
pub struct Factory {
    providers: Providers,
    endpoint: String,
    client: Clients,
}

struct Supplier {
    endpoint: String,
    client: Clients,
}

impl ClientSupplier for Supplier {
    fn get_client(
        &self,
        input: GetClientInput,
    ) -> Result<aws_db_esdk::com_amazonaws_kms::client::Client, Error> {
        let region = input.region.unwrap_or_default();
        Ok(aws_db_esdk::com_amazonaws_kms::client::Client {
            inner: (self.client)(&self.endpoint, &region),
        })
    }
}

fn text(error: impl std::fmt::Debug) -> String {
    format!("{error:?}")
}

/// What a factory gives: AWS's keyring, or its refusal as text.
pub type Made = Result<KeyringRef, String>;

impl Factory {
    /// A factory.
    ///
    /// # Errors
    /// What AWS's crate says.
    pub fn new(endpoint: &str, client: Clients) -> Result<Self, String> {
        let config = MaterialProvidersConfig::builder().build().map_err(text)?;
        let providers = Providers::from_conf(config).map_err(text)?;
        Ok(Self { providers, endpoint: endpoint.to_owned(), client })
    }

    fn kms(&self, region: &str) -> Client {
        (self.client)(&self.endpoint, region)
    }

    fn supplier(&self) -> ClientSupplierRef {
        Supplier { endpoint: self.endpoint.clone(), client: self.client }.into()
    }

    /// The strict keyring.
    ///
    /// # Errors
    /// What AWS's crate says.
    pub async fn kms_strict(&self, region: &str, key: &str) -> Made {
        let create = self.providers.create_aws_kms_keyring();
        create.kms_client(self.kms(region)).kms_key_id(key).send().await.map_err(text)
    }

    /// The MRK keyring.
    ///
    /// # Errors
    /// What AWS's crate says.
    pub async fn mrk(&self, region: &str, key: &str) -> Made {
        let create = self.providers.create_aws_kms_mrk_keyring();
        create.kms_client(self.kms(region)).kms_key_id(key).send().await.map_err(text)
    }

    /// The strict multi-keyring.
    ///
    /// # Errors
    /// What AWS's crate says.
    pub async fn multi(&self, generator: &str, other: &str) -> Made {
        let create = self.providers.create_aws_kms_multi_keyring().generator(generator);
        let create = create.kms_key_ids(vec![other.to_owned()]);
        create.client_supplier(self.supplier()).send().await.map_err(text)
    }

    /// The MRK multi-keyring.
    ///
    /// # Errors
    /// What AWS's crate says.
    pub async fn mrk_multi(&self, generator: &str, other: &str) -> Made {
        let create = self.providers.create_aws_kms_mrk_multi_keyring().generator(generator);
        let create = create.kms_key_ids(vec![other.to_owned()]);
        create.client_supplier(self.supplier()).send().await.map_err(text)
    }

    /// The discovery keyring.
    ///
    /// # Errors
    /// What AWS's crate says.
    pub async fn discovery(&self, region: &str) -> Made {
        let create = self.providers.create_aws_kms_discovery_keyring();
        let create = create.discovery_filter(filter()?);
        create.kms_client(self.kms(region)).send().await.map_err(text)
    }

    /// The MRK discovery keyring.
    ///
    /// # Errors
    /// What AWS's crate says.
    pub async fn mrk_discovery(&self, region: &str) -> Made {
        let create = self.providers.create_aws_kms_mrk_discovery_keyring().region(region);
        let create = create.discovery_filter(filter()?);
        create.kms_client(self.kms(region)).send().await.map_err(text)
    }

    /// The MRK discovery multi-keyring.
    ///
    /// # Errors
    /// What AWS's crate says.
    pub async fn mrk_discovery_multi(&self, regions: &[&str]) -> Made {
        let regions: Vec<String> = regions.iter().map(ToString::to_string).collect();
        let create = self.providers.create_aws_kms_mrk_discovery_multi_keyring().regions(regions);
        let create = create.discovery_filter(filter()?);
        create.client_supplier(self.supplier()).send().await.map_err(text)
    }

    /// The KMS RSA keyring.
    ///
    /// # Errors
    /// What AWS's crate says.
    pub async fn kms_rsa(&self, region: &str, key: &str, algorithm: &str, public: &str) -> Made {
        let create = self.providers.create_aws_kms_rsa_keyring().kms_key_id(key);
        let create = create.public_key(Blob::new(public));
        let create = create.encryption_algorithm(EncryptionAlgorithmSpec::from(algorithm));
        create.kms_client(self.kms(region)).send().await.map_err(text)
    }

    /// The raw RSA keyring, with both halves as PEM.
    ///
    /// # Errors
    /// What AWS's crate says.
    pub async fn raw_rsa(&self, padding: PaddingScheme, public: &str, private: &str) -> Made {
        let create = self.providers.create_raw_rsa_keyring().key_namespace("ns").key_name("key-1");
        let create = create.padding_scheme(padding).public_key(Blob::new(public));
        create.private_key(Blob::new(private)).send().await.map_err(text)
    }
}

/// The lab's account.
fn filter() -> Result<DiscoveryFilter, String> {
    let filter = DiscoveryFilter::builder().partition("aws");
    filter.account_ids(vec!["111122223333".to_owned()]).build().map_err(text)
}
