//! Lines from a file or standard input, none of them longer than a bound.

use std::error::Error;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;

/// No item is as long: DynamoDB's 400 KB, in JSON and base64.
const LONGEST_LINE_BYTES: u64 = 4 << 20;

/// Where lines come from.
pub(super) struct Input {
    reader: Box<dyn BufRead>,
    number: u64,
    read_bytes: u64,
    /// Of a file; not known of a pipe.
    size_bytes: Option<u64>,
}

/// A line that has something in it.
pub(super) struct RawLine {
    /// Counted from 1.
    pub(super) number: u64,
    /// `None` if it was too long.
    pub(super) bytes: Option<Vec<u8>>,
}

impl Input {
    pub(super) fn open(path: &Path) -> Result<Self, Box<dyn Error>> {
        if path.as_os_str() == "-" {
            let reader = Box::new(BufReader::new(io::stdin()));
            return Ok(Self { reader, number: 0, read_bytes: 0, size_bytes: None });
        }
        let shown = path.display();
        if path.extension().is_some_and(|extension| extension == "gz") {
            let says = format!("{shown} is compressed; run: gunzip -c {shown} | itemseal … --in -");
            return Err(says.into());
        }
        let file = File::open(path).map_err(|error| format!("{shown}: {error}"))?;
        let size_bytes = file.metadata().ok().filter(|file| file.is_file()).map(|file| file.len());
        let reader = Box::new(BufReader::with_capacity(1 << 17, file));
        Ok(Self { reader, number: 0, read_bytes: 0, size_bytes })
    }

    /// The next line that is not blank.
    pub(super) fn next_line(&mut self) -> io::Result<Option<RawLine>> {
        loop {
            let mut bytes = Vec::new();
            let mut limited = (&mut self.reader).take(LONGEST_LINE_BYTES);
            let mut read = limited.read_until(b'\n', &mut bytes)? as u64;
            if read == 0 {
                return Ok(None);
            }
            self.number += 1;
            let too_long = read == LONGEST_LINE_BYTES && bytes.last() != Some(&b'\n');
            if too_long {
                read += self.skip_line()?;
            }
            self.read_bytes += read;
            if too_long {
                return Ok(Some(RawLine { number: self.number, bytes: None }));
            }
            if !bytes.trim_ascii().is_empty() {
                return Ok(Some(RawLine { number: self.number, bytes: Some(bytes) }));
            }
        }
    }

    /// How much of how much has been read.
    pub(super) fn position(&self) -> (u64, Option<u64>) {
        (self.read_bytes, self.size_bytes)
    }

    fn skip_line(&mut self) -> io::Result<u64> {
        let mut skipped = 0;
        loop {
            let buffer = self.reader.fill_buf()?;
            let end = buffer.iter().position(|byte| *byte == b'\n');
            let used = end.map_or(buffer.len(), |at| at + 1);
            let last = end.is_some() || buffer.is_empty();
            self.reader.consume(used);
            skipped += used as u64;
            if last {
                return Ok(skipped);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_that_is_too_long_is_passed_over() {
        let longest = LONGEST_LINE_BYTES as usize;
        let text = [&vec![b'x'; longest], &b"\n\n  \r\n"[..], &vec![b'y'; longest + 9], b"\nend"];
        let reader = Box::new(io::Cursor::new(text.concat()));
        let mut input = Input { reader, number: 0, read_bytes: 0, size_bytes: None };
        let mut lines = Vec::new();
        while let Some(line) = input.next_line().unwrap() {
            lines.push((line.number, line.bytes.map(|bytes| bytes.len())));
        }
        // The first is one byte too long with its end.
        assert_eq!(lines, [(1, None), (4, None), (5, Some(3))]);
        assert_eq!(input.position().0, text.concat().len() as u64);
    }
}
