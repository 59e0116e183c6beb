//! A lab, an MRK in two or three Regions, and a key store on a global table.

use std::time::Duration;

use aws_types::SdkConfig;
use itemseal::keyring::{HierarchicalKeyring, HierarchicalKeyringBuilder, KmsAccess};
use itemseal::keystore::{KeyStore, KeyStoreKms};
use itemseal::{Item, ItemEncryptor, TableConfig};
use itemseal_aws::{AwsKms, DynamoDbKeyStore};
use itemseal_lab::Lab;
use itemseal_lab::clock::ManualClock;
use itemseal_lab::faults::{Fault, FaultId, OutageMode, Service};

pub const US: &str = "us-east-1";
pub const EU: &str = "eu-west-1";
pub const AP: &str = "ap-southeast-2";
pub const STORE: &str = "Keys";

pub struct World {
    pub lab: Lab,
    pub key_arn: String,
}

impl World {
    /// A key store in all three Regions, and one branch key, `tenant-1`, that all of them have.
    pub async fn new() -> Self {
        let world = Self::empty().await;
        world
            .store(US, &[US])
            .create_key(Some("tenant-1"), [("department", "admin")])
            .await
            .unwrap();
        world.lab.tables().converge().unwrap();
        world
    }

    pub async fn empty() -> Self {
        let lab = Lab::builder().every_region().clock(ManualClock::default()).build().unwrap();
        let arn = lab.kms().create_key(US, true, "").unwrap().arn;
        let id = arn.rsplit('/').next().unwrap().to_owned();
        for region in [EU, AP] {
            lab.kms().replicate_key(US, &id, region, "").unwrap();
        }
        let world = Self { lab, key_arn: arn };
        world.table(&[US]).create_table().await.unwrap();
        for region in [EU, AP] {
            world.lab.tables().add_replica(STORE, region).unwrap();
        }
        world
    }

    pub fn config(&self, region: &str) -> SdkConfig {
        let config = self.lab.sdk_config(region).into_builder();
        config.sleep_impl(aws_smithy_async::rt::sleep::TokioSleep::new()).build()
    }

    pub fn table(&self, regions: &[&str]) -> DynamoDbKeyStore {
        let regions: Vec<String> = regions.iter().map(|r| (*r).to_owned()).collect();
        DynamoDbKeyStore::new(&self.config(US), STORE, regions).unwrap()
    }

    /// The key store as seen from a Region: its table in `regions`, its KMS key in the same.
    pub fn store(&self, region: &str, regions: &[&str]) -> KeyStore {
        let kms = KeyStoreKms::mrk(&self.key_arn, regions.to_vec()).unwrap();
        let access = KmsAccess::new(AwsKms::new(&self.config(region)).unwrap());
        KeyStore::new(self.table(regions), STORE, kms, access).unwrap()
    }

    pub fn keyring(&self, region: &str, regions: &[&str]) -> HierarchicalKeyringBuilder {
        HierarchicalKeyring::builder(self.store(region, regions), "tenant-1")
            .ttl(Duration::from_secs(60))
    }

    pub fn outage(&self, region: &str, service: Service, mode: OutageMode) -> FaultId {
        let region = region.to_owned();
        self.lab.faults().add(Fault::Outage { region, service, mode }).unwrap()
    }

    /// All KMS calls of a Region that open a branch key.
    pub fn decrypts(&self, region: &str) -> u64 {
        self.lab.kms().calls(region, "Decrypt")
    }
}

pub fn orders() -> TableConfig {
    TableConfig::builder("Orders").partition_key("OrderID").build().unwrap()
}

pub fn with(keyring: impl itemseal::Keyring + 'static) -> ItemEncryptor {
    ItemEncryptor::new(orders(), keyring)
}

pub fn order(id: u32) -> Item {
    Item::new().with("OrderID", id.to_string()).with("Card", "4111 1111 1111 1111")
}

/// The version of the branch key that an item is under.
pub fn version_of(stored: &Item) -> Vec<u8> {
    let description = itemseal::ItemDescription::of(stored).unwrap();
    let edk = &description.edks()[0];
    edk.ciphertext()[48 + 28..48 + 44].to_vec()
}
