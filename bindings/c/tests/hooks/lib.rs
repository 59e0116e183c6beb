//! libitemseal with a function more, for tests/panic.c: one that panics inside.

#![allow(missing_docs, reason = "a library for a test")]

use itemseal_c::error::itemseal_error;
use itemseal_c::status::itemseal_status;
use itemseal_c::test_hooks::guarded;

#[allow(clippy::panic, reason = "what it is for")]
#[unsafe(no_mangle)]
pub extern "C" fn itemseal_test_panic(error: *mut *mut itemseal_error) -> itemseal_status {
    guarded(error, || panic!("a test asked for it"))
}
