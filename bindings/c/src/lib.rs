//! libitemseal: itemseal for C and C++. The header, `include/itemseal.h`, is made from this crate and is its
//! documentation; what holds for every function stands at the header's top (`cbindgen.toml`).

#![allow(non_camel_case_types, reason = "the names are C's")]
#![allow(
    clippy::missing_safety_doc,
    reason = "what a caller owes is the same for every function, and stands once at the header's top"
)]

mod arguments;
mod batch;
mod guard;
mod handle;
mod process;
#[cfg(unix)]
mod signals;
mod wait;
mod wipe;

pub mod answer;
pub mod aws;
pub mod buffer;
pub mod config;
pub mod doctor;
pub mod encryptor;
pub mod error;
pub mod item;
pub mod key_store;
pub mod keyring;
pub mod log;
pub mod status;
pub mod table;
#[doc(hidden)]
pub mod test_hooks;
pub mod version;
pub mod views;
