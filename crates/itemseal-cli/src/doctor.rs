//! `itemseal doctor`: are the tables and keys of a configuration as they should be, in every Region?

use std::error::Error;
use std::process::ExitCode;

use clap::Args;
use itemseal_aws::doctor::{Report, examine};
use serde_json::{Value, json};

use crate::setup::{self, Source};

#[derive(Debug, Args)]
pub(crate) struct Options {
    #[command(flatten)]
    source: Source,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

pub(crate) fn run(options: &Options) -> Result<ExitCode, Box<dyn Error>> {
    let config = options.source.read()?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let report = runtime.block_on(async { examine(&config, &setup::aws().await).await })?;
    if options.json {
        println!("{:#}", as_json(&report));
    } else {
        print!("{report}");
    }
    Ok(if report.is_well() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn as_json(report: &Report) -> Value {
    let regions = report.regions().iter().map(|region| {
        let findings = region.findings().iter().map(|finding| {
            json!({
                "says": finding.says(),
                "well": finding.remedy().is_none(),
                "remedy": finding.remedy(),
            })
        });
        json!({
            "table": region.table(),
            "region": region.region(),
            "well": region.is_well(),
            "findings": findings.collect::<Vec<_>>(),
        })
    });
    json!({ "well": report.is_well(), "regions": regions.collect::<Vec<_>>() })
}
