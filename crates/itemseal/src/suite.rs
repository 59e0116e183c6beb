use crate::error::{Error, Result};

/// How an item is encrypted and signed: DB-ESDK's two algorithm suites.
///
/// Both use AES-256-GCM, HKDF-SHA-512, key commitment and HMAC-SHA-384 tags.
/// Source: [algorithm suites](https://github.com/awslabs/aws-encryption-sdk-specification/blob/master/framework/algorithm-suites.md).
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum AlgorithmSuite {
    /// Suite 0x6700: without a digital signature. Whoever may decrypt could also have written.
    HmacOnly,
    /// Suite 0x6701, the default: and an ECDSA P-384 signature under a key made for the item.
    #[default]
    EcdsaP384,
}

impl AlgorithmSuite {
    /// The two bytes that name the suite: 0x6700 or 0x6701.
    pub fn id(self) -> u16 {
        0x6700 | u16::from(self.flavor())
    }

    pub(crate) fn flavor(self) -> u8 {
        match self {
            Self::HmacOnly => 0,
            Self::EcdsaP384 => 1,
        }
    }

    pub(crate) fn from_flavor(flavor: u8) -> Result<Self> {
        match flavor {
            0 => Ok(Self::HmacOnly),
            1 => Ok(Self::EcdsaP384),
            _ => Err(Error::malformed(format!("header: unknown algorithm suite 0x67{flavor:02x}"))),
        }
    }

    pub(crate) fn is_signed(self) -> bool {
        self == Self::EcdsaP384
    }
}
