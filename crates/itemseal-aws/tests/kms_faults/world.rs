//! A key in three Regions, and keyrings that reach it through the endpoints of a row.

use std::time::Duration;

use aws_credential_types::Credentials;
use aws_sdk_kms::Client;
use aws_sdk_kms::config::{BehaviorVersion, Region};
use aws_smithy_http_client::Builder;
use aws_smithy_http_client::tls::{Provider, rustls_provider::CryptoMode};
use aws_smithy_runtime_api::client::dns::{DnsFuture, ResolveDns, ResolveDnsError};
use aws_smithy_runtime_api::client::http::SharedHttpClient;
use itemseal::keyring::KmsAccess;
use itemseal::{Item, ItemEncryptor, MrkKeyring, TableConfig};
use itemseal_aws::AwsKms;
use itemseal_lab::Lab;

use crate::Faulty;
use crate::responder;
use crate::table::{Fault, Row};

pub(crate) const REGIONS: [&str; 3] = ["eu-west-1", "us-east-1", "ap-south-1"];
pub(crate) const DEADLINE: Duration = Duration::from_millis(1500);

pub(crate) struct World {
    lab: Lab,
    key: String,
    clients: Vec<(&'static str, Client)>,
}

impl World {
    pub(crate) async fn new(row: &Row, regions: usize, faulty: Faulty) -> Self {
        let lab = Lab::builder().regions(REGIONS).account("111122223333").build().unwrap();
        let key = lab.kms().create_key(REGIONS[0], true, "").unwrap();
        for region in &REGIONS[1..] {
            lab.kms().replicate_key(REGIONS[0], &key.key_id, region, "").unwrap();
        }
        let mut clients = Vec::new();
        for (index, region) in REGIONS.into_iter().take(regions).enumerate() {
            let fault = match faulty {
                Faulty::First if index > 0 => Fault::Changed(|_| {}),
                _ => row.fault,
            };
            clients.push((region, client(lab.clone(), region, fault).await));
        }
        Self { lab, key: key.arn, clients }
    }

    /// Through the row's endpoints.
    pub(crate) fn encryptor(&self, row: &Row) -> ItemEncryptor {
        let clients = self.clients.clone();
        let supplier = move |region: &str| {
            let found = clients.iter().find(|(name, _)| *name == region);
            Ok(found.expect("a Region of the keyring").1.clone())
        };
        let kms = AwsKms::with_supplier(supplier).allow_insecure_endpoint("http://kms.test:80");
        let access = KmsAccess::new(kms.build().unwrap());
        let access = if row.verify { access.verify_writes() } else { access };
        let keyring = MrkKeyring::builder(&self.key).deadline(DEADLINE);
        let regions = self.clients.iter().map(|(region, _)| *region);
        encryptor(keyring.regions(regions).build(access).unwrap())
    }

    /// Without any endpoint.
    pub(crate) fn healthy(&self) -> ItemEncryptor {
        encryptor(MrkKeyring::builder(&self.key).build(self.lab.kms().clone()).unwrap())
    }
}

fn encryptor(keyring: MrkKeyring) -> ItemEncryptor {
    let table = TableConfig::builder("Orders").partition_key("OrderID").build().unwrap();
    ItemEncryptor::new(table, keyring)
}

pub(crate) fn order() -> Item {
    Item::new().with("OrderID", "1").with("Card", "4111")
}

async fn client(lab: Lab, region: &'static str, fault: Fault) -> Client {
    let address = responder::start(lab, region, fault).await;
    let tls = Provider::Rustls(CryptoMode::AwsLc);
    let (url, http): (String, SharedHttpClient) = match fault {
        Fault::NoName => ("http://kms.test".to_owned(), names(tls, Names::Fail)),
        Fault::SilentNames => ("http://kms.test".to_owned(), names(tls, Names::Hang)),
        Fault::Tls(_) => {
            (format!("https://{address}"), Builder::new().tls_provider(tls).build_https())
        }
        _ => (format!("http://{address}"), Builder::new().build_http()),
    };
    let credentials = Credentials::new("AKIAEXAMPLE", "secret", None, None, "test");
    let config = aws_sdk_kms::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new(region))
        .credentials_provider(credentials)
        .endpoint_url(url)
        .http_client(http);
    Client::from_conf(config.build())
}

fn names(tls: Provider, names: Names) -> SharedHttpClient {
    Builder::new().tls_provider(tls).build_with_resolver(names)
}

/// A name server's behaviour.
#[derive(Clone, Copy, Debug)]
enum Names {
    Fail,
    Hang,
}

impl ResolveDns for Names {
    fn resolve_dns<'a>(&'a self, _: &'a str) -> DnsFuture<'a> {
        DnsFuture::new(async move {
            match self {
                Self::Fail => Err(ResolveDnsError::new("no such name")),
                Self::Hang => std::future::pending().await,
            }
        })
    }
}
