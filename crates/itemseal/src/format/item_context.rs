//! The encryption context of an item: what it is bound to besides its key.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::value::{self, TypeId};
use crate::config::TableConfig;
use crate::context::{ATTRIBUTE_PREFIX, EncryptionContext, LEGEND, Text};
use crate::error::{Error, Result};
use crate::item::{AttributeValue, Item};

/// The entries that follow from the table and the item, without the public key.
///
/// `attributes` are those whose values are in the context, as `type id ‖ serialized value`: the
/// key attributes in version 1, every `c` attribute in version 2.
pub(crate) fn of_item<'a>(
    table: &TableConfig,
    version: u8,
    mut attributes: Vec<(&'a str, &'a [u8])>,
) -> Result<EncryptionContext> {
    let names = table.context_names();
    let mut entries = Vec::with_capacity(attributes.len() + names.len() + 2);
    entries
        .extend(names.iter().map(|(key, name)| (Text::Constant(key), Text::Shared(name.clone()))));
    // The prefix is the same for all, so the names order as the context's keys do.
    attributes.sort_unstable();
    let mut legend = String::new();
    for (name, field) in attributes {
        let key = match table.context_key(name) {
            Some(key) => Text::Shared(key),
            None => Text::Own([ATTRIBUTE_PREFIX, name].concat()),
        };
        let (letter, text) =
            if version == 1 { ('B', STANDARD.encode(field)) } else { v2_entry(field)? };
        entries.push((key, Text::Own(text)));
        if version == 2 {
            legend.push(letter);
        }
    }
    if version == 2 {
        entries.push((Text::Constant(LEGEND), Text::Own(legend)));
    }
    Ok(EncryptionContext::of(entries))
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

/// The attributes whose values are in an item's context, with their values: what [`of_item`] was given.
///
/// # Errors
/// [`Malformed`](crate::ErrorKind::Malformed) if a value cannot be read.
pub(crate) fn attributes(context: &EncryptionContext) -> Result<Item> {
    let legend = context.get(LEGEND);
    let mut letters = legend.unwrap_or_default().chars();
    let mut item = Item::new();
    for (key, text) in context.iter() {
        let Some(name) = key.strip_prefix(ATTRIBUTE_PREFIX) else { continue };
        let letter = if legend.is_some() { letters.next() } else { Some('B') };
        let malformed = || Error::malformed("its value in the encryption context cannot be read");
        let value = match letter {
            Some('S') => AttributeValue::S(text.to_owned()),
            Some('N') => AttributeValue::N(text.to_owned()),
            Some('L') => match text {
                "null" => AttributeValue::Null,
                "true" => AttributeValue::Bool(true),
                "false" => AttributeValue::Bool(false),
                _ => return Err(malformed().with_attribute(name)),
            },
            Some('B') => {
                let field = STANDARD.decode(text).map_err(|_| malformed().with_attribute(name))?;
                value::from_field(field).map_err(|error| error.with_attribute(name))?
            }
            _ => return Err(malformed().with_attribute(name)),
        };
        item.insert(name, value);
    }
    Ok(item)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attributes_come_back_from_both_versions_contexts() {
        let table = TableConfig::builder("T").partition_key("pk").sort_key("sk");
        let table = table.context(["a", "b", "c", "d"]).build().unwrap();
        let item = Item::new()
            .with("pk", "tenant-1")
            .with("sk", AttributeValue::N("15".into()))
            .with("a", vec![0, 255])
            .with("b", true)
            .with("c", AttributeValue::Null)
            .with("d", AttributeValue::L(vec!["x".into()]));
        let fields: Vec<(String, Vec<u8>)> = item
            .iter()
            .map(|(name, value)| (name.clone(), value::to_field(value, 0).unwrap()))
            .collect();
        let of = |version, wanted: &[&str]| {
            let fields = fields.iter().filter(|(name, _)| wanted.contains(&name.as_str()));
            let fields = fields.map(|(n, f)| (&**n, &**f)).collect();
            let context = of_item(&table, version, fields).unwrap();
            attributes(&context).unwrap()
        };
        assert_eq!(of(2, &["pk", "sk", "a", "b", "c", "d"]), item);
        let keys = Item::new().with("pk", "tenant-1").with("sk", AttributeValue::N("15".into()));
        assert_eq!(of(1, &["pk", "sk"]), keys);
    }
}
