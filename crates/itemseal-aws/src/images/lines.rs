//! The lines of a data file, gzip or not, in memory that is bounded.

use std::fmt;
use std::io::{self, BufRead, BufReader, Cursor, Read};

use flate2::bufread::MultiGzDecoder;
use itemseal::{Error, ErrorKind, Result};

/// The longest line, in bytes. An item has at most 400 KB, and DynamoDB JSON takes nine bytes for one
/// at worst (an empty string in a list); a line of an incremental export has two images.
pub(super) const MAX_LINE_LEN_BYTES: usize = 8 * 1024 * 1024;

const BUFFER_LEN_BYTES: usize = 64 * 1024;
const GZIP: [u8; 2] = [0x1f, 0x8b];
const ZSTANDARD: [u8; 4] = [0x28, 0xb5, 0x2f, 0xfd];
/// Source: [Ion binary encoding](https://amazon-ion.github.io/ion-docs/docs/binary.html), version 1.0.
const ION_BINARY: [u8; 4] = [0xe0, 0x01, 0x00, 0xea];
/// Every line of an export in Ion text begins with this, or with white space and this.
const ION_TEXT: &[u8] = b"$ion_1_0";

/// The lines of a data file in JSON, one by one, with gzip or without, as it is: in memory that does not
/// depend on the file. [`DataFiles`](crate::DataFiles) goes through files with it.
pub struct DataLines<'r> {
    input: Box<dyn BufRead + Send + 'r>,
    number: u64,
    max_len_bytes: usize,
}

/// One line of a data file that is not blank.
pub struct DataLine {
    pub(super) number: u64,
    pub(super) text: Option<Vec<u8>>,
}

impl DataLine {
    /// The line's number; the first is 1, and blank ones count.
    pub fn number(&self) -> u64 {
        self.number
    }

    /// The line without its end; none if it was longer than 8 MiB, which no item is, and was passed over.
    pub fn text(&self) -> Option<&[u8]> {
        self.text.as_deref()
    }
}

impl fmt::Debug for DataLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DataLine").field("number", &self.number).finish_non_exhaustive()
    }
}

impl fmt::Debug for DataLines<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DataLines").field("number", &self.number).finish_non_exhaustive()
    }
}

impl<'r> DataLines<'r> {
    /// Looks at the first bytes: gzip is taken off, and what is no JSON is refused.
    ///
    /// # Errors
    /// [`Refused`](ErrorKind::Refused) for Zstandard, [`Internal`](ErrorKind::Internal) if reading fails.
    pub fn new(mut input: impl Read + Send + 'r) -> Result<Self> {
        let mut first = Vec::with_capacity(4);
        input.by_ref().take(4).read_to_end(&mut first).map_err(|error| unreadable(0, error))?;
        let is_gzip = first.starts_with(&GZIP);
        if first == ZSTANDARD {
            return Err(refused(
                "the file is compressed with Zstandard; use gzip or none, or run zstd -d",
            ));
        }
        let whole = BufReader::with_capacity(BUFFER_LEN_BYTES, Cursor::new(first).chain(input));
        let input: Box<dyn BufRead + Send + 'r> = if is_gzip {
            Box::new(BufReader::with_capacity(BUFFER_LEN_BYTES, MultiGzDecoder::new(whole)))
        } else {
            Box::new(whole)
        };
        Ok(Self { input, number: 0, max_len_bytes: MAX_LINE_LEN_BYTES })
    }

    /// The next line that is not blank, none at the end.
    ///
    /// # Errors
    /// What stops the reading: [`Refused`](ErrorKind::Refused) for Amazon Ion;
    /// [`Malformed`](ErrorKind::Malformed) for gzip that is damaged or ends early;
    /// [`Internal`](ErrorKind::Internal) with its source for the input's own errors.
    pub fn next_line(&mut self) -> Result<Option<DataLine>> {
        loop {
            let mut text = Vec::new();
            let most = u64::try_from(self.max_len_bytes).unwrap_or(u64::MAX).saturating_add(2);
            let mut start = self.input.by_ref().take(most);
            start.read_until(b'\n', &mut text).map_err(|error| unreadable(self.number, error))?;
            if text.is_empty() {
                return Ok(None);
            }
            if self.number == 0 && is_ion(&text) {
                return Err(refused(
                    "the file is an export in Amazon Ion, which itemseal does not read; export the table \
                     again with ExportFormat DYNAMODB_JSON",
                ));
            }
            self.number = self.number.saturating_add(1);
            let ended = text.pop_if(|last| *last == b'\n').is_some();
            text.pop_if(|last| *last == b'\r');
            let number = self.number;
            if text.len() > self.max_len_bytes {
                if !ended {
                    self.input.skip_until(b'\n').map_err(|error| unreadable(number, error))?;
                }
                return Ok(Some(DataLine { number, text: None }));
            }
            if !text.trim_ascii().is_empty() {
                return Ok(Some(DataLine { number, text: Some(text) }));
            }
        }
    }
}

fn is_ion(start: &[u8]) -> bool {
    start.starts_with(&ION_BINARY) || start.trim_ascii_start().starts_with(ION_TEXT)
}

fn refused(message: &'static str) -> Error {
    Error::new(ErrorKind::Refused, message)
}

/// What stopped the reading after a line.
fn unreadable(line: u64, error: io::Error) -> Error {
    use io::ErrorKind::{InvalidData, InvalidInput, UnexpectedEof};
    let (kind, what) = match error.kind() {
        UnexpectedEof => (ErrorKind::Malformed, "the gzip file ends early; fetch it again"),
        InvalidData | InvalidInput => {
            (ErrorKind::Malformed, "the gzip file is damaged; fetch it again")
        }
        _ => (ErrorKind::Internal, "the input could not be read"),
    };
    Error::new(kind, format!("after line {line}: {what}")).with_source(error)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(input: &[u8], max_len_bytes: usize) -> Vec<(u64, Option<String>)> {
        let mut lines = DataLines::new(input).unwrap();
        lines.max_len_bytes = max_len_bytes;
        let mut all = Vec::new();
        while let Some(line) = lines.next_line().unwrap() {
            all.push((line.number, line.text.map(|text| String::from_utf8(text).unwrap())));
        }
        all
    }

    #[test]
    fn lines_have_their_numbers_and_blank_ones_count() {
        let one = |number, text: &str| (number, Some(text.to_owned()));
        assert_eq!(all(b"", 9), []);
        assert_eq!(all(b"a", 9), [one(1, "a")]);
        assert_eq!(all(b"\n \r\na\r\nbb\n", 9), [one(3, "a"), one(4, "bb")]);
    }

    #[test]
    fn a_line_that_is_too_long_is_passed_over_to_its_end() {
        let one = |number, text: &str| (number, Some(text.to_owned()));
        assert_eq!(all(b"1234\r\n12345\nab\n", 4), [one(1, "1234"), (2, None), one(3, "ab")]);
        let long = [&[b'x'; 100_000][..], b"\nab\n", &[b'y'; 7]].concat();
        assert_eq!(all(&long, 4), [(1, None), one(2, "ab"), (3, None)]);
    }
}
