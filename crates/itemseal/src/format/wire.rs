//! Reading big-endian structures without ever reading past their end.

use crate::error::{Error, Result};

/// A cursor over untrusted bytes. It borrows: nothing is allocated by what a length field claims.
pub(crate) struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    /// A second cursor at the same place.
    pub(crate) fn again(&self) -> Self {
        Self { rest: self.rest }
    }

    pub(crate) fn remaining(&self) -> usize {
        self.rest.len()
    }

    pub(crate) fn bytes(&mut self, length: usize) -> Result<&'a [u8]> {
        let (taken, rest) =
            self.rest.split_at_checked(length).ok_or_else(|| Error::malformed("unexpected end"))?;
        self.rest = rest;
        Ok(taken)
    }

    pub(crate) fn array<const N: usize>(&mut self) -> Result<&'a [u8; N]> {
        let (taken, rest) =
            self.rest.split_first_chunk().ok_or_else(|| Error::malformed("unexpected end"))?;
        self.rest = rest;
        Ok(taken)
    }

    pub(crate) fn u8(&mut self) -> Result<u8> {
        self.array().map(|&[byte]| byte)
    }

    pub(crate) fn u16(&mut self) -> Result<u16> {
        self.array().map(|&bytes| u16::from_be_bytes(bytes))
    }

    pub(crate) fn u32(&mut self) -> Result<u32> {
        self.array().map(|&bytes| u32::from_be_bytes(bytes))
    }

    /// Bytes after their length in a `u16`.
    pub(crate) fn bytes_u16(&mut self) -> Result<&'a [u8]> {
        let length = self.u16()?;
        self.bytes(length.into())
    }

    /// Bytes after their length in a `u32`.
    pub(crate) fn bytes_u32(&mut self) -> Result<&'a [u8]> {
        let length = self.u32()?;
        self.bytes(usize::try_from(length).unwrap_or(usize::MAX))
    }

    /// UTF-8 text after its length in a `u16`.
    pub(crate) fn text_u16(&mut self) -> Result<&'a str> {
        text(self.bytes_u16()?)
    }

    /// UTF-8 text after its length in a `u32`.
    pub(crate) fn text_u32(&mut self) -> Result<&'a str> {
        text(self.bytes_u32()?)
    }

    /// Fails if bytes are left.
    pub(crate) fn finish(self) -> Result<()> {
        if self.rest.is_empty() { Ok(()) } else { Err(Error::malformed("unexpected bytes")) }
    }
}

pub(crate) fn text(bytes: &[u8]) -> Result<&str> {
    std::str::from_utf8(bytes).map_err(|_| not_text())
}

pub(crate) fn not_text() -> Error {
    Error::malformed("text is not UTF-8")
}
