//! Where the parts of a header lie. Written for this crate alone, so that a mistake in the core's
//! parser cannot hide here.

use std::ops::Range;

/// The attribute that holds the header.
pub const HEADER: &str = "aws_dbe_head";
/// The attribute that holds the footer.
pub const FOOTER: &str = "aws_dbe_foot";

/// A header's parts: what can be said of them without a key.
#[derive(Clone, Debug)]
pub struct HeaderLayout {
    /// The format version.
    pub version: u8,
    /// The suite's flavor.
    pub flavor: u8,
    /// The legend's bytes.
    pub legend: Vec<u8>,
    /// How many entries the stored context has.
    pub context_entries: usize,
    /// How many encrypted data keys there are.
    pub edks: usize,
    /// Each part's name and where it ends, ascending.
    parts: Vec<(&'static str, usize)>,
}

impl HeaderLayout {
    /// Parses a header; `None` if it is not a whole one.
    pub fn parse(header: &[u8]) -> Option<Self> {
        let mut cursor = Cursor { bytes: header, at: 0 };
        let mut parts = Vec::new();
        let version = cursor.take(1)?[0];
        parts.push(("version", cursor.at));
        let flavor = cursor.take(1)?[0];
        parts.push(("flavor", cursor.at));
        cursor.take(32)?;
        parts.push(("message id", cursor.at));
        let legend = cursor.take_u16()?.to_vec();
        parts.push(("legend", cursor.at));
        let context_entries = cursor.u16()?;
        for _ in 0..2 * context_entries {
            cursor.take_u16()?;
        }
        parts.push(("stored context", cursor.at));
        let edks = cursor.take(1)?[0].into();
        parts.push(("number of data keys", cursor.at));
        for _ in 0..edks {
            for part in ["provider id", "provider info", "wrapped data key"] {
                cursor.take_u16()?;
                parts.push((part, cursor.at));
            }
        }
        cursor.take(32)?;
        parts.push(("commitment", cursor.at));
        (cursor.at == header.len()).then_some(Self {
            version,
            flavor,
            legend,
            context_entries,
            edks,
            parts,
        })
    }

    /// How many parts there are.
    pub fn parts(&self) -> usize {
        self.parts.len()
    }

    /// The `n`th part's name, and where it starts and ends.
    pub fn part(&self, n: usize) -> (&'static str, Range<usize>) {
        let start = n.checked_sub(1).map_or(0, |before| self.parts[before].1);
        (self.parts[n].0, start..self.parts[n].1)
    }

    /// Where the first part of this name starts and ends.
    pub fn range(&self, name: &str) -> Option<Range<usize>> {
        (0..self.parts())
            .map(|n| self.part(n))
            .find(|(part, _)| *part == name)
            .map(|(_, range)| range)
    }
}

struct Cursor<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Cursor<'a> {
    fn take(&mut self, len: usize) -> Option<&'a [u8]> {
        let taken = self.bytes.get(self.at..self.at + len)?;
        self.at += len;
        Some(taken)
    }

    fn u16(&mut self) -> Option<usize> {
        self.take(2).map(|bytes| usize::from(bytes[0]) << 8 | usize::from(bytes[1]))
    }

    fn take_u16(&mut self) -> Option<&'a [u8]> {
        let len = self.u16()?;
        self.take(len)
    }
}
