//! The checkpoint in its file.

use std::error::Error;
use std::fs::OpenOptions;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use itemseal_aws::RewrapCheckpoint;

/// Where the checkpoint is, and the file beside it that is going to be it.
pub(super) struct Saved {
    path: PathBuf,
    next: PathBuf,
}

impl Saved {
    pub(super) fn at(path: &Path) -> Self {
        let mut next = path.as_os_str().to_owned();
        next.push(".next");
        Self { path: path.to_owned(), next: next.into() }
    }

    /// None if there is no such file: then the work begins.
    pub(super) fn read(&self) -> Result<Option<RewrapCheckpoint>, Box<dyn Error>> {
        match std::fs::read(&self.path) {
            Ok(json) => {
                let checkpoint = RewrapCheckpoint::from_json(json);
                Ok(Some(checkpoint.map_err(|error| format!("{}: {error}", self.path.display()))?))
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(self.told(&self.path, &error)),
        }
    }

    /// The file is the old checkpoint or the new one, whenever the machine stops.
    pub(super) fn write(&self, checkpoint: &RewrapCheckpoint) -> Result<(), Box<dyn Error>> {
        remove(&self.next).map_err(|error| self.told(&self.next, &error))?;
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        {
            use std::os::unix::fs::OpenOptionsExt;
            options.mode(0o600);
        }
        let written = options.open(&self.next).and_then(|mut file| {
            file.write_all(checkpoint.to_json().as_bytes())?;
            file.sync_all()
        });
        written.map_err(|error| self.told(&self.next, &error))?;
        std::fs::rename(&self.next, &self.path).map_err(|error| self.told(&self.path, &error))
    }

    pub(super) fn remove(&self) -> Result<(), Box<dyn Error>> {
        remove(&self.path).map_err(|error| self.told(&self.path, &error))
    }

    fn told(&self, path: &Path, error: &io::Error) -> Box<dyn Error> {
        format!("{}: {error}", path.display()).into()
    }
}

fn remove(path: &Path) -> io::Result<()> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}
