//! AWS's own MRK keyring and DynamoDB interceptor, unmodified, pointed at the lab, beside ours.
//!
//! ```text
//! cargo run --bin through_lab
//! ```
//! Through real SDK clients and a socket: AWS's crate writes in us-east-1 and reads in eu-west-1, ours
//! opens what it wrote, and it reads what ours wrote; versions 1 and 2, both suites.

use std::collections::HashMap;
use std::process::ExitCode;

use aws_db_esdk::dynamodb::types::DynamoDbTableEncryptionConfig;
use aws_db_esdk::intercept::DbEsdkInterceptor;
use aws_db_esdk::types::dynamo_db_tables_encryption_config::DynamoDbTablesEncryptionConfig;
use aws_sdk_dynamodb::types as ddb;
use itemseal::{AlgorithmSuite, Item, ItemDescription, ItemEncryptor, MrkKeyring};
use itemseal_lab::Lab;
use itemseal_lab::http::LabServer;
use itemseal_oracle::aws::{self, from_sdk, to_sdk};
use itemseal_oracle::sdk_kms::SdkKms;
use itemseal_oracle::table::{Action, Table};

const WRITER: &str = "us-east-1";
const READER: &str = "eu-west-1";
/// Orders of the demo that are written for each version and suite.
const ORDERS: usize = 25;

type Outcome<T = ()> = Result<T, Box<dyn std::error::Error>>;

fn main() -> ExitCode {
    // The SDK clients live on a thread with the stack that AWS's crate needs.
    match aws::runtime().block_on(async { tokio::spawn(run()).await }) {
        Ok(Ok(())) => ExitCode::SUCCESS,
        Ok(Err(message)) => {
            eprintln!("through_lab: {message}");
            ExitCode::FAILURE
        }
        Err(panic) => {
            eprintln!("through_lab: {panic}");
            ExitCode::FAILURE
        }
    }
}

async fn run() -> Result<(), String> {
    story().await.map_err(|error| format!("{error:?}"))
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
            let compared = world.compare(&name, suite, version, &key_arn).await?;
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

struct World {
    endpoint: String,
}

impl World {
    fn new(endpoint: &str) -> Self {
        Self { endpoint: endpoint.to_owned() }
    }

    fn kms(&self, region: &'static str) -> aws_sdk_kms::Client {
        let credentials = aws_sdk_kms::config::Credentials::new("lab", "lab", None, None, "lab");
        let config = aws_sdk_kms::Config::builder()
            .behavior_version(aws_sdk_kms::config::BehaviorVersion::latest())
            .region(aws_sdk_kms::config::Region::new(region))
            .endpoint_url(&self.endpoint)
            .credentials_provider(credentials);
        aws_sdk_kms::Client::from_conf(config.build())
    }

    fn dynamodb_config(&self, region: &'static str) -> aws_sdk_dynamodb::config::Builder {
        let credentials =
            aws_sdk_dynamodb::config::Credentials::new("lab", "lab", None, None, "lab");
        aws_sdk_dynamodb::Config::builder()
            .behavior_version(aws_sdk_dynamodb::config::BehaviorVersion::latest())
            .region(aws_sdk_dynamodb::config::Region::new(region))
            .endpoint_url(&self.endpoint)
            .credentials_provider(credentials)
    }

    fn dynamodb(&self, region: &'static str) -> aws_sdk_dynamodb::Client {
        aws_sdk_dynamodb::Client::from_conf(self.dynamodb_config(region).build())
    }

    async fn create_key(&self) -> Outcome<String> {
        let kms = self.kms(WRITER);
        let created = kms.create_key().multi_region(true).send().await?;
        let arn = created.key_metadata.ok_or("no key metadata")?.arn.ok_or("no ARN")?;
        kms.replicate_key().key_id(&arn).replica_region(READER).send().await?;
        Ok(arn)
    }

    async fn create_table(&self, name: &str) -> Outcome {
        let client = self.dynamodb(WRITER);
        let attribute = |name: &str| {
            let definition = ddb::AttributeDefinition::builder().attribute_name(name);
            definition.attribute_type(ddb::ScalarAttributeType::S).build()
        };
        let key = |name: &str, kind| {
            ddb::KeySchemaElement::builder().attribute_name(name).key_type(kind).build()
        };
        client
            .create_table()
            .table_name(name)
            .attribute_definitions(attribute("OrderID")?)
            .attribute_definitions(attribute("CustomerID")?)
            .key_schema(key("OrderID", ddb::KeyType::Hash)?)
            .key_schema(key("CustomerID", ddb::KeyType::Range)?)
            .billing_mode(ddb::BillingMode::PayPerRequest)
            .send()
            .await?;
        let create =
            ddb::CreateReplicationGroupMemberAction::builder().region_name(READER).build()?;
        let update = ddb::ReplicationGroupUpdate::builder().create(create).build();
        client.update_table().table_name(name).replica_updates(update).send().await?;
        Ok(())
    }

    /// AWS's client: its interceptor, with its MRK keyring over the Region's replica.
    async fn aws_client(
        &self,
        region: &'static str,
        table: &Table,
        key_arn: &str,
    ) -> Outcome<aws_sdk_dynamodb::Client> {
        let keyring = aws::mrk_keyring(self.kms(region), &key_arn.replace(WRITER, region)).await?;
        let config = DynamoDbTableEncryptionConfig::builder()
            .logical_table_name(&table.logical_name)
            .partition_key_name("OrderID")
            .sort_key_name("CustomerID")
            .attribute_actions_on_encrypt(aws::actions(table))
            .algorithm_suite_id(aws::suite(table.suite))
            .keyring(keyring)
            .build()?;
        let tables = HashMap::from([(table.logical_name.clone(), config)]);
        let tables =
            DynamoDbTablesEncryptionConfig::builder().table_encryption_configs(tables).build()?;
        let config = self.dynamodb_config(region).interceptor(DbEsdkInterceptor::new(tables)?);
        Ok(aws_sdk_dynamodb::Client::from_conf(config.build()))
    }

    async fn compare(
        &self,
        name: &str,
        suite: AlgorithmSuite,
        version: u8,
        key_arn: &str,
    ) -> Outcome<usize> {
        let table = table(name, suite, version);
        let writer = self.aws_client(WRITER, &table, key_arn).await?;
        let reader = self.aws_client(READER, &table, key_arn).await?;
        let kms = SdkKms::new([WRITER, READER].map(|region| (region.to_owned(), self.kms(region))));
        let keyring = MrkKeyring::builder(key_arn).regions([READER]).build(kms)?;
        let ours = ItemEncryptor::new(itemseal_oracle::ours::config(&table)?, keyring);
        let plain_reader = self.dynamodb(READER);

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
            wait_for(&self.dynamodb(WRITER), name, order, Some(&written)).await?;
            let got = writer.get_item().table_name(name).set_key(key).send().await?;
            same("ours, opened by AWS's", &got.item().map(from_sdk), &Some(changed))?;
        }
        Ok(orders.len())
    }
}

/// Every attribute of an order has to be named for AWS's crate.
fn table(name: &str, suite: AlgorithmSuite, version: u8) -> Table {
    const ENCRYPTED: [&str; 14] = [
        "Card",
        "Discounts",
        "Email",
        "GiftWrap",
        "Lines",
        "Name",
        "Note",
        "Parcels",
        "Phone",
        "PlacedAt",
        "Receipt",
        "ShipTo",
        "Tags",
        "Total",
    ];
    let mut actions: std::collections::BTreeMap<_, _> =
        ENCRYPTED.into_iter().map(|name| (name.to_owned(), Action::Encrypt)).collect();
    let status = if version == 2 { Action::Context } else { Action::Sign };
    actions.insert("OrderStatus".to_owned(), status);
    Table {
        logical_name: name.to_owned(),
        partition_key: "OrderID".to_owned(),
        sort_key: Some("CustomerID".to_owned()),
        actions,
        unsigned_prefix: None,
        suite,
    }
}

fn orders() -> Outcome<Vec<Item>> {
    let text = include_str!("../../../../crates/itemseal-cli/data/orders.jsonl");
    text.lines().take(ORDERS).map(|line| Ok(Item::from_json(line)?)).collect()
}

fn key_of(order: &Item) -> Item {
    let keys = ["OrderID", "CustomerID"].into_iter();
    keys.filter_map(|name| order.get(name).map(|value| (name, value.clone()))).collect()
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

fn same<T: PartialEq + std::fmt::Debug>(what: &str, got: &T, expected: &T) -> Outcome {
    if got == expected {
        return Ok(());
    }
    Err(format!("{what}: {got:?} instead of {expected:?}").into())
}
