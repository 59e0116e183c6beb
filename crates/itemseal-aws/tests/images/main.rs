//! What DynamoDB sends elsewhere: records of its streams, and data files of exports and imports.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    unreachable_pub,
    reason = "tests fail by panicking"
)]

mod data_files;
mod kinesis_events;
mod manifests;
mod records;
mod sdk_records;
mod world;
