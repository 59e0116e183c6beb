//! A file's bytes on their way, and whether they are those that were exported.

use std::io::{self, Read};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use md5::{Digest, Md5};

/// What a manifest says of a file's bytes, as they are stored: with gzip.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Checksum {
    /// The MD5 of the bytes.
    Md5([u8; 16]),
    /// The MD5 of their MD5: S3's ETag of an object that was uploaded in one part of several possible.
    Md5OfMd5([u8; 16]),
}

impl Checksum {
    /// Of the field `md5Checksum`, in base64.
    pub(super) fn of_md5(text: &str) -> Option<Self> {
        STANDARD.decode(text).ok()?.try_into().ok().map(Self::Md5)
    }

    /// Of the field `etag`. None if it is not made from the bytes alone: of several parts, or encrypted.
    /// Source: [checking object integrity](https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity.html).
    pub(super) fn of_etag(text: &str) -> Option<Self> {
        let text = text.trim_matches('"');
        match text.split_once('-') {
            None => hex(text).map(Self::Md5),
            Some((digest, "1")) => hex(digest).map(Self::Md5OfMd5),
            Some(_) => None,
        }
    }

    fn is_of(self, md5: [u8; 16]) -> bool {
        match self {
            Self::Md5(expected) => expected == md5,
            Self::Md5OfMd5(expected) => expected == <[u8; 16]>::from(Md5::digest(md5)),
        }
    }
}

fn hex(text: &str) -> Option<[u8; 16]> {
    let digits: Vec<u8> = text
        .chars()
        .map(|c| c.to_digit(16).and_then(|d| u8::try_from(d).ok()))
        .collect::<Option<_>>()?;
    let (pairs, rest) = digits.as_chunks::<2>();
    let bytes: Vec<u8> = pairs.iter().map(|[high, low]| high << 4 | low).collect();
    if rest.is_empty() { bytes.try_into().ok() } else { None }
}

/// Hands bytes on and makes their MD5.
pub(super) struct Checked<R> {
    input: R,
    md5: Md5,
}

impl<R: Read> Checked<R> {
    pub(super) fn new(input: R) -> Self {
        Self { input, md5: Md5::new() }
    }

    /// Whether all bytes, with those that nobody has read, are the expected ones.
    pub(super) fn is(mut self, expected: Checksum) -> io::Result<bool> {
        io::copy(&mut self, &mut io::sink())?;
        Ok(expected.is_of(self.md5.finalize().into()))
    }
}

impl<R: Read> Read for Checked<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.input.read(buffer)?;
        self.md5.update(buffer.get(..read).unwrap_or_default());
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The fields of one file in AWS's example of a manifest are of the same bytes.
    #[test]
    fn the_two_checksums_of_awss_example_agree() {
        let Some(Checksum::Md5(md5)) = Checksum::of_md5("sQMSpEILNgoQmarvDFonGQ==") else {
            panic!("an MD5")
        };
        let etag = Checksum::of_etag("af83d6f217c19b8b0fff8023d8ca4716-1").unwrap();
        assert!(etag.is_of(md5) && Checksum::Md5(md5).is_of(md5));
        assert!(!etag.is_of([0; 16]) && !Checksum::Md5(md5).is_of([0; 16]));
    }

    #[test]
    fn what_is_no_checksum_of_the_bytes_is_none() {
        for etag in
            ["", "af83d6f217c19b8b0fff8023d8ca4716-2", "af83", "xf83d6f217c19b8b0fff8023d8ca4716"]
        {
            assert_eq!(Checksum::of_etag(etag), None, "{etag}");
        }
        for md5 in ["", "YQ==", "af83d6f217c19b8b0fff8023d8ca4716"] {
            assert_eq!(Checksum::of_md5(md5), None, "{md5}");
        }
    }

    #[test]
    fn bytes_that_nobody_has_read_count() {
        let expected = Checksum::Md5(Md5::digest(b"abcdef").into());
        let mut checked = Checked::new(&b"abcdef"[..]);
        checked.read_exact(&mut [0; 2]).unwrap();
        assert!(checked.is(expected).unwrap());
        assert!(!Checked::new(&b"abcdeg"[..]).is(expected).unwrap());
    }
}
