//! A lab that is kept in a directory, and outlives its process, however that ends.
//!
//! ```text
//! DIR/README.txt        says what this is
//! DIR/lock              held by the one lab that is open
//! DIR/keys.cbor         KMS keys, mode 0600: their material is in it
//! DIR/eu-west-1.sqlite  a Region's tables, versions, and changes for other Regions
//! ```
//!
//! Every write is synced before it is acknowledged: SQLite in WAL mode with `synchronous=FULL`
//! ([pragma](https://sqlite.org/pragma.html#pragma_synchronous)), and the key file by a file beside
//! it that takes its place. What is not kept: faults, and the answers to `ClientRequestToken`s.

mod file;
mod keys;
#[cfg(test)]
mod tests;

use std::fs::{self, File, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use dynoxide::storage::Storage;
use itemseal::{Error, ErrorKind, Result};

pub use keys::KeyFile;

use crate::tables::TableError;

const README: &str = "\
This directory belongs to a lab of itemseal: KMS and DynamoDB on one machine, for development.

keys.cbor holds key material in the clear. Whoever reads it can decrypt whatever was encrypted under
these keys. Never put data worth protecting under them, and never put this directory into a
repository, an image or a backup that others read.

The lab can be deleted by deleting the directory while no lab is running.
";

const SUFFIX: &str = ".sqlite";

/// A directory that one lab keeps its tables and keys in. It is locked as long as this exists.
#[derive(Debug)]
pub struct Dir {
    path: PathBuf,
    /// The lock goes with the open file: a process that is killed leaves none behind.
    _lock: File,
}

impl Dir {
    /// Opens a directory, or makes it (mode 0700).
    ///
    /// # Errors
    /// [`Misuse`](ErrorKind::Misuse) if another lab has it open; [`Internal`](ErrorKind::Internal)
    /// if it cannot be made, read or written.
    pub fn open(path: impl Into<PathBuf>) -> Result<Arc<Self>> {
        let path = path.into();
        file::make_dir(&path).map_err(|error| internal("cannot be made", &path, error))?;
        let lock_path = path.join("lock");
        let lock = OpenOptions::new().create(true).truncate(false).write(true).open(&lock_path);
        let lock = lock.map_err(|error| internal("cannot be written", &lock_path, error))?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                return Err(Error::new(
                    ErrorKind::Misuse,
                    format!(
                        "another lab has {} open; stop it, or take another directory",
                        path.display()
                    ),
                ));
            }
            Err(TryLockError::Error(error)) => {
                return Err(internal("cannot be locked", &lock_path, error));
            }
        }
        let readme = path.join("README.txt");
        if !readme.exists() {
            file::replace(&readme, README.as_bytes(), 0o644)
                .map_err(|error| internal("cannot be written", &readme, error))?;
        }
        Ok(Arc::new(Self { path, _lock: lock }))
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The file of the lab's keys.
    pub fn key_file(&self) -> KeyFile {
        KeyFile::new(self.path.join("keys.cbor"))
    }

    /// The Regions that have been kept here, in the order of their names.
    ///
    /// # Errors
    /// [`Internal`](ErrorKind::Internal) if the directory cannot be read.
    pub fn regions(&self) -> Result<Vec<String>> {
        let read = |error| internal("cannot be read", &self.path, error);
        let mut regions = Vec::new();
        for entry in fs::read_dir(&self.path).map_err(read)? {
            let name = entry.map_err(read)?.file_name();
            regions.extend(
                name.to_str().and_then(|name| name.strip_suffix(SUFFIX)).map(str::to_owned),
            );
        }
        regions.sort();
        Ok(regions)
    }

    /// A Region's tables: those that are there, or none yet.
    pub(crate) fn open_region(&self, region: &str) -> Result<Storage, TableError> {
        let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        // The name becomes that of a file.
        if region.is_empty() || !region.chars().all(allowed) {
            return Err(TableError::internal(format!("{region:?} is not the name of a Region")));
        }
        let path = self.path.join(format!("{region}{SUFFIX}"));
        let path = path.to_str().ok_or_else(|| {
            TableError::internal(format!("the path {} is not UTF-8", path.display()))
        })?;
        let storage = Storage::new(path)?;
        // SQLite's default, unless it was built with another one: so it is said here.
        storage.conn().pragma_update(None, "synchronous", "FULL")?;
        Ok(storage)
    }
}

fn internal(what: &str, path: &Path, error: std::io::Error) -> Error {
    Error::new(ErrorKind::Internal, format!("{} {what}", path.display())).with_source(error)
}
