//! Where lines come from: a file or standard input, with gzip or without, or a whole export.

use std::error::Error;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use itemseal_aws::{DataLine, DataLines, ExportManifest};

/// Lines of one file.
pub(super) struct Input {
    lines: DataLines<'static>,
    read_bytes: Arc<AtomicU64>,
    /// Of a file; not known of a pipe.
    size_bytes: Option<u64>,
}

impl Input {
    pub(super) fn open(path: &Path) -> Result<Self, Box<dyn Error>> {
        let read_bytes = Arc::new(AtomicU64::new(0));
        if path.as_os_str() == "-" {
            let lines = DataLines::new(Counted(io::stdin(), read_bytes.clone()))?;
            return Ok(Self { lines, read_bytes, size_bytes: None });
        }
        let shown = path.display();
        if path.is_dir() {
            return Err(format!("{shown} is a folder; name one of the files in it").into());
        }
        let file = File::open(path).map_err(|error| format!("{shown}: {error}"))?;
        let size_bytes = file.metadata().ok().filter(|file| file.is_file()).map(|file| file.len());
        let lines = DataLines::new(Counted(file, read_bytes.clone()));
        let lines = lines.map_err(|error| format!("{shown}: {error}"))?;
        Ok(Self { lines, read_bytes, size_bytes })
    }

    /// The next line that is not blank.
    pub(super) fn next_line(&mut self) -> itemseal::Result<Option<DataLine>> {
        self.lines.next_line()
    }

    /// How much of how much has been read, as it is stored.
    pub(super) fn position(&self) -> (u64, Option<u64>) {
        (self.read_bytes.load(Ordering::Relaxed), self.size_bytes)
    }
}

/// What is decrypted.
pub(super) enum Stored {
    Lines(Input),
    Export(ExportManifest),
}

impl Stored {
    pub(super) fn open(path: &Path) -> Result<Self, Box<dyn Error>> {
        let is_manifest = path.file_name().is_some_and(|name| name == "manifest-summary.json");
        if is_manifest || path.is_dir() {
            return Ok(Self::Export(ExportManifest::read(path)?));
        }
        Ok(Self::Lines(Input::open(path)?))
    }
}

struct Counted<R>(R, Arc<AtomicU64>);

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.0.read(buffer)?;
        self.1.fetch_add(read as u64, Ordering::Relaxed);
        Ok(read)
    }
}
