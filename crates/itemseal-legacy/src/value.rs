//! An attribute's plaintext: `00 tag`, then what the tag says.

use std::collections::{BTreeMap, BTreeSet};

use itemseal::{AttributeValue, Error, MAX_DEPTH, Result, normalize_number};

use crate::error::malformed;
use crate::wire::Reader;

/// Reads one value, which must be all there is. Nothing is allocated by what a length says.
pub(crate) fn parse(bytes: &[u8]) -> Result<AttributeValue> {
    let mut reader = Reader::new(bytes);
    let value = value(&mut reader, 1)?;
    if !reader.is_empty() {
        return Err(malformed("bytes follow the decrypted value"));
    }
    Ok(value)
}

fn value(reader: &mut Reader<'_>, depth: usize) -> Result<AttributeValue> {
    if depth > MAX_DEPTH {
        return Err(too_deep());
    }
    if reader.byte() != Some(0) {
        return Err(unreadable());
    }
    Ok(match reader.byte().ok_or_else(unreadable)? {
        b's' => AttributeValue::S(text(reader)?),
        b'n' => AttributeValue::N(number(reader)?),
        b'b' => AttributeValue::B(bytes(reader)?),
        b'?' => AttributeValue::Bool(match reader.byte() {
            Some(0) => false,
            Some(1) => true,
            _ => return Err(unreadable()),
        }),
        0 => AttributeValue::Null,
        b'S' => AttributeValue::Ss(set(reader, text, |text| Ok(text.to_owned()))?),
        b'N' => {
            AttributeValue::Ns(set(
                reader,
                number,
                |text| Ok(normalize_number(text)?.into_owned()),
            )?)
        }
        b'B' => AttributeValue::Bs(set(reader, bytes, |bytes| Ok(bytes.to_owned()))?),
        b'L' => {
            let mut list = Vec::new();
            for _ in 0..count(reader, 2)? {
                list.push(value(reader, depth + 1)?);
            }
            AttributeValue::L(list)
        }
        b'M' => AttributeValue::M(map(reader, depth)?),
        _ => return Err(unreadable()),
    })
}

fn map(reader: &mut Reader<'_>, depth: usize) -> Result<BTreeMap<String, AttributeValue>> {
    let mut map = BTreeMap::new();
    // A name has a tag and a length, its value a tag.
    for _ in 0..count(reader, 8)? {
        if reader.take(2) != Some(&[0, b's']) {
            return Err(unreadable());
        }
        let name = text(reader)?;
        if map.insert(name, value(reader, depth + 1)?).is_some() {
            return Err(malformed("a decrypted map has a name twice"));
        }
    }
    Ok(map)
}

/// A set's elements, no two equal by `key`.
fn set<T, K: Ord>(
    reader: &mut Reader<'_>,
    element: impl Fn(&mut Reader<'_>) -> Result<T>,
    key: impl Fn(&T) -> Result<K>,
) -> Result<Vec<T>> {
    let (mut elements, mut seen) = (Vec::new(), BTreeSet::new());
    for _ in 0..count(reader, 4)? {
        let element = element(reader)?;
        if !seen.insert(key(&element)?) {
            return Err(twice());
        }
        elements.push(element);
    }
    Ok(elements)
}

/// How many elements follow, if as many can: each has at least `least` bytes.
fn count(reader: &mut Reader<'_>, least: usize) -> Result<usize> {
    let count = reader.length().ok_or_else(unreadable)?;
    if count > reader.left() / least {
        return Err(unreadable());
    }
    Ok(count)
}

fn bytes(reader: &mut Reader<'_>) -> Result<Vec<u8>> {
    reader.bytes().map(<[u8]>::to_vec).ok_or_else(unreadable)
}

fn text(reader: &mut Reader<'_>) -> Result<String> {
    reader.text().map(str::to_owned).ok_or_else(unreadable)
}

/// The text of a number, as it was written: it is checked, and not changed.
fn number(reader: &mut Reader<'_>) -> Result<String> {
    let text = text(reader)?;
    normalize_number(&text)?;
    Ok(text)
}

fn unreadable() -> Error {
    malformed("what was decrypted is not a value: its key may be another one, or it is damaged")
}

pub(crate) fn twice() -> Error {
    malformed("a set has an element twice")
}

pub(crate) fn too_deep() -> Error {
    malformed(format!("a value is nested deeper than {MAX_DEPTH} levels"))
}
