//! Items of a table under other keys, against the lab.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    unreachable_pub,
    reason = "tests fail by panicking"
)]

mod bad;
mod keys;
mod limits;
mod others;
mod resume;
mod world;
