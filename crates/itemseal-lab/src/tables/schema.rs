//! Key schemas.

use dynoxide::actions::create_table::CreateTableRequest;
use dynoxide::storage::TableMetadata;
use dynoxide::types::{AttributeDefinition, KeySchemaElement, KeyType, ScalarAttributeType};

use super::error::TableError;

/// A key attribute: its name and type.
///
/// Source: [AttributeDefinition](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_AttributeDefinition.html).
#[derive(Clone, Debug, PartialEq)]
pub struct KeyAttribute {
    name: String,
    kind: ScalarAttributeType,
}

impl KeyAttribute {
    /// A string.
    pub fn s(name: impl Into<String>) -> Self {
        Self { name: name.into(), kind: ScalarAttributeType::S }
    }

    /// A number.
    pub fn n(name: impl Into<String>) -> Self {
        Self { name: name.into(), kind: ScalarAttributeType::N }
    }

    /// Bytes.
    pub fn b(name: impl Into<String>) -> Self {
        Self { name: name.into(), kind: ScalarAttributeType::B }
    }
}

impl From<&str> for KeyAttribute {
    /// A string attribute, which most keys are.
    fn from(name: &str) -> Self {
        Self::s(name)
    }
}

/// A CreateTable request with these keys and no index.
pub(super) fn create_request(
    table: &str,
    partition_key: KeyAttribute,
    sort_key: Option<KeyAttribute>,
) -> CreateTableRequest {
    let mut request = CreateTableRequest {
        table_name: table.to_owned(),
        billing_mode: Some("PAY_PER_REQUEST".to_owned()),
        ..CreateTableRequest::default()
    };
    let keys = [(Some(partition_key), KeyType::HASH), (sort_key, KeyType::RANGE)];
    for (key, key_type) in keys {
        if let Some(KeyAttribute { name, kind }) = key {
            let attribute_name = name.clone();
            request.key_schema.push(KeySchemaElement { attribute_name, key_type });
            let definition = AttributeDefinition { attribute_name: name, attribute_type: kind };
            request.attribute_definitions.push(definition);
        }
    }
    request
}

/// A CreateTable request for a replica: what global tables keep alike in all Regions.
pub(super) fn replica_request(table: &TableMetadata) -> Result<CreateTableRequest, TableError> {
    fn read<T: serde::de::DeserializeOwned>(json: &str) -> Result<T, TableError> {
        serde_json::from_str(json)
            .map_err(|error| TableError::internal(format!("the table's definition: {error}")))
    }
    let optional = |json: &Option<String>| json.clone().unwrap_or_else(|| "null".to_owned());
    Ok(CreateTableRequest {
        table_name: table.table_name.clone(),
        key_schema: read(&table.key_schema)?,
        attribute_definitions: read(&table.attribute_definitions)?,
        global_secondary_indexes: read(&optional(&table.gsi_definitions))?,
        local_secondary_indexes: read(&optional(&table.lsi_definitions))?,
        billing_mode: table.billing_mode.clone(),
        provisioned_throughput: read(&optional(&table.provisioned_throughput))?,
        sse_specification: read(&optional(&table.sse_specification))?,
        table_class: table.table_class.clone(),
        on_demand_throughput: read(&optional(&table.on_demand_throughput))?,
        ..CreateTableRequest::default()
    })
}

/// The names of the partition key and the sort key.
pub(super) fn key_names(table: &TableMetadata) -> Result<(String, Option<String>), TableError> {
    let schema: Vec<KeySchemaElement> = serde_json::from_str(&table.key_schema)
        .map_err(|error| TableError::internal(format!("the table's key schema: {error}")))?;
    let name = |wanted| {
        let found = schema.iter().find(|key| key.key_type == wanted);
        found.map(|key| key.attribute_name.clone())
    };
    let partition = name(KeyType::HASH)
        .ok_or_else(|| TableError::internal("the table's key schema has no partition key"))?;
    Ok((partition, name(KeyType::RANGE)))
}
