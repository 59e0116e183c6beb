//! The keyrings over KMS, beside a KMS that does what a test says.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "tests fail by panicking"
)]

mod failover;
mod load;
mod mrk;
mod scripted;
mod specification;
