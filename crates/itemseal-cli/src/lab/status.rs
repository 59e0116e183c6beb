//! `itemseal lab status`.

use std::error::Error;

use clap::Args;
use serde_json::Value;

use super::Endpoint;

#[derive(Debug, Args)]
pub(crate) struct Options {
    #[command(flatten)]
    endpoint: Endpoint,
    /// Print the lab's JSON.
    #[arg(long)]
    json: bool,
}

pub(super) fn run(options: &Options) -> Result<(), Box<dyn Error>> {
    let status = options.endpoint.client()?.call("GET", "/_lab/status", None)?;
    if options.json {
        println!("{status:#}");
        return Ok(());
    }
    for region in list(&status, "regions") {
        println!("{}", text(region, "name"));
        for table in list(region, "tables") {
            let replicas = list(table, "replicas").filter_map(Value::as_str);
            println!(
                "  table {} in {}",
                text(table, "name"),
                replicas.collect::<Vec<_>>().join(", ")
            );
        }
    }
    for pair in list(&status, "waiting") {
        let changes = pair.get("changes").unwrap_or(&Value::Null);
        println!("waiting: {changes} from {} to {}", text(pair, "from"), text(pair, "to"));
    }
    for call in list(&status, "kms_calls") {
        let calls = call.get("calls").unwrap_or(&Value::Null);
        println!("KMS calls: {calls} {} in {}", text(call, "operation"), text(call, "region"));
    }
    for fault in list(&status, "faults") {
        println!("fault {}", super::fault::describe(fault));
    }
    if let Some(dir) = status.get("dir").and_then(Value::as_str) {
        println!("kept in {dir}");
    }
    Ok(())
}

pub(super) fn list<'v>(value: &'v Value, name: &str) -> impl Iterator<Item = &'v Value> {
    value.get(name).and_then(Value::as_array).into_iter().flatten()
}

fn text<'v>(value: &'v Value, name: &str) -> &'v str {
    value.get(name).and_then(Value::as_str).unwrap_or_default()
}
