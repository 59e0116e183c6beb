//! A lab's endpoint, and AWS's crate as a client of it.

use std::collections::{BTreeMap, HashMap};
use std::process::ExitCode;

use aws_db_esdk::dynamodb::types::DynamoDbTableEncryptionConfig;
use aws_db_esdk::dynamodb::types::builders::DynamoDbTableEncryptionConfigBuilder;
use aws_db_esdk::intercept::DbEsdkInterceptor;
use aws_db_esdk::material_providers::types::keyring::KeyringRef;
use aws_db_esdk::types::dynamo_db_tables_encryption_config::DynamoDbTablesEncryptionConfig;
use aws_sdk_dynamodb::types as ddb;
use itemseal::{AlgorithmSuite, Item};

use crate::aws;
use crate::table::{Action, Table};

/// Where the tables are made, and written first.
pub const WRITER: &str = "us-east-1";
/// Where they are read.
pub const READER: &str = "eu-west-1";
/// Orders of the demo that are written for each version and suite.
const ORDERS: usize = 25;

pub type Outcome<T = ()> = Result<T, Box<dyn std::error::Error + Send + Sync>>;

/// Runs a program's story on a thread with the stack that AWS's crate needs.
pub fn run(program: &str, story: impl Future<Output = Outcome> + Send + 'static) -> ExitCode {
    let story = async { story.await.map_err(|error| format!("{error:?}")) };
    let message = match aws::runtime().block_on(async { tokio::spawn(story).await }) {
        Ok(Ok(())) => return ExitCode::SUCCESS,
        Ok(Err(message)) => message,
        Err(panic) => panic.to_string(),
    };
    eprintln!("{program}: {message}");
    ExitCode::FAILURE
}

/// The lab's endpoint.
pub struct World {
    endpoint: String,
}

impl World {
    pub fn new(endpoint: &str) -> Self {
        Self { endpoint: endpoint.to_owned() }
    }

    pub fn kms(&self, region: &'static str) -> aws_sdk_kms::Client {
        let credentials = aws_sdk_kms::config::Credentials::new("lab", "lab", None, None, "lab");
        let config = aws_sdk_kms::Config::builder()
            .behavior_version(aws_sdk_kms::config::BehaviorVersion::latest())
            .region(aws_sdk_kms::config::Region::new(region))
            .endpoint_url(&self.endpoint)
            .credentials_provider(credentials);
        aws_sdk_kms::Client::from_conf(config.build())
    }

    pub fn dynamodb_config(&self, region: &'static str) -> aws_sdk_dynamodb::config::Builder {
        let credentials =
            aws_sdk_dynamodb::config::Credentials::new("lab", "lab", None, None, "lab");
        aws_sdk_dynamodb::Config::builder()
            .behavior_version(aws_sdk_dynamodb::config::BehaviorVersion::latest())
            .region(aws_sdk_dynamodb::config::Region::new(region))
            .endpoint_url(&self.endpoint)
            .credentials_provider(credentials)
    }

    pub fn dynamodb(&self, region: &'static str) -> aws_sdk_dynamodb::Client {
        aws_sdk_dynamodb::Client::from_conf(self.dynamodb_config(region).build())
    }

    pub async fn create_key(&self) -> Outcome<String> {
        let kms = self.kms(WRITER);
        let created = kms.create_key().multi_region(true).send().await?;
        let arn = created.key_metadata.ok_or("no key metadata")?.arn.ok_or("no ARN")?;
        kms.replicate_key().key_id(&arn).replica_region(READER).send().await?;
        Ok(arn)
    }

    pub async fn create_table(&self, name: &str) -> Outcome {
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
    pub async fn aws_client(
        &self,
        region: &'static str,
        table: &Table,
        key_arn: &str,
    ) -> Outcome<aws_sdk_dynamodb::Client> {
        let config = self.aws_config(region, table, key_arn).await?;
        let interceptor = interceptor(&table.logical_name, config)?;
        let config = self.dynamodb_config(region).interceptor(interceptor);
        Ok(aws_sdk_dynamodb::Client::from_conf(config.build()))
    }

    /// AWS's configuration of a table.
    pub async fn aws_config(
        &self,
        region: &'static str,
        table: &Table,
        key_arn: &str,
    ) -> Outcome<DynamoDbTableEncryptionConfigBuilder> {
        let keyring = aws::mrk_keyring(self.kms(region), &key_arn.replace(WRITER, region)).await?;
        Ok(config_over(table, keyring))
    }

    /// AWS's client, over any of its keyrings.
    ///
    /// # Errors
    /// What AWS's crate says of the configuration.
    pub fn aws_client_over(
        &self,
        region: &'static str,
        table: &Table,
        keyring: KeyringRef,
    ) -> Outcome<aws_sdk_dynamodb::Client> {
        let interceptor = interceptor(&table.logical_name, config_over(table, keyring))?;
        let config = self.dynamodb_config(region).interceptor(interceptor);
        Ok(aws_sdk_dynamodb::Client::from_conf(config.build()))
    }
}

fn config_over(table: &Table, keyring: KeyringRef) -> DynamoDbTableEncryptionConfigBuilder {
    let unsigned: Vec<String> = table.unsigned_by_name().map(str::to_owned).collect();
    DynamoDbTableEncryptionConfig::builder()
        .logical_table_name(&table.logical_name)
        .partition_key_name("OrderID")
        .sort_key_name("CustomerID")
        .attribute_actions_on_encrypt(aws::actions(table))
        .set_allowed_unsigned_attributes((!unsigned.is_empty()).then_some(unsigned))
        .set_allowed_unsigned_attribute_prefix(table.unsigned_prefix.clone())
        .algorithm_suite_id(aws::suite(table.suite))
        .keyring(keyring)
}

/// AWS's interceptor for one table.
///
/// # Errors
/// What AWS's crate says of the configuration.
pub fn interceptor(
    table: &str,
    config: DynamoDbTableEncryptionConfigBuilder,
) -> Outcome<DbEsdkInterceptor> {
    let tables = HashMap::from([(table.to_owned(), config.build()?)]);
    let tables =
        DynamoDbTablesEncryptionConfig::builder().table_encryption_configs(tables).build()?;
    Ok(DbEsdkInterceptor::new(tables)?)
}

/// Every attribute of an order has to be named for AWS's crate.
pub fn table(name: &str, suite: AlgorithmSuite, version: u8) -> Table {
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
    let mut actions: BTreeMap<_, _> =
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

pub fn orders() -> Outcome<Vec<Item>> {
    let text = include_str!("../../../crates/itemseal-cli/data/orders.jsonl");
    text.lines().take(ORDERS).map(|line| Ok(Item::from_json(line)?)).collect()
}

/// The key attributes of an order.
pub fn key_of(order: &Item) -> Item {
    let keys = ["OrderID", "CustomerID"].into_iter();
    keys.filter_map(|name| order.get(name).map(|value| (name, value.clone()))).collect()
}

/// # Errors
/// What differs.
pub fn same<T: PartialEq + std::fmt::Debug>(what: &str, got: &T, expected: &T) -> Outcome {
    if got == expected {
        return Ok(());
    }
    Err(format!("{what}: {got:?} instead of {expected:?}").into())
}
