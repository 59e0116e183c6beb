//! Routes over Regions that a test scripts, on a paused clock.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "tests fail by panicking"
)]

mod hedges;
mod nearest;
mod probes;
mod scripted;
