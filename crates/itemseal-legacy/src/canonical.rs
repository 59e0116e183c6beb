//! What is signed: digests of the table's name, and of each signed attribute's name, action and value.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::collections::BTreeSet;

use aws_lc_rs::digest::{SHA256, digest};
use itemseal::{AttributeValue, Item, MAX_DEPTH, Result};

use crate::actions::{Actions, LegacyAction};
use crate::number::{java_form, python_form};
use crate::value::{too_deep, twice};
use crate::wire::{put_bytes, put_length};

/// Whose client wrote an item. Their strings to sign differ where names or texts are outside of the
/// Basic Multilingual Plane, in sets of bytes over 127, in numbers of over 28 digits, and where no table is named.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Dialect {
    Python,
    Java,
}

impl Dialect {
    fn number(self, text: &str) -> Result<Cow<'_, str>> {
        match self {
            Self::Python => python_form(text),
            Self::Java => java_form(text),
        }
    }

    /// Python orders text by code point, which is the order of its UTF-8; Java by UTF-16 unit.
    fn order_text(self, one: &str, other: &str) -> Ordering {
        match self {
            Self::Python => one.cmp(other),
            Self::Java => one.encode_utf16().cmp(other.encode_utf16()),
        }
    }

    /// Java's bytes have signs.
    fn order_bytes(self, one: &[u8], other: &[u8]) -> Ordering {
        let signed = |bytes: &[u8]| bytes.iter().map(|b| b.cast_signed()).collect::<Vec<_>>();
        match self {
            Self::Python => one.cmp(other),
            Self::Java => signed(one).cmp(&signed(other)),
        }
    }

    fn no_table(self) -> &'static str {
        match self {
            Self::Python => "None",
            Self::Java => "null",
        }
    }
}

/// The string to sign of an item without signature and material description.
pub(crate) fn string_to_sign(
    item: &Item,
    table: Option<&str>,
    actions: &Actions,
    dialect: Dialect,
) -> Result<Vec<u8>> {
    let mut out = Vec::new();
    let mut put = |bytes: &[u8]| out.extend(digest(&SHA256, bytes).as_ref());
    let table = table.unwrap_or(dialect.no_table());
    put(format!("TABLE>{table}<TABLE").as_bytes());
    let mut attributes: Vec<_> = item.iter().collect();
    attributes.sort_by(|(one, _), (other, _)| dialect.order_text(one, other));
    for (name, value) in attributes {
        let action: &[u8] = match actions.of(name) {
            LegacyAction::EncryptAndSign => b"ENCRYPTED",
            LegacyAction::SignOnly => b"PLAINTEXT",
            LegacyAction::DoNothing => continue,
        };
        put(name.as_bytes());
        put(action);
        put(&serialized(value, dialect).map_err(|error| error.with_attribute(name))?);
    }
    Ok(out)
}

/// A value's bytes: what is encrypted, and what is signed.
pub(crate) fn serialized(value: &AttributeValue, dialect: Dialect) -> Result<Vec<u8>> {
    let mut out = Vec::new();
    put_value(&mut out, value, dialect, 1)?;
    Ok(out)
}

fn put_value(
    out: &mut Vec<u8>,
    value: &AttributeValue,
    dialect: Dialect,
    depth: usize,
) -> Result<()> {
    if depth > MAX_DEPTH {
        return Err(too_deep());
    }
    out.push(0);
    match value {
        AttributeValue::S(text) => {
            out.push(b's');
            put_bytes(out, text.as_bytes());
        }
        AttributeValue::N(text) => {
            out.push(b'n');
            put_bytes(out, dialect.number(text)?.as_bytes());
        }
        AttributeValue::B(bytes) => {
            out.push(b'b');
            put_bytes(out, bytes);
        }
        AttributeValue::Bool(value) => out.extend([b'?', u8::from(*value)]),
        AttributeValue::Null => out.push(0),
        AttributeValue::Ss(set) => {
            distinct(set.iter().map(|text| Ok(text.as_str())))?;
            let mut sorted: Vec<_> = set.iter().collect();
            sorted.sort_by(|one, other| dialect.order_text(one, other));
            put_set(out, b'S', sorted.iter().map(|text| text.as_bytes()));
        }
        AttributeValue::Ns(set) => {
            // By their whole values: rounded, two may look alike.
            distinct(set.iter().map(|text| java_form(text)))?;
            let mut sorted =
                set.iter().map(|text| dialect.number(text)).collect::<Result<Vec<_>>>()?;
            sorted.sort();
            put_set(out, b'N', sorted.iter().map(|text| text.as_bytes()));
        }
        AttributeValue::Bs(set) => {
            distinct(set.iter().map(Ok))?;
            let mut sorted: Vec<_> = set.iter().collect();
            sorted.sort_by(|one, other| dialect.order_bytes(one, other));
            put_set(out, b'B', sorted.iter().map(|bytes| bytes.as_slice()));
        }
        AttributeValue::L(list) => {
            out.push(b'L');
            put_length(out, list.len());
            for element in list {
                put_value(out, element, dialect, depth + 1)?;
            }
        }
        AttributeValue::M(map) => {
            out.push(b'M');
            put_length(out, map.len());
            let mut sorted: Vec<_> = map.iter().collect();
            sorted.sort_by(|(one, _), (other, _)| dialect.order_text(one, other));
            for (name, element) in sorted {
                out.extend([0, b's']);
                put_bytes(out, name.as_bytes());
                put_value(out, element, dialect, depth + 1)?;
            }
        }
    }
    Ok(())
}

fn put_set<'a>(out: &mut Vec<u8>, tag: u8, sorted: impl ExactSizeIterator<Item = &'a [u8]>) {
    out.push(tag);
    put_length(out, sorted.len());
    for element in sorted {
        put_bytes(out, element);
    }
}

fn distinct<T: Ord>(elements: impl Iterator<Item = Result<T>>) -> Result<()> {
    let mut seen = BTreeSet::new();
    for element in elements {
        if !seen.insert(element?) {
            return Err(twice());
        }
    }
    Ok(())
}
