//! A lab with one key store table and one encrypted table in two Regions, and both sides' clients of them.

use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_db_esdk::key_store::client::Client as KeyStoreClient;
use aws_db_esdk::key_store::types::KmsConfiguration;
use aws_db_esdk::key_store::types::key_store_config::KeyStoreConfig;
use aws_sdk_dynamodb::types::{CreateReplicationGroupMemberAction, ReplicationGroupUpdate};
use aws_types::SdkConfig;
use aws_types::region::Region;
use itemseal::Item;
use itemseal::keystore::{KeyStore, KeyStoreKms};
use itemseal_aws::{AwsKms, DynamoDbKeyStore};
use itemseal_lab::Lab;
use itemseal_lab::http::LabServer;
use itemseal_oracle::aws::{from_sdk, to_sdk};
use itemseal_oracle::world::{Outcome, READER, WRITER, World};

use crate::aws::AwsStore;

/// The key store's table and its logical name.
pub const STORE: &str = "Keys";

pub struct Stage {
    pub lab: Lab,
    pub server: LabServer,
    pub world: World,
    /// A multi-Region key, in the writer's Region; the reader's has a replica of it.
    pub mrk: String,
    /// A key of the writer's Region alone.
    pub single: String,
}

impl Stage {
    /// The key store's table is made by AWS's, and ours finds it there.
    pub async fn new() -> Outcome<Self> {
        let lab = Lab::builder().every_region().build()?;
        let server = LabServer::start(&lab)?;
        let world = World::new(&server.endpoint());
        let mrk = world.create_key().await?;
        let created = world.kms(WRITER).create_key().send().await?;
        let single = created.key_metadata.and_then(|key| key.arn).ok_or("no ARN")?;
        Ok(Self { lab, server, world, mrk, single })
    }

    /// The replica of the multi-Region key.
    pub fn related(&self) -> String {
        self.mrk.replace(WRITER, READER)
    }

    pub fn config(&self, region: &'static str) -> SdkConfig {
        let credentials = Credentials::new("lab", "lab", None, None, "lab");
        SdkConfig::builder()
            .behavior_version(aws_sdk_dynamodb::config::BehaviorVersion::latest())
            .region(Region::new(region))
            .endpoint_url(self.server.endpoint())
            .credentials_provider(SharedCredentialsProvider::new(credentials))
            .build()
    }

    /// AWS's key store, on the table `name` of a Region.
    pub fn aws_on(
        &self,
        name: &str,
        region: &'static str,
        kms: KmsConfiguration,
    ) -> Outcome<AwsStore> {
        let config = KeyStoreConfig::builder()
            .kms_client(self.world.kms(region))
            .ddb_client(self.world.dynamodb(region))
            .ddb_table_name(name)
            .logical_key_store_name(STORE)
            .kms_configuration(kms);
        Ok(AwsStore(KeyStoreClient::from_conf(config.build()?)?))
    }

    pub fn aws(&self) -> Outcome<AwsStore> {
        self.aws_on(STORE, WRITER, KmsConfiguration::KmsKeyArn(self.mrk.clone()))
    }

    /// Our table of a key store.
    pub fn table_on(&self, name: &str, region: &'static str) -> Outcome<DynamoDbKeyStore> {
        Ok(DynamoDbKeyStore::new(&self.config(region), name, [region])?)
    }

    /// Our key store, on the same table of a Region.
    pub fn ours_on(&self, region: &'static str, kms: KeyStoreKms) -> Outcome<KeyStore> {
        let table = self.table_on(STORE, region)?;
        Ok(KeyStore::new(table, STORE, kms, AwsKms::new(&self.config(region))?)?)
    }

    pub fn ours(&self) -> Outcome<KeyStore> {
        self.ours_on(WRITER, KeyStoreKms::key(&self.mrk)?)
    }

    /// Gives a table its replica.
    pub async fn replicate(&self, name: &str) -> Outcome {
        let create = CreateReplicationGroupMemberAction::builder().region_name(READER).build()?;
        let update = ReplicationGroupUpdate::builder().create(create).build();
        let client = self.world.dynamodb(WRITER);
        client.update_table().table_name(name).replica_updates(update).send().await?;
        Ok(())
    }

    /// What the key store's table has of a branch key.
    pub async fn stored(&self, id: &str) -> Outcome<Vec<Item>> {
        let query = self.world.dynamodb(WRITER).query().table_name(STORE);
        let query = query.key_condition_expression("#id = :id").consistent_read(true);
        let query = query.expression_attribute_names("#id", "branch-key-id");
        let id = aws_sdk_dynamodb::types::AttributeValue::S(id.to_owned());
        let answer = query.expression_attribute_values(":id", id).send().await?;
        Ok(answer.items().iter().map(from_sdk).collect())
    }

    pub async fn put(&self, item: &Item) -> Outcome {
        let put = self.world.dynamodb(WRITER).put_item().table_name(STORE);
        put.set_item(Some(to_sdk(item))).send().await?;
        Ok(())
    }
}

/// An item's text attribute.
pub fn text<'a>(item: &'a Item, name: &str) -> &'a str {
    item.get(name).and_then(|value| value.as_s()).unwrap_or_default()
}
