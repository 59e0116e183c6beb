//! The keys of items, to find them again.

use itemseal::{AttributeValue, Item, Result, TableConfig, normalize_number};

use crate::table::misuse;

/// A key in a form that is the same for keys that DynamoDB takes for one.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Key(Vec<(u8, Vec<u8>)>);

impl Key {
    /// The key of an item, or of a map with the key attributes.
    ///
    /// # Errors
    /// [`Misuse`](itemseal::ErrorKind::Misuse) with the name of the key attribute that is missing or
    /// cannot be one.
    pub fn of(table: &TableConfig, item: &Item) -> Result<Self> {
        let names = std::iter::once(table.partition_key()).chain(table.sort_key());
        let part = |name: &str| {
            let refuse = |why: &str| misuse(why).with_attribute(name);
            match item.get(name) {
                Some(AttributeValue::S(text)) => Ok((b's', text.clone().into_bytes())),
                Some(AttributeValue::N(number)) => match normalize_number(number) {
                    Ok(number) => Ok((b'n', number.into_owned().into_bytes())),
                    Err(error) => Err(error.with_attribute(name)),
                },
                Some(AttributeValue::B(bytes)) => Ok((b'b', bytes.clone())),
                Some(_) => Err(refuse("a key attribute is a string, a number or binary")),
                None => Err(refuse("the key attribute is missing")),
            }
        };
        names.map(part).collect::<Result<_>>().map(Self)
    }
}
