//! The serialized form of a value: what is encrypted and signed.
//!
//! ```text
//! S, N, B   the bytes (N in its normal form)        NULL   nothing        BOOL   one byte, 0 or 1
//! SS NS BS  u32 count ‖ (u32 length ‖ bytes)*       in ascending order, no two equal
//! L         u32 count ‖ (type id ‖ u32 length ‖ value)*
//! M         u32 count ‖ (0001 ‖ u32 length ‖ key ‖ type id ‖ u32 length ‖ value)*, keys ascending
//! ```
//! Strings order by their UTF-16 code units, as in Java.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use super::wire::{self, Reader};
use crate::error::{Error, Result};
use crate::item::number::is_normal;
use crate::item::{AttributeValue, MAX_DEPTH, normalize_number};

/// Longest attribute name and map key, in bytes of UTF-8.
pub(crate) const MAX_NAME_LEN_BYTES: usize = 65_535;

/// The two bytes before a serialized value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TypeId {
    Null,
    String,
    Number,
    Boolean,
    Binary,
    StringSet,
    NumberSet,
    BinarySet,
    Map,
    List,
}

impl TypeId {
    pub(crate) fn of(bytes: [u8; 2]) -> Option<Self> {
        Some(match bytes {
            [0x00, 0x00] => Self::Null,
            [0x00, 0x01] => Self::String,
            [0x00, 0x02] => Self::Number,
            [0x00, 0x04] => Self::Boolean,
            [0xff, 0xff] => Self::Binary,
            [0x01, 0x01] => Self::StringSet,
            [0x01, 0x02] => Self::NumberSet,
            [0x01, 0xff] => Self::BinarySet,
            [0x02, 0x00] => Self::Map,
            [0x03, 0x00] => Self::List,
            _ => return None,
        })
    }

    pub(crate) fn bytes(self) -> [u8; 2] {
        match self {
            Self::Null => [0x00, 0x00],
            Self::String => [0x00, 0x01],
            Self::Number => [0x00, 0x02],
            Self::Boolean => [0x00, 0x04],
            Self::Binary => [0xff, 0xff],
            Self::StringSet => [0x01, 0x01],
            Self::NumberSet => [0x01, 0x02],
            Self::BinarySet => [0x01, 0xff],
            Self::Map => [0x02, 0x00],
            Self::List => [0x03, 0x00],
        }
    }

    fn of_value(value: &AttributeValue) -> Self {
        match value {
            AttributeValue::Null => Self::Null,
            AttributeValue::S(_) => Self::String,
            AttributeValue::N(_) => Self::Number,
            AttributeValue::Bool(_) => Self::Boolean,
            AttributeValue::B(_) => Self::Binary,
            AttributeValue::Ss(_) => Self::StringSet,
            AttributeValue::Ns(_) => Self::NumberSet,
            AttributeValue::Bs(_) => Self::BinarySet,
            AttributeValue::M(_) => Self::Map,
            AttributeValue::L(_) => Self::List,
        }
    }
}

/// Writes `type id ‖ serialized value`, with `spare` bytes of room behind it.
pub(crate) fn to_field(value: &AttributeValue, spare: usize) -> Result<Vec<u8>> {
    let mut field = Vec::with_capacity(2 + size_hint(value) + spare);
    append_field(value, &mut field)?;
    Ok(field)
}

/// Writes `type id ‖ serialized value` behind what is there.
pub(crate) fn append_field(value: &AttributeValue, out: &mut Vec<u8>) -> Result<()> {
    out.extend(TypeId::of_value(value).bytes());
    write(value, 1, out)
}

/// Reads `type id ‖ serialized value`. A text's or a binary's own bytes are taken over.
pub(crate) fn from_field(mut field: Vec<u8>) -> Result<AttributeValue> {
    let mut reader = Reader::new(&field);
    let type_id = *reader.array()?;
    let text = |mut field: Vec<u8>| {
        field.drain(..2);
        String::from_utf8(field).map_err(|_| wire::not_text())
    };
    match TypeId::of(type_id) {
        Some(TypeId::String) => text(field).map(AttributeValue::S),
        Some(TypeId::Number) => text(field).map(AttributeValue::N),
        Some(TypeId::Binary) => {
            field.drain(..2);
            Ok(AttributeValue::B(field))
        }
        _ => read(type_id, reader.bytes(reader.remaining())?, 1),
    }
}

fn size_hint(value: &AttributeValue) -> usize {
    match value {
        AttributeValue::Null => 0,
        AttributeValue::Bool(_) => 1,
        AttributeValue::S(text) | AttributeValue::N(text) => text.len(),
        AttributeValue::B(bytes) => bytes.len(),
        AttributeValue::Ss(set) | AttributeValue::Ns(set) => {
            4 + set.iter().map(|text| 4 + text.len()).sum::<usize>()
        }
        AttributeValue::Bs(set) => 4 + set.iter().map(|bytes| 4 + bytes.len()).sum::<usize>(),
        AttributeValue::L(list) => 4 + list.iter().map(|v| 6 + size_hint(v)).sum::<usize>(),
        AttributeValue::M(map) => {
            4 + map.iter().map(|(key, v)| 12 + key.len() + size_hint(v)).sum::<usize>()
        }
    }
}

fn write(value: &AttributeValue, depth: usize, out: &mut Vec<u8>) -> Result<()> {
    check_depth(depth)?;
    match value {
        AttributeValue::Null => {}
        AttributeValue::Bool(value) => out.push(u8::from(*value)),
        AttributeValue::S(text) => out.extend(text.as_bytes()),
        AttributeValue::N(text) => out.extend(normalize_number(text)?.as_bytes()),
        AttributeValue::B(bytes) => out.extend(bytes),
        // Sets that come in order, as most do, are not copied to be ordered.
        AttributeValue::Ss(set) if set.is_sorted_by(|a, b| compare_utf16(a, b).is_lt()) => {
            write_set(set, |text| text.as_bytes(), out)?;
        }
        AttributeValue::Ss(set) => {
            let mut sorted: Vec<&str> = set.iter().map(String::as_str).collect();
            sorted.sort_unstable_by(|a, b| compare_utf16(a, b));
            write_set(&sorted, |text| text.as_bytes(), out)?;
        }
        AttributeValue::Ns(set)
            if set.iter().all(|n| is_normal(n)) && set.is_sorted_by(|a, b| a < b) =>
        {
            write_set(set, |number| number.as_bytes(), out)?;
        }
        AttributeValue::Ns(set) => {
            let mut sorted = set.iter().map(|n| normalize_number(n)).collect::<Result<Vec<_>>>()?;
            sorted.sort_unstable();
            write_set(&sorted, |number| number.as_bytes(), out)?;
        }
        AttributeValue::Bs(set) if set.is_sorted_by(|a, b| a < b) => {
            write_set(set, |bytes| bytes, out)?;
        }
        AttributeValue::Bs(set) => {
            let mut sorted: Vec<&[u8]> = set.iter().map(Vec::as_slice).collect();
            sorted.sort_unstable();
            write_set(&sorted, |bytes| bytes, out)?;
        }
        AttributeValue::L(list) => {
            write_length(list.len(), out)?;
            for element in list {
                write_nested(element, depth, out)?;
            }
        }
        AttributeValue::M(map) => write_map(map, depth, out)?,
    }
    Ok(())
}

fn write_map(
    map: &BTreeMap<String, AttributeValue>,
    depth: usize,
    out: &mut Vec<u8>,
) -> Result<()> {
    write_length(map.len(), out)?;
    // The map's own order is that of UTF-8, nearly always the same.
    if map.keys().is_sorted_by(|a, b| compare_utf16(a, b).is_lt()) {
        return map.iter().try_for_each(|(key, value)| write_entry(key, value, depth, out));
    }
    let mut entries: Vec<_> = map.iter().collect();
    entries.sort_unstable_by(|(a, _), (b, _)| compare_utf16(a, b));
    entries.into_iter().try_for_each(|(key, value)| write_entry(key, value, depth, out))
}

fn write_entry(key: &str, value: &AttributeValue, depth: usize, out: &mut Vec<u8>) -> Result<()> {
    if key.is_empty() || key.len() > MAX_NAME_LEN_BYTES {
        return Err(Error::misuse(format!(
            "a map key has 1 to 65,535 bytes of UTF-8, not {}",
            key.len()
        )));
    }
    out.extend(TypeId::String.bytes());
    write_length(key.len(), out)?;
    out.extend(key.as_bytes());
    write_nested(value, depth, out)
}

/// `type id ‖ u32 length ‖ value`; the length is filled in once the value is written.
fn write_nested(value: &AttributeValue, depth: usize, out: &mut Vec<u8>) -> Result<()> {
    out.extend(TypeId::of_value(value).bytes());
    let length_at = out.len();
    out.extend([0; 4]);
    write(value, depth + 1, out)?;
    let length = length_u32(out.len() - length_at - 4)?;
    if let Some(field) = out.get_mut(length_at..length_at + 4) {
        field.copy_from_slice(&length);
    }
    Ok(())
}

fn write_set<T: PartialEq>(
    sorted: &[T],
    bytes: impl Fn(&T) -> &[u8],
    out: &mut Vec<u8>,
) -> Result<()> {
    if sorted.windows(2).any(|pair| matches!(pair, [a, b] if a == b)) {
        return Err(Error::misuse("a set holds a value twice"));
    }
    write_length(sorted.len(), out)?;
    for element in sorted {
        write_length(bytes(element).len(), out)?;
        out.extend(bytes(element));
    }
    Ok(())
}

fn write_length(length: usize, out: &mut Vec<u8>) -> Result<()> {
    out.extend(length_u32(length)?);
    Ok(())
}

fn length_u32(length: usize) -> Result<[u8; 4]> {
    u32::try_from(length)
        .map(u32::to_be_bytes)
        .map_err(|_| Error::too_large("a value is longer than 4,294,967,295 bytes"))
}

fn check_depth(depth: usize) -> Result<()> {
    if depth > MAX_DEPTH {
        return Err(Error::too_large(format!(
            "nested deeper than the {MAX_DEPTH} levels that DynamoDB allows"
        )));
    }
    Ok(())
}

/// Order by UTF-16 code units. It differs from the order of UTF-8 bytes only where one string has
/// a character above U+FFFF and the other one above U+E000.
fn compare_utf16(a: &str, b: &str) -> Ordering {
    if a.is_ascii() && b.is_ascii() { a.cmp(b) } else { a.encode_utf16().cmp(b.encode_utf16()) }
}

/// Reads a value that takes up all of `bytes`. Readers accept sets and maps in any order and numbers
/// in any spelling, as long as the bytes are authenticated; but not lengths that lie.
fn read(type_id: [u8; 2], bytes: &[u8], depth: usize) -> Result<AttributeValue> {
    check_depth(depth)?;
    let type_id = TypeId::of(type_id).ok_or_else(|| Error::malformed("unknown type of a value"))?;
    let mut reader = Reader::new(bytes);
    let value = match type_id {
        TypeId::String => return wire::text(bytes).map(|text| AttributeValue::S(text.to_owned())),
        TypeId::Number => return wire::text(bytes).map(|text| AttributeValue::N(text.to_owned())),
        TypeId::Binary => return Ok(AttributeValue::B(bytes.to_vec())),
        TypeId::Null => AttributeValue::Null,
        TypeId::Boolean => match reader.u8()? {
            0 => AttributeValue::Bool(false),
            1 => AttributeValue::Bool(true),
            _ => return Err(Error::malformed("a BOOL is neither 0 nor 1")),
        },
        TypeId::StringSet => AttributeValue::Ss(read_text_set(&mut reader)?),
        TypeId::NumberSet => AttributeValue::Ns(read_text_set(&mut reader)?),
        TypeId::BinarySet => AttributeValue::Bs(read_set(&mut reader, |bytes| Ok(bytes.to_vec()))?),
        TypeId::List => {
            let count = reader.u32()?;
            let mut list = Vec::with_capacity(room(count, &reader, ELEMENT_BYTES));
            for _ in 0..count {
                list.push(read_nested(&mut reader, depth)?);
            }
            AttributeValue::L(list)
        }
        TypeId::Map => AttributeValue::M(read_map(&mut reader, depth)?),
    };
    reader.finish()?;
    Ok(value)
}

fn read_nested(reader: &mut Reader<'_>, depth: usize) -> Result<AttributeValue> {
    let type_id = *reader.array()?;
    read(type_id, reader.bytes_u32()?, depth + 1)
}

fn read_map(reader: &mut Reader<'_>, depth: usize) -> Result<BTreeMap<String, AttributeValue>> {
    let mut map = BTreeMap::new();
    for _ in 0..reader.u32()? {
        if *reader.array()? != TypeId::String.bytes() {
            return Err(Error::malformed("a map key is not a string"));
        }
        let key = reader.text_u32()?;
        if key.is_empty() || key.len() > MAX_NAME_LEN_BYTES {
            return Err(Error::malformed("a map key has 1 to 65,535 bytes of UTF-8"));
        }
        let value = read_nested(reader, depth)?;
        if map.insert(key.to_owned(), value).is_some() {
            return Err(Error::malformed("a map has a key twice"));
        }
    }
    Ok(map)
}

fn read_text_set(reader: &mut Reader<'_>) -> Result<Vec<String>> {
    read_set(reader, |bytes| wire::text(bytes).map(str::to_owned))
}

/// A set's elements, no two of which are equal: seen at once where they ascend, as they were written.
fn read_set<T>(reader: &mut Reader<'_>, element: impl Fn(&[u8]) -> Result<T>) -> Result<Vec<T>> {
    let count = reader.u32()?;
    let mut set = Vec::with_capacity(room(count, reader, LENGTH_BYTES));
    let (mut all, mut ascends) = (reader.again(), true);
    let mut previous: Option<&[u8]> = None;
    for _ in 0..count {
        let bytes = reader.bytes_u32()?;
        ascends &= previous.is_none_or(|previous| previous < bytes);
        previous = Some(bytes);
        set.push(element(bytes)?);
    }
    if !ascends {
        let mut seen = BTreeSet::new();
        for _ in 0..count {
            if !seen.insert(all.bytes_u32()?) {
                return Err(Error::malformed("a set holds a value twice"));
            }
        }
    }
    Ok(set)
}

/// Fewest bytes of an element: of a set, its length; of a list, its type id and length.
const LENGTH_BYTES: usize = 4;
const ELEMENT_BYTES: usize = 6;

/// How many elements to make room for: not more than there are bytes for, whatever the count claims.
fn room(count: u32, reader: &Reader<'_>, least: usize) -> usize {
    usize::try_from(count).unwrap_or(usize::MAX).min(reader.remaining() / least)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::ErrorKind;

    fn field(value: impl Into<AttributeValue>) -> Vec<u8> {
        to_field(&value.into(), 0).unwrap()
    }

    fn strings(set: &[&str]) -> Vec<String> {
        set.iter().map(|&text| text.to_owned()).collect()
    }

    #[test]
    fn layouts() {
        assert_eq!(field("hé"), b"\x00\x01h\xc3\xa9");
        assert_eq!(field(AttributeValue::N("-01.50".into())), b"\x00\x02-1.5");
        assert_eq!(field(vec![0, 255]), b"\xff\xff\x00\xff");
        assert_eq!(field(true), b"\x00\x04\x01");
        assert_eq!(field(AttributeValue::Null), b"\x00\x00");
        let ns = AttributeValue::Ns(strings(&["10", "1e0", "9"]));
        assert_eq!(field(ns), b"\x01\x02\0\0\0\x03\0\0\0\x011\0\0\0\x0210\0\0\0\x019");
        let bs = AttributeValue::Bs(vec![vec![2], vec![], vec![1]]);
        assert_eq!(field(bs), b"\x01\xff\0\0\0\x03\0\0\0\0\0\0\0\x01\x01\0\0\0\x01\x02");
        let list = AttributeValue::L(vec!["a".into(), false.into()]);
        assert_eq!(field(list), b"\x03\0\0\0\0\x02\x00\x01\0\0\0\x01a\x00\x04\0\0\0\x01\0");
        let map = AttributeValue::M([("k".to_owned(), AttributeValue::Null)].into());
        assert_eq!(field(map), b"\x02\0\0\0\0\x01\x00\x01\0\0\0\x01k\x00\x00\0\0\0\0");
    }

    #[test]
    fn strings_order_by_utf16_code_units() {
        // U+FF61 sorts after U+1D11E in UTF-16 (D834…) and before it in UTF-8.
        let sorted = field(AttributeValue::Ss(strings(&["｡", "𝄞", "a"])));
        let back = from_field(sorted.clone()).unwrap();
        assert_eq!(back, AttributeValue::Ss(strings(&["a", "𝄞", "｡"])));
        let map = ["｡", "𝄞"].map(|key| (key.to_owned(), AttributeValue::Null)).into();
        let bytes = field(AttributeValue::M(map));
        assert!(bytes.windows(3).position(|w| w == "｡".as_bytes()) > Some(12));
    }

    #[test]
    fn a_value_twice_in_a_set_is_refused() {
        for set in [
            AttributeValue::Ss(strings(&["a", "b", "a"])),
            AttributeValue::Ns(strings(&["1", "1.0"])),
            AttributeValue::Bs(vec![vec![1], vec![1]]),
        ] {
            assert_eq!(to_field(&set, 0).unwrap_err().kind(), ErrorKind::Misuse);
        }
        for bytes in [
            &b"\x01\x01\0\0\0\x02\0\0\0\x01a\0\0\0\x01a"[..],
            b"\x02\0\0\0\0\x02\x00\x01\0\0\0\x01k\0\0\0\0\0\0\x00\x01\0\0\0\x01k\0\0\0\0\0\0",
        ] {
            assert_eq!(from_field(bytes.to_vec()).unwrap_err().kind(), ErrorKind::Malformed);
        }
    }

    #[test]
    fn readers_accept_what_is_not_canonical() {
        let unsorted = b"\x01\x01\0\0\0\x02\0\0\0\x01b\0\0\0\x01a";
        assert_eq!(
            from_field(unsorted.to_vec()).unwrap(),
            AttributeValue::Ss(strings(&["b", "a"]))
        );
        assert_eq!(from_field(b"\x00\x02abc".to_vec()).unwrap(), AttributeValue::N("abc".into()));
    }

    #[test]
    fn lengths_that_lie_are_refused() {
        for bytes in [
            &b""[..],
            b"\x00",
            b"\x00\x03",                                                // unknown type
            b"\x00\x00\x00",                                            // NULL with a byte
            b"\x00\x04",                                                // BOOL without one
            b"\x00\x04\x02",                                            // BOOL 2
            b"\x00\x01\xff",                                            // not UTF-8
            b"\x01\x01\xff\xff\xff\xff",                                // 4,294,967,295 elements
            b"\x03\0\xff\xff\xff\xff",                                  // the same in a list
            b"\x01\x01\0\0\0\x01\0\0\0\x02a", // element longer than the rest
            b"\x01\x01\0\0\0\x01\0\0\0\x01ab", // a byte behind the set
            b"\x03\0\0\0\0\x01\x01\x01\0\0\0\x04\0\0\0\x01\0\0\0\x01a", // set past its length
            b"\x02\0\0\0\0\x01\x00\x02\0\0\0\x01k\0\0\0\0\0\0", // key is no string
            b"\x02\0\0\0\0\x01\x00\x01\0\0\0\0\0\0\0\0\0\0", // empty key
        ] {
            assert_eq!(
                from_field(bytes.to_vec()).unwrap_err().kind(),
                ErrorKind::Malformed,
                "{bytes:x?}"
            );
        }
    }

    #[test]
    fn depth_is_bounded_both_ways() {
        let nested = |levels| {
            (1..levels).fold(AttributeValue::Null, |inner, _| AttributeValue::L(vec![inner]))
        };
        let bytes = to_field(&nested(32), 0).unwrap();
        assert_eq!(from_field(bytes.clone()).unwrap(), nested(32));
        assert_eq!(to_field(&nested(33), 0).unwrap_err().kind(), ErrorKind::TooLarge);
        // One more level around bytes that were fine.
        let deeper = [
            b"\x03\0\0\0\0\x01\x03\0".to_vec(),
            ((bytes.len() - 2) as u32).to_be_bytes().to_vec(),
            bytes[2..].to_vec(),
        ]
        .concat();
        assert_eq!(from_field(deeper).unwrap_err().kind(), ErrorKind::TooLarge);
    }

    #[test]
    fn names_in_maps_are_bounded() {
        let with = |key: String| {
            to_field(&AttributeValue::M([(key, AttributeValue::Null)].into()), 0).map(drop)
        };
        assert!(with("k".repeat(65_535)).is_ok());
        assert!(with("k".repeat(65_536)).is_err());
        assert!(with(String::new()).is_err());
    }
}
