//! A lab with a key and tables in two Regions, and both clients of them.

use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_sdk_dynamodb::types::{
    AttributeDefinition, BillingMode, CreateReplicationGroupMemberAction, KeySchemaElement,
    KeyType, ReplicationGroupUpdate,
};
use aws_smithy_http_client::Builder;
use aws_smithy_runtime_api::client::behavior_version::BehaviorVersion;
use aws_types::SdkConfig;
use aws_types::region::Region;
use itemseal::{Item, MrkKeyring};
use itemseal_aws::{AwsKms, GlobalTable};
use itemseal_lab::Lab;
use itemseal_lab::clock::ManualClock;
use itemseal_lab::http::LabServer;
use serde_json::json;

use crate::clients::Client;
use crate::program::Program;
use crate::table::{PARTITION, SORT, Table};

pub const HOME: &str = "eu-west-1";
pub const AWAY: &str = "us-east-1";
pub const REGIONS: [&str; 2] = [HOME, AWAY];

pub struct Bench {
    pub lab: Lab,
    server: LabServer,
    key_arn: String,
    program: Program,
}

/// Which client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    Ours,
    Java,
}

impl Bench {
    /// `None` where the Java program is not to be run.
    pub fn new() -> Option<Self> {
        let program = Program::start()?;
        let lab = Lab::builder().regions(REGIONS).clock(ManualClock::default()).build().unwrap();
        let server = LabServer::start(&lab).unwrap();
        let key = lab.kms().create_key(HOME, true, "").unwrap();
        lab.kms().replicate_key(HOME, &key.key_id, AWAY, "").unwrap();
        Some(Self { lab, server, key_arn: key.arn, program })
    }

    /// Creates a table in both Regions.
    pub async fn create(&self, table: &Table) {
        let raw = aws_sdk_dynamodb::Client::new(&self.config(HOME));
        let create = raw.create_table().table_name(&table.name);
        let create = create.billing_mode(BillingMode::PayPerRequest);
        let keys =
            [(PARTITION, table.partition, KeyType::Hash), (SORT, table.sort, KeyType::Range)];
        let create = keys.into_iter().fold(create, |create, (name, key, kind)| {
            let attribute = AttributeDefinition::builder().attribute_name(name);
            let schema = KeySchemaElement::builder().attribute_name(name).key_type(kind);
            create
                .attribute_definitions(attribute.attribute_type(key.scalar()).build().unwrap())
                .key_schema(schema.build().unwrap())
        });
        create.send().await.unwrap();
        let replica =
            CreateReplicationGroupMemberAction::builder().region_name(AWAY).build().unwrap();
        let update = ReplicationGroupUpdate::builder().create(replica).build();
        raw.update_table().table_name(&table.name).replica_updates(update).send().await.unwrap();
    }

    /// A client in one Region, which asks that Region's replicas of the table and of the key only.
    pub async fn client(&self, side: Side, table: &Table, region: &str) -> Client {
        let config = self.config(region);
        match side {
            Side::Ours => {
                let kms = AwsKms::new(&config).unwrap();
                let keyring =
                    MrkKeyring::builder(&self.key_arn).regions([region]).build(kms).unwrap();
                let orders = GlobalTable::builder(table.config(), keyring).regions([region]);
                let orders = orders.build(&config).await.unwrap();
                Client::Ours { orders, table: table.name.clone() }
            }
            Side::Java => {
                let mut request = table.java_config();
                request["endpoint"] = json!(self.server.endpoint());
                request["region"] = json!(region);
                request["key_arn"] = json!(self.replica_arn(region));
                let name = format!("{} in {region}", table.name);
                self.program.ask(&name, "client", request).unwrap();
                Client::Java { program: self.program.clone(), name }
            }
        }
    }

    /// The ARN of a Region's replica of the key.
    pub fn replica_arn(&self, region: &str) -> String {
        self.key_arn.replace(HOME, region)
    }

    /// An item as DynamoDB stores it in a Region.
    pub fn stored(&self, table: &Table, region: &str, item: &Item) -> Item {
        let region = self.lab.tables().region(region).unwrap();
        region.get(&table.name, key_of(item)).unwrap().expect("a stored item")
    }

    fn config(&self, region: &str) -> SdkConfig {
        let credentials = Credentials::new("lab", "lab", None, None, "test");
        SdkConfig::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new(region.to_owned()))
            .endpoint_url(self.server.endpoint())
            .credentials_provider(SharedCredentialsProvider::new(credentials))
            .http_client(Builder::new().build_http())
            .build()
    }
}

pub fn key_of(item: &Item) -> Item {
    [PARTITION, SORT].map(|name| (name, item.get(name).unwrap().clone())).into_iter().collect()
}
