//! The faults themselves, as Rust and the admin API write them.

use std::time::Duration;

use itemseal::{Error, ErrorKind, Result};
use serde::{Deserialize, Serialize};

use super::delay::Delay;
use super::millis;
use crate::clock::Micros;

/// Something that goes wrong, until it is removed.
///
/// In JSON: the kind under `fault`, Regions by name, durations in milliseconds, such as
/// `{"fault": "lag", "from": "us-east-1", "to": "eu-west-1", "delay": {"fixed_ms": 800}}`.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "fault", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Fault {
    /// A Region, or one service in it, does not answer its callers. Replication goes on: it does
    /// not use the Region's endpoint. A Region that is gone altogether is this and a
    /// [`Partition`](Self::Partition).
    Outage {
        /// Where.
        region: String,
        /// Which service; all unless given.
        #[serde(default)]
        service: Service,
        /// How it fails; by refusing connections unless given.
        #[serde(default)]
        mode: OutageMode,
    },
    /// Calls above a rate are refused: with `ThrottlingException`, and operations on items with
    /// `ProvisionedThroughputExceededException`. One second's calls can be made at once.
    Throttle {
        /// Where.
        region: String,
        /// Which service; all together unless given.
        #[serde(default)]
        service: Service,
        /// The operations that count and are refused; all unless given.
        #[serde(default)]
        operations: Vec<String>,
        /// Calls a second, by the lab's clock. With 0 all are refused.
        per_second: u32,
    },
    /// Eventually consistent reads show what the replica had some time ago: GetItem, BatchGetItem,
    /// Query and Scan of a table without `ConsistentRead`. Reads of an index, PartiQL and
    /// transactions see all writes; so does everybody what was written before the fault was set.
    StaleReads {
        /// Where.
        region: String,
        /// How old a state is read.
        #[serde(rename = "by_ms", with = "millis")]
        by: Duration,
        /// The share of reads that are stale, from 0 to 1; 1, all, unless given.
        #[serde(default = "all")]
        share: f64,
    },
    /// BatchWriteItem and BatchGetItem leave a share of what they were asked for undone, and say so
    /// in `UnprocessedItems` and `UnprocessedKeys`. If nothing is left they are refused with
    /// `ProvisionedThroughputExceededException`, as by DynamoDB.
    Unprocessed {
        /// Where.
        region: String,
        /// How likely each put, delete or key is left undone, from 0 to 1.
        share: f64,
    },
    /// Changes take time from Region to Region. They arrive in the order in which they were made.
    /// Of several that fit two Regions, the one set last counts.
    Lag {
        /// From where; every Region unless given.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        from: Option<String>,
        /// To where; every Region unless given.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        to: Option<String>,
        /// How long, by the lab's clock, from the write on.
        delay: Delay,
    },
    /// No replication between Regions, either way. Each goes on serving its callers.
    Partition {
        /// The one Region.
        region: String,
        /// The other; all others unless given.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        from: Option<String>,
    },
    /// A Region's clock runs ahead, or behind. Of several in one Region, the one set last counts.
    Skew {
        /// Where.
        region: String,
        /// By how much, in microseconds; behind if negative. In JSON in milliseconds.
        #[serde(rename = "by_ms", with = "millis::signed")]
        micros: Micros,
    },
}

fn all() -> f64 {
    1.0
}

/// A service of a Region.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Service {
    /// Every service.
    #[default]
    All,
    /// DynamoDB, and DynamoDB Streams.
    DynamoDb,
    /// AWS KMS.
    Kms,
}

impl Service {
    /// Whether a fault of this service concerns `called`.
    pub(super) fn covers(self, called: Self) -> bool {
        self == Self::All || called == Self::All || self == called
    }
}

/// How a service fails.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum OutageMode {
    /// The connection is closed without an answer.
    #[default]
    Refuse,
    /// There is never an answer.
    Hang,
    /// An answer with this HTTP status, 500 to 599.
    Error(u16),
}

impl Fault {
    /// An outage of all services in a Region, which refuse connections.
    pub fn outage(region: impl Into<String>) -> Self {
        let (service, mode) = (Service::All, OutageMode::Refuse);
        Self::Outage { region: region.into(), service, mode }
    }

    /// A rate for all operations of a service in a Region.
    pub fn throttle(region: impl Into<String>, service: Service, per_second: u32) -> Self {
        Self::Throttle { region: region.into(), service, operations: Vec::new(), per_second }
    }

    /// All eventually consistent reads in a Region are stale.
    pub fn stale_reads(region: impl Into<String>, by: Duration) -> Self {
        Self::StaleReads { region: region.into(), by, share: 1.0 }
    }

    /// A share of every batch in a Region is not processed.
    pub fn unprocessed(region: impl Into<String>, share: f64) -> Self {
        Self::Unprocessed { region: region.into(), share }
    }

    /// Changes take this long from one Region to another.
    pub fn lag(from: impl Into<String>, to: impl Into<String>, delay: impl Into<Delay>) -> Self {
        Self::Lag { from: Some(from.into()), to: Some(to.into()), delay: delay.into() }
    }

    /// A Region is cut off from all others.
    pub fn partition(region: impl Into<String>) -> Self {
        Self::Partition { region: region.into(), from: None }
    }

    /// Two Regions are cut off from each other.
    pub fn partition_between(region: impl Into<String>, from: impl Into<String>) -> Self {
        Self::Partition { region: region.into(), from: Some(from.into()) }
    }

    /// A Region's clock runs ahead by `micros` microseconds, or behind.
    pub fn skew(region: impl Into<String>, micros: Micros) -> Self {
        Self::Skew { region: region.into(), micros }
    }

    /// The Regions that it names.
    pub fn regions(&self) -> impl Iterator<Item = &str> {
        let (one, other) = match self {
            Self::Outage { region, .. }
            | Self::Throttle { region, .. }
            | Self::StaleReads { region, .. }
            | Self::Unprocessed { region, .. }
            | Self::Skew { region, .. } => (Some(region), None),
            Self::Lag { from, to, .. } => (from.as_ref(), to.as_ref()),
            Self::Partition { region, from } => (Some(region), from.as_ref()),
        };
        one.into_iter().chain(other).map(String::as_str)
    }

    /// Refuses what cannot be meant.
    pub(super) fn check(&self) -> Result<()> {
        for region in self.regions() {
            let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
            if region.is_empty() || !region.chars().all(allowed) {
                return Err(misuse(format!(
                    "{region:?} is not the name of a Region, such as eu-west-1"
                )));
            }
        }
        match self {
            Self::StaleReads { share, .. } | Self::Unprocessed { share, .. }
                if !(0.0..=1.0).contains(share) =>
            {
                Err(misuse(format!("a share is from 0 to 1, not {share}")))
            }
            Self::Outage { mode: OutageMode::Error(status), .. }
                if !(500..600).contains(status) =>
            {
                Err(misuse(format!("an outage answers with status 500 to 599, not {status}")))
            }
            Self::Partition { region, from: Some(from) } if region == from => {
                Err(misuse(format!("{region} cannot be cut off from itself")))
            }
            Self::Lag { delay, .. } => delay.check(),
            _ => Ok(()),
        }
    }
}

pub(super) fn misuse(message: String) -> Error {
    Error::new(ErrorKind::Misuse, message)
}
