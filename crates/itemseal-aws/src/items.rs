//! Items for callers who have the core's and not the SDK's.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;
use itemseal::{Item, Result};

use crate::sdk_items::dynamodb::{from_sdk, to_sdk};

/// An item as the SDK's inputs take it.
pub fn item_to_sdk(item: Item) -> HashMap<String, AttributeValue> {
    to_sdk(item)
}

/// An item as the SDK's outputs have it.
///
/// # Errors
/// [`Malformed`](itemseal::ErrorKind::Malformed), with the attribute's name, for a type that this version does not
/// know.
pub fn item_from_sdk(attributes: HashMap<String, AttributeValue>) -> Result<Item> {
    from_sdk(attributes)
}
