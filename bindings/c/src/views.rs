//! Bytes and text that belong to somebody else.

use std::ffi::c_char;

use crate::arguments;
use crate::guard::Outcome;

/// Bytes that are borrowed. `data` may be NULL if `length` is 0.
#[allow(clippy::exhaustive_structs, reason = "C makes it")]
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct itemseal_bytes {
    /// The first byte.
    pub data: *const u8,
    /// How many bytes there are.
    pub length: usize,
}

/// Text that is borrowed: UTF-8, without a NUL after it, and it may hold NULs. `data` may be NULL if `length` is 0.
#[allow(clippy::exhaustive_structs, reason = "C makes it")]
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct itemseal_text {
    /// The first byte.
    pub data: *const c_char,
    /// How many bytes there are.
    pub length: usize,
}

/// A name and a text, of an encryption context.
#[allow(clippy::exhaustive_structs, reason = "C makes it")]
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct itemseal_context_entry {
    /// Its name.
    pub name: itemseal_text,
    /// Its value.
    pub value: itemseal_text,
}

impl From<&[u8]> for itemseal_bytes {
    fn from(bytes: &[u8]) -> Self {
        Self { data: bytes.as_ptr(), length: bytes.len() }
    }
}

impl From<&str> for itemseal_text {
    fn from(text: &str) -> Self {
        Self { data: text.as_ptr().cast(), length: text.len() }
    }
}

impl itemseal_bytes {
    /// # Safety
    /// As of [`arguments::elements`].
    pub(crate) unsafe fn read<'a>(&self, name: &'static str) -> Outcome<&'a [u8]> {
        // SAFETY: as this function's.
        unsafe { arguments::elements(self.data, self.length, name) }
    }
}

impl itemseal_text {
    /// # Safety
    /// As of [`arguments::elements`].
    pub(crate) unsafe fn read<'a>(&self, name: &'static str) -> Outcome<&'a str> {
        // SAFETY: as this function's.
        unsafe { arguments::text(self.data, self.length, name) }
    }
}
