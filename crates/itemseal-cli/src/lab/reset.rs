//! `itemseal lab reset`.

use std::error::Error;

use clap::Args;

use super::Endpoint;

#[derive(Debug, Args)]
pub(crate) struct Options {
    #[command(flatten)]
    endpoint: Endpoint,
}

pub(super) fn run(options: &Options) -> Result<(), Box<dyn Error>> {
    options.endpoint.client()?.call("POST", "/_lab/reset", None)?;
    println!("all tables and faults are gone; the keys are still there");
    Ok(())
}
