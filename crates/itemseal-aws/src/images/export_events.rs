use itemseal::Error;

use super::export_file::ExportFile;
use super::line_error::LineError;

/// What [`DataFiles::open_manifest`](crate::DataFiles::open_manifest) tells meanwhile.
#[derive(Debug)]
#[non_exhaustive]
pub enum ExportEvent<'e> {
    /// A line was left out. The others go on.
    Line {
        /// Of which file.
        file: &'e ExportFile,
        /// Which line, and why.
        error: LineError,
    },
    /// A file is not there, is damaged, or is not what the manifest says. The lines that could be read were
    /// delivered, each verified; the other files go on.
    File {
        /// Which.
        file: &'e ExportFile,
        /// What is wrong with it.
        error: Error,
    },
    /// The files together are not what the summary says.
    Summary {
        /// What is wrong.
        error: Error,
    },
    /// How far it has come: after each file, and every 256 lines.
    Progress(ExportCounts),
}

/// What was done of an export.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ExportCounts {
    pub(super) files: u64,
    pub(super) bad_files: u64,
    pub(super) done: u64,
    pub(super) failed: u64,
    pub(super) is_whole: bool,
}

impl ExportCounts {
    /// The files that were worked on, bad ones among them.
    pub fn files(&self) -> u64 {
        self.files
    }

    /// The files that are not there, damaged, or not what the manifest says.
    pub fn bad_files(&self) -> u64 {
        self.bad_files
    }

    /// The lines that were written.
    pub fn done(&self) -> u64 {
        self.done
    }

    /// The lines that were reported and left out.
    pub fn failed(&self) -> u64 {
        self.failed
    }

    /// Whether every line of every file was written, and the files are what manifest and summary say.
    pub fn is_whole(&self) -> bool {
        self.is_whole
    }
}
