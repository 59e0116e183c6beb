//! All files of an export.

use std::io::Write;

use itemseal::{Error, ErrorKind, Result};

use super::checked::Checked;
use super::data_files::{DataFiles, Delivered};
use super::export_events::{ExportCounts, ExportEvent};
use super::export_file::ExportFile;
use super::export_line::open_line;
use super::export_manifest::ExportManifest;
use super::json::malformed;
use super::output::Output;

impl DataFiles {
    /// Verifies and opens every data file of an export that a manifest names, one after the other, to one
    /// output. Each file's lines are counted and its bytes compared with `md5Checksum` (with `etag` if that
    /// is all there is, and it is made from the bytes) while they are read: once.
    ///
    /// What is wrong with a line or a file is told, and the others go on.
    ///
    /// # Errors
    /// [`Misuse`](ErrorKind::Misuse) or [`Malformed`](ErrorKind::Malformed) if `manifest-files.json` is not
    /// there or names no files; [`Internal`](ErrorKind::Internal) if the output cannot be written.
    pub async fn open_manifest(
        &self,
        manifest: &ExportManifest,
        output: impl Write + Send,
        mut tell: impl FnMut(ExportEvent<'_>) + Send,
    ) -> Result<ExportCounts> {
        let mut output = Output::new(output, self.gzip);
        let mut counts = ExportCounts::default();
        let mut listed = Ok(());
        for file in manifest.files()? {
            let file = match file {
                Ok(file) => file,
                Err(error) => {
                    listed = Err(error);
                    break;
                }
            };
            if let Err(error) =
                self.open_file(manifest, &file, &mut output, &mut counts, &mut tell).await?
            {
                counts.bad_files += 1;
                tell(ExportEvent::File { file: &file, error });
            }
            counts.files += 1;
            tell(ExportEvent::Progress(counts));
        }
        // What was opened is delivered, also if the list of files ends in the middle.
        output.finish(counts.done)?;
        listed?;
        let (found, expected) = (counts.done + counts.failed, manifest.item_count());
        if found != expected {
            let error = malformed(format!(
                "the files have {found} lines, and itemCount of manifest-summary.json says {expected}"
            ));
            tell(ExportEvent::Summary { error });
        }
        counts.is_whole = counts.failed == 0 && counts.bad_files == 0 && found == expected;
        Ok(counts)
    }

    /// The inner error is the file's, the outer one stops everything.
    async fn open_file(
        &self,
        manifest: &ExportManifest,
        file: &ExportFile,
        output: &mut Output<impl Write + Send>,
        counts: &mut ExportCounts,
        tell: &mut (impl FnMut(ExportEvent<'_>) + Send),
    ) -> Result<Result<()>> {
        let mut input = match file.open(manifest.folder()) {
            Ok(input) => Checked::new(input),
            Err(error) => return Ok(Err(error)),
        };
        let before = *counts;
        let mut each = |line: Delivered| {
            match line {
                Ok(()) => counts.done += 1,
                Err(error) => {
                    counts.failed += 1;
                    tell(ExportEvent::Line { file, error });
                }
            }
            if (counts.done + counts.failed).is_multiple_of(256) {
                tell(ExportEvent::Progress(*counts));
            }
        };
        let read = self.each_line(&mut input, output, before.done, open_line, &mut each).await?;
        if let Err(error) = read {
            return Ok(Err(error));
        }
        let lines = counts.done + counts.failed - before.done - before.failed;
        if let Some(expected) = file.checksum() {
            match input.is(expected) {
                Ok(true) => {}
                Ok(false) => {
                    let message = "the file's bytes are not those of the export: their MD5 is another than in \
                                   manifest-files.json; fetch it again";
                    return Ok(Err(malformed(message)));
                }
                Err(error) => {
                    let message = format!("after line {lines}: the input could not be read");
                    let error = Error::new(ErrorKind::Internal, message).with_source(error);
                    return Ok(Err(error));
                }
            }
        }
        if lines != file.item_count() {
            let expected = file.item_count();
            let message = format!(
                "the file has {lines} lines, and itemCount of manifest-files.json says {expected}"
            );
            return Ok(Err(malformed(message)));
        }
        Ok(Ok(()))
    }
}
