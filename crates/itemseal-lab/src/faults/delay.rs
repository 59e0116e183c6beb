//! How long a change takes.

use std::time::Duration;

use itemseal::Result;
use serde::{Deserialize, Serialize};

use super::fault::misuse;
use super::millis;
use crate::clock::{Micros, duration_micros};

/// A duration, or a distribution of durations.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub enum Delay {
    /// Always the same.
    #[serde(rename = "fixed_ms", with = "millis")]
    Fixed(Duration),
    /// Anything between two durations, all as likely.
    #[serde(rename = "uniform")]
    Uniform {
        /// The shortest.
        #[serde(rename = "min_ms", with = "millis")]
        min: Duration,
        /// The longest.
        #[serde(rename = "max_ms", with = "millis")]
        max: Duration,
    },
    /// Mostly short and sometimes long: the exponential distribution with this mean.
    #[serde(rename = "exponential_ms", with = "millis")]
    Exponential(Duration),
}

impl From<Duration> for Delay {
    fn from(duration: Duration) -> Self {
        Self::Fixed(duration)
    }
}

impl Delay {
    pub(super) fn check(&self) -> Result<()> {
        match self {
            Self::Uniform { min, max } if min > max => {
                Err(misuse(format!("a delay from {min:?} to {max:?} has no length")))
            }
            _ => Ok(()),
        }
    }

    /// The delay at `unit`, which is in `0.0..1.0`.
    pub(super) fn at(&self, unit: f64) -> Micros {
        match self {
            Self::Fixed(duration) => duration_micros(*duration),
            Self::Uniform { min, max } => {
                let (min, max) = (duration_micros(*min), duration_micros(*max));
                min + ((max - min) as f64 * unit).round() as Micros
            }
            Self::Exponential(mean) => {
                (-(1.0 - unit).ln() * duration_micros(*mean) as f64).round() as Micros
            }
        }
    }
}
