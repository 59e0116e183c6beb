//! The committed header is what cbindgen makes of the crate. `ITEMSEAL_WRITE_HEADER=1` writes it.

#![allow(clippy::unwrap_used, reason = "a test")]

#[path = "../../c/tests/header/made.rs"]
mod made;

const HEADER: made::Header = made::Header {
    file: "itemseal_lab.h",
    prefix: "itemseal_lab_",
    first: &[
        "version.rs",
        "status.rs",
        "error.rs",
        "text.rs",
        "string.rs",
        "builder.rs",
        "lab.rs",
        "keys.rs",
    ],
    functions: 35,
};

#[test]
fn the_header_is_made_from_the_code() {
    HEADER.is_made_from_the_code();
}

#[test]
fn every_exported_function_is_in_it() {
    HEADER.has_every_exported_function();
}
