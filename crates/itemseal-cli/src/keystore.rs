//! `itemseal keystore`: branch keys of the configuration's hierarchical keyring.

use std::error::Error;
use std::process::ExitCode;

use clap::{Args, Subcommand};
use itemseal::keystore::BranchKeyListing;
use serde_json::{Value, json};

use crate::setup::{self, Source};

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Make the key store's table in its first Region, or find that it is there.
    ///
    /// Replicas are added as to any global table: aws dynamodb update-table --replica-updates ….
    Create(Options),
    /// Make a branch key, and print its id.
    NewKey(NewKey),
    /// Make a new version of a branch key: new items are written with it, old ones still open.
    Rotate(Rotate),
    /// List branch keys and their versions. No key is opened, and nothing of it is verified.
    List(List),
}

#[derive(Debug, Args)]
pub(crate) struct Options {
    #[command(flatten)]
    source: Source,
}

#[derive(Debug, Args)]
pub(crate) struct NewKey {
    #[command(flatten)]
    source: Source,
    /// The branch key's id; a new UUID unless given. It needs a --context, which says whose key it is.
    #[arg(long)]
    id: Option<String>,
    /// What is bound to the branch key for ever, and shows in AWS's logs.
    #[arg(long, value_name = "NAME=VALUE", value_parser = pair)]
    context: Vec<(String, String)>,
}

#[derive(Debug, Args)]
pub(crate) struct Rotate {
    #[command(flatten)]
    source: Source,
    /// The branch key's id.
    #[arg(long)]
    id: String,
}

#[derive(Debug, Args)]
pub(crate) struct List {
    #[command(flatten)]
    source: Source,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

fn pair(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.is_empty() => Ok((name.to_owned(), value.to_owned())),
        _ => Err("say NAME=VALUE, such as department=admin".to_owned()),
    }
}

pub(crate) fn run(command: &Command) -> Result<ExitCode, Box<dyn Error>> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let source = match command {
            Command::Create(options) => &options.source,
            Command::NewKey(options) => &options.source,
            Command::Rotate(options) => &options.source,
            Command::List(options) => &options.source,
        };
        let (table, store) = source.read()?.key_store(&setup::aws().await)?;
        match command {
            Command::Create(_) => println!("{}", table.create_table().await?),
            Command::NewKey(new) => {
                let context = new.context.iter().map(|(name, value)| (name, value));
                println!("{}", store.create_key(new.id.as_deref(), context).await?);
            }
            Command::Rotate(rotate) => store.rotate(&rotate.id).await?,
            Command::List(list) => {
                let keys = store.list().await?;
                match list.json {
                    true => println!("{:#}", as_json(&keys)),
                    false => print(&keys),
                }
            }
        }
        Ok(ExitCode::SUCCESS)
    })
}

fn print(keys: &[BranchKeyListing]) {
    for key in keys {
        let context = key.context.iter().map(|(name, value)| format!("  {name}={value}"));
        println!("{}  under {}{}", key.id, key.kms_arn, context.collect::<String>());
        for version in &key.versions {
            let active = if version.active { "  active" } else { "" };
            println!("  {}  made {}{active}", version.version, version.create_time);
        }
    }
}

fn as_json(keys: &[BranchKeyListing]) -> Value {
    let keys = keys.iter().map(|key| {
        let versions = key.versions.iter().map(|version| {
            json!({
                "version": version.version,
                "create_time": version.create_time,
                "active": version.active,
            })
        });
        json!({
            "id": key.id,
            "kms_arn": key.kms_arn,
            "context": key.context,
            "versions": versions.collect::<Vec<_>>(),
        })
    });
    Value::Array(keys.collect())
}
