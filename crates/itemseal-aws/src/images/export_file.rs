use std::fs::File;
use std::path::{Path, PathBuf};

use itemseal::{Error, ErrorKind, Result};
use serde::Deserialize;

use super::checked::Checksum;
use super::json::malformed;

/// A line of `manifest-files.json`.
/// Source: [export output](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/S3DataExport.Output.html).
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Entry {
    item_count: u64,
    md5_checksum: Option<String>,
    etag: Option<String>,
    #[serde(rename = "dataFileS3Key")]
    key: String,
}

/// A data file of an export, as its manifest names it.
#[derive(Clone, Debug)]
pub struct ExportFile {
    key: String,
    item_count: u64,
    checksum: Option<Checksum>,
}

impl ExportFile {
    /// `etags`: whether S3's ETags are made from the bytes, as they are unless KMS encrypts the objects.
    pub(super) fn parse(text: &[u8], line: u64, etags: bool) -> Result<Self> {
        let entry: Entry = serde_json::from_slice(text).map_err(|_| {
            malformed(format!(
                "line {line} of manifest-files.json does not name a file with dataFileS3Key and itemCount"
            ))
        })?;
        let md5 = entry.md5_checksum.as_deref().and_then(Checksum::of_md5);
        let etag = entry.etag.as_deref().filter(|_| etags).and_then(Checksum::of_etag);
        let file = Self { key: entry.key, item_count: entry.item_count, checksum: md5.or(etag) };
        // It becomes a path on this machine: nothing but a name may be in it.
        let bad = |c: char| c.is_control() || "\\:".contains(c);
        if matches!(file.name(), "" | "." | "..") || file.name().contains(bad) {
            let message =
                format!("line {line} of manifest-files.json: dataFileS3Key ends in no file name");
            return Err(malformed(message));
        }
        Ok(file)
    }

    /// The file's key in its bucket.
    pub fn s3_key(&self) -> &str {
        &self.key
    }

    /// The file's name: what its key ends in.
    pub fn name(&self) -> &str {
        self.key.rsplit('/').next().unwrap_or_default()
    }

    /// How many items it has by the manifest: lines.
    pub fn item_count(&self) -> u64 {
        self.item_count
    }

    pub(super) fn checksum(&self) -> Option<Checksum> {
        self.checksum
    }

    /// Full exports have their data files in `data` beside the manifest, incremental ones in `data` beside
    /// the export's folder, where all exports with one prefix have theirs.
    pub(super) fn open(&self, export: &Path) -> Result<File> {
        let places: [PathBuf; 2] = [export.join("data"), export.join("..").join("data")];
        for place in &places {
            match File::open(place.join(self.name())) {
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
                Err(error) => {
                    let message = format!("{} cannot be opened", place.join(self.name()).display());
                    return Err(Error::new(ErrorKind::Internal, message).with_source(error));
                }
                Ok(file) => return Ok(file),
            }
        }
        let [own, shared] = places.map(|place| place.display().to_string());
        let message = format!(
            "the file is neither in {own} nor in {shared}; fetch it: its key in S3 is {}",
            self.key
        );
        Err(Error::new(ErrorKind::Misuse, message))
    }
}
