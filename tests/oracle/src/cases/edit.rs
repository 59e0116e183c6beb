//! Changes to stored items.

use std::ops::Range;

use itemseal::{AttributeValue, Item};

use crate::layout::{HEADER, HeaderLayout};

/// The item with the bytes of one attribute changed.
pub(super) fn bytes(stored: &Item, name: &str, change: impl FnOnce(&mut Vec<u8>)) -> Item {
    let mut item = stored.clone();
    match item.get_mut(name) {
        Some(AttributeValue::B(bytes)) => change(bytes),
        other => panic!("{name} is {other:?} and has no bytes to change"),
    }
    item
}

/// The item with one part of its header replaced.
pub(super) fn header(stored: &Item, part: &str, change: impl FnOnce(&mut Vec<u8>)) -> Item {
    bytes(stored, HEADER, |header| {
        let range = part_range(header, part);
        let mut part = header[range.clone()].to_vec();
        change(&mut part);
        header.splice(range, part);
    })
}

fn part_range(header: &[u8], part: &str) -> Range<usize> {
    let layout = HeaderLayout::parse(header).expect("a header that parses");
    layout.range(part).expect("a part of the header")
}

/// Flips the lowest bit of the last byte.
#[expect(clippy::ptr_arg, reason = "it is given where a vector is changed")]
pub(super) fn flip_last(bytes: &mut Vec<u8>) {
    let last = bytes.last_mut().expect("bytes to change");
    *last ^= 1;
}

/// The item with the attribute set.
pub(super) fn set(stored: &Item, name: &str, value: impl Into<AttributeValue>) -> Item {
    stored.clone().with(name, value)
}

/// The item without the attribute.
pub(super) fn drop(stored: &Item, name: &str) -> Item {
    let mut item = stored.clone();
    item.remove(name).expect("an attribute to drop");
    item
}

/// The item with the attribute as another item has it.
pub(super) fn take(stored: &Item, name: &str, from: &Item) -> Item {
    set(stored, name, from.get(name).expect("an attribute to take").clone())
}

/// The item with two attributes' values exchanged.
pub(super) fn swap(stored: &Item, one: &str, other: &str) -> Item {
    let value = |name| stored.get(name).expect("an attribute to swap").clone();
    stored.clone().with(one, value(other)).with(other, value(one))
}

/// The item with an attribute under another name.
pub(super) fn rename(stored: &Item, from: &str, to: &str) -> Item {
    let value = stored.get(from).expect("an attribute to rename").clone();
    drop(stored, from).with(to, value)
}

/// The order of P-384's group.
const ORDER: &str = "ffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973";

/// A DER signature with its s replaced by order - s.
pub(super) fn negate_s(signature: &[u8]) -> Vec<u8> {
    // 30 length 02 length r 02 length s
    let s_at = 4 + usize::from(signature[3]) + 2;
    let (head, s) = signature.split_at(s_at);
    let s = [&[0; 48][..], s].concat();
    let mut negated = hex::decode(ORDER).expect("hexadecimal digits");
    let mut borrow = 0;
    for (digit, s) in negated.iter_mut().rev().zip(s.iter().rev()) {
        let difference = i16::from(*digit) - i16::from(*s) - borrow;
        borrow = i16::from(difference < 0);
        *digit = difference.rem_euclid(256) as u8;
    }
    let zeros = negated.iter().take_while(|digit| **digit == 0).count();
    negated.drain(..zeros);
    if negated[0] >= 0x80 {
        negated.insert(0, 0);
    }
    let mut signature = head.to_vec();
    signature[1] = (s_at - 2 + negated.len()) as u8;
    signature[s_at - 1] = negated.len() as u8;
    signature.extend(negated);
    signature
}
