//! Items between our form and the SDK's.

use std::collections::HashMap;

use aws_sdk_dynamodb::primitives::Blob;
use aws_sdk_dynamodb::types::AttributeValue as Sdk;
use itemseal::{AttributeValue, Item};

pub type Attributes = HashMap<String, Sdk>;

pub fn to_sdk(item: &Item) -> Attributes {
    item.iter().map(|(name, value)| (name.clone(), value_to_sdk(value))).collect()
}

pub fn from_sdk(item: &Attributes) -> Item {
    item.iter().map(|(name, value)| (name.clone(), value_from_sdk(value))).collect()
}

fn value_to_sdk(value: &AttributeValue) -> Sdk {
    match value {
        AttributeValue::S(text) => Sdk::S(text.clone()),
        AttributeValue::N(number) => Sdk::N(number.clone()),
        AttributeValue::B(bytes) => Sdk::B(Blob::new(bytes.clone())),
        AttributeValue::Bool(value) => Sdk::Bool(*value),
        AttributeValue::Null => Sdk::Null(true),
        AttributeValue::Ss(set) => Sdk::Ss(set.clone()),
        AttributeValue::Ns(set) => Sdk::Ns(set.clone()),
        AttributeValue::Bs(set) => Sdk::Bs(set.iter().cloned().map(Blob::new).collect()),
        AttributeValue::L(list) => Sdk::L(list.iter().map(value_to_sdk).collect()),
        AttributeValue::M(map) => {
            Sdk::M(map.iter().map(|(key, value)| (key.clone(), value_to_sdk(value))).collect())
        }
    }
}

fn value_from_sdk(value: &Sdk) -> AttributeValue {
    match value {
        Sdk::S(text) => AttributeValue::S(text.clone()),
        Sdk::N(number) => AttributeValue::N(number.clone()),
        Sdk::B(bytes) => AttributeValue::B(bytes.as_ref().to_vec()),
        Sdk::Bool(value) => AttributeValue::Bool(*value),
        Sdk::Null(true) => AttributeValue::Null,
        Sdk::Ss(set) => AttributeValue::Ss(set.clone()),
        Sdk::Ns(set) => AttributeValue::Ns(set.clone()),
        Sdk::Bs(set) => AttributeValue::Bs(set.iter().map(|b| b.as_ref().to_vec()).collect()),
        Sdk::L(list) => AttributeValue::L(list.iter().map(value_from_sdk).collect()),
        Sdk::M(map) => {
            let entry = |(key, value): (&String, &Sdk)| (key.clone(), value_from_sdk(value));
            AttributeValue::M(map.iter().map(entry).collect())
        }
        other => panic!("no value of DynamoDB: {other:?}"),
    }
}
