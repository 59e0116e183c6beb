//! The manifest of an export to S3.

use std::fs::File;
use std::path::{Path, PathBuf};

use itemseal::{Error, ErrorKind, Result};
use serde::Deserialize;

use super::export_file::ExportFile;
use super::json::malformed;
use super::lines::DataLines;

const SUMMARY: &str = "manifest-summary.json";
const FILES: &str = "manifest-files.json";

/// An export to S3 that was copied to this machine, by its
/// [manifest](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/S3DataExport.Output.html).
///
/// ```text
/// AWSDynamoDB/01693685827463-2d8752fd/manifest-summary.json    format, table, how many items
///                                     manifest-files.json      a line a data file
///                                     data/….json.gz           of a full export
/// AWSDynamoDB/data/….json.gz                                   of incremental exports
/// ```
///
/// `aws s3 cp --recursive` copies it so; [`DataFiles::open_manifest`](crate::DataFiles::open_manifest)
/// opens it. Nobody signs a manifest: it finds what was lost or damaged on the way, not what somebody
/// took out who can write to the bucket.
#[derive(Clone, Debug)]
pub struct ExportManifest {
    folder: PathBuf,
    summary: Summary,
}

/// What is used of `manifest-summary.json`.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Summary {
    export_arn: String,
    table_arn: String,
    item_count: u64,
    output_format: String,
    /// Not there in older ones.
    export_type: Option<String>,
    s3_sse_algorithm: Option<String>,
}

impl ExportManifest {
    /// Reads the manifest of the export in a folder, which is named itself or by its `manifest-summary.json`.
    ///
    /// # Errors
    /// [`Refused`](ErrorKind::Refused) for an export in Amazon Ion; [`Malformed`](ErrorKind::Malformed) if it
    /// is no manifest; [`Misuse`](ErrorKind::Misuse) if there is none.
    pub fn read(path: impl AsRef<Path>) -> Result<Self> {
        let path = path.as_ref();
        let folder = match path.file_name() {
            Some(name) if name == SUMMARY => path.parent().unwrap_or(Path::new("")),
            _ => path,
        };
        let path = folder.join(SUMMARY);
        let text = std::fs::read(&path).map_err(|error| unreadable(&path, error))?;
        let summary: Summary = serde_json::from_slice(&text).map_err(|_| {
            malformed(format!(
                "{} is not the manifest of an export: exportArn, tableArn, itemCount and outputFormat",
                path.display()
            ))
        })?;
        match summary.output_format.as_str() {
            "DYNAMODB_JSON" => Ok(Self { folder: folder.to_owned(), summary }),
            "ION" => Err(Error::new(
                ErrorKind::Refused,
                "the export is in Amazon Ion (outputFormat ION), which itemseal does not read; export the \
                 table again with ExportFormat DYNAMODB_JSON",
            )),
            _ => Err(Error::new(
                ErrorKind::Refused,
                "outputFormat of the export is not DYNAMODB_JSON, the one that itemseal reads",
            )),
        }
    }

    /// The exported table's ARN.
    pub fn table_arn(&self) -> &str {
        &self.summary.table_arn
    }

    /// The export's ARN.
    pub fn export_arn(&self) -> &str {
        &self.summary.export_arn
    }

    /// How many items there are in all files: lines.
    pub fn item_count(&self) -> u64 {
        self.summary.item_count
    }

    /// Whether the lines are changes, as of an incremental export.
    pub fn is_incremental(&self) -> bool {
        self.summary.export_type.as_deref() == Some("INCREMENTAL_EXPORT")
    }

    /// Where the manifest is.
    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    /// The data files in the manifest's order, read one by one: exports of large tables have many.
    ///
    /// # Errors
    /// [`Misuse`](ErrorKind::Misuse) if `manifest-files.json` is not there. An error in the middle, of a line
    /// that names no file, is the last thing that comes.
    pub fn files(&self) -> Result<ExportFiles> {
        let path = self.folder.join(FILES);
        let file = File::open(&path).map_err(|error| unreadable(&path, error))?;
        let etags = self.summary.s3_sse_algorithm.as_deref() != Some("KMS");
        Ok(ExportFiles { lines: Some(DataLines::new(file)?), etags })
    }
}

/// The data files that a manifest names: an iterator.
pub struct ExportFiles {
    /// None after the end.
    lines: Option<DataLines<'static>>,
    etags: bool,
}

impl Iterator for ExportFiles {
    type Item = Result<ExportFile>;

    fn next(&mut self) -> Option<Self::Item> {
        let next = match self.lines.as_mut()?.next_line() {
            Ok(Some(line)) => {
                ExportFile::parse(&line.text.unwrap_or_default(), line.number, self.etags)
            }
            Ok(None) => {
                self.lines = None;
                return None;
            }
            Err(error) => Err(error),
        };
        if next.is_err() {
            self.lines = None;
        }
        Some(next)
    }
}

impl std::fmt::Debug for ExportFiles {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ExportFiles").finish_non_exhaustive()
    }
}

fn unreadable(path: &Path, error: std::io::Error) -> Error {
    let shown = path.display();
    let message =
        format!("{shown} cannot be read; is it the folder of an export, {SUMMARY} in it?");
    Error::new(ErrorKind::Misuse, message).with_source(error)
}
