//! For this library's own tests only, and not in the header.

use crate::error::itemseal_error;
use crate::guard::guard;
use crate::status::itemseal_status;

/// A body of the tests' with the guard around it, as every exported function has. It is generic, so that nothing of it is in the
/// library: only who calls it (tests/hooks) has it.
pub fn guarded(error: *mut *mut itemseal_error, body: impl FnOnce()) -> itemseal_status {
    guard(error, || {
        body();
        Ok(())
    })
}
