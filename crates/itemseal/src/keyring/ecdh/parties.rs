use crate::crypto::ecdh::{EcPublicKey, EcdhCurve};
use crate::materials::EncryptedDataKey;

/// The version of the provider info and the key derivation.
pub(super) const VERSION: u8 = 1;

/// Who agreed on a key: the compressed public keys of both.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Parties<'a> {
    pub(super) sender: &'a [u8],
    pub(super) recipient: &'a [u8],
}

impl<'a> Parties<'a> {
    /// Provider info: `version ‖ u32 length, recipient's key ‖ u32 length, sender's key`.
    pub(super) fn to_info(self) -> Vec<u8> {
        let mut info = vec![VERSION];
        for key in [self.recipient, self.sender] {
            info.extend((key.len() as u32).to_be_bytes());
            info.extend(key);
        }
        info
    }

    /// Who wrote an encrypted data key for whom, if it is one of either ECDH keyring.
    pub(super) fn of(edk: &'a EncryptedDataKey) -> Option<Self> {
        if !matches!(edk.provider_id(), "raw-ecdh" | "aws-kms-ecdh") {
            return None;
        }
        let rest = edk.provider_info().strip_prefix(&[VERSION])?;
        let (recipient, rest) = key(rest)?;
        let (sender, rest) = key(rest)?;
        rest.is_empty().then_some(Self { sender, recipient })
    }

    /// Whether these are the two, in either role: an item of one opens with the keyring of the other.
    pub(super) fn are(self, one: &EcPublicKey, other: &EcPublicKey) -> bool {
        let (one, other) = (one.compressed(), other.compressed());
        (self.sender == one && self.recipient == other)
            || (self.sender == other && self.recipient == one)
    }

    pub(super) fn sender_key(self, curve: EcdhCurve) -> Option<EcPublicKey> {
        EcPublicKey::parse(curve, self.sender)
    }
}

fn key(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, rest) = bytes.split_first_chunk()?;
    rest.split_at_checked(u32::from_be_bytes(*length) as usize)
}
