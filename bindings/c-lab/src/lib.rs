//! libitemseal_lab: the lab for C and C++. The header, `include/itemseal_lab.h`, is made from this crate and is its
//! documentation; what holds for every function stands at the header's top (`cbindgen.toml`).

#![allow(non_camel_case_types, reason = "the names are C's")]
#![allow(
    clippy::missing_safety_doc,
    reason = "what a caller owes is the same for every function, and stands once at the header's top"
)]

// libitemseal's own files: whatever handles pointers is there once. A crate between the two would have to be generic over
// status and error, which each library exports under names of its own; here the names `crate::status` and `crate::error`
// are enough.
#[allow(dead_code, reason = "the lab needs less of it")]
#[path = "../../c/src/arguments.rs"]
mod arguments;
#[allow(dead_code, reason = "the lab needs less of it")]
#[path = "../../c/src/guard.rs"]
mod guard;
#[allow(dead_code, reason = "the lab needs less of it")]
#[path = "../../c/src/handle.rs"]
mod handle;
/// The same by the names that `arguments.rs` knows.
mod views {
    #[allow(unused_imports, reason = "the lab needs less of it")]
    pub(crate) use crate::text::itemseal_lab_text as itemseal_text;
}

pub mod builder;
pub mod error;
pub mod faults;
pub mod keys;
pub mod lab;
mod request;
pub mod status;
pub mod string;
pub mod tables;
pub mod text;
pub mod time;
pub mod version;
