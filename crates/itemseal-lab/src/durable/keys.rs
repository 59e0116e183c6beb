//! The file of a lab's KMS keys.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use itemseal::Result;
use zeroize::Zeroizing;

use super::{file, internal};

/// The key material is in it, so only its owner reads it.
const MODE: u32 = 0o600;

/// Where a lab's keys are kept: one snapshot of all of them, in CBOR.
///
/// It is written whole with every change of a key, before the change is acknowledged. Keys are few
/// and change seldom, so that costs less than a log would.
#[derive(Clone, Debug)]
pub struct KeyFile {
    path: PathBuf,
}

impl KeyFile {
    pub(super) fn new(path: PathBuf) -> Self {
        Self { path }
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The last snapshot; none if there never was one.
    ///
    /// # Errors
    /// [`Internal`](itemseal::ErrorKind::Internal) if it cannot be read.
    pub fn load(&self) -> Result<Option<Zeroizing<Vec<u8>>>> {
        match fs::read(&self.path) {
            Ok(snapshot) => Ok(Some(Zeroizing::new(snapshot))),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(internal("cannot be read", &self.path, error)),
        }
    }

    /// Keeps a snapshot. When this returns it is on the disk; if it fails, the one before is.
    ///
    /// # Errors
    /// The system's: what it would have kept must not be acknowledged.
    pub fn store(&self, snapshot: &[u8]) -> io::Result<()> {
        file::replace(&self.path, snapshot, MODE)
    }
}
