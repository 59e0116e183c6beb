//! Each kind of keyring, both ways through the lab: AWS's writes and ours opens, ours writes and AWS's
//! opens.
//!
//! ```text
//! cargo run --features aws --bin keyrings
//! ```
//! Not the ECDH keyrings: `aws-db-esdk` 1.3.0 has factories for them, but does not export the type of
//! the curve that they need.

use std::collections::BTreeMap;
use std::process::ExitCode;

use aws_db_esdk::material_providers::types::PaddingScheme;
use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der, PublicKeyX509Der};
use aws_lc_rs::rsa::{KeySize, PrivateDecryptingKey};
use aws_sdk_kms::Client;
use aws_sdk_kms::config::{BehaviorVersion, Credentials, Region};
use aws_sdk_kms::types::{KeySpec, KeyUsageType};
use itemseal::keyring::{
    DiscoveryFilter, DiscoveryKeyring, KmsAccess, KmsKeyring, KmsMultiKeyring, KmsRsaKeyring,
    MrkDiscoveryKeyring, MrkDiscoveryMultiKeyring, MrkMultiKeyring, RawRsaKeyring, RsaPadding,
};
use itemseal::kms::EncryptionAlgorithm;
use itemseal::{AlgorithmSuite, Item, ItemEncryptor, Keyring, MrkKeyring};
use itemseal_aws::AwsKms;
use itemseal_lab::Lab;
use itemseal_lab::http::LabServer;
use itemseal_oracle::aws::{self, Encryptor};
use itemseal_oracle::aws_keyrings::{Factory, Made};
use itemseal_oracle::table::{Action, Table};

const HOME: &str = "us-east-1";
const AWAY: &str = "eu-west-1";
const ITEMS: usize = 5;

type Outcome<T = ()> = Result<T, Box<dyn std::error::Error + Send + Sync>>;

fn main() -> ExitCode {
    // The SDK clients live on a thread with the stack that AWS's crate needs.
    let run = async { story().await.map_err(|error| format!("{error:?}")) };
    match aws::runtime().block_on(async { tokio::spawn(run).await }) {
        Ok(Ok(())) => ExitCode::SUCCESS,
        Ok(Err(message)) => {
            eprintln!("keyrings: {message}");
            ExitCode::FAILURE
        }
        Err(panic) => {
            eprintln!("keyrings: {panic}");
            ExitCode::FAILURE
        }
    }
}

fn client(endpoint: &str, region: &str) -> Client {
    let config = aws_sdk_kms::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new(region.to_owned()))
        .endpoint_url(endpoint)
        .credentials_provider(Credentials::new("lab", "lab", None, None, "lab"));
    Client::from_conf(config.build())
}

/// What either side needs to read what either wrote; a side that cannot write has another to.
struct Pairs {
    name: String,
    suites: &'static [AlgorithmSuite],
    aws: (Made, Made),
    ours: (Box<dyn Keyring>, Box<dyn Keyring>),
}

const BOTH: &[AlgorithmSuite] = &[AlgorithmSuite::HmacOnly, AlgorithmSuite::EcdsaP384];
const HMAC: &[AlgorithmSuite] = &[AlgorithmSuite::HmacOnly];

async fn story() -> Outcome {
    let lab = Lab::builder().every_region().account("111122223333").build()?;
    let server = LabServer::start(&lab)?;
    let mut items = 0;
    for pairs in all(&server.endpoint()).await? {
        let name = pairs.name.clone();
        let compared = compare(pairs).await.map_err(|error| format!("{name}: {error}"))?;
        println!("{name}: {compared} items each way");
        items += compared;
    }
    println!("keyrings: {items} items each way, 0 differences");
    server.shutdown().await;
    Ok(())
}

async fn all(endpoint: &str) -> Outcome<Vec<Pairs>> {
    let aws = Factory::new(endpoint, client)?;
    let own = endpoint.to_owned();
    let kms = AwsKms::with_supplier(move |region: &str| Ok(client(&own, region))).build()?;
    let filter = || DiscoveryFilter::new("aws", ["111122223333"]);
    let mrk = create(endpoint, HOME, true).await?;
    let related = mrk.replace(HOME, AWAY);
    client(endpoint, HOME).replicate_key().key_id(&mrk).replica_region(AWAY).send().await?;
    let (one, two) = (create(endpoint, HOME, false).await?, create(endpoint, AWAY, false).await?);
    let mrk_keyring = |arn: &str| MrkKeyring::builder(arn).build(kms.clone());
    let failover = || MrkKeyring::builder(&mrk).regions([HOME, AWAY]).build(kms.clone());
    let mut pairs = vec![
        Pairs {
            name: "KMS".to_owned(),
            suites: BOTH,
            aws: (aws.kms_strict(HOME, &one).await, aws.kms_strict(HOME, &one).await),
            ours: (
                Box::new(KmsKeyring::new(&one, kms.clone())?),
                Box::new(KmsKeyring::new(&one, kms.clone())?),
            ),
        },
        Pairs {
            name: "KMS multi".to_owned(),
            suites: BOTH,
            aws: (aws.multi(&one, &two).await, aws.multi(&two, &one).await),
            ours: (
                Box::new(KmsMultiKeyring::new([&one, &two], kms.clone())?),
                Box::new(KmsMultiKeyring::new([&two, &one], kms.clone())?),
            ),
        },
        Pairs {
            name: "MRK, in the other Region".to_owned(),
            suites: BOTH,
            aws: (aws.mrk(HOME, &mrk).await, aws.mrk(AWAY, &related).await),
            ours: (Box::new(mrk_keyring(&mrk)?), Box::new(mrk_keyring(&related)?)),
        },
        Pairs {
            name: "MRK with failover".to_owned(),
            suites: BOTH,
            aws: (aws.mrk(AWAY, &related).await, aws.mrk(HOME, &mrk).await),
            ours: (Box::new(failover()?), Box::new(failover()?)),
        },
        Pairs {
            name: "MRK multi".to_owned(),
            suites: BOTH,
            aws: (aws.mrk_multi(&mrk, &one).await, aws.mrk_multi(&related, &two).await),
            ours: (
                Box::new(MrkMultiKeyring::new([&mrk, &one], kms.clone())?),
                Box::new(MrkMultiKeyring::new([&related, &two], kms.clone())?),
            ),
        },
        Pairs {
            name: "discovery".to_owned(),
            suites: BOTH,
            aws: (aws.kms_strict(HOME, &one).await, aws.discovery(HOME).await),
            ours: (
                Box::new(KmsKeyring::new(&one, kms.clone())?),
                Box::new(DiscoveryKeyring::new(HOME, kms.clone())?.filter(filter()?)),
            ),
        },
        Pairs {
            name: "MRK discovery, in the other Region".to_owned(),
            suites: BOTH,
            aws: (aws.mrk(HOME, &mrk).await, aws.mrk_discovery(AWAY).await),
            ours: (
                Box::new(mrk_keyring(&mrk)?),
                Box::new(MrkDiscoveryKeyring::new(AWAY, kms.clone())?.filter(filter()?)),
            ),
        },
        Pairs {
            name: "MRK discovery multi".to_owned(),
            suites: BOTH,
            aws: (aws.kms_strict(AWAY, &two).await, aws.mrk_discovery_multi(&[HOME, AWAY]).await),
            ours: (
                Box::new(KmsKeyring::new(&two, kms.clone())?),
                Box::new(
                    MrkDiscoveryMultiKeyring::new([HOME, AWAY], kms.clone())?.filter(filter()?),
                ),
            ),
        },
    ];
    pairs.extend(kms_rsa(endpoint, &aws, &kms).await?);
    pairs.extend(raw_rsa(&aws).await?);
    Ok(pairs)
}

async fn kms_rsa(endpoint: &str, aws: &Factory, kms: &AwsKms) -> Outcome<Vec<Pairs>> {
    let create = client(endpoint, HOME).create_key().key_spec(KeySpec::Rsa2048);
    let created = create.key_usage(KeyUsageType::EncryptDecrypt).send().await?;
    let arn = created.key_metadata.and_then(|key| key.arn).ok_or("no ARN")?;
    let der = KmsAccess::new(kms.clone()).rsa_public_key(&arn).await?;
    let public = pem("PUBLIC KEY", &der);
    let mut pairs = Vec::new();
    for algorithm in [EncryptionAlgorithm::RsaesOaepSha1, EncryptionAlgorithm::RsaesOaepSha256] {
        let name = algorithm.as_str();
        let theirs = || aws.kms_rsa(HOME, &arn, name, &public);
        let ours = || KmsRsaKeyring::new(&arn, algorithm, kms.clone())?.public_key(&der);
        pairs.push(Pairs {
            name: format!("KMS RSA, {name}"),
            suites: HMAC,
            aws: (theirs().await, theirs().await),
            ours: (Box::new(ours()?), Box::new(ours()?)),
        });
    }
    Ok(pairs)
}

async fn raw_rsa(aws: &Factory) -> Outcome<Vec<Pairs>> {
    let key = PrivateDecryptingKey::generate(KeySize::Rsa2048)?;
    let private: Pkcs8V1Der<'_> = key.as_der()?;
    let spki: PublicKeyX509Der<'_> = key.public_key().as_der()?;
    let (public, private) =
        (pem("PUBLIC KEY", spki.as_ref()), pem("PRIVATE KEY", private.as_ref()));
    let mut pairs = Vec::new();
    for (padding, theirs) in [
        (RsaPadding::Pkcs1, PaddingScheme::Pkcs1),
        (RsaPadding::OaepSha1, PaddingScheme::OaepSha1Mgf1),
        (RsaPadding::OaepSha256, PaddingScheme::OaepSha256Mgf1),
        (RsaPadding::OaepSha384, PaddingScheme::OaepSha384Mgf1),
        (RsaPadding::OaepSha512, PaddingScheme::OaepSha512Mgf1),
    ] {
        let ours = || {
            let keyring = RawRsaKeyring::new("ns", "key-1", padding)?;
            keyring.public_key(&public)?.private_key(&private)
        };
        let theirs = || aws.raw_rsa(theirs.clone(), &public, &private);
        pairs.push(Pairs {
            name: format!("raw RSA, {padding:?}"),
            suites: BOTH,
            aws: (theirs().await, theirs().await),
            ours: (Box::new(ours()?), Box::new(ours()?)),
        });
    }
    Ok(pairs)
}

async fn create(endpoint: &str, region: &str, multi_region: bool) -> Outcome<String> {
    let create = client(endpoint, region).create_key().multi_region(multi_region);
    Ok(create.send().await?.key_metadata.and_then(|key| key.arn).ok_or("no ARN")?)
}

async fn compare(pairs: Pairs) -> Outcome<usize> {
    let Pairs { suites, aws: (aws_writer, aws_reader), ours: (writer, reader), .. } = pairs;
    let (aws_writer, aws_reader) = (aws_writer?, aws_reader?);
    let (writer, reader) = (std::sync::Arc::new(writer), std::sync::Arc::new(reader));
    let mut compared = 0;
    for suite in suites {
        let table = table(*suite);
        let aws_writer = Encryptor::over(&table, aws_writer.clone())?;
        let aws_reader = Encryptor::over(&table, aws_reader.clone())?;
        let config = || itemseal_oracle::ours::config(&table);
        let writer = ItemEncryptor::new(config()?, writer.clone());
        let reader = ItemEncryptor::new(config()?, reader.clone());
        for number in 0..ITEMS {
            let order = Item::new()
                .with("OrderID", format!("{number}"))
                .with("Card", "4111")
                .with("OrderStatus", "Shipped");
            let stored = aws_writer.encrypt(&order).await?;
            same("AWS's, opened by ours", &reader.decrypt_item(stored).await?, &order)?;
            let stored = writer.encrypt_item(order.clone()).await?;
            same("ours, opened by AWS's", &aws_reader.decrypt(&stored).await?, &order)?;
            compared += 1;
        }
    }
    Ok(compared)
}

fn table(suite: AlgorithmSuite) -> Table {
    let actions = [("Card", Action::Encrypt), ("OrderStatus", Action::Sign)];
    let actions: BTreeMap<_, _> =
        actions.into_iter().map(|(name, action)| (name.to_owned(), action)).collect();
    Table {
        logical_name: "Orders".to_owned(),
        partition_key: "OrderID".to_owned(),
        sort_key: None,
        actions,
        unsigned_prefix: None,
        suite,
    }
}

fn same(what: &str, got: &Item, expected: &Item) -> Outcome {
    if got == expected { Ok(()) } else { Err(format!("{what}: {got:?}").into()) }
}

fn pem(label: &str, der: &[u8]) -> String {
    let body = base64::Engine::encode(&base64::engine::general_purpose::STANDARD, der);
    let lines: Vec<_> = body.as_bytes().chunks(64).map(String::from_utf8_lossy).collect();
    format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", lines.join("\n"))
}
