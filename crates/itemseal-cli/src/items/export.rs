//! A whole export, by its manifest.

use std::error::Error;

use itemseal::ItemEncryptor;
use itemseal_aws::{DataFiles, ExportEvent, ExportManifest};

use super::bad::BadLine;
use super::convert::Done;
use super::output::Output;
use super::progress::Progress;

/// Decrypts every data file. What is wrong with a line or a file is told on standard error, and the rest
/// goes on.
pub(super) async fn run(
    manifest: &ExportManifest,
    encryptor: &ItemEncryptor,
    mut output: Output,
) -> Result<Done, Box<dyn Error>> {
    let mut progress = Progress::new();
    let (of, table) = (manifest.item_count(), manifest.table_arn());
    let tell = |event: ExportEvent<'_>| {
        let text = match event {
            ExportEvent::Line { file, error } => {
                format!("{}: {}", file.name(), BadLine::from(error))
            }
            ExportEvent::File { file, error } => format!("{}: {error}", file.name()),
            ExportEvent::Summary { error } => format!("export of {table}: {error}"),
            ExportEvent::Progress(counts) => {
                let read = counts.done() + counts.failed();
                progress.show_files(counts.done(), (read, Some(of)), counts.files());
                return;
            }
            _ => return,
        };
        progress.clear();
        eprintln!("itemseal: {text}");
    };
    let files = DataFiles::new(encryptor.clone());
    let opened = files.open_manifest(manifest, &mut output, tell).await;
    progress.clear();
    output.finish()?;
    let counts = opened?;
    let damaged = counts.bad_files() > 0 || counts.done() + counts.failed() != of;
    Ok(Done { good: counts.done(), bad: counts.failed(), damaged })
}
