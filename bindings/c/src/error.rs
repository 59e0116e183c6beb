//! What a call that failed tells.

use std::ffi::{CString, c_char};
use std::ptr;

use zeroize::Zeroizing;

use crate::guard::{Failure, guard_value};
use crate::handle::{self, Handle};
use crate::status::itemseal_status;
use crate::table;
use crate::views::itemseal_bytes;

/// Why a call failed. Never changes: may be read by many threads, and freed by any. It holds no plaintext and no key, but for what
/// `itemseal_error_found` gives, which freeing it wipes.
pub struct itemseal_error {
    _opaque: [u8; 0],
}

impl Handle for itemseal_error {
    type Inner = Told;
    const NAME: &'static str = "itemseal_error";
    const TAG: u64 = u64::from_le_bytes(*b"is error");
}

/// What an error says, as C reads it.
pub(crate) struct Told {
    status: itemseal_status,
    message: CString,
    attribute: Option<CString>,
    region: Option<CString>,
    code: Option<CString>,
    request_id: Option<CString>,
    retryable: bool,
    found: Option<Zeroizing<Vec<u8>>>,
}

impl Told {
    pub(crate) fn of(status: itemseal_status, failure: &Failure) -> Self {
        match failure {
            Failure::Here(_, message) => Self {
                status,
                message: c_text(message),
                attribute: None,
                region: None,
                code: None,
                request_id: None,
                retryable: false,
                found: None,
            },
            Failure::Core(error) => Self {
                status,
                message: c_text(&error.to_string()),
                attribute: error.attribute().map(c_text),
                region: error.region().map(c_text),
                code: error.code().map(c_text),
                request_id: error.request_id().map(c_text),
                retryable: error.is_retryable(),
                found: table::found(error).map(Zeroizing::new),
            },
        }
    }
}

/// An attribute's name can hold a NUL, which would end C's text.
fn c_text(text: &str) -> CString {
    CString::new(text.replace('\0', "\u{fffd}")).unwrap_or_default()
}

/// # Safety
/// `error` is NULL or an error that is alive.
unsafe fn told<T>(error: *const itemseal_error, otherwise: T, of: impl FnOnce(&Told) -> T) -> T
where
    T: Copy,
{
    // SAFETY: as this function's.
    guard_value(otherwise, || unsafe { handle::shared(error) }.map_or(otherwise, of))
}

fn pointer(text: &Option<CString>) -> *const c_char {
    text.as_ref().map_or(ptr::null(), |text| text.as_ptr())
}

/// The status that the call returned; `ITEMSEAL_STATUS_OK` if `error` is NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itemseal_error_status(error: *const itemseal_error) -> itemseal_status {
    // SAFETY: the header requires NULL or an error that is alive.
    unsafe { told(error, itemseal_status::Ok, |told| told.status) }
}

/// What is wrong and what to do, in one sentence, UTF-8 with a NUL at its end. It lives as long as `error`; empty if `error`
/// is NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itemseal_error_message(error: *const itemseal_error) -> *const c_char {
    // SAFETY: the header requires NULL or an error that is alive.
    unsafe { told(error, c"".as_ptr(), |told| told.message.as_ptr()) }
}

/// The name of the attribute that the error is about, or NULL. It lives as long as `error`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itemseal_error_attribute(error: *const itemseal_error) -> *const c_char {
    // SAFETY: the header requires NULL or an error that is alive.
    unsafe { told(error, ptr::null(), |told| pointer(&told.attribute)) }
}

/// The AWS Region that answered, or did not, or NULL. It lives as long as `error`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itemseal_error_region(error: *const itemseal_error) -> *const c_char {
    // SAFETY: the header requires NULL or an error that is alive.
    unsafe { told(error, ptr::null(), |told| pointer(&told.region)) }
}

/// The AWS service's error code, such as `DisabledException`, or NULL. It lives as long as `error`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itemseal_error_code(error: *const itemseal_error) -> *const c_char {
    // SAFETY: the header requires NULL or an error that is alive.
    unsafe { told(error, ptr::null(), |told| pointer(&told.code)) }
}

/// The AWS service's request id, or NULL. It lives as long as `error`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itemseal_error_request_id(error: *const itemseal_error) -> *const c_char {
    // SAFETY: the header requires NULL or an error that is alive.
    unsafe { told(error, ptr::null(), |told| pointer(&told.request_id)) }
}

/// Whether the same call can succeed later, or in another Region.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itemseal_error_is_retryable(error: *const itemseal_error) -> bool {
    // SAFETY: the header requires NULL or an error that is alive.
    unsafe { told(error, false, |told| told.retryable) }
}

/// What DynamoDB found when a condition did not hold, if the request asked for it (`ReturnValuesOnConditionCheckFailure`) and it opens:
/// `{"Item"}` in JSON; of a transaction `{"CancellationReasons": [{"Code", "Item"}]}`, one for each part. Bytes of length 0 if there is nothing.
/// They live as long as `error`, without a NUL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itemseal_error_found(error: *const itemseal_error) -> itemseal_bytes {
    let nothing = itemseal_bytes { data: ptr::null(), length: 0 };
    let of = |told: &Told| told.found.as_ref().map_or(nothing, |found| found.as_slice().into());
    // SAFETY: the header requires NULL or an error that is alive.
    unsafe { told(error, nothing, of) }
}

/// Frees an error. NULL is fine.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itemseal_error_free(error: *mut itemseal_error) {
    // SAFETY: the header requires NULL or an error that nobody uses any more.
    unsafe { handle::free(error, |_| {}) }
}
