//! `itemseal encrypt`, `decrypt` and `describe`: items in DynamoDB JSON, one a line.

pub(crate) mod bad;
mod convert;
mod describe;
mod export;
mod input;
mod line;
mod output;
pub(crate) mod progress;

use std::error::Error;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;

use crate::setup::{self, Source};
pub(crate) use convert::Direction;
pub(crate) use describe::{Options as DescribeOptions, run as describe};
use input::{Input, Stored};
use output::Output;

/// What encrypting and decrypting have in common.
#[derive(Debug, Args)]
struct Common {
    #[command(flatten)]
    source: Source,
    /// The table whose items they are, by its name in the configuration; needless if there is one only.
    #[arg(long, value_name = "NAME")]
    table: Option<String>,
    /// DynamoDB JSON, one item a line, as it is or in {"Item": …}, with gzip or without; - is standard input.
    ///
    /// To decrypt it may be an export to S3 that was copied here: its folder or its manifest-summary.json,
    /// or a data file, full or incremental.
    #[arg(long = "in", value_name = "FILE", default_value = "-")]
    input: PathBuf,
    /// Overwrite the file if there is one.
    #[arg(long)]
    force: bool,
}

/// Options of `itemseal encrypt`.
#[derive(Debug, Args)]
pub(crate) struct EncryptOptions {
    #[command(flatten)]
    common: Common,
    /// A new file of mode 0600, with gzip if its name ends in .gz; - is standard output.
    #[arg(long, value_name = "FILE", default_value = "-")]
    out: PathBuf,
}

/// Options of `itemseal decrypt`.
#[derive(Debug, Args)]
pub(crate) struct DecryptOptions {
    #[command(flatten)]
    common: Common,
    /// A new file of mode 0600 for the plaintext, with gzip if its name ends in .gz.
    #[arg(long, value_name = "FILE", required_unless_present = "reveal")]
    out: Option<PathBuf>,
    /// Print the plaintext on standard output instead.
    #[arg(long, conflicts_with = "out")]
    reveal: bool,
}

pub(crate) fn encrypt(options: &EncryptOptions) -> Result<ExitCode, Box<dyn Error>> {
    let out = Some(&options.out).filter(|path| path.as_os_str() != "-");
    run(Direction::Encrypt, &options.common, out)
}

pub(crate) fn decrypt(options: &DecryptOptions) -> Result<ExitCode, Box<dyn Error>> {
    if options.out.as_deref().is_some_and(|path| path.as_os_str() == "-") {
        return Err("plaintext goes to standard output with --reveal only".into());
    }
    run(Direction::Decrypt, &options.common, options.out.as_ref())
}

fn run(
    direction: Direction,
    common: &Common,
    out: Option<&PathBuf>,
) -> Result<ExitCode, Box<dyn Error>> {
    let config = common.source.read()?;
    let table = setup::table_name(&config, common.table.as_deref())?;
    let input = match direction {
        Direction::Decrypt => Stored::open(&common.input)?,
        Direction::Encrypt => Stored::Lines(Input::open(&common.input)?),
    };
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let encryptor = setup::encryptor(&config, table).await?;
        // Nothing is written before the keyring is there.
        let output = match out {
            Some(path) => Output::file(path, &common.input, common.force)?,
            None => Output::stdout(),
        };
        let done = match input {
            Stored::Lines(input) => convert::run(direction, &encryptor, input, output).await?,
            Stored::Export(manifest) => export::run(&manifest, &encryptor, output).await?,
        };
        let what = if direction == Direction::Encrypt { "encrypted" } else { "decrypted" };
        if done.bad > 0 || done.damaged {
            let damaged = if done.damaged { "; the export is not whole" } else { "" };
            eprintln!("itemseal: {} items {what}, {} lines were bad{damaged}", done.good, done.bad);
            return Ok(ExitCode::FAILURE);
        }
        eprintln!("itemseal: {} items {what}", done.good);
        Ok(ExitCode::SUCCESS)
    })
}
