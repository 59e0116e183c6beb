//! AWS's own MRK keyring and DynamoDB interceptor, unmodified, pointed at the lab, beside ours.
//!
//! ```text
//! cargo run --bin through_lab
//! ```
//! Through real SDK clients and a socket: AWS's crate writes in us-east-1 and reads in eu-west-1, ours
//! opens what it wrote, and it reads what ours wrote; versions 1 and 2, both suites.

use std::process::ExitCode;

use itemseal::{AlgorithmSuite, Item, ItemDescription, ItemEncryptor, MrkKeyring};
use itemseal_lab::Lab;
use itemseal_lab::http::LabServer;
use itemseal_oracle::aws::{from_sdk, to_sdk};
use itemseal_oracle::sdk_kms::SdkKms;
use itemseal_oracle::world::{self, Outcome, READER, WRITER, World, key_of, orders, same, table};

fn main() -> ExitCode {
    world::run("through_lab", story())
}

async fn story() -> Outcome {
    let lab = Lab::builder().every_region().build()?;
    let server = LabServer::start(&lab)?;
    let world = World::new(&server.endpoint());
    let key_arn = world.create_key().await?;
    let mut items = 0;
    for suite in [AlgorithmSuite::HmacOnly, AlgorithmSuite::EcdsaP384] {
        for version in [1, 2] {
            let name = format!("Orders-{}-{version}", suite.id() & 1);
            world.create_table(&name).await?;
            let compared = compare(&world, &name, suite, version, &key_arn).await?;
            println!(
                "{name}: {compared} items each way, version {version}, suite 0x{:04x}",
                suite.id()
            );
            items += compared;
        }
    }
    println!("through_lab: {items} items each way through a socket, 0 differences");
    server.shutdown().await;
    Ok(())
}

async fn compare(
    world: &World,
    name: &str,
    suite: AlgorithmSuite,
    version: u8,
    key_arn: &str,
) -> Outcome<usize> {
    let table = table(name, suite, version);
    let writer = world.aws_client(WRITER, &table, key_arn).await?;
    let reader = world.aws_client(READER, &table, key_arn).await?;
    let kms = SdkKms::new([WRITER, READER].map(|region| (region.to_owned(), world.kms(region))));
    let keyring = MrkKeyring::builder(key_arn).regions([READER]).build(kms)?;
    let ours = ItemEncryptor::new(itemseal_oracle::ours::config(&table)?, keyring);
    let plain_reader = world.dynamodb(READER);

    let orders = orders()?;
    for order in &orders {
        // AWS's crate writes in one Region; it and ours read in the other.
        writer.put_item().table_name(name).set_item(Some(to_sdk(order))).send().await?;
        let stored = wait_for(&plain_reader, name, order, None).await?;
        let description = ItemDescription::of(&stored)?;
        same("version", &description.format_version(), &version)?;
        same("opened by ours", &ours.decrypt_item(stored.clone()).await?, order)?;
        let key = Some(to_sdk(&key_of(order)));
        let got = reader.get_item().table_name(name).set_key(key.clone()).send().await?;
        same("opened by AWS's", &got.item().map(from_sdk), &Some(order.clone()))?;

        // Ours writes in the other Region; AWS's crate reads where it wrote first.
        let changed = order.clone().with("OrderStatus", "Returned");
        let written = ours.encrypt_item(changed.clone()).await?;
        let put = plain_reader.put_item().table_name(name).set_item(Some(to_sdk(&written)));
        put.send().await?;
        wait_for(&world.dynamodb(WRITER), name, order, Some(&written)).await?;
        let got = writer.get_item().table_name(name).set_key(key).send().await?;
        same("ours, opened by AWS's", &got.item().map(from_sdk), &Some(changed))?;
    }
    Ok(orders.len())
}

/// The stored item once it is there: any encrypted one, or exactly `expected`.
async fn wait_for(
    client: &aws_sdk_dynamodb::Client,
    table: &str,
    order: &Item,
    expected: Option<&Item>,
) -> Outcome<Item> {
    // Each look is a call over the socket, so this is bounded in time and waits for a condition.
    for _ in 0..10_000 {
        let key = Some(to_sdk(&key_of(order)));
        let got = client.get_item().table_name(table).set_key(key).send().await?;
        let stored = got.item().map(from_sdk);
        if let Some(stored) = stored.filter(|stored| expected.is_none_or(|item| stored == item)) {
            return Ok(stored);
        }
    }
    Err("the write did not arrive in the other Region".into())
}
