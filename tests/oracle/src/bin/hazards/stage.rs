//! A lab, and for each hazard a table of its own with both clients.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_db_esdk::dynamodb::types::builders::DynamoDbTableEncryptionConfigBuilder;
use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::{
    AttributeDefinition, AttributeValue, BillingMode, GlobalSecondaryIndex, KeySchemaElement,
    KeyType, Projection, ProjectionType, ScalarAttributeType,
};
use aws_types::SdkConfig;
use aws_types::region::Region;
use itemseal::{AlgorithmSuite, MrkKeyring, TableConfig};
use itemseal_aws::{AwsKms, GlobalTable, GlobalTableBuilder};
use itemseal_lab::Lab;
use itemseal_lab::http::LabServer;
use itemseal_oracle::table::{Action, Table};
use itemseal_oracle::world::{self, Outcome, WRITER, World};
use tokio::task::JoinHandle;
use tokio::time::timeout;

pub type Attributes = HashMap<String, AttributeValue>;

/// Indexes over `OrderStatus`: with all of the items, with a part, and with their keys.
pub const WHOLE: &str = "whole";
pub const SOME: &str = "some";
pub const KEYS: &str = "keys";

/// How long a call may take to end whose connection is closed.
const LAST: Duration = Duration::from_secs(30);

/// What nobody but the clients may read.
pub const CARD: &str = "4111 1111 1111 1111";

pub struct Stage {
    pub lab: Lab,
    pub world: World,
    pub key_arn: String,
    /// What still waits for the lab.
    pub waiting: Mutex<Vec<JoinHandle<()>>>,
    server: LabServer,
}

/// A table, AWS's client and ours of it, and one that encrypts nothing.
pub struct Both {
    pub name: String,
    pub aws: Client,
    pub ours: GlobalTable,
    pub raw: Client,
}

impl Stage {
    pub async fn new() -> Outcome<Self> {
        // The seed decides which parts of a batch are left undone.
        let lab = Lab::builder().every_region().seed(1).build()?;
        let server = LabServer::start(&lab)?;
        let world = World::new(&server.endpoint());
        let key_arn = world.create_key().await?;
        Ok(Self { lab, world, key_arn, waiting: Mutex::default(), server })
    }

    /// Closes every connection, and so ends what still waits.
    pub async fn end(self) -> Outcome {
        self.server.shutdown().await;
        let waiting = self.waiting.into_inner().unwrap_or_else(PoisonError::into_inner);
        for task in waiting {
            timeout(LAST, task)
                .await
                .map_err(|_| "a call still waits for a lab that is gone")??;
        }
        Ok(())
    }

    /// A new table in the writers' Region, with its clients.
    pub async fn both(&self, name: &str) -> Outcome<Both> {
        self.create(name).await?;
        Ok(Both {
            name: name.to_owned(),
            aws: self.world.aws_client(WRITER, &table(name), &self.key_arn).await?,
            ours: self.ours(name)?.build(&self.sdk_config()).await?,
            raw: self.world.dynamodb(WRITER),
        })
    }

    /// AWS's client with more in its configuration.
    pub async fn aws_with(
        &self,
        name: &str,
        more: impl FnOnce(DynamoDbTableEncryptionConfigBuilder) -> DynamoDbTableEncryptionConfigBuilder,
    ) -> Outcome<Client> {
        let config = self.world.aws_config(WRITER, &table(name), &self.key_arn).await?;
        let interceptor = world::interceptor(name, more(config))?;
        let config = self.world.dynamodb_config(WRITER).interceptor(interceptor);
        Ok(Client::from_conf(config.build()))
    }

    /// Our client, as yet without options.
    pub fn ours(&self, name: &str) -> Outcome<GlobalTableBuilder> {
        self.ours_of(itemseal_oracle::ours::config(&table(name))?)
    }

    pub fn ours_of(&self, table: TableConfig) -> Outcome<GlobalTableBuilder> {
        let kms = AwsKms::new(&self.sdk_config())?;
        let keyring = MrkKeyring::builder(&self.key_arn).regions([WRITER]).build(kms)?;
        Ok(GlobalTable::builder(table, keyring))
    }

    pub fn sdk_config(&self) -> SdkConfig {
        let credentials = Credentials::new("lab", "lab", None, None, "lab");
        SdkConfig::builder()
            .behavior_version(aws_sdk_dynamodb::config::BehaviorVersion::latest())
            .region(Region::new(WRITER))
            .endpoint_url(self.server.endpoint())
            .credentials_provider(SharedCredentialsProvider::new(credentials))
            .build()
    }

    pub async fn create(&self, name: &str) -> Outcome {
        let attribute = |name: &str| {
            let definition = AttributeDefinition::builder().attribute_name(name);
            definition.attribute_type(ScalarAttributeType::S).build()
        };
        let key = |name: &str, kind| {
            KeySchemaElement::builder().attribute_name(name).key_type(kind).build()
        };
        let index = |name: &str, kind, some: Option<Vec<String>>| {
            let projection = Projection::builder().projection_type(kind);
            GlobalSecondaryIndex::builder()
                .index_name(name)
                .projection(projection.set_non_key_attributes(some).build())
                .key_schema(key("OrderStatus", KeyType::Hash)?)
                .build()
        };
        let some = Some(vec!["Card".to_owned()]);
        let raw = self.world.dynamodb(WRITER);
        raw.create_table()
            .table_name(name)
            .attribute_definitions(attribute("OrderID")?)
            .attribute_definitions(attribute("CustomerID")?)
            .attribute_definitions(attribute("OrderStatus")?)
            .key_schema(key("OrderID", KeyType::Hash)?)
            .key_schema(key("CustomerID", KeyType::Range)?)
            .global_secondary_indexes(index(WHOLE, ProjectionType::All, None)?)
            .global_secondary_indexes(index(SOME, ProjectionType::Include, some)?)
            .global_secondary_indexes(index(KEYS, ProjectionType::KeysOnly, None)?)
            .billing_mode(BillingMode::PayPerRequest)
            .send()
            .await?;
        Ok(())
    }
}

/// What is encrypted, signed and neither.
pub fn table(name: &str) -> Table {
    let encrypted = ["Card", "Lines", "Total"].map(|name| (name.to_owned(), Action::Encrypt));
    let mut actions: BTreeMap<_, _> = encrypted.into();
    actions.insert("OrderStatus".to_owned(), Action::Sign);
    actions.insert("Hits".to_owned(), Action::Nothing);
    Table {
        logical_name: name.to_owned(),
        partition_key: "OrderID".to_owned(),
        sort_key: Some("CustomerID".to_owned()),
        actions,
        unsigned_prefix: None,
        suite: AlgorithmSuite::EcdsaP384,
    }
}

pub fn s(text: impl Into<String>) -> AttributeValue {
    AttributeValue::S(text.into())
}

pub fn n(number: impl ToString) -> AttributeValue {
    AttributeValue::N(number.to_string())
}

pub fn key(id: &str) -> Attributes {
    [("OrderID", s(id)), ("CustomerID", s("c-1"))].map(|(k, v)| (k.to_owned(), v)).into()
}

pub fn order(id: &str) -> Attributes {
    let mut order = key(id);
    order.extend(
        [
            ("OrderStatus", s("Shipped")),
            ("Card", s(CARD)),
            ("Total", n(99)),
            ("Hits", n(0)),
            ("Lines", AttributeValue::L(vec![s("book"), s("pen")])),
        ]
        .map(|(name, value)| (name.to_owned(), value)),
    );
    order
}
