//! The encryption context: what a data key is bound to besides the key that wraps it.

use std::collections::BTreeMap;
use std::collections::btree_map;

use crate::error::{Error, Result};
use crate::format::wire::Reader;

/// Keys that the format adds.
pub(crate) const TABLE_NAME: &str = "aws-crypto-table-name";
pub(crate) const PARTITION_NAME: &str = "aws-crypto-partition-name";
pub(crate) const SORT_NAME: &str = "aws-crypto-sort-name";
pub(crate) const ATTRIBUTE_PREFIX: &str = "aws-crypto-attr.";
pub(crate) const LEGEND: &str = "aws-crypto-legend";
pub(crate) const PUBLIC_KEY: &str = "aws-crypto-public-key";

/// Text by text: authenticated with the item, given to KMS with every call, and logged there in
/// clear (CloudTrail). For an item it holds the table's and the key attributes' names, and the
/// values of the key attributes.
///
/// Source: [encryption context](https://docs.aws.amazon.com/kms/latest/developerguide/encrypt_context.html).
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct EncryptionContext(BTreeMap<String, String>);

impl EncryptionContext {
    /// An empty context.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets an entry.
    pub fn insert(&mut self, key: impl Into<String>, value: impl Into<String>) {
        self.0.insert(key.into(), value.into());
    }

    /// Takes an entry away.
    pub(crate) fn remove(&mut self, key: &str) {
        self.0.remove(key);
    }

    /// The value of an entry.
    pub fn get(&self, key: &str) -> Option<&str> {
        self.0.get(key).map(String::as_str)
    }

    /// Entries in ascending order of the keys' UTF-8 bytes.
    pub fn iter(&self) -> btree_map::Iter<'_, String, String> {
        self.0.iter()
    }

    /// How many entries there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are no entries.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The canonical form, and the additional authenticated data of every wrapping:
    /// `u16 count, (u16 length, key, u16 length, value)*`, ascending by key.
    ///
    /// # Errors
    /// [`TooLarge`](crate::ErrorKind::TooLarge) if a key, a value or the count passes 65,535.
    pub fn to_bytes(&self) -> Result<Vec<u8>> {
        let size = self.0.iter().map(|(key, value)| 4 + key.len() + value.len()).sum::<usize>();
        let mut bytes = Vec::with_capacity(2 + size);
        let count = u16::try_from(self.0.len())
            .map_err(|_| Error::too_large("the encryption context has over 65,535 entries"))?;
        bytes.extend(count.to_be_bytes());
        for (key, value) in &self.0 {
            for text in [key, value] {
                let length = u16::try_from(text.len()).map_err(|_| too_long(key, text.len()))?;
                bytes.extend(length.to_be_bytes());
                bytes.extend(text.as_bytes());
            }
        }
        Ok(bytes)
    }

    /// Reads the form that [`to_bytes`](Self::to_bytes) writes: strictly ascending, no empty key.
    pub(crate) fn read(reader: &mut Reader<'_>) -> Result<Self> {
        let mut entries = BTreeMap::new();
        let mut previous = "";
        for _ in 0..reader.u16()? {
            let key = reader.text_u16()?;
            let value = reader.text_u16()?;
            if key <= previous {
                return Err(Error::malformed("header: the encryption context is out of order"));
            }
            entries.insert(key.to_owned(), value.to_owned());
            previous = key;
        }
        Ok(Self(entries))
    }

    /// Takes over what `stored` adds; entries that both have must be equal.
    pub(crate) fn merge(&mut self, stored: &Self) -> Result<()> {
        for (key, value) in stored.iter() {
            match self.0.entry(key.clone()) {
                btree_map::Entry::Occupied(own) if own.get() != value => {
                    return Err(Error::authentication());
                }
                btree_map::Entry::Occupied(_) => {}
                btree_map::Entry::Vacant(free) => {
                    free.insert(value.clone());
                }
            }
        }
        Ok(())
    }
}

fn too_long(key: &str, length: usize) -> Error {
    let error = Error::too_large(format!(
        "{length} bytes do not fit into the encryption context, whose entries hold 65,535"
    ));
    match key.strip_prefix(ATTRIBUTE_PREFIX) {
        Some(attribute) => error.with_attribute(attribute),
        None => error,
    }
}

impl<K: Into<String>, V: Into<String>> FromIterator<(K, V)> for EncryptionContext {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(entries: I) -> Self {
        Self(entries.into_iter().map(|(key, value)| (key.into(), value.into())).collect())
    }
}

impl<'a> IntoIterator for &'a EncryptionContext {
    type Item = (&'a String, &'a String);
    type IntoIter = btree_map::Iter<'a, String, String>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::ErrorKind;

    fn parse(bytes: &[u8]) -> Result<EncryptionContext> {
        let mut reader = Reader::new(bytes);
        let context = EncryptionContext::read(&mut reader)?;
        reader.finish()?;
        Ok(context)
    }

    #[test]
    fn round_trip_in_byte_order() {
        let context: EncryptionContext = [("b", "2"), ("a", ""), ("é", "3")].into_iter().collect();
        let bytes = context.to_bytes().unwrap();
        assert_eq!(bytes, b"\0\x03\0\x01a\0\0\0\x01b\0\x012\0\x02\xc3\xa9\0\x013");
        assert_eq!(parse(&bytes).unwrap(), context);
        assert_eq!(EncryptionContext::new().to_bytes().unwrap(), [0, 0]);
    }

    #[test]
    fn out_of_order_duplicate_empty_key_or_not_utf8_is_malformed() {
        for bytes in [
            &b"\0\x02\0\x01b\0\0\0\x01a\0\0"[..],
            b"\0\x02\0\x01a\0\0\0\x01a\0\0",
            b"\0\x01\0\0\0\0",
            b"\0\x01\0\x01\xff\0\0",
            b"\0\x02\0\x01a\0\0",
            b"\xff\xff",
        ] {
            assert_eq!(parse(bytes).unwrap_err().kind(), ErrorKind::Malformed);
        }
    }

    #[test]
    fn too_long_names_the_attribute() {
        let context: EncryptionContext =
            [("aws-crypto-attr.Note".to_owned(), "x".repeat(65_536))].into_iter().collect();
        let error = context.to_bytes().unwrap_err();
        assert_eq!((error.kind(), error.attribute()), (ErrorKind::TooLarge, Some("Note")));
    }

    #[test]
    fn merging_keeps_equal_and_refuses_different() {
        let mut full: EncryptionContext = [("a", "1")].into_iter().collect();
        full.merge(&[("a", "1"), ("b", "2")].into_iter().collect()).unwrap();
        assert_eq!(full.len(), 2);
        let stored = [("a", "other")].into_iter().collect();
        assert_eq!(full.merge(&stored).unwrap_err().kind(), ErrorKind::Authentication);
    }
}
