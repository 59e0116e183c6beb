//! What a call that failed tells.

use std::error::Error;
use std::ffi::{CString, c_char};
use std::ptr;

use crate::guard::{Failure, guard_value};
use crate::handle::{self, Handle};
use crate::status::itemseal_lab_status;

pub(crate) use itemseal_lab_error as itemseal_error;

/// Why a call failed. Never changes: may be read by many threads, and freed by any.
pub struct itemseal_lab_error {
    _opaque: [u8; 0],
}

impl Handle for itemseal_lab_error {
    type Inner = Told;
    const NAME: &'static str = "itemseal_lab_error";
    const TAG: u64 = u64::from_le_bytes(*b"islerror");
}

/// What an error says, as C reads it.
pub(crate) struct Told {
    status: itemseal_lab_status,
    message: CString,
    code: Option<CString>,
}

impl Told {
    pub(crate) fn of(status: itemseal_lab_status, failure: &Failure) -> Self {
        match failure {
            Failure::Here(_, message) => Self { status, message: c_text(message), code: None },
            Failure::Core(error) => {
                let causes = std::iter::successors(error.source(), |&error| error.source());
                let message =
                    causes.fold(error.to_string(), |said, cause| format!("{said}: {cause}"));
                Self { status, message: c_text(&message), code: error.code().map(c_text) }
            }
        }
    }
}

/// A name that was passed in can hold a NUL, which would end C's text.
pub(crate) fn c_text(text: &str) -> CString {
    CString::new(text.replace('\0', "\u{fffd}")).unwrap_or_default()
}

/// # Safety
/// `error` is NULL or an error that is alive.
unsafe fn told<T: Copy>(
    error: *const itemseal_lab_error,
    otherwise: T,
    of: impl FnOnce(&Told) -> T,
) -> T {
    // SAFETY: as this function's.
    guard_value(otherwise, || unsafe { handle::shared(error) }.map_or(otherwise, of))
}

/// The status that the call returned; `ITEMSEAL_LAB_STATUS_OK` if `error` is NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itemseal_lab_error_status(
    error: *const itemseal_lab_error,
) -> itemseal_lab_status {
    // SAFETY: the header requires NULL or an error that is alive.
    unsafe { told(error, itemseal_lab_status::Ok, |told| told.status) }
}

/// What is wrong and what to do, UTF-8 with a NUL at its end. It lives as long as `error`; empty if `error` is NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itemseal_lab_error_message(
    error: *const itemseal_lab_error,
) -> *const c_char {
    // SAFETY: the header requires NULL or an error that is alive.
    unsafe { told(error, c"".as_ptr(), |told| told.message.as_ptr()) }
}

/// The code that KMS or DynamoDB refused with, such as `AlreadyExistsException`, or NULL. It lives as long as `error`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itemseal_lab_error_code(
    error: *const itemseal_lab_error,
) -> *const c_char {
    let code = |told: &Told| told.code.as_ref().map_or(ptr::null(), |code| code.as_ptr());
    // SAFETY: the header requires NULL or an error that is alive.
    unsafe { told(error, ptr::null(), code) }
}

/// Frees an error. NULL is fine.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itemseal_lab_error_free(error: *mut itemseal_lab_error) {
    // SAFETY: the header requires NULL or an error that nobody uses any more.
    unsafe { handle::free(error, |_| {}) }
}
