//! The commands that a configuration file drives, as a user runs them.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "tests fail by panicking"
)]

mod bench;
mod doctor;
mod exports;
mod items;
mod keystore;
mod rewrap;
