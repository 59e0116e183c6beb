//! The keys of the SDK's items.

use itemseal::{Result, TableConfig};

use crate::rules::Key;
use crate::sdk_items::dynamodb::{Attributes, from_sdk};

/// The key of an item, or of a map with the key attributes.
///
/// # Errors
/// As of [`Key::of`].
pub(super) fn key_of(table: &TableConfig, item: &Attributes) -> Result<Key> {
    Key::of(table, &from_sdk(key_attributes(table, item))?)
}

/// The key attributes of an item.
pub(super) fn key_attributes(table: &TableConfig, item: &Attributes) -> Attributes {
    let names = std::iter::once(table.partition_key()).chain(table.sort_key());
    let entry = |name: &str| item.get(name).map(|value| (name.to_owned(), value.clone()));
    names.filter_map(entry).collect()
}
