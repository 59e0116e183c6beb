//! Between the attribute values of the SDK for DynamoDB Streams, a type of its own, and the core's.

use std::collections::HashMap;

use aws_sdk_dynamodbstreams::primitives::Blob;
use aws_sdk_dynamodbstreams::types::AttributeValue as Sdk;
use itemseal::{AttributeValue, Error, ErrorKind, Item, Result};

/// An item as the SDK has it.
pub(super) type Attributes = HashMap<String, Sdk>;

/// From the SDK's form.
///
/// # Errors
/// [`Malformed`](ErrorKind::Malformed) for a type that this version of the SDK does not know.
pub(super) fn from_sdk(attributes: Attributes) -> Result<Item> {
    attributes
        .into_iter()
        .map(|(name, value)| match value_from_sdk(value) {
            Ok(value) => Ok((name, value)),
            Err(error) => Err(error.with_attribute(name)),
        })
        .collect::<Result<Vec<_>>>()
        .map(Item::from_iter)
}

fn value_from_sdk(value: Sdk) -> Result<AttributeValue> {
    let list = |values: Vec<Sdk>| values.into_iter().map(value_from_sdk).collect::<Result<_>>();
    Ok(match value {
        Sdk::S(text) => AttributeValue::S(text),
        Sdk::N(number) => AttributeValue::N(number),
        Sdk::B(bytes) => AttributeValue::B(bytes.into_inner()),
        Sdk::Bool(value) => AttributeValue::Bool(value),
        Sdk::Null(_) => AttributeValue::Null,
        Sdk::Ss(set) => AttributeValue::Ss(set),
        Sdk::Ns(set) => AttributeValue::Ns(set),
        Sdk::Bs(set) => AttributeValue::Bs(set.into_iter().map(Blob::into_inner).collect()),
        Sdk::L(values) => AttributeValue::L(list(values)?),
        Sdk::M(map) => {
            let entry = |(name, value)| Ok((name, value_from_sdk(value)?));
            AttributeValue::M(map.into_iter().map(entry).collect::<Result<_>>()?)
        }
        _ => {
            let message = "a type of attribute value that this version of itemseal does not know";
            return Err(Error::new(ErrorKind::Malformed, message));
        }
    })
}

/// To the SDK's form.
pub(super) fn to_sdk(item: Item) -> Attributes {
    item.into_iter().map(|(name, value)| (name, value_to_sdk(value))).collect()
}

fn value_to_sdk(value: AttributeValue) -> Sdk {
    match value {
        AttributeValue::S(text) => Sdk::S(text),
        AttributeValue::N(number) => Sdk::N(number),
        AttributeValue::B(bytes) => Sdk::B(Blob::new(bytes)),
        AttributeValue::Bool(value) => Sdk::Bool(value),
        AttributeValue::Null => Sdk::Null(true),
        AttributeValue::Ss(set) => Sdk::Ss(set),
        AttributeValue::Ns(set) => Sdk::Ns(set),
        AttributeValue::Bs(set) => Sdk::Bs(set.into_iter().map(Blob::new).collect()),
        AttributeValue::L(values) => Sdk::L(values.into_iter().map(value_to_sdk).collect()),
        AttributeValue::M(map) => {
            Sdk::M(map.into_iter().map(|(name, value)| (name, value_to_sdk(value))).collect())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_type_goes_there_and_back() {
        let item = Item::new()
            .with("s", "x")
            .with("n", AttributeValue::N("1.50".into()))
            .with("b", vec![0, 255])
            .with("bool", true)
            .with("null", AttributeValue::Null)
            .with("ss", AttributeValue::Ss(vec!["a".into()]))
            .with("ns", AttributeValue::Ns(vec!["1".into(), "2".into()]))
            .with("bs", AttributeValue::Bs(vec![vec![1], vec![]]))
            .with("l", AttributeValue::L(vec![AttributeValue::Null, "y".into()]))
            .with("m", AttributeValue::M([("k".to_owned(), AttributeValue::L(vec![]))].into()));
        assert_eq!(from_sdk(to_sdk(item.clone())).unwrap(), item);
    }
}
