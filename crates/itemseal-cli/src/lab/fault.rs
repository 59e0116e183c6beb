//! `itemseal lab fault`.

use std::error::Error;
use std::time::Duration;

use clap::{Args, Subcommand};
use itemseal_lab::faults::{Delay, Fault, OutageMode, Service};
use serde_json::Value;

use super::Endpoint;
use super::status::list;

#[derive(Debug, Args)]
pub(crate) struct Options {
    #[command(flatten)]
    endpoint: Endpoint,
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// A Region, or one service in it, does not answer.
    Outage {
        /// Where.
        region: String,
        /// dynamodb, kms or all.
        #[arg(long, default_value = "all", value_parser = service)]
        service: Service,
        /// refuse (the connection is closed), hang (no answer ever), or a status from 500 to 599.
        #[arg(long, default_value = "refuse", value_parser = mode)]
        mode: OutageMode,
    },
    /// Calls above a rate are refused.
    Throttle {
        /// Where.
        region: String,
        /// How many calls a second are done; with 0 none.
        #[arg(long, value_name = "CALLS")]
        per_second: u32,
        /// dynamodb, kms or all.
        #[arg(long, default_value = "all", value_parser = service)]
        service: Service,
        /// Only these operations, separated by commas, such as PutItem.
        #[arg(long, value_name = "NAMES", value_delimiter = ',')]
        operations: Vec<String>,
    },
    /// Eventually consistent reads show what was there some time ago.
    StaleReads {
        /// Where.
        region: String,
        /// How long ago.
        #[arg(long, value_name = "MILLISECONDS")]
        ms: u64,
        /// The share of reads that are stale, from 0 to 1.
        #[arg(long, default_value_t = 1.0)]
        share: f64,
    },
    /// Batches leave a share of their puts, deletes and keys undone.
    Unprocessed {
        /// Where.
        region: String,
        /// How likely each is left undone, from 0 to 1.
        #[arg(long)]
        share: f64,
    },
    /// Changes take time from Region to Region.
    Lag {
        /// From this Region; from every one unless given.
        #[arg(long, value_name = "REGION")]
        from: Option<String>,
        /// To this Region; to every one unless given.
        #[arg(long, value_name = "REGION")]
        to: Option<String>,
        /// How long; the mean with --exponential, the shortest with --up-to.
        #[arg(long, value_name = "MILLISECONDS")]
        ms: u64,
        /// Anything between --ms and this.
        #[arg(long, value_name = "MILLISECONDS", conflicts_with = "exponential")]
        up_to: Option<u64>,
        /// Mostly shorter than --ms, and sometimes much longer.
        #[arg(long)]
        exponential: bool,
    },
    /// No replication between a Region and the others.
    Partition {
        /// The one Region.
        region: String,
        /// The other; all others unless given.
        #[arg(long, value_name = "REGION")]
        from: Option<String>,
    },
    /// A Region's clock runs ahead, or behind.
    Skew {
        /// Where.
        region: String,
        /// By how much; behind if negative.
        #[arg(long, value_name = "MILLISECONDS", allow_negative_numbers = true)]
        ms: i64,
    },
    /// Show what goes wrong, and under which number.
    List,
    /// End the fault with this number, or all.
    End {
        /// The number; all unless given.
        id: Option<u64>,
    },
}

pub(super) fn run(options: &Options) -> Result<(), Box<dyn Error>> {
    let client = options.endpoint.client()?;
    let fault = match &options.action {
        Action::List => {
            let answer = client.call("GET", "/_lab/faults", None)?;
            list(&answer, "faults").for_each(|fault| println!("{}", describe(fault)));
            return Ok(());
        }
        Action::End { id } => {
            let id = id.map(|id| format!("/{id}")).unwrap_or_default();
            client.call("DELETE", &format!("/_lab/faults{id}"), None)?;
            return Ok(());
        }
        action => fault(action),
    };
    let fault = serde_json::to_value(fault)?;
    let answer = client.call("POST", "/_lab/faults", Some(&fault))?;
    let id = answer.get("id").unwrap_or(&Value::Null);
    println!("fault {id} is set; itemseal lab fault end {id} ends it");
    Ok(())
}

fn fault(action: &Action) -> Option<Fault> {
    let ms = |ms: &u64| Duration::from_millis(*ms);
    Some(match action {
        Action::Outage { region, service, mode } => {
            Fault::Outage { region: region.clone(), service: *service, mode: *mode }
        }
        Action::Throttle { region, per_second, service, operations } => Fault::Throttle {
            region: region.clone(),
            service: *service,
            operations: operations.clone(),
            per_second: *per_second,
        },
        Action::StaleReads { region, ms: by, share } => {
            Fault::StaleReads { region: region.clone(), by: ms(by), share: *share }
        }
        Action::Unprocessed { region, share } => {
            Fault::Unprocessed { region: region.clone(), share: *share }
        }
        Action::Lag { from, to, ms: delay, up_to, exponential } => {
            let delay = match up_to {
                Some(max) => Delay::Uniform { min: ms(delay), max: ms(max) },
                None if *exponential => Delay::Exponential(ms(delay)),
                None => Delay::Fixed(ms(delay)),
            };
            Fault::Lag { from: from.clone(), to: to.clone(), delay }
        }
        Action::Partition { region, from } => {
            Fault::Partition { region: region.clone(), from: from.clone() }
        }
        Action::Skew { region, ms } => {
            Fault::Skew { region: region.clone(), micros: ms.saturating_mul(1_000) }
        }
        Action::List | Action::End { .. } => return None,
    })
}

/// A fault in one line: its number, its kind, and the rest by name.
pub(super) fn describe(fault: &Value) -> String {
    let plain = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let field = |name| fault.get(name).map(plain).unwrap_or_default();
    let mut line = format!("{}: {}", field("id"), field("fault"));
    for (name, value) in fault.as_object().into_iter().flatten() {
        if name != "id" && name != "fault" {
            line += &format!(" {name}={}", plain(value));
        }
    }
    line
}

/// As in JSON, which is also what the lab reads.
fn service(text: &str) -> Result<Service, String> {
    serde_json::from_value(Value::from(text)).map_err(|_| "dynamodb, kms or all".to_owned())
}

fn mode(text: &str) -> Result<OutageMode, String> {
    if let Ok(status) = text.parse() {
        return Ok(OutageMode::Error(status));
    }
    serde_json::from_value(Value::from(text))
        .map_err(|_| "refuse, hang, or a status from 500 to 599".to_owned())
}
