//! Key stores and hierarchical keyrings against the lab, in one Region and in several.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    unreachable_pub,
    reason = "tests fail by panicking"
)]

mod counts;
mod keys;
mod regions;
mod storm;
mod world;
