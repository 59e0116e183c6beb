//! Text that the library made.

use std::ffi::{CString, c_char};

use crate::guard::guard_value;
use crate::handle::{self, Handle};

/// Text that the library made, such as a key's ARN. Never changes: may be read by many threads.
pub struct itemseal_lab_string {
    _opaque: [u8; 0],
}

impl Handle for itemseal_lab_string {
    type Inner = CString;
    const NAME: &'static str = "itemseal_lab_string";
    const TAG: u64 = u64::from_le_bytes(*b"islstrng");
}

/// The text, UTF-8 with a NUL at its end; empty if `string` is NULL. It lives as long as `string`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itemseal_lab_string_text(
    string: *const itemseal_lab_string,
) -> *const c_char {
    let empty = c"".as_ptr();
    // SAFETY: the header requires NULL or a string that is alive.
    guard_value(empty, || unsafe { handle::shared(string) }.map_or(empty, |text| text.as_ptr()))
}

/// Frees a string. NULL is fine.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itemseal_lab_string_free(string: *mut itemseal_lab_string) {
    // SAFETY: the header requires NULL or a string that nobody uses any more.
    unsafe { handle::free(string, |_| {}) }
}
