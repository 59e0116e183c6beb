//! A served lab, and AWS's own clients of it.

// Each test program uses a part of this.
#![allow(dead_code, unreachable_pub, clippy::panic, clippy::unwrap_used)]

use std::future::Future;
use std::io::{Read, Write};
use std::net::TcpStream;

use aws_sdk_dynamodb as dynamodb;
use aws_sdk_kms as kms;
use aws_smithy_http_client::Builder;
use dynamodb::config::{BehaviorVersion, Credentials, Region};
use dynamodb::error::{ProvideErrorMetadata, SdkError};
use dynamodb::types::{
    AttributeDefinition, AttributeValue, BillingMode, CreateReplicationGroupMemberAction,
    DeleteReplicationGroupMemberAction, KeySchemaElement, KeyType, ReplicationGroupUpdate,
    ScalarAttributeType, TableDescription,
};
use itemseal_lab::clock::ManualClock;
use itemseal_lab::http::LabServer;
use itemseal_lab::{Lab, Replication};

pub const US: &str = "us-east-1";
pub const EU: &str = "eu-west-1";
pub const AP: &str = "ap-northeast-1";
/// The table of most tests.
pub const T: &str = "Orders";
pub const ACCOUNT: &str = "111122223333";

pub struct Bench {
    pub lab: Lab,
    pub clock: ManualClock,
    pub server: LabServer,
}

impl Bench {
    /// Changes go when the test says so, on a clock that stands still.
    pub fn manual() -> Self {
        Self::new(Replication::Manual)
    }

    /// Changes go by themselves.
    pub fn automatic() -> Self {
        Self::new(Replication::Automatic)
    }

    fn new(replication: Replication) -> Self {
        let clock = ManualClock::default();
        let lab = Lab::builder().every_region().clock(clock.clone()).build().unwrap();
        let server = LabServer::builder(&lab).replication(replication).start().unwrap();
        Self { lab, clock, server }
    }

    pub fn dynamodb(&self, region: &'static str) -> dynamodb::Client {
        dynamodb_at(&self.server.endpoint(), region, "secret")
    }

    pub fn kms(&self, region: &'static str) -> kms::Client {
        let config = kms::Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new(region))
            .endpoint_url(self.server.endpoint())
            .credentials_provider(Credentials::new("AK", "secret", None, None, "test"))
            .http_client(Builder::new().build_http())
            .retry_config(kms::config::retry::RetryConfig::disabled())
            .build();
        kms::Client::from_conf(config)
    }

    pub fn converge(&self) {
        self.lab.tables().converge().unwrap();
    }

    /// A table [`T`] with partition key `id`.
    pub async fn table(&self, region: &'static str) -> dynamodb::Client {
        let client = self.dynamodb(region);
        create_table(&client).send().await.unwrap();
        client
    }

    pub fn connect(&self) -> TcpStream {
        TcpStream::connect(self.server.address()).unwrap()
    }

    /// Sends bytes, and reads all of the answer until the server closes.
    pub fn raw(&self, request: &[u8]) -> String {
        let mut socket = self.connect();
        // The server may answer, and close, before it has read everything.
        let _ = socket.write_all(request);
        let mut answer = Vec::new();
        let _ = socket.read_to_end(&mut answer);
        String::from_utf8_lossy(&answer).into_owned()
    }
}

pub fn dynamodb_at(endpoint: &str, region: &'static str, secret: &str) -> dynamodb::Client {
    let config = dynamodb::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new(region))
        .endpoint_url(endpoint)
        .credentials_provider(Credentials::new("AK", secret, None, None, "test"))
        .http_client(Builder::new().build_http())
        .retry_config(dynamodb::config::retry::RetryConfig::disabled())
        .build();
    dynamodb::Client::from_conf(config)
}

type CreateTable = dynamodb::operation::create_table::builders::CreateTableFluentBuilder;

pub fn create_table(client: &dynamodb::Client) -> CreateTable {
    client
        .create_table()
        .table_name(T)
        .key_schema(key_schema("id", KeyType::Hash))
        .attribute_definitions(definition("id"))
        .billing_mode(BillingMode::PayPerRequest)
}

pub fn key_schema(name: &str, kind: KeyType) -> KeySchemaElement {
    KeySchemaElement::builder().attribute_name(name).key_type(kind).build().unwrap()
}

pub fn definition(name: &str) -> AttributeDefinition {
    let kind = ScalarAttributeType::S;
    AttributeDefinition::builder().attribute_name(name).attribute_type(kind).build().unwrap()
}

pub fn s(text: &str) -> AttributeValue {
    AttributeValue::S(text.to_owned())
}

pub async fn put(client: &dynamodb::Client, id: &str, value: &str) {
    let put = client.put_item().table_name(T).item("id", s(id)).item("value", s(value));
    put.send().await.unwrap();
}

/// The `value` of an item of [`T`].
pub async fn get(client: &dynamodb::Client, id: &str) -> Option<String> {
    let got = client.get_item().table_name(T).key("id", s(id)).send().await.unwrap();
    got.item?.get("value").map(|value| value.as_s().unwrap().clone())
}

/// The error that a call has to end in: its name and text.
pub fn refused<T: std::fmt::Debug, E: ProvideErrorMetadata, R>(
    result: Result<T, SdkError<E, R>>,
) -> (String, String) {
    let Err(SdkError::ServiceError(context)) = result else { panic!("it was not refused") };
    let error = context.err();
    let text = |text: Option<&str>| text.unwrap_or_default().to_owned();
    (text(error.code()), text(error.message()))
}

/// Asks until the answer is yes, and gives up after many times. Each time is at least one call of the
/// server, which so gets its turn.
pub async fn until<F: Future<Output = bool>>(what: &str, mut ask: impl FnMut() -> F) {
    for _ in 0..20_000 {
        if ask().await {
            return;
        }
        tokio::task::yield_now().await;
    }
    panic!("it never happened that {what}");
}

/// The entry of `ReplicaUpdates` that creates a replica.
pub fn create(region: &str) -> ReplicationGroupUpdate {
    let action = CreateReplicationGroupMemberAction::builder().region_name(region);
    ReplicationGroupUpdate::builder().create(action.build().unwrap()).build()
}

/// The entry of `ReplicaUpdates` that deletes a replica.
pub fn delete(region: &str) -> ReplicationGroupUpdate {
    let action = DeleteReplicationGroupMemberAction::builder().region_name(region);
    ReplicationGroupUpdate::builder().delete(action.build().unwrap()).build()
}

type UpdateTable = dynamodb::operation::update_table::builders::UpdateTableFluentBuilder;

/// An UpdateTable request that changes replicas.
pub fn replicas(
    client: &dynamodb::Client,
    updates: impl IntoIterator<Item = ReplicationGroupUpdate>,
) -> UpdateTable {
    let request = client.update_table().table_name(T);
    updates.into_iter().fold(request, UpdateTable::replica_updates)
}

pub async fn describe(client: &dynamodb::Client) -> TableDescription {
    client.describe_table().table_name(T).send().await.unwrap().table.unwrap()
}

/// The other Regions that a table's description names.
pub fn replica_regions(table: &TableDescription) -> Vec<&str> {
    table.replicas().iter().filter_map(|replica| replica.region_name()).collect()
}

/// `Orders` in two Regions, made in the first.
pub async fn two() -> (Bench, dynamodb::Client, dynamodb::Client) {
    let bench = Bench::manual();
    let us = bench.table(US).await;
    replicas(&us, [create(EU)]).send().await.unwrap();
    let eu = bench.dynamodb(EU);
    (bench, us, eu)
}

/// The text that an update has to be refused with, as invalid.
pub async fn is_invalid(request: UpdateTable) -> String {
    let (code, message) = refused(request.send().await);
    assert_eq!(code, "ValidationException", "{message}");
    message
}
