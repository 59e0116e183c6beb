//! What C passes as pointer and length.

use std::ffi::c_char;
use std::time::Duration;

use crate::guard::{Failure, Outcome};
use crate::views::itemseal_text;

/// Elements that are `count` in a row.
///
/// # Safety
/// `data` is NULL, or `count` elements can be read from it during the call and nobody changes them.
pub(crate) unsafe fn elements<'a, T>(
    data: *const T,
    count: usize,
    name: &'static str,
) -> Outcome<&'a [T]> {
    if count == 0 {
        return Ok(&[]);
    }
    if data.is_null() {
        return Err(Failure::argument(format!("{name} is NULL, and its length is not 0")));
    }
    if !data.is_aligned() {
        return Err(Failure::argument(format!("{name} is not aligned as its type needs it")));
    }
    let size = count.checked_mul(size_of::<T>());
    if size.is_none_or(|size| isize::try_from(size).is_err()) {
        let message =
            format!("{name} is longer than memory can be ({count}); is its length negative?");
        return Err(Failure::argument(message));
    }
    // SAFETY: not NULL, aligned, not larger than an object can be; the caller answers for what is there.
    Ok(unsafe { std::slice::from_raw_parts(data, count) })
}

/// Text, which is UTF-8 and may hold NUL.
///
/// # Safety
/// As of [`elements`].
pub(crate) unsafe fn text<'a>(
    data: *const c_char,
    length: usize,
    name: &'static str,
) -> Outcome<&'a str> {
    // SAFETY: as this function's.
    let bytes = unsafe { elements(data.cast::<u8>(), length, name) }?;
    utf8(bytes, name)
}

pub(crate) fn utf8<'a>(bytes: &'a [u8], name: &'static str) -> Outcome<&'a str> {
    std::str::from_utf8(bytes).map_err(|error| {
        let at = error.valid_up_to();
        Failure::argument(format!("{name} is not UTF-8 (at byte {at})"))
    })
}

/// Text that may be left out, by NULL.
///
/// # Safety
/// As of [`elements`].
pub(crate) unsafe fn optional_text<'a>(
    data: *const c_char,
    length: usize,
    name: &'static str,
) -> Outcome<Option<&'a str>> {
    if data.is_null() && length == 0 {
        return Ok(None);
    }
    // SAFETY: as this function's.
    unsafe { text(data, length, name) }.map(Some)
}

/// Texts in a row.
///
/// # Safety
/// As of [`elements`], and of each text too.
pub(crate) unsafe fn texts(
    data: *const itemseal_text,
    count: usize,
    name: &'static str,
) -> Outcome<Vec<String>> {
    // SAFETY: as this function's.
    let texts = unsafe { elements(data, count, name) }?;
    // SAFETY: as this function's.
    texts.iter().map(|text| unsafe { text.read(name) }.map(str::to_owned)).collect()
}

/// A structure of options that may be left out, by NULL.
///
/// # Safety
/// `options` is NULL, or can be read during the call.
pub(crate) unsafe fn optional<'a, T>(
    options: *const T,
    name: &'static str,
) -> Outcome<Option<&'a T>> {
    // SAFETY: as this function's.
    Ok(unsafe { elements(options, usize::from(!options.is_null()), name) }?.first())
}

/// A time in milliseconds, where 0 stands for what holds unless it is given.
pub(crate) fn milliseconds(given: u32) -> Option<Duration> {
    (given > 0).then(|| Duration::from_millis(u64::from(given)))
}
