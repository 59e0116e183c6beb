//! Text that belongs to somebody else.

use std::ffi::c_char;

use crate::arguments;
use crate::guard::Outcome;

/// Text that is borrowed: UTF-8, without a NUL after it. `data` may be NULL if `length` is 0.
#[allow(clippy::exhaustive_structs, reason = "C makes it")]
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct itemseal_lab_text {
    /// The first byte.
    pub data: *const c_char,
    /// How many bytes there are.
    pub length: usize,
}

impl itemseal_lab_text {
    /// # Safety
    /// As of [`arguments::elements`].
    pub(crate) unsafe fn read<'a>(&self, name: &'static str) -> Outcome<&'a str> {
        // SAFETY: as this function's.
        unsafe { arguments::text(self.data, self.length, name) }
    }
}

/// An array of texts.
///
/// # Safety
/// As of [`arguments::elements`], for the array and for each text.
pub(crate) unsafe fn texts<'a>(
    data: *const itemseal_lab_text,
    count: usize,
    name: &'static str,
) -> Outcome<Vec<&'a str>> {
    // SAFETY: as this function's.
    let texts = unsafe { arguments::elements(data, count, name) }?;
    // SAFETY: as this function's.
    texts.iter().map(|text| unsafe { text.read(name) }).collect()
}
