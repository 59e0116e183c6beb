//! `itemseal describe`: what stored items say about themselves, without any key.

use std::error::Error;
use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use itemseal::kms::KeyArn;
use itemseal::materials::EncryptedDataKey;
use itemseal::{AlgorithmSuite, CryptographicAction, Item, ItemDescription, TableConfig};

use super::input::Input;
use super::line::Line;
use crate::setup;

#[derive(Debug, Args)]
pub(crate) struct Options {
    /// Stored items in DynamoDB JSON, one a line, as they are or in {"Item": …}, with gzip or without;
    /// - is standard input.
    #[arg(long = "in", value_name = "FILE", default_value = "-")]
    input: PathBuf,
    /// A configuration file: then attributes are named, by what it says is done with them.
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// The table whose items they are, by its name in the configuration; needless if there is one only.
    #[arg(long, value_name = "NAME", requires = "config")]
    table: Option<String>,
}

pub(crate) fn run(options: &Options) -> Result<ExitCode, Box<dyn Error>> {
    let config = options.config.as_ref().map(itemseal_aws::ConfigFile::read).transpose()?;
    let table = match &config {
        Some(config) => Some(config.table(setup::table_name(config, options.table.as_deref())?)?),
        None => None,
    };
    let mut input = Input::open(&options.input)?;
    let mut out = io::stdout().lock();
    let mut code = ExitCode::SUCCESS;
    while let Some(line) = input.next_line()? {
        let number = line.number();
        let described = match line.text() {
            Some(text) => Line::parse(text).and_then(|line| of(&line.item, table)),
            None => Ok("longer than 8 MiB, and no item is\n".to_owned()),
        };
        match described {
            Ok(text) => write!(out, "line {number}: {text}")?,
            Err(error) => {
                eprintln!("itemseal: line {number}: {error}");
                code = ExitCode::FAILURE;
            }
        }
    }
    Ok(code)
}

fn of(item: &Item, table: Option<&TableConfig>) -> itemseal::Result<String> {
    let told = ItemDescription::of(item)?;
    let suite = match told.suite() {
        AlgorithmSuite::EcdsaP384 => "ecdsa-p384",
        AlgorithmSuite::HmacOnly => "hmac-only",
        _ => "another suite",
    };
    let version = told.format_version();
    let mut text = format!("version {version}, suite {suite} (0x{:04x})\n", told.suite().id());
    for edk in told.edks() {
        text += &format!("  data key  {}\n", key(edk));
    }
    for (name, value) in told.stored_context() {
        text += &format!("  context   {name:?} = {value:?}\n");
    }
    let (encrypted, signed) = (told.encrypted_attributes(), told.signed_attributes());
    text += &format!("  legend    {encrypted} encrypted and signed, {signed} signed\n");
    if let Some(table) = table {
        text += &by_name(item, table);
    }
    Ok(text + &format!("  overhead  {} bytes\n", told.overhead_bytes()))
}

/// Which key wrapped it. What follows a raw key's name is not text.
fn key(edk: &EncryptedDataKey) -> String {
    let provider = edk.provider_id();
    let info = edk.provider_info();
    let arn = std::str::from_utf8(info).ok().and_then(|info| info.parse::<KeyArn>().ok());
    match arn {
        Some(arn) => format!("{provider:?} in {}: {arn}", arn.region()),
        None => {
            let end = info.iter().position(|byte| !(0x20..0x7f).contains(byte));
            let name = info.get(..end.unwrap_or(info.len())).unwrap_or_default();
            format!("{provider:?}: {:?}", String::from_utf8_lossy(name))
        }
    }
}

fn by_name(item: &Item, table: &TableConfig) -> String {
    let mut text = String::new();
    for (what, action) in [
        ("encrypted and signed", CryptographicAction::EncryptAndSign),
        ("signed, in the context", CryptographicAction::SignAndIncludeInEncryptionContext),
        ("signed", CryptographicAction::SignOnly),
        ("unsigned", CryptographicAction::DoNothing),
    ] {
        let names = item.iter().map(|(name, _)| name);
        let names = names.filter(|name| !name.starts_with(itemseal::RESERVED_PREFIX));
        let names: Vec<&str> =
            names.filter(|name| table.action(name) == action).map(String::as_str).collect();
        if !names.is_empty() {
            text += &format!("            {what}: {}\n", names.join(", "));
        }
    }
    text
}
