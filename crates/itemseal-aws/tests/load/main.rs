//! A Region's KMS, its DynamoDB and both are taken away under load, and given back.
//!
//! `make load` prints the timeline. Everything is on a real socket and the machine's clock: what hangs
//! takes real time.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "tests fail by panicking"
)]

mod load;
mod outages;
mod slow_kms;
mod timeline;
mod world;
