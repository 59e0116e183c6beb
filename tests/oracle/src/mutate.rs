//! One byte of a stored item, changed.

use std::ops::Range;

use fastrand::Rng;
use itemseal::{AttributeValue, Item};

use crate::layout::{FOOTER, HEADER, HeaderLayout};
use crate::table::{Action, Table, flavor};

/// A stored item with one byte changed, and where.
pub struct Mutation {
    /// The changed item.
    pub item: Item,
    /// Which kind of place was changed, for counting.
    pub place: String,
    /// What exactly was done, for a report.
    pub detail: String,
}

/// The kinds of attribute, each as likely as it stands here; the header has the most structure.
const KINDS: [Kind; 9] = [
    Kind::Header,
    Kind::Header,
    Kind::Header,
    Kind::Footer,
    Kind::Key,
    Kind::Other(Action::Encrypt),
    Kind::Other(Action::Sign),
    Kind::Other(Action::Context),
    Kind::Other(Action::Nothing),
];

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Header,
    Footer,
    Key,
    Other(Action),
}

impl Kind {
    fn of(table: &Table, name: &str) -> Self {
        match name {
            HEADER => Self::Header,
            FOOTER => Self::Footer,
            _ if table.keys().any(|key| key == name) => Self::Key,
            _ => Self::Other(table.action(name)),
        }
    }
}

/// Changes, removes or adds one byte. `None` if the item has nothing of the kind that was drawn,
/// or would no longer be text where it must be.
pub fn mutate(rng: &mut Rng, table: &Table, stored: &Item) -> Option<Mutation> {
    let kind = KINDS[rng.usize(..KINDS.len())];
    let names: Vec<&String> =
        stored.iter().map(|(name, _)| name).filter(|name| Kind::of(table, name) == kind).collect();
    let name = (*rng.choice(&names)?).clone();
    let mut item = stored.clone();
    let mut leaves = Vec::new();
    collect_leaves(item.get_mut(&name)?, &mut leaves);
    let count = leaves.len();
    let leaf = leaves.swap_remove(if count == 0 { return None } else { rng.usize(..count) });
    let (place, detail) = leaf.change(rng, |rng, bytes| {
        let (place, range) = region(rng, table, kind, bytes);
        let edit = Edit::draw(rng, range)?;
        Some((place, edit))
    })?;
    Some(Mutation { item, place, detail: format!("{name:?}: {detail:?}") })
}

/// What has bytes in a value, at any depth; map keys aside.
enum Leaf<'a> {
    Text(&'a mut String),
    Bytes(&'a mut Vec<u8>),
}

fn collect_leaves<'a>(value: &'a mut AttributeValue, leaves: &mut Vec<Leaf<'a>>) {
    match value {
        AttributeValue::S(text) | AttributeValue::N(text) => leaves.push(Leaf::Text(text)),
        AttributeValue::B(bytes) => leaves.push(Leaf::Bytes(bytes)),
        AttributeValue::Ss(set) | AttributeValue::Ns(set) => {
            leaves.extend(set.iter_mut().map(Leaf::Text));
        }
        AttributeValue::Bs(set) => leaves.extend(set.iter_mut().map(Leaf::Bytes)),
        AttributeValue::L(list) => list.iter_mut().for_each(|v| collect_leaves(v, leaves)),
        AttributeValue::M(map) => map.values_mut().for_each(|v| collect_leaves(v, leaves)),
        AttributeValue::Bool(_) | AttributeValue::Null => {}
    }
}

impl Leaf<'_> {
    fn change(
        self,
        rng: &mut Rng,
        draw: impl FnOnce(&mut Rng, &[u8]) -> Option<(String, Edit)>,
    ) -> Option<(String, Edit)> {
        match self {
            Self::Text(text) => {
                let (place, edit) = draw(rng, text.as_bytes())?;
                *text = String::from_utf8(edit.apply(text.as_bytes())).ok()?;
                Some((place, edit))
            }
            Self::Bytes(bytes) => {
                let (place, edit) = draw(rng, bytes)?;
                *bytes = edit.apply(bytes);
                Some((place, edit))
            }
        }
    }
}

/// A region of the bytes to change, with its name: of a header each part is as likely.
fn region(rng: &mut Rng, table: &Table, kind: Kind, bytes: &[u8]) -> (String, Range<usize>) {
    let all = 0..bytes.len();
    match kind {
        Kind::Header => match HeaderLayout::parse(bytes) {
            Some(layout) => {
                let (part, range) = layout.part(rng.usize(..layout.parts()));
                (format!("header, {part}"), range)
            }
            None => ("header".into(), all),
        },
        Kind::Footer if flavor(table.suite) == 1 && rng.bool() => {
            ("footer, signature".into(), bytes.len().saturating_sub(103)..bytes.len())
        }
        Kind::Footer if flavor(table.suite) == 1 => {
            ("footer, tags".into(), 0..bytes.len().saturating_sub(103))
        }
        Kind::Footer => ("footer, tags".into(), all),
        Kind::Key => ("key attribute".into(), all),
        Kind::Other(Action::Encrypt) if rng.u8(..4) == 0 => {
            ("encrypted attribute, type".into(), 0..2)
        }
        Kind::Other(Action::Encrypt) => ("encrypted attribute".into(), all),
        Kind::Other(Action::Sign) => ("signed attribute".into(), all),
        Kind::Other(Action::Context) => ("context attribute".into(), all),
        Kind::Other(Action::Nothing) => ("unsigned attribute".into(), all),
    }
}

#[derive(Debug)]
enum Edit {
    Change { at: usize, xor: u8 },
    Remove { at: usize },
    Insert { at: usize, byte: u8 },
}

impl Edit {
    fn draw(rng: &mut Rng, range: Range<usize>) -> Option<Self> {
        if range.is_empty() {
            return None;
        }
        let at = rng.usize(range);
        Some(match rng.u8(..10) {
            0 => Self::Remove { at },
            1 => Self::Insert { at, byte: rng.u8(..) },
            // A single bit, which turns one digit or letter into another.
            2..6 => Self::Change { at, xor: 1 << rng.u8(..8) },
            _ => Self::Change { at, xor: rng.u8(1..) },
        })
    }

    fn apply(&self, bytes: &[u8]) -> Vec<u8> {
        let mut bytes = bytes.to_vec();
        match *self {
            Self::Change { at, xor } => bytes[at] ^= xor,
            Self::Remove { at } => drop(bytes.remove(at)),
            Self::Insert { at, byte } => bytes.insert(at, byte),
        }
        bytes
    }
}
