//! `itemseal lab reset`.

use std::error::Error;

use clap::Args;
use serde_json::json;

use super::Endpoint;

#[derive(Debug, Args)]
pub(crate) struct Options {
    /// The keys too: what was encrypted under them stays closed for ever.
    #[arg(long)]
    keys: bool,
    #[command(flatten)]
    endpoint: Endpoint,
}

pub(super) fn run(options: &Options) -> Result<(), Box<dyn Error>> {
    let body = json!({ "keys": options.keys });
    options.endpoint.client()?.call("POST", "/_lab/reset", Some(&body))?;
    println!(
        "all tables and faults are gone; {}",
        if options.keys { "so are the keys" } else { "the keys are still there (--keys)" }
    );
    Ok(())
}
