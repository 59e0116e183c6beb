//! A lab on a socket: an encrypted global table in three Regions, and a key in each.

use std::collections::HashMap;

use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_sdk_dynamodb::operation::get_item::builders::GetItemInputBuilder;
use aws_sdk_dynamodb::operation::put_item::builders::PutItemInputBuilder;
use aws_sdk_dynamodb::operation::query::builders::QueryInputBuilder;
use aws_sdk_dynamodb::types::AttributeValue;
use aws_smithy_http_client::Builder;
use aws_smithy_runtime_api::client::behavior_version::BehaviorVersion;
use aws_types::SdkConfig;
use aws_types::region::Region;
use itemseal::keyring::KmsAccess;
use itemseal::{AlgorithmSuite, Item, MrkKeyring, TableConfig};
use itemseal_aws::{AwsKms, GlobalTable, GlobalTableBuilder};
use itemseal_lab::Lab;
use itemseal_lab::http::LabServer;
use itemseal_lab::tables::KeyAttribute;

pub(crate) const HOME: &str = "eu-west-1";
/// The Region that takes the home Region's place.
pub(crate) const AWAY: &str = "us-east-1";
/// The Region that nobody needs but the ruler.
pub(crate) const RULER: &str = "ap-south-1";
pub(crate) const REGIONS: [&str; 3] = [HOME, AWAY, RULER];
pub(crate) const T: &str = "Orders";

pub(crate) type Attributes = HashMap<String, AttributeValue>;

pub(crate) struct World {
    pub(crate) lab: Lab,
    server: LabServer,
    key_arn: String,
}

impl World {
    pub(crate) fn new() -> Self {
        let lab = Lab::builder().regions(REGIONS).build().unwrap();
        let server = LabServer::start(&lab).unwrap();
        let key = lab.kms().create_key(HOME, true, "").unwrap();
        let sort = KeyAttribute::s("OrderID");
        lab.tables().create_table(HOME, T, "CustomerID", Some(sort)).unwrap();
        for region in REGIONS.into_iter().skip(1) {
            lab.kms().replicate_key(HOME, &key.key_id, region, "").unwrap();
            lab.tables().add_replica(T, region).unwrap();
        }
        Self { lab, server, key_arn: key.arn }
    }

    fn config(&self) -> SdkConfig {
        let credentials = Credentials::new("AK", "secret", None, None, "test");
        SdkConfig::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new(HOME))
            .endpoint_url(self.server.endpoint())
            .credentials_provider(SharedCredentialsProvider::new(credentials))
            .http_client(Builder::new().build_http())
            .build()
    }

    pub(crate) fn kms(&self) -> AwsKms {
        AwsKms::new(&self.config()).unwrap()
    }

    /// A client in these Regions, over a KMS.
    pub(crate) async fn client(
        &self,
        regions: &[&str],
        kms: impl Into<KmsAccess>,
        tell: impl FnOnce(GlobalTableBuilder) -> GlobalTableBuilder,
    ) -> GlobalTable {
        let regions = regions.iter().copied();
        let keyring = MrkKeyring::builder(&self.key_arn).regions(regions.clone());
        let table = TableConfig::builder(T).partition_key("CustomerID").sort_key("OrderID");
        let table = table.suite(AlgorithmSuite::HmacOnly).build().unwrap();
        let builder = GlobalTable::builder(table, keyring.build(kms).unwrap()).regions(regions);
        tell(builder).build(&self.config()).await.unwrap()
    }

    /// Calls of KMS in a Region.
    pub(crate) fn kms_calls(&self, region: &str) -> u64 {
        let kms = self.lab.kms();
        kms.calls(region, "GenerateDataKey") + kms.calls(region, "Decrypt")
    }

    /// Whether a Region's replica has an order, whatever is in it.
    pub(crate) fn has(&self, region: &str, customer: &str, order: usize) -> bool {
        let key = Item::new().with("CustomerID", customer).with("OrderID", id(order).as_str());
        self.lab.region(region).unwrap().get(T, key).unwrap().is_some()
    }
}

fn id(order: usize) -> String {
    format!("{order:06}")
}

fn key(customer: &str, order: usize) -> Attributes {
    let s = |text: &str| AttributeValue::S(text.to_owned());
    Attributes::from([
        ("CustomerID".to_owned(), s(customer)),
        ("OrderID".to_owned(), s(&id(order))),
    ])
}

pub(crate) fn order(customer: &str, order: usize) -> Attributes {
    let mut item = key(customer, order);
    item.insert("Total".to_owned(), AttributeValue::N(order.to_string()));
    item
}

pub(crate) fn put(customer: &str, number: usize) -> PutItemInputBuilder {
    PutItemInputBuilder::default().table_name(T).set_item(Some(order(customer, number)))
}

pub(crate) fn get(customer: &str, order: usize) -> GetItemInputBuilder {
    GetItemInputBuilder::default().table_name(T).set_key(Some(key(customer, order)))
}

/// A customer's first order, as a page.
pub(crate) fn query(customer: &str) -> QueryInputBuilder {
    QueryInputBuilder::default()
        .table_name(T)
        .key_condition_expression("CustomerID = :c")
        .expression_attribute_values(":c", AttributeValue::S(customer.to_owned()))
        .limit(1)
}
