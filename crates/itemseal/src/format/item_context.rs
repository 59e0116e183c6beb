//! The encryption context of an item: what it is bound to besides its key.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::value::TypeId;
use crate::config::TableConfig;
use crate::context::{
    ATTRIBUTE_PREFIX, EncryptionContext, LEGEND, PARTITION_NAME, SORT_NAME, TABLE_NAME,
};
use crate::error::{Error, Result};

/// The entries that follow from the table and the item, without the public key.
///
/// `attributes` are those whose values are in the context, as `type id ‖ serialized value`: the
/// key attributes in version 1, every `c` attribute in version 2.
pub(crate) fn of_item<'a>(
    table: &TableConfig,
    version: u8,
    attributes: impl Iterator<Item = (&'a str, &'a [u8])>,
) -> Result<EncryptionContext> {
    let mut context = EncryptionContext::new();
    context.insert(TABLE_NAME, table.logical_name());
    context.insert(PARTITION_NAME, table.partition_key());
    if let Some(sort_key) = table.sort_key() {
        context.insert(SORT_NAME, sort_key);
    }
    let mut types = Vec::new();
    for (name, field) in attributes {
        let (letter, text) =
            if version == 1 { ('B', STANDARD.encode(field)) } else { v2_entry(field)? };
        context.insert(format!("{ATTRIBUTE_PREFIX}{name}"), text);
        types.push((name, letter));
    }
    if version == 2 {
        // The prefix is the same for all, so the names order as the context's keys do.
        types.sort_unstable();
        context.insert(LEGEND, types.into_iter().map(|(_, letter)| letter).collect::<String>());
    }
    Ok(context)
}

/// A version 2 entry: the letter of its form in the context's own legend, and its text.
fn v2_entry(field: &[u8]) -> Result<(char, String)> {
    let (type_id, value) =
        field.split_first_chunk().ok_or_else(|| Error::internal("a field without a type"))?;
    let utf8 =
        || String::from_utf8(value.to_vec()).map_err(|_| Error::internal("text is not UTF-8"));
    Ok(match TypeId::of(*type_id) {
        Some(TypeId::String) => ('S', utf8()?),
        Some(TypeId::Number) => ('N', utf8()?),
        Some(TypeId::Null) => ('L', "null".to_owned()),
        Some(TypeId::Boolean) if value == [0] => ('L', "false".to_owned()),
        Some(TypeId::Boolean) => ('L', "true".to_owned()),
        _ => ('B', STANDARD.encode(field)),
    })
}
