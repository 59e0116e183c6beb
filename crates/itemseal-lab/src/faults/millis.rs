//! Durations in JSON: milliseconds, with a fraction where microseconds need one.

use std::time::Duration;

use serde::de::Error;
use serde::{Deserialize, Deserializer, Serializer};

use crate::clock::{Micros, duration_micros};

pub(super) fn serialize<S: Serializer>(duration: &Duration, to: S) -> Result<S::Ok, S::Error> {
    signed::serialize(&duration_micros(*duration), to)
}

pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Duration, D::Error> {
    let micros = signed::deserialize(from)?;
    let micros = u64::try_from(micros)
        .map_err(|_| D::Error::custom("a duration in milliseconds is not negative"))?;
    Ok(Duration::from_micros(micros))
}

/// Microseconds that can be negative.
pub(super) mod signed {
    use super::*;

    pub(in super::super) fn serialize<S: Serializer>(
        micros: &Micros,
        to: S,
    ) -> Result<S::Ok, S::Error> {
        if micros % 1_000 == 0 {
            return to.serialize_i64(micros / 1_000);
        }
        to.serialize_f64(*micros as f64 / 1_000.0)
    }

    pub(in super::super) fn deserialize<'de, D: Deserializer<'de>>(
        from: D,
    ) -> Result<Micros, D::Error> {
        let millis = f64::deserialize(from)?;
        // A hundred years; beyond that a double has no microseconds any more.
        if !millis.is_finite() || millis.abs() > 3.2e12 {
            return Err(D::Error::custom("not a number of milliseconds"));
        }
        Ok((millis * 1_000.0).round() as Micros)
    }
}
