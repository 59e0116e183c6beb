//! The items before they are encrypted.

use std::io::Read;
use std::ops::Range;

/// One item as a line.
pub(crate) fn item(n: u64) -> String {
    format!(
        "{{\"Item\":{{\"Address\":{{\"M\":{{\"Street\":{{\"S\":\"{n} Long Street\"}},\"Zip\":{{\"N\":\"{n}\"}}}}}},\
         \"Card\":{{\"S\":\"4111 1111 1111 {n:08}\"}},\
         \"Lines\":{{\"L\":[{{\"S\":\"a line of the order\"}},{{\"BOOL\":true}}]}},\
         \"OrderID\":{{\"S\":\"{n:032}\"}}}}}}\n"
    )
}

/// Lines of items, made as they are read.
pub(crate) struct Plain {
    left: Range<u64>,
    line: Vec<u8>,
    read: usize,
}

impl Plain {
    pub(crate) fn new(items: Range<u64>) -> Self {
        Self { left: items, line: Vec::new(), read: 0 }
    }
}

impl Read for Plain {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        if self.read == self.line.len() {
            let Some(n) = self.left.next() else { return Ok(0) };
            self.line = item(n).into_bytes();
            self.read = 0;
        }
        let mut rest = self.line.get(self.read..).unwrap_or_default();
        let read = rest.read(buffer)?;
        self.read += read;
        Ok(read)
    }
}
