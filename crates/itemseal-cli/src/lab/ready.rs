//! The file that says that a lab is ready.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// A file with the endpoint in one line, there from when the endpoint answers until the lab ends.
pub(super) struct ReadyFile(PathBuf);

impl ReadyFile {
    /// Removes what an earlier lab has left: until there is a new file, nothing is ready.
    pub(super) fn prepare(path: &Path) -> io::Result<Self> {
        match fs::remove_file(path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(Self(path.to_owned())),
        }
    }

    /// Writes the file in one step: whoever sees it sees all of it.
    pub(super) fn write(&self, endpoint: &str) -> io::Result<()> {
        let mut name = self.0.file_name().unwrap_or_default().to_owned();
        name.push(format!(".{}", std::process::id()));
        let new = self.0.with_file_name(name);
        fs::write(&new, format!("{endpoint}\n"))?;
        fs::rename(&new, &self.0)
    }
}

impl Drop for ReadyFile {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
    }
}
