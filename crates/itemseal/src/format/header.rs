//! The header, attribute `aws_dbe_head`.
//!
//! ```text
//! u8 version (1, 2) ‖ u8 flavor (0, 1) ‖ 32 message id ‖ u16 n ‖ n legend bytes ‖ stored context
//! ‖ u8 count (1..255) ‖ count × (u16 ‖ provider id ‖ u16 ‖ provider info ‖ u16 ‖ ciphertext) ‖ 32 commitment
//! ```

use super::legend::{self, Signed};
use super::wire::Reader;
use crate::context::EncryptionContext;
use crate::error::{Error, Result};
use crate::materials::EncryptedDataKey;
use crate::suite::AlgorithmSuite;

/// Length in bytes of a message id.
pub(crate) const MESSAGE_ID_LEN_BYTES: usize = 32;
/// Length in bytes of the key commitment at the header's end.
pub(crate) const COMMITMENT_LEN_BYTES: usize = 32;
/// Most recipients that an item can have.
pub(crate) const MAX_EDKS: usize = 255;

/// A header without its commitment.
#[derive(Debug, PartialEq)]
pub(crate) struct Header {
    pub(crate) version: u8,
    pub(crate) suite: AlgorithmSuite,
    pub(crate) message_id: [u8; MESSAGE_ID_LEN_BYTES],
    pub(crate) legend: Vec<Signed>,
    pub(crate) stored_context: EncryptionContext,
    pub(crate) edks: Vec<EncryptedDataKey>,
}

impl Header {
    /// Parses a whole header; gives it with the commitment at its end.
    pub(crate) fn parse(bytes: &[u8]) -> Result<(Self, &[u8; COMMITMENT_LEN_BYTES])> {
        let mut reader = Reader::new(bytes);
        let version = reader.u8()?;
        if !matches!(version, 1 | 2) {
            return Err(Error::malformed(format!("header: unknown format version {version}")));
        }
        let suite = AlgorithmSuite::from_flavor(reader.u8()?)?;
        let message_id = *reader.array()?;
        let legend = legend::parse(reader.bytes_u16()?)?;
        let stored_context = EncryptionContext::read(&mut reader)?;
        let edks = read_edks(&mut reader)?;
        let commitment = reader.array()?;
        reader.finish()?;
        Ok((Self { version, suite, message_id, legend, stored_context, edks }, commitment))
    }

    /// The bytes before the commitment.
    #[cfg(test)]
    pub(crate) fn to_bytes(&self) -> Result<Vec<u8>> {
        let Self { version, suite, message_id, legend, stored_context, edks } = self;
        let legend = legend.iter().copied();
        write((*version, *suite), message_id, legend, stored_context, edks.iter())
    }
}

/// A header before its commitment, for which there is room behind it.
pub(crate) fn write<'a>(
    (version, suite): (u8, AlgorithmSuite),
    message_id: &[u8; MESSAGE_ID_LEN_BYTES],
    legend: impl ExactSizeIterator<Item = Signed>,
    stored_context: &EncryptionContext,
    edks: impl ExactSizeIterator<Item = &'a EncryptedDataKey> + Clone,
) -> Result<Vec<u8>> {
    let parts = |edk: &EncryptedDataKey| {
        6 + edk.provider_id().len() + edk.provider_info().len() + edk.ciphertext().len()
    };
    let fixed = 2 + MESSAGE_ID_LEN_BYTES + 2 + 1 + COMMITMENT_LEN_BYTES;
    let edks_len = edks.clone().map(parts).sum::<usize>();
    let size = fixed + legend.len() + stored_context.canonical_len() + edks_len;
    let mut bytes = Vec::with_capacity(size);
    bytes.push(version);
    bytes.push(suite.flavor());
    bytes.extend(message_id);
    let count = u16::try_from(legend.len())
        .map_err(|_| Error::too_large("an item can have 65,535 signed attributes, not more"))?;
    bytes.extend(count.to_be_bytes());
    bytes.extend(legend.map(Signed::to_byte));
    stored_context.write(&mut bytes)?;
    write_edks(edks, &mut bytes)?;
    Ok(bytes)
}

fn read_edks(reader: &mut Reader<'_>) -> Result<Vec<EncryptedDataKey>> {
    let count = reader.u8()?;
    if count == 0 {
        return Err(Error::malformed("header: no encrypted data key"));
    }
    (0..count)
        .map(|_| {
            let provider_id = reader.text_u16()?;
            let provider_info = reader.bytes_u16()?;
            EncryptedDataKey::new(provider_id, provider_info, reader.bytes_u16()?)
        })
        .collect()
}

fn write_edks<'a>(
    edks: impl ExactSizeIterator<Item = &'a EncryptedDataKey>,
    bytes: &mut Vec<u8>,
) -> Result<()> {
    if edks.len() == 0 {
        return Err(Error::misuse("the keyring gave no encrypted data key"));
    }
    let count = u8::try_from(edks.len()).map_err(|_| {
        Error::too_large(format!("an item can have {MAX_EDKS} recipients, not {}", edks.len()))
    })?;
    bytes.push(count);
    for edk in edks {
        for part in [edk.provider_id().as_bytes(), edk.provider_info(), edk.ciphertext()] {
            let length = u16::try_from(part.len()).map_err(|_| Error::internal("EDK length"))?;
            bytes.extend(length.to_be_bytes());
            bytes.extend(part);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::ErrorKind;

    fn header() -> Header {
        Header {
            version: 2,
            suite: AlgorithmSuite::EcdsaP384,
            message_id: [7; 32],
            legend: vec![Signed::Encrypted, Signed::Plain, Signed::Context],
            stored_context: [("k", "v")].into_iter().collect(),
            edks: vec![EncryptedDataKey::new("id", "info", "ciphertext").unwrap()],
        }
    }

    fn bytes() -> Vec<u8> {
        [header().to_bytes().unwrap(), vec![9; 32]].concat()
    }

    #[test]
    fn round_trip() {
        let bytes = bytes();
        let (parsed, commitment) = Header::parse(&bytes).unwrap();
        assert_eq!(parsed, header());
        assert_eq!(commitment, &[9; 32]);
    }

    #[test]
    fn every_truncation_and_an_extension_is_malformed() {
        let mut bytes = bytes();
        for length in 0..bytes.len() {
            let error = Header::parse(&bytes[..length]).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Malformed, "{length}");
        }
        bytes.push(0);
        assert_eq!(Header::parse(&bytes).unwrap_err().kind(), ErrorKind::Malformed);
    }

    #[test]
    fn unknown_version_flavor_legend_and_no_edk_are_malformed() {
        for (offset, value) in [(0, 0), (0, 3), (1, 2), (36, b'x')] {
            let mut bytes = bytes();
            bytes[offset] = value;
            assert_eq!(Header::parse(&bytes).unwrap_err().kind(), ErrorKind::Malformed, "{offset}");
        }
        let without = Header { edks: Vec::new(), ..header() };
        assert!(without.to_bytes().is_err());
    }

    #[test]
    fn at_most_255_recipients() {
        let edk = || EncryptedDataKey::new("", "", "").unwrap();
        let with = |count| Header { edks: (0..count).map(|_| edk()).collect(), ..header() };
        assert!(with(255).to_bytes().is_ok());
        assert_eq!(with(256).to_bytes().unwrap_err().kind(), ErrorKind::TooLarge);
    }
}
