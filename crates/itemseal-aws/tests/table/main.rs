//! Encrypted tables against the lab's endpoint, each operation's rules.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    unreachable_pub,
    reason = "tests fail by panicking"
)]

mod batches;
mod bench;
mod from_file;
mod many_items;
mod observed;
mod one_item;
mod pages;
mod plaintext;
mod reads;
mod refusals;
mod regions;
mod stream;
mod transactions;
mod versions;
mod wire;
mod writes;
