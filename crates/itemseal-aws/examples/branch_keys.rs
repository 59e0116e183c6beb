//! What branch keys cost: 100,000 items encrypted and 100,000 opened in each of three Regions of the lab, beside
//! the raw AES keyring in the same run. It fails if a Region makes more than one KMS call for the one version.
//!
//! ```text
//! cargo run --release -p itemseal-aws --example branch_keys [items]
//! ```

#![allow(clippy::print_stdout, reason = "this program prints what it measured")]

use std::error::Error;
use std::time::{Duration, Instant};

use aws_types::SdkConfig;
use itemseal::keyring::{HierarchicalKeyring, KmsAccess};
use itemseal::keystore::{KeyStore, KeyStoreKms};
use itemseal::{AlgorithmSuite, Item, ItemEncryptor, Keyring, RawAesKeyring, TableConfig};
use itemseal_aws::{AwsKms, DynamoDbKeyStore};
use itemseal_lab::Lab;

type Outcome<T = ()> = Result<T, Box<dyn Error + Send + Sync>>;

const REGIONS: [&str; 3] = ["us-east-1", "eu-west-1", "ap-southeast-2"];
const STORE: &str = "Keys";
const ITEMS: u32 = 100_000;

#[tokio::main]
async fn main() -> Outcome {
    let items = std::env::args().nth(1).map_or(Ok(ITEMS), |items| items.parse())?;
    let lab = Lab::builder().every_region().build()?;
    let key_arn = set_up(&lab).await?;
    println!(
        "suite       keyring       Region           encrypt            open               KMS calls"
    );
    for (suite, items) in
        [(AlgorithmSuite::HmacOnly, items), (AlgorithmSuite::EcdsaP384, items / 10)]
    {
        for region in REGIONS {
            let before = kms_calls(&lab, region);
            let keyring = hierarchical(&lab, region, &key_arn)?;
            let took = measure(suite, items, keyring).await?;
            let calls = kms_calls(&lab, region) - before;
            print(suite, ("hierarchical", region), items, took, calls);
            if calls > 1 {
                return Err(format!("{calls} KMS calls in {region} for one version").into());
            }
            let took = measure(suite, items, RawAesKeyring::new("ns", "key-1", [7; 32])?).await?;
            print(suite, ("raw AES", region), items, took, 0);
        }
    }
    Ok(())
}

/// A key and a key store in every Region, with one branch key.
async fn set_up(lab: &Lab) -> Outcome<String> {
    let key = lab.kms().create_key(REGIONS[0], true, "")?;
    for region in &REGIONS[1..] {
        lab.kms().replicate_key(REGIONS[0], &key.key_id, region, "")?;
    }
    DynamoDbKeyStore::new(&config(lab, REGIONS[0]), STORE, [REGIONS[0]])?.create_table().await?;
    for region in &REGIONS[1..] {
        lab.tables().add_replica(STORE, region)?;
    }
    let store = store(lab, REGIONS[0], &key.arn)?;
    store.create_key(Some("tenant-1"), [("department", "admin")]).await?;
    lab.tables().converge()?;
    Ok(key.arn)
}

fn config(lab: &Lab, region: &str) -> SdkConfig {
    let config = lab.sdk_config(region).into_builder();
    config.sleep_impl(aws_smithy_async::rt::sleep::TokioSleep::new()).build()
}

/// The key store as a Region sees it, with nothing of the others.
fn store(lab: &Lab, region: &str, key_arn: &str) -> Outcome<KeyStore> {
    let config = config(lab, region);
    let table = DynamoDbKeyStore::new(&config, STORE, [region])?;
    let access = KmsAccess::new(AwsKms::new(&config)?);
    Ok(KeyStore::new(table, STORE, KeyStoreKms::mrk(key_arn, [region])?, access)?)
}

fn hierarchical(lab: &Lab, region: &str, key_arn: &str) -> Outcome<HierarchicalKeyring> {
    Ok(HierarchicalKeyring::builder(store(lab, region, key_arn)?, "tenant-1").build()?)
}

fn kms_calls(lab: &Lab, region: &str) -> u64 {
    let operations =
        ["Decrypt", "GenerateDataKey", "GenerateDataKeyWithoutPlaintext", "Encrypt", "ReEncrypt"];
    operations.iter().map(|operation| lab.kms().calls(region, operation)).sum()
}

/// How long it took to encrypt the items, and to open them.
async fn measure(
    suite: AlgorithmSuite,
    items: u32,
    keyring: impl Keyring + 'static,
) -> Outcome<(Duration, Duration)> {
    let table = TableConfig::builder("Orders").partition_key("OrderID").suite(suite).build()?;
    let encryptor = ItemEncryptor::new(table, keyring);
    let orders: Vec<Item> = (0..items).map(order).collect();
    let mut stored = Vec::with_capacity(orders.len());
    let start = Instant::now();
    for order in orders {
        stored.push(encryptor.encrypt_item(order).await?);
    }
    let encrypting = start.elapsed();
    let mut opened = Vec::with_capacity(stored.len());
    let start = Instant::now();
    for item in stored {
        opened.push(encryptor.decrypt_item(item).await?);
    }
    let opening = start.elapsed();
    match opened.iter().zip(0..).all(|(item, id)| *item == order(id)) {
        true => Ok((encrypting, opening)),
        false => Err("an item came back changed".into()),
    }
}

fn order(id: u32) -> Item {
    Item::new()
        .with("OrderID", id.to_string())
        .with("Card", "4111 1111 1111 1111")
        .with("Email", "ada@example.com")
        .with("Total", "99.90")
}

fn print(
    suite: AlgorithmSuite,
    (keyring, region): (&str, &str),
    items: u32,
    (encrypting, opening): (Duration, Duration),
    calls: u64,
) {
    let suite = if suite == AlgorithmSuite::HmacOnly { "HMAC only" } else { "ECDSA" };
    let figures = |took: Duration| {
        let seconds = took.as_secs_f64() / f64::from(items);
        format!("{:>7.0}/s {:>6.1} µs", 1.0 / seconds, seconds * 1e6)
    };
    println!(
        "{suite:<10}  {keyring:<12}  {region:<15}  {}  {}  {calls}",
        figures(encrypting),
        figures(opening)
    );
}
