//! Keyrings over the real SDK client and a socket, with the lab's KMS at its other end.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "tests fail by panicking"
)]

use std::time::Duration;

use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_sdk_kms::Client;
use aws_sdk_kms::config::{BehaviorVersion, Region};
use aws_sdk_kms::types::{GrantOperation, KeySpec, KeyUsageType};
use aws_types::SdkConfig;
use itemseal::keyring::{
    CacheLimits, CachingKeyring, EcdhCurve, KmsAccess, KmsEcdhKeyring, KmsKeyring, KmsRsaKeyring,
    MrkDiscoveryMultiKeyring, RawEcdhKeyring,
};
use itemseal::kms::EncryptionAlgorithm;
use itemseal::{AlgorithmSuite, Item, ItemDescription, ItemEncryptor, MrkKeyring, TableConfig};
use itemseal_aws::{AwsKms, TokioTimer};
use itemseal_lab::Lab;
use itemseal_lab::http::LabServer;

const HOME: &str = "eu-west-1";
const AWAY: &str = "us-east-1";

struct World {
    lab: Lab,
    server: LabServer,
    config: SdkConfig,
    kms: AwsKms,
}

impl World {
    fn new() -> Self {
        let lab = Lab::builder().every_region().account("111122223333").build().unwrap();
        let server = LabServer::start(&lab).unwrap();
        let credentials = Credentials::new("lab", "lab", None, None, "test");
        let config = SdkConfig::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new(HOME))
            .endpoint_url(server.endpoint())
            .credentials_provider(SharedCredentialsProvider::new(credentials))
            .build();
        let kms = AwsKms::new(&config).unwrap();
        Self { lab, server, config, kms }
    }

    async fn key(&self, spec: KeySpec, usage: KeyUsageType) -> String {
        let create = Client::new(&self.config).create_key().key_spec(spec).key_usage(usage);
        create.send().await.unwrap().key_metadata.unwrap().arn.unwrap()
    }

    fn mrk(&self) -> String {
        let key = self.lab.kms().create_key(HOME, true, "").unwrap();
        self.lab.kms().replicate_key(HOME, &key.key_id, AWAY, "").unwrap();
        key.arn
    }
}

fn with(keyring: impl itemseal::Keyring + 'static) -> ItemEncryptor {
    let table = TableConfig::builder("Orders").partition_key("OrderID");
    ItemEncryptor::new(table.suite(AlgorithmSuite::HmacOnly).build().unwrap(), keyring)
}

fn order() -> Item {
    Item::new().with("OrderID", "1").with("Card", "4111")
}

#[tokio::test]
async fn written_in_one_region_and_opened_in_another() {
    let world = World::new();
    let arn = world.mrk();
    let home = MrkKeyring::builder(&arn).regions([HOME, AWAY]).build(world.kms.clone()).unwrap();
    let stored = with(home).encrypt_item(order()).await.unwrap();
    assert_eq!(ItemDescription::of(&stored).unwrap().edks()[0].provider_info(), arn.as_bytes());
    let away = MrkKeyring::builder(&arn).regions([AWAY]).build(world.kms.clone()).unwrap();
    assert_eq!(with(away).decrypt_item(stored.clone()).await.unwrap(), order());
    let discovery = MrkDiscoveryMultiKeyring::new(["ap-south-1", AWAY], world.kms.clone());
    assert_eq!(with(discovery.unwrap()).decrypt_item(stored).await.unwrap(), order());
    assert_eq!(world.lab.kms().calls(AWAY, "Decrypt"), 2);
    world.server.shutdown().await;
}

#[tokio::test]
async fn a_disabled_replica_is_final_and_named_with_aws_s_code_and_request() {
    let world = World::new();
    let arn = world.mrk();
    world.lab.kms().disable_key(HOME, &arn).unwrap();
    let keyring = MrkKeyring::builder(&arn).regions([HOME, AWAY]).build(world.kms.clone());
    let error = with(keyring.unwrap()).encrypt_item(order()).await.unwrap_err();
    assert_eq!(error.kind(), itemseal::ErrorKind::KeyDenied);
    assert_eq!((error.region(), error.code()), (Some(HOME), Some("DisabledException")));
    assert!(error.request_id().is_some());
    assert!(error.to_string().contains("GenerateDataKey"), "{error}");
    assert!(!format!("{error:?}").contains("111122223333"), "nothing of the account: {error:?}");
    world.server.shutdown().await;
}

#[tokio::test]
async fn an_rsa_and_an_agreement_key_of_kms() {
    let world = World::new();
    let access = || KmsAccess::new(world.kms.clone());
    let arn = world.key(KeySpec::Rsa2048, KeyUsageType::EncryptDecrypt).await;
    let public = access().rsa_public_key(&arn).await.unwrap();
    for algorithm in [EncryptionAlgorithm::RsaesOaepSha1, EncryptionAlgorithm::RsaesOaepSha256] {
        let keyring = KmsRsaKeyring::new(&arn, algorithm, access()).unwrap();
        let encryptor = with(keyring.public_key(&public).unwrap());
        let stored = encryptor.encrypt_item(order()).await.unwrap();
        assert_eq!(encryptor.decrypt_item(stored).await.unwrap(), order());
    }
    for (curve, spec) in [
        (EcdhCurve::P256, KeySpec::EccNistP256),
        (EcdhCurve::P384, KeySpec::EccNistP384),
        (EcdhCurve::P521, KeySpec::EccNistP521),
    ] {
        let ours = world.key(spec.clone(), KeyUsageType::KeyAgreement).await;
        let theirs = world.key(spec, KeyUsageType::KeyAgreement).await;
        let ours_public = access().ecdh_public_key(&ours).await.unwrap();
        let theirs_public = access().ecdh_public_key(&theirs).await.unwrap();
        let writer =
            KmsEcdhKeyring::between(curve, &ours, &ours_public, &theirs_public, access()).unwrap();
        let stored = with(writer).encrypt_item(order()).await.unwrap();
        let reader = KmsEcdhKeyring::discovery(curve, &theirs, &theirs_public, access()).unwrap();
        let reader = with(reader);
        assert_eq!(reader.decrypt_item(stored).await.unwrap(), order());
        // From an ephemeral key, whose point KMS is given whole.
        let writer = with(RawEcdhKeyring::ephemeral(curve, &theirs_public).unwrap());
        let stored = writer.encrypt_item(order()).await.unwrap();
        assert_eq!(reader.decrypt_item(stored).await.unwrap(), order());
    }
    world.server.shutdown().await;
}

#[tokio::test]
async fn a_grant_token_reaches_kms() {
    let world = World::new();
    let arn = world.key(KeySpec::SymmetricDefault, KeyUsageType::EncryptDecrypt).await;
    let grant = Client::new(&world.config).create_grant().key_id(&arn);
    let grant = grant.grantee_principal("arn:aws:iam::111122223333:role/orders");
    let grant = grant.operations(GrantOperation::GenerateDataKey);
    let grant = grant.operations(GrantOperation::Decrypt).send().await.unwrap();
    let with_token = |token: &str| {
        let access = KmsAccess::new(world.kms.clone()).grant_tokens([token]);
        with(KmsKeyring::new(&arn, access).unwrap())
    };
    let granted = with_token(&grant.grant_token.unwrap());
    let stored = granted.encrypt_item(order()).await.unwrap();
    assert_eq!(granted.decrypt_item(stored.clone()).await.unwrap(), order());
    let other = with_token("not-a-token");
    let (written, read) = (other.encrypt_item(order()).await, other.decrypt_item(stored).await);
    for error in [written.unwrap_err(), read.unwrap_err()] {
        assert_eq!(error.code(), Some("InvalidGrantTokenException"));
    }
    world.server.shutdown().await;
}

#[tokio::test]
async fn a_cache_spares_the_second_call() {
    let world = World::new();
    let keyring = MrkKeyring::builder(world.mrk()).build(world.kms.clone()).unwrap();
    let limits = CacheLimits::default().most_age(Duration::from_secs(30));
    let encryptor = with(CachingKeyring::new(keyring, limits, TokioTimer::new()));
    let stored = encryptor.encrypt_item(order()).await.unwrap();
    for _ in 0..5 {
        assert_eq!(encryptor.decrypt_item(stored.clone()).await.unwrap(), order());
    }
    assert_eq!(world.lab.kms().calls(HOME, "Decrypt"), 1);
    world.server.shutdown().await;
}
