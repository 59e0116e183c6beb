//! The table of a key store, on DynamoDB.

mod create_table;
mod puts;
mod reads;

use std::fmt;
use std::sync::Arc;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::config::{Builder, Region};
use aws_types::SdkConfig;
use itemseal::keystore::{KeyStoreFuture, KeyStorePut, KeyStoreTable};
use itemseal::{Error, ErrorKind, Item, Result};

use crate::observe::{CallCounts, Calls};

/// The table of a [key store](itemseal::keystore) on DynamoDB, in each of its Regions. Cheap to clone.
///
/// ```no_run
/// # async fn keyring(config: aws_types::SdkConfig) -> itemseal::Result<itemseal::keyring::HierarchicalKeyring> {
/// use itemseal::keyring::HierarchicalKeyring;
/// use itemseal::keystore::{KeyStore, KeyStoreKms};
/// use itemseal_aws::{AwsKms, DynamoDbKeyStore};
///
/// let regions = ["eu-west-1", "us-east-1"]; // home first
/// let key = "arn:aws:kms:eu-west-1:111122223333:key/mrk-1234abcd12ab34cd56ef1234567890ab";
/// let table = DynamoDbKeyStore::new(&config, "Keys", regions)?;
/// let store = KeyStore::new(table, "Keys", KeyStoreKms::mrk(key, regions)?, AwsKms::new(&config)?)?;
/// HierarchicalKeyring::builder(store, "tenant-1").build()
/// # }
/// ```
#[derive(Clone)]
pub struct DynamoDbKeyStore {
    inner: Arc<Inner>,
}

struct Inner {
    name: String,
    clients: Vec<(String, Client)>,
    calls: Calls,
}

impl DynamoDbKeyStore {
    /// The table `name` in `regions`, the one that new keys are written in first; in the configuration's Region
    /// if there are none. Credentials, endpoint and HTTP client are those of `config`.
    ///
    /// # Errors
    /// [`Misuse`](ErrorKind::Misuse) if the name is empty, there is no Region, or one is listed twice.
    pub fn new<R: Into<String>>(
        config: &SdkConfig,
        name: impl Into<String>,
        regions: impl IntoIterator<Item = R>,
    ) -> Result<Self> {
        let misuse = |message: String| Error::new(ErrorKind::Misuse, message);
        let name = name.into();
        if name.is_empty() {
            return Err(misuse("the key store's table has no name".to_owned()));
        }
        let mut regions: Vec<String> = regions.into_iter().map(Into::into).collect();
        if regions.is_empty() {
            regions.extend(config.region().map(|region| region.as_ref().to_owned()));
        }
        if regions.is_empty() {
            return Err(misuse(format!(
                "the key store {name} has no Region; give its table's, home first"
            )));
        }
        for (at, region) in regions.iter().enumerate() {
            if regions.iter().take(at).any(|earlier| earlier == region) {
                return Err(misuse(format!("the Region {region} is listed twice")));
            }
        }
        let client = |region: String| {
            let config = Builder::from(config).region(Region::new(region.clone())).build();
            (region, Client::from_conf(config))
        };
        let clients = regions.into_iter().map(client).collect();
        Ok(Self { inner: Arc::new(Inner { name, clients, calls: Calls::new("dynamodb") }) })
    }

    /// How often which operation was called in which Region.
    pub fn call_counts(&self) -> Vec<CallCounts> {
        self.inner.calls.counts()
    }

    fn client(&self, region: &str) -> Result<&Client> {
        let found = self.inner.clients.iter().find(|(name, _)| name == region);
        found.map(|(_, client)| client).ok_or_else(|| {
            Error::new(ErrorKind::Misuse, "the key store's table is not in this Region")
                .with_region(region)
        })
    }

    fn home(&self) -> Result<(&str, &Client)> {
        let home = self.inner.clients.first();
        home.map(|(region, client)| (region.as_str(), client))
            .ok_or_else(|| Error::new(ErrorKind::Internal, "a key store without a Region"))
    }
}

impl KeyStoreTable for DynamoDbKeyStore {
    fn regions(&self) -> Vec<String> {
        self.inner.clients.iter().map(|(region, _)| region.clone()).collect()
    }

    fn get<'a>(
        &'a self,
        region: &'a str,
        branch_key_id: &'a str,
        kind: &'a str,
        consistent: bool,
        limit: Option<std::time::Duration>,
    ) -> KeyStoreFuture<'a, Option<Item>> {
        Box::pin(self.get_item(region, [branch_key_id, kind], consistent, limit))
    }

    fn put_all<'a>(&'a self, puts: Vec<KeyStorePut>) -> KeyStoreFuture<'a, ()> {
        Box::pin(self.put_together(puts))
    }

    fn list<'a>(&'a self) -> KeyStoreFuture<'a, Vec<Item>> {
        Box::pin(self.scan_all())
    }
}

impl fmt::Debug for DynamoDbKeyStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DynamoDbKeyStore")
            .field("name", &self.inner.name)
            .field("regions", &KeyStoreTable::regions(self))
            .finish_non_exhaustive()
    }
}
