//! The rules of operations on encrypted tables, for whoever hooks into another SDK.
//!
//! [`GlobalTable`](crate::GlobalTable) follows them, and so does every other client of ours: what one refuses, all
//! refuse. They are about the core's items and about text, and know no SDK. What has to be told differently
//! by different clients, the remedy, is theirs to give.

mod both;
mod expressions;
mod header;
mod image;
mod key;
mod legacy;
mod names;
mod page;
mod partiql;
mod size;
mod together;
mod tokens;
mod version;

pub use expressions::{Kind, Names, Projection, check_condition, check_update};
pub use header::only_if_encrypted;
pub use image::open_image;
pub use key::Key;
pub use legacy::refuse_legacy;
pub use names::still_used;
pub use page::{partial_index, table_in_arn};
pub use partiql::{no_table, not_partiql, table_of_statement};
pub use size::check_size;
pub use together::together;
pub use tokens::Tokens;
pub use version::Raised;

pub(crate) use expressions::placeholders;
pub(crate) use version::version_of;
