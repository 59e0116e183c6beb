//! The canonical path: an attribute's name as it is authenticated, and the order of attributes.

#[cfg(test)]
use std::cmp::Ordering;

/// Makes canonical paths of one table's attributes, in one buffer:
/// `logical table name ‖ u64 1 ‖ "$" ‖ u64 L ‖ name`, where L counts the name's UTF-16 code units.
pub(crate) struct Paths {
    buffer: Vec<u8>,
    prefix_len: usize,
}

impl Paths {
    pub(crate) fn of_table(logical_name: &str) -> Self {
        let mut buffer = Vec::with_capacity(logical_name.len() + 64);
        buffer.extend(logical_name.as_bytes());
        buffer.extend(1u64.to_be_bytes());
        buffer.push(b'$');
        Self { prefix_len: buffer.len(), buffer }
    }

    /// The path of the attribute `name`; it lasts until the next is asked for.
    pub(crate) fn path(&mut self, name: &str) -> &[u8] {
        self.buffer.truncate(self.prefix_len);
        self.buffer.extend((utf16_len(name) as u64).to_be_bytes());
        self.buffer.extend(name.as_bytes());
        &self.buffer
    }
}

/// Orders names as their canonical paths' bytes order: shorter names first.
#[cfg(test)]
pub(crate) fn compare(a: &str, b: &str) -> Ordering {
    utf16_len(a).cmp(&utf16_len(b)).then_with(|| a.as_bytes().cmp(b.as_bytes()))
}

/// The length of a name in UTF-16 code units.
pub(crate) fn utf16_len(name: &str) -> usize {
    if name.is_ascii() { name.len() } else { name.encode_utf16().count() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn path_counts_utf16_code_units() {
        let mut paths = Paths::of_table("T");
        assert_eq!(paths.path("é"), b"T\0\0\0\0\0\0\0\x01$\0\0\0\0\0\0\0\x01\xc3\xa9");
        // U+1D11E is two code units and four bytes.
        assert_eq!(paths.path("𝄞"), b"T\0\0\0\0\0\0\0\x01$\0\0\0\0\0\0\0\x02\xf0\x9d\x84\x9e");
        assert_eq!(paths.path("a"), b"T\0\0\0\0\0\0\0\x01$\0\0\0\0\0\0\0\x01a");
    }

    #[test]
    fn names_order_as_their_paths_do() {
        let names = ["a", "b", "é", "｡", "aa", "𝄞", "abc"];
        for a in names {
            for b in names {
                let by_path = Paths::of_table("T").path(a).cmp(Paths::of_table("T").path(b));
                assert_eq!(compare(a, b), by_path, "{a} {b}");
            }
        }
    }
}
