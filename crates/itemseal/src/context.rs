//! The encryption context: what a data key is bound to besides the key that wraps it.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::{Arc, OnceLock};

use crate::error::{Error, Result};
use crate::format::wire::Reader;

/// Keys that the format adds.
pub(crate) const TABLE_NAME: &str = "aws-crypto-table-name";
pub(crate) const PARTITION_NAME: &str = "aws-crypto-partition-name";
pub(crate) const SORT_NAME: &str = "aws-crypto-sort-name";
pub(crate) const ATTRIBUTE_PREFIX: &str = "aws-crypto-attr.";
pub(crate) const LEGEND: &str = "aws-crypto-legend";
pub(crate) const PUBLIC_KEY: &str = "aws-crypto-public-key";

/// A key or a value. Most are the same for all items of a table, and are not copied for each.
#[derive(Clone)]
pub(crate) enum Text {
    Constant(&'static str),
    Shared(Arc<str>),
    Own(String),
}

impl Text {
    fn as_str(&self) -> &str {
        match self {
            Self::Constant(text) => text,
            Self::Shared(text) => text,
            Self::Own(text) => text,
        }
    }
}

/// Text by text: authenticated with the item, given to KMS with every call, and logged there in
/// clear (CloudTrail). For an item it holds the table's and the key attributes' names, and the
/// values of the key attributes.
///
/// Source: [encryption context](https://docs.aws.amazon.com/kms/latest/developerguide/encrypt_context.html).
#[derive(Clone, Default)]
pub struct EncryptionContext {
    /// In ascending order of the keys' UTF-8 bytes, no two equal.
    entries: Vec<(Text, Text)>,
    /// The canonical form, once it was asked for.
    bytes: OnceLock<Vec<u8>>,
}

impl EncryptionContext {
    /// An empty context.
    pub fn new() -> Self {
        Self::default()
    }

    /// Of entries in any order, no two with the same key.
    pub(crate) fn of(mut entries: Vec<(Text, Text)>) -> Self {
        entries.sort_unstable_by(|(a, _), (b, _)| a.as_str().cmp(b.as_str()));
        Self { entries, bytes: OnceLock::new() }
    }

    /// Sets an entry.
    pub fn insert(&mut self, key: impl Into<String>, value: impl Into<String>) {
        self.set(Text::Own(key.into()), Text::Own(value.into()));
    }

    pub(crate) fn set(&mut self, key: Text, value: Text) {
        self.bytes = OnceLock::new();
        match self.find(key.as_str()) {
            Ok(at) => {
                if let Some(entry) = self.entries.get_mut(at) {
                    entry.1 = value;
                }
            }
            Err(at) => self.entries.insert(at, (key, value)),
        }
    }

    fn find(&self, key: &str) -> std::result::Result<usize, usize> {
        self.entries.binary_search_by(|(own, _)| own.as_str().cmp(key))
    }

    /// Takes an entry away.
    pub(crate) fn remove(&mut self, key: &str) {
        self.bytes = OnceLock::new();
        self.entries.retain(|(own, _)| own.as_str() != key);
    }

    /// The value of an entry.
    pub fn get(&self, key: &str) -> Option<&str> {
        let (_, value) = self.entries.get(self.find(key).ok()?)?;
        Some(value.as_str())
    }

    /// Entries in ascending order of the keys' UTF-8 bytes.
    pub fn iter(&self) -> Iter<'_> {
        Iter(self.entries.iter())
    }

    /// The context of this entry alone, if there is one.
    pub(crate) fn only(&self, key: &str) -> Self {
        let entry = self.find(key).ok().and_then(|at| self.entries.get(at));
        Self { entries: entry.into_iter().cloned().collect(), bytes: OnceLock::new() }
    }

    /// How many entries there are.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there are no entries.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The canonical form, and the additional authenticated data of every wrapping:
    /// `u16 count, (u16 length, key, u16 length, value)*`, ascending by key. It is made once.
    ///
    /// # Errors
    /// [`TooLarge`](crate::ErrorKind::TooLarge) if a key, a value or the count passes 65,535.
    pub fn as_bytes(&self) -> Result<&[u8]> {
        if let Some(bytes) = self.bytes.get() {
            return Ok(bytes);
        }
        let mut bytes = Vec::with_capacity(self.canonical_len());
        self.write(&mut bytes)?;
        Ok(self.bytes.get_or_init(|| bytes))
    }

    /// How many bytes the canonical form has.
    pub(crate) fn canonical_len(&self) -> usize {
        2 + self.iter().map(|(key, value)| 4 + key.len() + value.len()).sum::<usize>()
    }

    /// Writes the canonical form.
    pub(crate) fn write(&self, bytes: &mut Vec<u8>) -> Result<()> {
        let count = u16::try_from(self.len())
            .map_err(|_| Error::too_large("the encryption context has over 65,535 entries"))?;
        bytes.extend(count.to_be_bytes());
        for (key, value) in self {
            for text in [key, value] {
                let length = u16::try_from(text.len()).map_err(|_| too_long(key, text.len()))?;
                bytes.extend(length.to_be_bytes());
                bytes.extend(text.as_bytes());
            }
        }
        Ok(())
    }

    /// Reads the canonical form: strictly ascending, no empty key.
    pub(crate) fn read(reader: &mut Reader<'_>) -> Result<Self> {
        let mut entries = Vec::new();
        let mut previous = "";
        for _ in 0..reader.u16()? {
            let key = reader.text_u16()?;
            let value = reader.text_u16()?;
            if key <= previous {
                return Err(Error::malformed("header: the encryption context is out of order"));
            }
            let own = if key == PUBLIC_KEY {
                Text::Constant(PUBLIC_KEY)
            } else {
                Text::Shared(key.into())
            };
            entries.push((own, Text::Shared(value.into())));
            previous = key;
        }
        Ok(Self { entries, bytes: OnceLock::new() })
    }

    /// Takes over what `stored` adds; entries that both have must be equal.
    pub(crate) fn merge(&mut self, stored: &Self) -> Result<()> {
        for (key, value) in &stored.entries {
            match self.get(key.as_str()) {
                Some(own) if own != value.as_str() => return Err(Error::authentication()),
                Some(_) => {}
                None => self.set(key.clone(), value.clone()),
            }
        }
        Ok(())
    }
}

impl fmt::Debug for EncryptionContext {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self).finish()
    }
}

impl PartialEq for EncryptionContext {
    fn eq(&self, other: &Self) -> bool {
        self.iter().eq(other.iter())
    }
}

impl Eq for EncryptionContext {}

impl Hash for EncryptionContext {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write_usize(self.len());
        self.iter().for_each(|entry| entry.hash(state));
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
        let mut context = Self::new();
        entries.into_iter().for_each(|(key, value)| context.insert(key, value));
        context
    }
}

/// The entries of a context, in ascending order of the keys' UTF-8 bytes.
#[derive(Clone)]
pub struct Iter<'a>(std::slice::Iter<'a, (Text, Text)>);

impl fmt::Debug for Iter<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.clone()).finish()
    }
}

impl<'a> Iterator for Iter<'a> {
    type Item = (&'a str, &'a str);

    fn next(&mut self) -> Option<Self::Item> {
        self.0.next().map(|(key, value)| (key.as_str(), value.as_str()))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.0.size_hint()
    }
}

impl ExactSizeIterator for Iter<'_> {}

impl<'a> IntoIterator for &'a EncryptionContext {
    type Item = (&'a str, &'a str);
    type IntoIter = Iter<'a>;

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
        let bytes = context.as_bytes().unwrap();
        assert_eq!(bytes, b"\0\x03\0\x01a\0\0\0\x01b\0\x012\0\x02\xc3\xa9\0\x013");
        assert_eq!(parse(bytes).unwrap(), context);
        assert_eq!(EncryptionContext::new().as_bytes().unwrap(), [0, 0]);
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
        let error = context.as_bytes().unwrap_err();
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
