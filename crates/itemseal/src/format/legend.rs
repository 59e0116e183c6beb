//! The legend: one byte for each signed attribute, in canonical order.

use crate::error::{Error, Result};

/// What was done with a signed attribute.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Signed {
    /// `e`: encrypted and signed.
    Encrypted,
    /// `s`: signed.
    Plain,
    /// `c`: signed and in the encryption context.
    Context,
}

impl Signed {
    pub(crate) fn to_byte(self) -> u8 {
        match self {
            Self::Encrypted => b'e',
            Self::Plain => b's',
            Self::Context => b'c',
        }
    }

    fn from_byte(byte: u8) -> Result<Self> {
        match byte {
            b'e' => Ok(Self::Encrypted),
            b's' => Ok(Self::Plain),
            b'c' => Ok(Self::Context),
            _ => Err(Error::malformed(format!("header: unknown legend byte 0x{byte:02x}"))),
        }
    }
}

pub(crate) fn parse(bytes: &[u8]) -> Result<Vec<Signed>> {
    bytes.iter().map(|&byte| Signed::from_byte(byte)).collect()
}
