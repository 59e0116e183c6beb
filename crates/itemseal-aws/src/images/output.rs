//! Where lines go, gzip or not.

use std::io::{self, BufWriter, Write};

use flate2::Compression;
use flate2::write::GzEncoder;
use itemseal::{Error, ErrorKind, Result};

pub(super) enum Output<W: Write> {
    Plain(BufWriter<W>),
    Gzip(GzEncoder<BufWriter<W>>),
}

impl<W: Write> Output<W> {
    pub(super) fn new(output: W, gzip: bool) -> Self {
        let output = BufWriter::with_capacity(64 * 1024, output);
        if gzip {
            Self::Gzip(GzEncoder::new(output, Compression::default()))
        } else {
            Self::Plain(output)
        }
    }

    pub(super) fn write(&mut self, text: &[u8]) -> io::Result<()> {
        match self {
            Self::Plain(output) => output.write_all(text),
            Self::Gzip(output) => output.write_all(text),
        }
    }

    pub(super) fn finish(self, written: u64) -> Result<()> {
        let finished = match self {
            Self::Plain(mut output) => output.flush(),
            Self::Gzip(output) => output.finish().and_then(|mut output| output.flush()),
        };
        finished.map_err(|error| unwritable(written, error))
    }
}

/// What stopped the writing after so many lines.
pub(super) fn unwritable(lines: u64, error: io::Error) -> Error {
    let message = format!("the output could not be written, after {lines} lines");
    Error::new(ErrorKind::Internal, message).with_source(error)
}
