//! Randomness, injected: key material, ids and nonces come from one source, which can be replayed.

use std::fmt;
use std::sync::{Mutex, PoisonError};

use aes::Aes256;
use ctr::Ctr128BE;
use ctr::cipher::{KeyIvInit, StreamCipher};
use itemseal::{Error, ErrorKind, Result};

/// Where the lab takes random bytes from.
pub trait Entropy: fmt::Debug + Send + Sync {
    /// Fills `out` with random bytes.
    ///
    /// # Errors
    /// [`Internal`](ErrorKind::Internal) if there are none to be had.
    fn fill(&self, out: &mut [u8]) -> Result<()>;
}

/// The machine's randomness.
#[derive(Clone, Copy, Debug, Default)]
#[non_exhaustive]
pub struct SystemEntropy;

impl SystemEntropy {
    /// The machine's randomness.
    pub fn new() -> Self {
        Self
    }
}

impl Entropy for SystemEntropy {
    fn fill(&self, out: &mut [u8]) -> Result<()> {
        getrandom::fill(out).map_err(|error| {
            Error::new(ErrorKind::Internal, "the machine gives no randomness").with_source(error)
        })
    }
}

/// The same bytes for the same seed: for replaying a history, **never** for data worth keeping.
///
/// The keystream of AES-256 in counter mode, under a key that holds the seed.
pub struct SeededEntropy(Mutex<Ctr128BE<Aes256>>);

impl SeededEntropy {
    /// The stream that belongs to `seed`.
    pub fn new(seed: u64) -> Self {
        let mut key = *b"itemseal-lab seeded entropy     ";
        let (_, end) = key.split_at_mut(24);
        end.copy_from_slice(&seed.to_be_bytes());
        Self(Mutex::new(Ctr128BE::new(&key.into(), &[0; 16].into())))
    }
}

impl fmt::Debug for SeededEntropy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The seed determines every key, so it is as secret as they are.
        f.debug_struct("SeededEntropy").finish_non_exhaustive()
    }
}

impl Entropy for SeededEntropy {
    fn fill(&self, out: &mut [u8]) -> Result<()> {
        out.fill(0);
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .try_apply_keystream(out)
            .map_err(|_| Error::new(ErrorKind::Internal, "the seeded randomness is used up"))
    }
}

/// Lower-case hexadecimal, as AWS writes ids.
pub(crate) fn hex(bytes: &[u8]) -> String {
    use fmt::Write;
    bytes.iter().fold(String::with_capacity(2 * bytes.len()), |mut text, byte| {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// A random UUID (RFC 9562, version 4).
pub(crate) fn uuid(entropy: &dyn Entropy) -> Result<String> {
    let mut bytes = [0_u8; 16];
    entropy.fill(&mut bytes)?;
    let bits =
        (u128::from_be_bytes(bytes) & !(0xf << 76) & !(0x3 << 62)) | (0x4 << 76) | (0x2 << 62);
    Ok(format!(
        "{:08x}-{:04x}-{:04x}-{:04x}-{:012x}",
        bits >> 96,
        (bits >> 80) & 0xffff,
        (bits >> 64) & 0xffff,
        (bits >> 48) & 0xffff,
        bits & 0xffff_ffff_ffff,
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bytes(entropy: &dyn Entropy) -> [u8; 40] {
        let mut out = [0xff; 40];
        entropy.fill(&mut out).unwrap();
        out
    }

    #[test]
    fn a_seed_gives_its_stream_again_and_another_seed_another() {
        let (a, b) = (SeededEntropy::new(7), SeededEntropy::new(7));
        let first = bytes(&a);
        assert_eq!(first, bytes(&b));
        assert_ne!(first, bytes(&a), "the stream goes on");
        assert_ne!(first, bytes(&SeededEntropy::new(8)));
        assert_ne!(bytes(&SystemEntropy), bytes(&SystemEntropy));
    }

    #[test]
    fn uuids_are_of_version_4() {
        let id = uuid(&SeededEntropy::new(1)).unwrap();
        let parts: Vec<&str> = id.split('-').collect();
        assert_eq!(parts.iter().map(|p| p.len()).collect::<Vec<_>>(), [8, 4, 4, 4, 12]);
        assert!(parts[2].starts_with('4') && parts[3].starts_with(['8', '9', 'a', 'b']), "{id}");
    }

    #[test]
    fn the_seed_is_not_printed() {
        assert!(!format!("{:?}", SeededEntropy::new(424_242)).contains("424242"));
    }
}
