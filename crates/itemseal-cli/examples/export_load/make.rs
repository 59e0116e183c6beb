//! The export: gzip parts and their manifest, as AWS lays them out.

use std::error::Error;
use std::fs::File;
use std::io::{BufRead, BufReader, BufWriter, Write};
use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use flate2::Compression;
use flate2::bufread::MultiGzDecoder;
use flate2::write::GzEncoder;
use itemseal::{ItemEncryptor, TableConfig};
use itemseal_aws::{ConfigFile, DataFiles};
use md5::{Digest, Md5};
use serde_json::json;

use crate::plain::Plain;

/// Few, so that the first tenth ends in the middle of one: memory that grows with a file is seen too.
pub(crate) const PARTS: u64 = 4;

/// What was made, and which line was altered.
pub(crate) struct Export {
    pub(crate) len_bytes: u64,
    /// The item's number, from 0.
    pub(crate) altered: u64,
    pub(crate) part: String,
    /// From 1.
    pub(crate) line: u64,
}

impl Export {
    /// In `export/` of a directory, and `itemseal.toml` beside it.
    pub(crate) fn make(directory: &Path, items: u64, suite: &str) -> Result<Self, Box<dyn Error>> {
        let data = directory.join("export/data");
        std::fs::create_dir_all(&data)?;
        let files = DataFiles::new(encryptor(directory, suite)?).gzip(true);
        let runtime = tokio::runtime::Builder::new_multi_thread().build()?;
        let altered = items * 2 / 3;
        let mut manifest =
            BufWriter::new(File::create(directory.join("export/manifest-files.json"))?);
        let mut export = Self { len_bytes: 0, altered, part: String::new(), line: 0 };
        for part in 0..PARTS {
            let range = items * part / PARTS..items * (part + 1) / PARTS;
            let name = format!("{part:02}.json.gz");
            let path = data.join(&name);
            let output = File::create(&path)?;
            let failed = |error| eprintln!("not encrypted: {error}");
            let counts =
                runtime.block_on(files.seal_import(Plain::new(range.clone()), output, failed))?;
            if counts.failed() > 0 {
                return Err("every item should have been encrypted".into());
            }
            if range.contains(&altered) {
                (export.part, export.line) = (name.clone(), altered - range.start + 1);
                alter(&path, export.line)?;
            }
            let (len_bytes, checksum) = checksum(&path)?;
            export.len_bytes += len_bytes;
            let file = json!({
                "itemCount": range.end - range.start,
                "md5Checksum": checksum,
                "dataFileS3Key": format!("AWSDynamoDB/01693685827463-2d8752fd/data/{name}"),
            });
            writeln!(manifest, "{file}")?;
        }
        manifest.flush()?;
        let table = "arn:aws:dynamodb:us-east-1:123456789012:table/Orders";
        let summary = json!({
            "exportArn": format!("{table}/export/01693685827463-2d8752fd"),
            "tableArn": table,
            "itemCount": items,
            "outputFormat": "DYNAMODB_JSON",
        });
        std::fs::write(directory.join("export/manifest-summary.json"), summary.to_string())?;
        Ok(export)
    }
}

fn encryptor(directory: &Path, suite: &str) -> Result<ItemEncryptor, Box<dyn Error>> {
    let (key, config) = (directory.join("wrapping.key"), directory.join("itemseal.toml"));
    std::fs::write(&key, "5e".repeat(32))?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        std::fs::set_permissions(&key, std::fs::Permissions::from_mode(0o600))?;
    }
    std::fs::write(
        &config,
        format!(
            "[table.Orders]\npartition_key = 'OrderID'\nsuite = '{suite}'\n\
             [keyring]\nkind = 'raw-aes'\nkey_file = 'wrapping.key'\nnamespace = 'load'\nname = 'key'\n"
        ),
    )?;
    let config = ConfigFile::read(&config)?;
    let table: &TableConfig = config.table("Orders")?;
    let keyring = config.keyring(&aws_config::SdkConfig::builder().build())?;
    Ok(ItemEncryptor::new(table.clone(), keyring))
}

/// Turns one bit of an encrypted attribute in one line, as who can write to the bucket could.
fn alter(path: &Path, line: u64) -> Result<(), Box<dyn Error>> {
    let whole = path.with_extension("whole");
    std::fs::rename(path, &whole)?;
    let input = BufReader::new(MultiGzDecoder::new(BufReader::new(File::open(&whole)?)));
    let mut output = GzEncoder::new(BufWriter::new(File::create(path)?), Compression::default());
    for (number, text) in (1..).zip(input.lines()) {
        let mut text = text?;
        if number == line {
            let value = "\"Card\":{\"B\":\"";
            let at = text.find(value).ok_or("the attribute is there")? + value.len() + 10;
            let other = if text.get(at..=at) == Some("A") { "B" } else { "A" };
            text.replace_range(at..=at, other);
        }
        writeln!(output, "{text}")?;
    }
    output.finish()?.flush()?;
    std::fs::remove_file(whole)?;
    Ok(())
}

fn checksum(path: &Path) -> Result<(u64, String), Box<dyn Error>> {
    let mut input = BufReader::with_capacity(1 << 20, File::open(path)?);
    let mut md5 = Md5::new();
    let mut len_bytes = 0;
    loop {
        let bytes = input.fill_buf()?;
        let len = bytes.len();
        if len == 0 {
            return Ok((len_bytes, STANDARD.encode(md5.finalize())));
        }
        md5.update(bytes);
        input.consume(len);
        len_bytes += len as u64;
    }
}
