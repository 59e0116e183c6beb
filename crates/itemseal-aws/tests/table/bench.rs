//! A lab, a table in two Regions, and clients that encrypt.

use std::collections::HashMap;

use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::{
    AttributeDefinition, AttributeValue, BillingMode, CreateReplicationGroupMemberAction,
    GlobalSecondaryIndex, KeySchemaElement, KeyType, Projection, ProjectionType,
    ReplicationGroupUpdate, ScalarAttributeType,
};
use aws_smithy_http_client::Builder;
use aws_smithy_runtime_api::client::behavior_version::BehaviorVersion;
use aws_types::SdkConfig;
use aws_types::region::Region;
use itemseal::{MrkKeyring, Result, TableConfig};
use itemseal_aws::{AwsKms, GlobalTable, GlobalTableBuilder};
use itemseal_lab::Lab;
use itemseal_lab::clock::ManualClock;
use itemseal_lab::http::LabServer;

pub const US: &str = "us-east-1";
pub const EU: &str = "eu-west-1";
pub const T: &str = "Orders";
/// A table that is not encrypted.
pub const AUDIT: &str = "Audit";

pub type Attributes = HashMap<String, AttributeValue>;

pub struct Bench {
    pub lab: Lab,
    server: LabServer,
    pub key_arn: String,
}

impl Bench {
    /// `Orders` with two indexes in two Regions, `Audit` in one, and a key in both Regions.
    pub async fn new() -> Self {
        let lab = Lab::builder().every_region().clock(ManualClock::default()).build().unwrap();
        let server = LabServer::start(&lab).unwrap();
        let key = lab.kms().create_key(US, true, "").unwrap();
        lab.kms().replicate_key(US, &key.key_id, EU, "").unwrap();
        let bench = Self { lab, server, key_arn: key.arn };
        let raw = bench.raw(US);
        let index = |name: &str, projection| {
            let projection = Projection::builder().projection_type(projection).build();
            let index = GlobalSecondaryIndex::builder().index_name(name).projection(projection);
            index.key_schema(schema("OrderStatus", KeyType::Hash)).build().unwrap()
        };
        let create = raw.create_table().table_name(T).billing_mode(BillingMode::PayPerRequest);
        let create =
            ["OrderID", "CustomerID", "OrderStatus"].into_iter().fold(create, |c, name| {
                let attribute = AttributeDefinition::builder().attribute_name(name);
                c.attribute_definitions(
                    attribute.attribute_type(ScalarAttributeType::S).build().unwrap(),
                )
            });
        create
            .key_schema(schema("OrderID", KeyType::Hash))
            .key_schema(schema("CustomerID", KeyType::Range))
            .global_secondary_indexes(index("by-status", ProjectionType::All))
            .global_secondary_indexes(index("by-status-keys", ProjectionType::KeysOnly))
            .send()
            .await
            .unwrap();
        let replica =
            CreateReplicationGroupMemberAction::builder().region_name(EU).build().unwrap();
        let update = ReplicationGroupUpdate::builder().create(replica).build();
        raw.update_table().table_name(T).replica_updates(update).send().await.unwrap();
        bench.lab.tables().create_table(US, AUDIT, "OrderID", None).unwrap();
        bench
    }

    pub fn config(&self, region: &str) -> SdkConfig {
        let credentials = Credentials::new("AK", "secret", None, None, "test");
        SdkConfig::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new(region.to_owned()))
            .endpoint_url(self.server.endpoint())
            .credentials_provider(SharedCredentialsProvider::new(credentials))
            .http_client(Builder::new().build_http())
            .build()
    }

    /// What DynamoDB stores.
    pub fn raw(&self, region: &str) -> Client {
        Client::new(&self.config(region))
    }

    pub fn builder(&self, table: TableConfig, region: &str) -> GlobalTableBuilder {
        let kms = AwsKms::new(&self.config(region)).unwrap();
        let keyring = MrkKeyring::builder(&self.key_arn).regions([region]).build(kms).unwrap();
        GlobalTable::builder(table, keyring)
    }

    pub async fn build(&self, table: TableConfig) -> Result<GlobalTable> {
        self.builder(table, US).build(&self.config(US)).await
    }

    /// A client in one Region.
    pub async fn orders_in(&self, region: &str) -> GlobalTable {
        let builder = self.builder(orders(), region).plaintext_table(AUDIT);
        builder.build(&self.config(region)).await.unwrap()
    }

    pub async fn orders(&self) -> GlobalTable {
        self.orders_in(US).await
    }

    /// An item as DynamoDB stores it.
    pub async fn stored(&self, id: &str) -> Option<Attributes> {
        let get = self.raw(US).get_item().table_name(T).set_key(Some(key(id)));
        get.consistent_read(true).send().await.unwrap().item
    }

    pub fn kms_calls(&self) -> u64 {
        let kms = self.lab.kms();
        kms.calls(US, "GenerateDataKey") + kms.calls(US, "Decrypt")
    }
}

pub fn orders() -> TableConfig {
    let table = TableConfig::builder(T).partition_key("OrderID").sort_key("CustomerID");
    table.sign_only(["OrderStatus"]).unsigned(["Hits"]).build().unwrap()
}

fn schema(name: &str, kind: KeyType) -> KeySchemaElement {
    KeySchemaElement::builder().attribute_name(name).key_type(kind).build().unwrap()
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
    for (name, value) in [
        ("OrderStatus", s("Shipped")),
        ("Card", s("4111 1111 1111 1111")),
        ("Total", n(99)),
        ("Hits", n(0)),
        ("Lines", AttributeValue::L(vec![s("book"), s("pen")])),
    ] {
        order.insert(name.to_owned(), value);
    }
    order
}
