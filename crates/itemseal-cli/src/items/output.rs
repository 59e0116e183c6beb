//! Where items go: a new file that only its owner can read, or standard output.

use std::error::Error;
use std::fs::{File, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::path::Path;

use flate2::Compression;
use flate2::write::GzEncoder;

pub(super) enum Output {
    Stdout(BufWriter<io::Stdout>),
    File(BufWriter<File>),
    Gzip(GzEncoder<BufWriter<File>>),
}

impl Output {
    pub(super) fn stdout() -> Self {
        Self::Stdout(BufWriter::new(io::stdout()))
    }

    /// A new file, with gzip if its name ends in `.gz`. What is there is not written over unless
    /// `force`, and then replaced by a new file, so that nobody who had the old one open reads the new
    /// one.
    pub(super) fn file(path: &Path, input: &Path, force: bool) -> Result<Self, Box<dyn Error>> {
        let shown = path.display();
        let told = |error: io::Error| match error.kind() {
            io::ErrorKind::AlreadyExists => format!("{shown} exists; --force overwrites it"),
            _ => format!("{shown}: {error}"),
        };
        if force {
            if is_read(path, input) {
                return Err(format!("{shown} is the input; name another file").into());
            }
            match std::fs::remove_file(path) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => {
                    return Err(told(error).into());
                }
                _ => {}
            }
        }
        let file = BufWriter::with_capacity(1 << 17, create(path).map_err(told)?);
        let gzip = path.extension().is_some_and(|extension| extension == "gz");
        Ok(if gzip {
            Self::Gzip(GzEncoder::new(file, Compression::default()))
        } else {
            Self::File(file)
        })
    }

    pub(super) fn line(&mut self, text: &[u8]) -> io::Result<()> {
        self.write_all(text)?;
        self.write_all(b"\n")
    }

    /// Everything is written, or it is told that it is not.
    pub(super) fn finish(self) -> io::Result<()> {
        match self {
            Self::Stdout(mut output) => output.flush(),
            Self::File(mut output) => output.flush(),
            Self::Gzip(output) => output.finish()?.flush(),
        }
    }
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Stdout(output) => output.write(bytes),
            Self::File(output) => output.write(bytes),
            Self::Gzip(output) => output.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Stdout(output) => output.flush(),
            Self::File(output) => output.flush(),
            Self::Gzip(output) => output.flush(),
        }
    }
}

/// Whether a file is the input, or among the files of an export that is.
fn is_read(path: &Path, input: &Path) -> bool {
    let (Ok(path), Ok(input)) = (path.canonicalize(), input.canonicalize()) else { return false };
    let export = if input.is_dir() {
        Some(input.as_path())
    } else {
        input.parent().filter(|_| input.ends_with("manifest-summary.json"))
    };
    let shared = export.and_then(Path::parent).map(|parent| parent.join("data"));
    path == input
        || export.is_some_and(|export| path.starts_with(export))
        || shared.is_some_and(|shared| path.starts_with(shared))
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
