//! For this library's own tests only, and not in the header.

use crate::error::itemseal_error;
use crate::guard::guard;
use crate::status::itemseal_status;

/// Panics inside.
#[allow(clippy::panic, reason = "what it is for")]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itemseal_test_panic(error: *mut *mut itemseal_error) -> itemseal_status {
    guard(error, || panic!("a test asked for it"))
}
