//! Attributes of an item: set, by type.

use std::ffi::c_char;

use itemseal::AttributeValue;

use super::itemseal_item;
use super::value::itemseal_value;
use crate::arguments;
use crate::error::itemseal_error;
use crate::guard::{Outcome, guard};
use crate::handle;
use crate::status::itemseal_status;
use crate::wipe;

/// Sets an attribute; what it was before is wiped.
///
/// # Safety
/// `item` is NULL or an item that nobody else uses, and `length` bytes can be read from `name`.
pub(super) unsafe fn set(
    item: *mut itemseal_item,
    name: *const c_char,
    length: usize,
    value: impl FnOnce() -> Outcome<AttributeValue>,
) -> Outcome {
    // SAFETY: as this function's.
    let (item, name) =
        unsafe { (handle::exclusive(item)?, arguments::text(name, length, "name")?) };
    if let Some(mut old) = item.insert(name, value()?) {
        wipe::value(&mut old);
    }
    Ok(())
}

/// Sets an attribute to text (S). Name and text are copied; what the attribute was before is wiped.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itemseal_item_set_string(
    item: *mut itemseal_item,
    name: *const c_char,
    name_length: usize,
    text: *const c_char,
    text_length: usize,
    error: *mut *mut itemseal_error,
) -> itemseal_status {
    guard(error, || {
        // SAFETY: the header requires that `text_length` bytes can be read.
        let value =
            || unsafe { arguments::text(text, text_length, "text") }.map(AttributeValue::from);
        // SAFETY: the header requires an item that nobody else uses, and that the name can be read.
        unsafe { set(item, name, name_length, value) }
    })
}

/// Sets an attribute to a number (N), given as text such as `-0.5` or `1E3`: at most 38 significant digits. It is kept as given,
/// and checked when the item is encrypted.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itemseal_item_set_number(
    item: *mut itemseal_item,
    name: *const c_char,
    name_length: usize,
    number: *const c_char,
    number_length: usize,
    error: *mut *mut itemseal_error,
) -> itemseal_status {
    guard(error, || {
        let value = || {
            // SAFETY: the header requires that `number_length` bytes can be read.
            let number = unsafe { arguments::text(number, number_length, "number") }?;
            Ok(AttributeValue::N(number.to_owned()))
        };
        // SAFETY: the header requires an item that nobody else uses, and that the name can be read.
        unsafe { set(item, name, name_length, value) }
    })
}

/// Sets an attribute to a number (N) that is whole.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itemseal_item_set_int64(
    item: *mut itemseal_item,
    name: *const c_char,
    name_length: usize,
    number: i64,
    error: *mut *mut itemseal_error,
) -> itemseal_status {
    guard(error, || {
        // SAFETY: the header requires an item that nobody else uses, and that the name can be read.
        unsafe { set(item, name, name_length, || Ok(number.into())) }
    })
}

/// Sets an attribute to bytes (B), which are copied.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itemseal_item_set_binary(
    item: *mut itemseal_item,
    name: *const c_char,
    name_length: usize,
    data: *const u8,
    data_length: usize,
    error: *mut *mut itemseal_error,
) -> itemseal_status {
    guard(error, || {
        let value = || {
            // SAFETY: the header requires that `data_length` bytes can be read.
            let data = unsafe { arguments::elements(data, data_length, "data") }?;
            Ok(AttributeValue::B(data.to_vec()))
        };
        // SAFETY: the header requires an item that nobody else uses, and that the name can be read.
        unsafe { set(item, name, name_length, value) }
    })
}

/// Sets an attribute to true or false (BOOL): any number but 0 is true.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itemseal_item_set_bool(
    item: *mut itemseal_item,
    name: *const c_char,
    name_length: usize,
    value: u8,
    error: *mut *mut itemseal_error,
) -> itemseal_status {
    guard(error, || {
        // SAFETY: the header requires an item that nobody else uses, and that the name can be read.
        unsafe { set(item, name, name_length, || Ok((value != 0).into())) }
    })
}

/// Sets an attribute to null (NULL).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itemseal_item_set_null(
    item: *mut itemseal_item,
    name: *const c_char,
    name_length: usize,
    error: *mut *mut itemseal_error,
) -> itemseal_status {
    guard(error, || {
        // SAFETY: the header requires an item that nobody else uses, and that the name can be read.
        unsafe { set(item, name, name_length, || Ok(AttributeValue::Null)) }
    })
}

/// Sets an attribute to what is in `value`, of any type. It is moved, not copied: `value` is null afterwards, stays the caller's,
/// and is still to be freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itemseal_item_set_value(
    item: *mut itemseal_item,
    name: *const c_char,
    name_length: usize,
    value: *mut itemseal_value,
    error: *mut *mut itemseal_error,
) -> itemseal_status {
    guard(error, || {
        let taken = || {
            // SAFETY: the header requires NULL or a value that nobody else uses; it is no item, so not `item`.
            let value = unsafe { handle::exclusive(value) }?;
            Ok(std::mem::replace(value, AttributeValue::Null))
        };
        // SAFETY: the header requires an item that nobody else uses, and that the name can be read.
        unsafe { set(item, name, name_length, taken) }
    })
}
