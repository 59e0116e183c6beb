use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::error::ProvideErrorMetadata;
use aws_sdk_dynamodb::types::{
    AttributeDefinition, BillingMode, KeySchemaElement, KeyType, MultiRegionConsistency,
    ScalarAttributeType, TableDescription,
};
use itemseal::{Error, ErrorKind, Result};

use super::DynamoDbKeyStore;
use crate::table::Failed;

const KEYS: [(&str, KeyType); 2] = [("branch-key-id", KeyType::Hash), ("type", KeyType::Range)];

impl DynamoDbKeyStore {
    /// Makes the table in its first Region, paid by request, or finds that it is there; gives its ARN. Replicas are
    /// added as to any global table, once it is ACTIVE.
    /// Source: [CreateKeyStore](https://github.com/awslabs/aws-encryption-sdk-specification/blob/master/framework/branch-key-store.md#createkeystore).
    ///
    /// # Errors
    /// [`Misuse`](ErrorKind::Misuse) if there is a table of that name with another key; and what DynamoDB says.
    pub async fn create_table(&self) -> Result<String> {
        let (region, client) = self.home()?;
        if let Some(table) = self.describe(region, client).await? {
            return self.check(table);
        }
        let schema = |(name, kind): &(&str, KeyType)| {
            KeySchemaElement::builder().attribute_name(*name).key_type(kind.clone()).build()
        };
        let attribute = |(name, _): &(&str, KeyType)| {
            let attribute = AttributeDefinition::builder().attribute_name(*name);
            attribute.attribute_type(ScalarAttributeType::S).build()
        };
        let internal = |_| Error::new(ErrorKind::Internal, "a key store's table");
        let schemas = KEYS.iter().map(schema).collect::<Result<_, _>>().map_err(internal)?;
        let attributes = KEYS.iter().map(attribute).collect::<Result<_, _>>().map_err(internal)?;
        let call = client
            .create_table()
            .table_name(&self.inner.name)
            .billing_mode(BillingMode::PayPerRequest)
            .set_key_schema(Some(schemas))
            .set_attribute_definitions(Some(attributes))
            .send();
        let made = self.inner.calls.observe("CreateTable", region, call).await;
        let made = made.map_err(|error| Failed::new("CreateTable", region, error).into_error())?;
        Ok(made.table_description.and_then(|table| table.table_arn).unwrap_or_default())
    }

    async fn describe(&self, region: &str, client: &Client) -> Result<Option<TableDescription>> {
        let call = client.describe_table().table_name(&self.inner.name).send();
        match self.inner.calls.observe("DescribeTable", region, call).await {
            Ok(answer) => Ok(answer.table),
            Err(error) if error.code() == Some("ResourceNotFoundException") => Ok(None),
            Err(error) => Err(Failed::new("DescribeTable", region, error).into_error()),
        }
    }

    fn check(&self, table: TableDescription) -> Result<String> {
        let is = |name: &str, kind: &KeyType| {
            table.key_schema().iter().any(|k| k.attribute_name() == name && k.key_type() == kind)
        };
        let text = |name: &str| {
            let is_text = |a: &&AttributeDefinition| {
                a.attribute_name() == name && a.attribute_type() == &ScalarAttributeType::S
            };
            table.attribute_definitions().iter().any(|a| is_text(&a))
        };
        let fits = table.key_schema().len() == KEYS.len()
            && KEYS.iter().all(|(name, kind)| is(name, kind) && text(name));
        if fits {
            return Ok(table.table_arn.unwrap_or_default());
        }
        let message = format!(
            "there is a table {} whose key is not branch-key-id and type, both text; give the key store another \
             name",
            self.inner.name
        );
        Err(Error::new(ErrorKind::Misuse, message))
    }

    /// Whether its Regions agree before a write is answered.
    pub(super) async fn is_strong(&self, region: &str, client: &Client) -> Result<bool> {
        let table = self.describe(region, client).await?;
        let consistency = table.and_then(|table| table.multi_region_consistency);
        Ok(consistency == Some(MultiRegionConsistency::Strong))
    }
}
