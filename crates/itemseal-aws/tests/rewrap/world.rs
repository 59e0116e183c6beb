//! A lab with a table of orders, a key store, and clients whose calls are counted.

use std::sync::Arc;
use std::time::Duration;

use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, SharedHttpConnector, http_client_fn,
};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_types::SdkConfig;
use itemseal::keyring::{HierarchicalKeyring, KeyringFuture};
use itemseal::keystore::{KeyStore, KeyStoreKms};
use itemseal::materials::{Recipient, UnwrapRequest, Unwrapped, WrapRequest};
use itemseal::{AttributeValue, Item, ItemEncryptor, Keyring, RawAesKeyring, TableConfig};
use itemseal_aws::{AwsKms, DynamoDbKeyStore, Rewrap, RewrapBuilder};
use itemseal_lab::Lab;
use itemseal_lab::clock::ManualClock;
use itemseal_lab::faults::{Fault, FaultId, OutageMode, Service};

pub const US: &str = "us-east-1";

pub struct World {
    pub lab: Lab,
    key_arn: String,
}

impl World {
    pub async fn new() -> Self {
        let lab = Lab::builder().regions([US]).clock(ManualClock::default()).build().unwrap();
        let key_arn = lab.kms().create_key(US, true, "").unwrap().arn;
        lab.tables().create_table(US, "Orders", "OrderID", None).unwrap();
        let world = Self { lab, key_arn };
        world.key_table().create_table().await.unwrap();
        world.store().create_key(Some("tenant-1"), [("department", "admin")]).await.unwrap();
        world
    }

    pub fn config(&self) -> SdkConfig {
        let config = self.lab.sdk_config(US).into_builder();
        config.sleep_impl(aws_smithy_async::rt::sleep::TokioSleep::new()).build()
    }

    /// A configuration with which the answers to these calls of an operation, the first being 1, are lost.
    pub fn losing(&self, operation: &'static str, lost: &'static [usize]) -> SdkConfig {
        let lab = self.lab.http_client();
        let seen = Arc::new(std::sync::atomic::AtomicUsize::new(0));
        let client = http_client_fn(move |settings, components| {
            let inner = lab.http_connector(settings, components);
            SharedHttpConnector::new(Losing { inner, operation, lost, seen: Arc::clone(&seen) })
        });
        self.config().into_builder().http_client(client).build()
    }

    fn key_table(&self) -> DynamoDbKeyStore {
        DynamoDbKeyStore::new(&self.config(), "Keys", [US]).unwrap()
    }

    pub fn store(&self) -> KeyStore {
        let kms = KeyStoreKms::mrk(&self.key_arn, [US]).unwrap();
        KeyStore::new(self.key_table(), "Keys", kms, AwsKms::new(&self.config()).unwrap()).unwrap()
    }

    /// Under `tenant-1`, with nothing cached before.
    pub fn branch(&self) -> HierarchicalKeyring {
        let keyring = HierarchicalKeyring::builder(self.store(), "tenant-1");
        keyring.ttl(Duration::from_secs(60)).build().unwrap()
    }

    pub fn rewrap(&self, from: &ItemEncryptor, to: &ItemEncryptor) -> RewrapBuilder {
        Rewrap::builder("Orders", from.clone(), to.clone())
    }

    /// Orders 0 to `count`, stored.
    pub async fn fill(&self, encryptor: &ItemEncryptor, count: u32) {
        for id in 0..count {
            self.put(encryptor.encrypt_item(order(id)).await.unwrap());
        }
    }

    pub fn put(&self, stored: Item) {
        self.lab.region(US).unwrap().put("Orders", stored).unwrap();
    }

    pub fn get(&self, id: u32) -> Option<Item> {
        self.lab.region(US).unwrap().get("Orders", key(id)).unwrap()
    }

    /// As they are stored.
    pub fn all(&self) -> Vec<Item> {
        let mut all = self.lab.region(US).unwrap().scan_all("Orders").unwrap();
        all.sort_by_key(|item| {
            item.get("OrderID").unwrap().as_s().unwrap().parse::<u32>().unwrap()
        });
        all
    }

    /// Every order opens under `encryptor`, which would write it as it is.
    pub async fn all_are_current(&self, encryptor: &ItemEncryptor, count: u32) {
        let all = self.all();
        assert_eq!(all.len(), count as usize);
        for (id, stored) in (0..).zip(all) {
            assert!(encryptor.is_current(&stored, encryptor).await.unwrap(), "{id}");
            assert_eq!(encryptor.decrypt_item(stored).await.unwrap(), order(id));
        }
    }

    pub fn outage(&self, service: Service) -> FaultId {
        let (region, mode) = (US.to_owned(), OutageMode::Refuse);
        self.lab.faults().add(Fault::Outage { region, service, mode }).unwrap()
    }
}

/// How many items were written.
pub fn writes(rewrap: &Rewrap) -> u64 {
    let counts = rewrap.call_counts();
    counts.iter().filter(|of| of.operation == "UpdateItem").map(|of| of.calls).sum()
}

pub fn orders() -> TableConfig {
    let table = TableConfig::builder("Orders").partition_key("OrderID").sign_only(["Status"]);
    table.unsigned(["Hits"]).build().unwrap()
}

pub fn with(keyring: impl Keyring + 'static) -> ItemEncryptor {
    ItemEncryptor::new(orders(), keyring)
}

pub fn raw(name: &str, key: u8) -> RawAesKeyring {
    RawAesKeyring::new("ns", name, [key; 32]).unwrap()
}

pub fn key(id: u32) -> Item {
    Item::new().with("OrderID", id.to_string())
}

pub fn order(id: u32) -> Item {
    let order = key(id).with("Card", "4111 1111 1111 1111").with("Status", "new");
    order.with("Hits", AttributeValue::N("7".into()))
}

type Hook = Box<dyn Fn(usize) + Send + Sync>;

/// A keyring before whose wraps, the first being 1, something happens: between a read and a write.
pub struct Before<K> {
    keyring: K,
    happens: Hook,
    wraps: std::sync::atomic::AtomicUsize,
}

impl<K> Before<K> {
    pub fn new(keyring: K, happens: impl Fn(usize) + Send + Sync + 'static) -> Self {
        Self { keyring, happens: Box::new(happens), wraps: Default::default() }
    }
}

impl<K: Keyring> Keyring for Before<K> {
    fn wrap<'a>(&'a self, request: WrapRequest<'a>) -> KeyringFuture<'a, Vec<Recipient>> {
        let wraps = self.wraps.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
        (self.happens)(wraps + 1);
        self.keyring.wrap(request)
    }

    fn unwrap<'a>(&'a self, request: UnwrapRequest<'a>) -> KeyringFuture<'a, Unwrapped> {
        self.keyring.unwrap(request)
    }

    fn is_current<'a>(&'a self, request: UnwrapRequest<'a>) -> KeyringFuture<'a, bool> {
        self.keyring.is_current(request)
    }
}

impl<K: Keyring> std::fmt::Debug for Before<K> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.keyring.fmt(f)
    }
}

#[derive(Debug)]
struct Losing {
    inner: SharedHttpConnector,
    operation: &'static str,
    lost: &'static [usize],
    seen: Arc<std::sync::atomic::AtomicUsize>,
}

impl HttpConnector for Losing {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let target = request.headers().get("x-amz-target").unwrap_or_default().to_owned();
        let answer = self.inner.call(request);
        if !target.ends_with(self.operation) {
            return answer;
        }
        let seen = self.seen.fetch_add(1, std::sync::atomic::Ordering::SeqCst) + 1;
        let lost = self.lost.contains(&seen);
        HttpConnectorFuture::new(async move {
            let answer = answer.await?;
            if !lost {
                return Ok(answer);
            }
            Err(ConnectorError::io(
                std::io::Error::from(std::io::ErrorKind::ConnectionReset).into(),
            ))
        })
    }
}
