//! Where requests may go: checked when the client is made, and before each request is sent.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_sdk_kms::Client;
use aws_sdk_kms::config::{BehaviorVersion, Region};
use aws_smithy_runtime_api::client::http::{
    HttpConnector, HttpConnectorFuture, SharedHttpClient, SharedHttpConnector, http_client_fn,
};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_types::SdkConfig;
use aws_types::service_config::{LoadServiceConfig, ServiceConfigKey};
use itemseal::keyring::KmsKeyring;
use itemseal::{ErrorKind, ItemEncryptor, TableConfig};
use itemseal_aws::AwsKms;

use crate::world::order;

const KEY: &str = "arn:aws:kms:eu-west-1:111122223333:key/1";

/// Counts what is sent, and sends nothing.
#[derive(Clone, Debug, Default)]
struct Sent(Arc<AtomicUsize>);

impl Sent {
    fn client(&self) -> SharedHttpClient {
        let this = self.clone();
        http_client_fn(move |_, _| SharedHttpConnector::new(this.clone()))
    }

    fn count(&self) -> usize {
        self.0.load(Ordering::SeqCst)
    }
}

impl HttpConnector for Sent {
    fn call(&self, _: HttpRequest) -> HttpConnectorFuture {
        self.0.fetch_add(1, Ordering::SeqCst);
        HttpConnectorFuture::ready(Err(ConnectorError::io("nothing is sent".into())))
    }
}

fn config(endpoint: Option<&str>, sent: &Sent) -> aws_types::sdk_config::Builder {
    let credentials = Credentials::new("AKIAEXAMPLE", "secret", None, None, "test");
    let mut config = SdkConfig::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new("eu-west-1"))
        .credentials_provider(SharedCredentialsProvider::new(credentials))
        .http_client(sent.client());
    config.set_endpoint_url(endpoint.map(str::to_owned));
    config
}

/// The environment's `AWS_ENDPOINT_URL_KMS`, as `aws-config` passes it on.
#[derive(Debug)]
struct Environment(&'static str);

impl LoadServiceConfig for Environment {
    fn load_config(&self, key: ServiceConfigKey<'_>) -> Option<String> {
        (key.service_id() == "KMS" && key.env() == "AWS_ENDPOINT_URL").then(|| self.0.to_owned())
    }
}

async fn encrypt(kms: AwsKms) -> itemseal::Error {
    let table = TableConfig::builder("Orders").partition_key("OrderID").build().unwrap();
    let encryptor = ItemEncryptor::new(table, KmsKeyring::new(KEY, kms).unwrap());
    encryptor.encrypt_item(order()).await.unwrap_err()
}

#[test]
fn a_configuration_that_would_send_data_keys_in_the_clear_is_refused_at_once() {
    let sent = Sent::default();
    for (endpoint, fit) in [
        (None, true),
        (Some("https://kms.example.com"), true),
        (Some("http://127.0.0.1:4566"), true),
        (Some("http://kms.example.com"), false),
    ] {
        let result = AwsKms::new(&config(endpoint, &sent).build());
        assert_eq!(result.is_ok(), fit, "{endpoint:?}");
        if let Err(error) = result {
            assert_eq!(error.kind(), ErrorKind::Refused);
        }
    }
    let environment = |url| config(None, &sent).service_config(Environment(url)).build();
    assert!(AwsKms::new(&environment("http://127.0.0.1:4566")).is_ok());
    let refused = AwsKms::new(&environment("http://stranger.example.com")).unwrap_err();
    assert!(refused.to_string().contains("stranger.example.com"));
}

#[tokio::test]
async fn a_client_whose_own_endpoint_is_unfit_sends_nothing() {
    let sent = Sent::default();
    let unfit = config(Some("http://stranger.example.com"), &sent).build();
    let kms = AwsKms::with_supplier(move |_: &str| Ok(Client::new(&unfit))).build().unwrap();
    let error = encrypt(kms).await;
    assert_eq!((error.kind(), error.region()), (ErrorKind::Refused, Some("eu-west-1")));
    assert!(error.to_string().contains("stranger.example.com"), "{error}");
    assert_eq!(sent.count(), 0);
}

#[tokio::test]
async fn an_endpoint_allowed_by_name_is_spoken_to() {
    let sent = Sent::default();
    let plain = config(Some("http://kms.test:8000"), &sent).build();
    assert!(AwsKms::builder(&plain).allow_insecure_endpoint("http://kms.test").build().is_err());
    assert!(AwsKms::builder(&plain).allow_insecure_endpoint("kms.test:8000").build().is_err());
    let kms = AwsKms::builder(&plain).allow_insecure_endpoint("http://kms.test:8000").build();
    let error = encrypt(kms.unwrap()).await;
    assert_eq!(error.kind(), ErrorKind::KeyUnavailable);
    assert_eq!(sent.count(), 3, "the keyring repeats, and not the SDK within each call");
}

#[tokio::test]
async fn a_supplier_that_has_no_client_says_so() {
    let none = |region: &str| {
        let message = format!("no role for {region}");
        Err(itemseal::Error::new(ErrorKind::Misuse, message))
    };
    let error = encrypt(AwsKms::with_supplier(none).build().unwrap()).await;
    assert!(error.to_string().contains("no role for eu-west-1"), "{error}");
}
