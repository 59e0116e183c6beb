use aws_sdk_dynamodb::operation::get_item::builders::GetItemInputBuilder;
use aws_sdk_dynamodb::operation::put_item::builders::PutItemInputBuilder;
use aws_sdk_dynamodb::types::AttributeValue;
use itemseal::{MrkKeyring, Result, TableConfig};
use itemseal_aws::{AwsKms, GlobalTable, GlobalTableBuilder};

use crate::live::json::Attributes;
use crate::live::{Outcome, Target};

/// What was made, and clients of it.
pub(crate) struct World<'t> {
    pub(crate) target: &'t Target,
    pub(crate) key_arn: String,
}

impl World<'_> {
    pub(crate) fn table(&self) -> String {
        self.target.table()
    }

    pub(crate) fn home(&self) -> &str {
        self.target.home()
    }

    /// The last Region.
    pub(crate) fn away(&self) -> &str {
        self.target.regions().last().map_or("", String::as_str)
    }

    pub(crate) fn config(&self) -> Result<TableConfig> {
        let table =
            TableConfig::builder(self.table()).partition_key("OrderID").sort_key("CustomerID");
        table.sign_only(["OrderStatus"]).unsigned(["Hits"]).build()
    }

    pub(crate) fn builder(&self, regions: &[&str]) -> Result<GlobalTableBuilder> {
        let kms = AwsKms::new(&self.target.config)?;
        let keyring =
            MrkKeyring::builder(&self.key_arn).regions(regions.iter().copied()).build(kms)?;
        let builder = GlobalTable::builder(self.config()?, keyring);
        Ok(builder.regions(regions.iter().copied()))
    }

    pub(crate) async fn client(&self, regions: &[&str]) -> Result<GlobalTable> {
        self.builder(regions)?.build(&self.target.config).await
    }

    pub(crate) fn put(&self, item: Attributes) -> PutItemInputBuilder {
        PutItemInputBuilder::default().table_name(self.table()).set_item(Some(item))
    }

    /// Consistent: a story knows what it has written.
    pub(crate) fn get(&self, id: &str) -> GetItemInputBuilder {
        let get = GetItemInputBuilder::default().table_name(self.table()).set_key(Some(key(id)));
        get.consistent_read(true)
    }

    /// An item as DynamoDB stores it.
    pub(crate) async fn stored(&self, region: &str, id: &str) -> Outcome<Option<Attributes>> {
        let get = self.target.tables_in(region).get_item().table_name(self.table());
        Ok(get.set_key(Some(key(id))).consistent_read(true).send().await?.item)
    }
}

pub(crate) fn s(text: impl Into<String>) -> AttributeValue {
    AttributeValue::S(text.into())
}

pub(crate) fn n(number: impl ToString) -> AttributeValue {
    AttributeValue::N(number.to_string())
}

pub(crate) fn key(id: &str) -> Attributes {
    [("OrderID", s(id)), ("CustomerID", s("c-1"))]
        .map(|(name, value)| (name.to_owned(), value))
        .into()
}

pub(crate) fn order(id: &str) -> Attributes {
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
