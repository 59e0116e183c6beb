//! Values of their own, to build lists and maps from.

use std::collections::BTreeMap;
use std::ffi::c_char;

use itemseal::{AttributeValue, MAX_DEPTH};

use super::sets::{binaries, texts};
use super::view::itemseal_view;
use crate::arguments;
use crate::error::itemseal_error;
use crate::guard::{Failure, Outcome, guard};
use crate::handle::{self, Handle, Out};
use crate::status::itemseal_status;
use crate::views::{itemseal_bytes, itemseal_text};
use crate::wipe;

/// A value that is in no item yet: for lists and maps, built from the inside. One thread at a time. Freeing it wipes it.
pub struct itemseal_value {
    _opaque: [u8; 0],
}

impl Handle for itemseal_value {
    type Inner = AttributeValue;
    const NAME: &'static str = "itemseal_value";
    const TAG: u64 = u64::from_le_bytes(*b"is value");
}

/// # Safety
/// `out` is NULL or may be written.
unsafe fn give(
    out: *mut *mut itemseal_value,
    value: impl FnOnce() -> Outcome<AttributeValue>,
) -> Outcome {
    // SAFETY: as this function's.
    let out = unsafe { Out::new(out, "out") }?;
    out.give(value()?);
    Ok(())
}

/// Makes text (S), which is copied. On success `*out` is the caller's, to be freed with `itemseal_value_free`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itemseal_value_string(
    text: *const c_char,
    text_length: usize,
    out: *mut *mut itemseal_value,
    error: *mut *mut itemseal_error,
) -> itemseal_status {
    guard(error, || {
        // SAFETY: the header requires that `text_length` bytes can be read.
        let value = || Ok(unsafe { arguments::text(text, text_length, "text") }?.into());
        // SAFETY: the header requires an `out` that may be written.
        unsafe { give(out, value) }
    })
}

/// Makes a number (N), given as text as for `itemseal_item_set_number`. On success `*out` is the caller's, to be freed with
/// `itemseal_value_free`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itemseal_value_number(
    number: *const c_char,
    number_length: usize,
    out: *mut *mut itemseal_value,
    error: *mut *mut itemseal_error,
) -> itemseal_status {
    guard(error, || {
        let value = || {
            // SAFETY: the header requires that `number_length` bytes can be read.
            let number = unsafe { arguments::text(number, number_length, "number") }?;
            Ok(AttributeValue::N(number.to_owned()))
        };
        // SAFETY: the header requires an `out` that may be written.
        unsafe { give(out, value) }
    })
}

/// Makes bytes (B), which are copied. On success `*out` is the caller's, to be freed with `itemseal_value_free`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itemseal_value_binary(
    data: *const u8,
    data_length: usize,
    out: *mut *mut itemseal_value,
    error: *mut *mut itemseal_error,
) -> itemseal_status {
    guard(error, || {
        let value = || {
            // SAFETY: the header requires that `data_length` bytes can be read.
            let data = unsafe { arguments::elements(data, data_length, "data") }?;
            Ok(AttributeValue::B(data.to_vec()))
        };
        // SAFETY: the header requires an `out` that may be written.
        unsafe { give(out, value) }
    })
}

/// Makes true or false (BOOL): any number but 0 is true. On success `*out` is the caller's, to be freed with
/// `itemseal_value_free`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itemseal_value_bool(
    value: u8,
    out: *mut *mut itemseal_value,
    error: *mut *mut itemseal_error,
) -> itemseal_status {
    // SAFETY: the header requires an `out` that may be written.
    guard(error, || unsafe { give(out, || Ok((value != 0).into())) })
}

/// Makes null (NULL). On success `*out` is the caller's, to be freed with `itemseal_value_free`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itemseal_value_null(
    out: *mut *mut itemseal_value,
    error: *mut *mut itemseal_error,
) -> itemseal_status {
    // SAFETY: the header requires an `out` that may be written.
    guard(error, || unsafe { give(out, || Ok(AttributeValue::Null)) })
}

/// Makes a set of strings (SS) of `count` elements, which are copied. On success `*out` is the caller's, to be freed with
/// `itemseal_value_free`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itemseal_value_string_set(
    elements: *const itemseal_text,
    count: usize,
    out: *mut *mut itemseal_value,
    error: *mut *mut itemseal_error,
) -> itemseal_status {
    guard(error, || {
        // SAFETY: the header requires that `count` elements can be read.
        let value = || Ok(AttributeValue::Ss(unsafe { texts(elements, count) }?));
        // SAFETY: the header requires an `out` that may be written.
        unsafe { give(out, value) }
    })
}

/// Makes a set of numbers (NS), given as text, of `count` elements, which are copied. On success `*out` is the caller's, to be freed
/// with `itemseal_value_free`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itemseal_value_number_set(
    elements: *const itemseal_text,
    count: usize,
    out: *mut *mut itemseal_value,
    error: *mut *mut itemseal_error,
) -> itemseal_status {
    guard(error, || {
        // SAFETY: the header requires that `count` elements can be read.
        let value = || Ok(AttributeValue::Ns(unsafe { texts(elements, count) }?));
        // SAFETY: the header requires an `out` that may be written.
        unsafe { give(out, value) }
    })
}

/// Makes a set of byte strings (BS) of `count` elements, which are copied. On success `*out` is the caller's, to be freed with
/// `itemseal_value_free`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itemseal_value_binary_set(
    elements: *const itemseal_bytes,
    count: usize,
    out: *mut *mut itemseal_value,
    error: *mut *mut itemseal_error,
) -> itemseal_status {
    guard(error, || {
        // SAFETY: the header requires that `count` elements can be read.
        let value = || Ok(AttributeValue::Bs(unsafe { binaries(elements, count) }?));
        // SAFETY: the header requires an `out` that may be written.
        unsafe { give(out, value) }
    })
}

/// Makes an empty list (L). On success `*out` is the caller's, to be freed with `itemseal_value_free`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itemseal_value_list(
    out: *mut *mut itemseal_value,
    error: *mut *mut itemseal_error,
) -> itemseal_status {
    // SAFETY: the header requires an `out` that may be written.
    guard(error, || unsafe { give(out, || Ok(AttributeValue::L(Vec::new()))) })
}

/// Makes an empty map (M). On success `*out` is the caller's, to be freed with `itemseal_value_free`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itemseal_value_map(
    out: *mut *mut itemseal_value,
    error: *mut *mut itemseal_error,
) -> itemseal_status {
    // SAFETY: the header requires an `out` that may be written.
    guard(error, || unsafe { give(out, || Ok(AttributeValue::M(BTreeMap::new()))) })
}

/// Copies a value of an item. On success `*out` is the caller's, to be freed with `itemseal_value_free`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itemseal_value_copy_of(
    view: itemseal_view,
    out: *mut *mut itemseal_value,
    error: *mut *mut itemseal_error,
) -> itemseal_status {
    guard(error, || {
        // SAFETY: the header requires a view whose item is alive and unchanged.
        let value = || Ok(unsafe { view.value() }?.clone());
        // SAFETY: the header requires an `out` that may be written.
        unsafe { give(out, value) }
    })
}

/// Adds `element` at the end of `list`. It is moved, not copied: `element` is null afterwards, stays the caller's, and is still to
/// be freed. A value is at most 32 levels deep.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itemseal_value_push(
    list: *mut itemseal_value,
    element: *mut itemseal_value,
    error: *mut *mut itemseal_error,
) -> itemseal_status {
    guard(error, || {
        // SAFETY: the header requires values that nobody else uses.
        let (list, element) = unsafe { two(list, element) }?;
        let AttributeValue::L(list) = list else { return Err(wrong(list, "a list")) };
        list.push(std::mem::replace(element, AttributeValue::Null));
        Ok(())
    })
}

/// Sets an entry of `map` to `element`. It is moved, not copied: `element` is null afterwards, stays the caller's, and is still to be
/// freed. A value is at most 32 levels deep.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itemseal_value_set(
    map: *mut itemseal_value,
    name: *const c_char,
    name_length: usize,
    element: *mut itemseal_value,
    error: *mut *mut itemseal_error,
) -> itemseal_status {
    guard(error, || {
        // SAFETY: the header requires values that nobody else uses.
        let (map, element) = unsafe { two(map, element) }?;
        let AttributeValue::M(map) = map else { return Err(wrong(map, "a map")) };
        // SAFETY: the header requires that `name_length` bytes can be read.
        let name = unsafe { arguments::text(name, name_length, "name") }?;
        let element = std::mem::replace(element, AttributeValue::Null);
        if let Some(mut old) = map.insert(name.to_owned(), element) {
            wipe::value(&mut old);
        }
        Ok(())
    })
}

/// A container and what goes into it: two handles, and together not too deep.
///
/// # Safety
/// Both are NULL or values that nobody else uses.
unsafe fn two<'a>(
    container: *mut itemseal_value,
    element: *mut itemseal_value,
) -> Outcome<(&'a mut AttributeValue, &'a mut AttributeValue)> {
    if container == element {
        return Err(Failure::argument("a value cannot be put into itself"));
    }
    // SAFETY: as this function's, and they are not the same.
    let (container, element) =
        unsafe { (handle::exclusive(container)?, handle::exclusive(element)?) };
    // Looked at here, so that nothing that walks through a value goes deeper than a stack is.
    if depth(element) >= MAX_DEPTH {
        let message = format!("nested deeper than the {MAX_DEPTH} levels that DynamoDB allows");
        return Err(Failure::Here(itemseal_status::TooLarge, message.into()));
    }
    Ok((container, element))
}

fn depth(value: &AttributeValue) -> usize {
    let deepest = match value {
        AttributeValue::L(list) => list.iter().map(depth).max(),
        AttributeValue::M(map) => map.values().map(depth).max(),
        _ => None,
    };
    1 + deepest.unwrap_or(0)
}

pub(super) fn wrong(found: &AttributeValue, expected: &str) -> Failure {
    let message = format!("the value is not {expected}, it is of type {}", found.type_name());
    Failure::Here(itemseal_status::WrongType, message.into())
}

/// Wipes a value and frees it. NULL is fine.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itemseal_value_free(value: *mut itemseal_value) {
    // SAFETY: the header requires NULL or a value that nobody uses any more.
    unsafe { handle::free(value, wipe::value) }
}
