//! CBOR: the same shape as DynamoDB JSON, with bytes as byte strings.

use super::Item;
use crate::error::{Error, Result};

/// CBOR levels allowed while reading: two for each level of nesting that an item may have, and
/// the item's own.
const CBOR_DEPTH: usize = 2 * super::MAX_DEPTH + 2;

impl Item {
    /// Reads an item in CBOR ([RFC 8949](https://www.rfc-editor.org/rfc/rfc8949)): the shape of
    /// DynamoDB JSON, with `B` and the elements of `BS` as byte strings.
    ///
    /// # Errors
    /// [`Malformed`](crate::ErrorKind::Malformed) if it is not such an item, or more follows it.
    pub fn from_cbor(mut cbor: &[u8]) -> Result<Self> {
        let item = ciborium::de::from_reader_with_recursion_limit(&mut cbor, CBOR_DEPTH)
            .map_err(|error| Error::malformed(format!("not an item in CBOR: {error}")))?;
        if !cbor.is_empty() {
            return Err(Error::malformed(format!("{} bytes follow the item in CBOR", cbor.len())));
        }
        Ok(item)
    }

    /// The item in CBOR, attributes in the order of their names.
    pub fn to_cbor(&self) -> Vec<u8> {
        let mut cbor = Vec::with_capacity(64 + self.size_bytes());
        // Writing to a vector does not fail, and every value has a CBOR form.
        let _ = ciborium::into_writer(self, &mut cbor);
        cbor
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::item::AttributeValue;

    #[test]
    fn round_trip_with_bytes_as_bytes() {
        let item = Item::new()
            .with("b", vec![0, 1, 255])
            .with("bs", AttributeValue::Bs(vec![vec![1], vec![]]))
            .with("n", AttributeValue::Null)
            .with("l", AttributeValue::L(vec!["x".into(), 5.into()]));
        let cbor = item.to_cbor();
        assert!(cbor.windows(4).any(|w| w == [0x43, 0, 1, 255]), "a byte string of three");
        assert_eq!(Item::from_cbor(&cbor).unwrap(), item);
    }

    #[test]
    fn truncated_extended_or_deep_is_refused() {
        let cbor = Item::new().with("s", "text").to_cbor();
        for length in 0..cbor.len() {
            assert!(Item::from_cbor(&cbor[..length]).is_err(), "{length}");
        }
        assert!(Item::from_cbor(&[&cbor[..], &[0]].concat()).is_err());
        // {"a": {"L": [{"L": [ … 1000 levels; and a map that claims 2^32 - 1 entries.
        let deep = [&[0xa1, 0x61, b'a'][..], &[0xa1, 0x61, b'L', 0x81].repeat(1000)].concat();
        assert!(Item::from_cbor(&deep).is_err());
        assert!(Item::from_cbor(&[0xba, 0xff, 0xff, 0xff, 0xff]).is_err());
    }

    #[test]
    fn as_deep_as_an_item_may_be() {
        let mut value = AttributeValue::Null;
        for _ in 1..super::super::MAX_DEPTH {
            value = AttributeValue::L(vec![value]);
        }
        let item = Item::new().with("deep", value);
        assert_eq!(Item::from_cbor(&item.to_cbor()).unwrap(), item);
        assert_eq!(Item::from_json(item.to_json()).unwrap(), item);
    }
}
