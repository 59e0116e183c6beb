//! Where items go: a new file that only its owner can read, or standard output.

use std::error::Error;
use std::fs::{File, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::path::Path;

pub(super) struct Output {
    writer: Box<dyn Write>,
}

impl Output {
    pub(super) fn stdout() -> Self {
        Self { writer: Box::new(BufWriter::new(io::stdout())) }
    }

    /// A new file. What is there is not written over unless `force`, and then replaced by a new file,
    /// so that nobody who had the old one open reads the new one.
    pub(super) fn file(path: &Path, input: &Path, force: bool) -> Result<Self, Box<dyn Error>> {
        let shown = path.display();
        let told = |error: io::Error| match error.kind() {
            io::ErrorKind::AlreadyExists => format!("{shown} exists; --force overwrites it"),
            _ => format!("{shown}: {error}"),
        };
        if force {
            let same = path.canonicalize().ok().zip(input.canonicalize().ok());
            if same.is_some_and(|(out, input)| out == input) {
                return Err(format!("{shown} is the input; name another file").into());
            }
            match std::fs::remove_file(path) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => {
                    return Err(told(error).into());
                }
                _ => {}
            }
        }
        let file = create(path).map_err(told)?;
        Ok(Self { writer: Box::new(BufWriter::with_capacity(1 << 17, file)) })
    }

    pub(super) fn line(&mut self, text: &str) -> io::Result<()> {
        self.writer.write_all(text.as_bytes())?;
        self.writer.write_all(b"\n")
    }

    /// Everything is written, or it is told that it is not.
    pub(super) fn finish(mut self) -> io::Result<()> {
        self.writer.flush()
    }
}

fn create(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    options.open(path)
}
