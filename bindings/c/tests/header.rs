//! The committed header is what cbindgen makes of the crate. `ITEMSEAL_WRITE_HEADER=1` writes it.

#![allow(clippy::unwrap_used, reason = "a test")]

#[path = "header/made.rs"]
mod made;

const HEADER: made::Header = made::Header {
    file: "itemseal.h",
    prefix: "itemseal_",
    first: &["version.rs", "status.rs", "error.rs", "views.rs", "buffer.rs", "item/mod.rs"],
    functions: 150,
};

#[test]
fn the_header_is_made_from_the_code() {
    HEADER.is_made_from_the_code();
}

#[test]
fn every_exported_function_is_in_it() {
    HEADER.has_every_exported_function();
}
