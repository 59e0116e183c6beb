//! Attributes of an item: read.

use std::ffi::c_char;

use itemseal::AttributeValue;

use super::itemseal_item;
use super::view::{self, itemseal_view};
use crate::arguments;
use crate::error::itemseal_error;
use crate::guard::{Failure, Outcome, guard};
use crate::handle::{self, Out};
use crate::status::itemseal_status;
use crate::views::{itemseal_bytes, itemseal_text};

/// # Safety
/// `item` is NULL or an item that is alive and unchanged, and `length` bytes can be read from `name`.
unsafe fn attribute<'a>(
    item: *const itemseal_item,
    name: *const c_char,
    length: usize,
) -> Outcome<(&'a AttributeValue, &'a str)> {
    // SAFETY: as this function's.
    let (item, name) = unsafe { (handle::shared(item)?, arguments::text(name, length, "name")?) };
    match item.get(name) {
        Some(value) => Ok((value, name)),
        None => Err(Failure::not_found(format!("the item has no attribute {name:?}"))),
    }
}

/// How many attributes an item has, in `*out`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itemseal_item_count(
    item: *const itemseal_item,
    out: *mut usize,
    error: *mut *mut itemseal_error,
) -> itemseal_status {
    guard(error, || {
        // SAFETY: the header requires NULL or an item that is alive, and an `out` that may be written.
        let (item, out) = unsafe { (handle::shared(item)?, Out::new(out, "out")?) };
        out.put(item.len());
        Ok(())
    })
}

/// An item's size in bytes, in `*out`, as DynamoDB counts it against its limit of 409,600.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itemseal_item_size_bytes(
    item: *const itemseal_item,
    out: *mut usize,
    error: *mut *mut itemseal_error,
) -> itemseal_status {
    guard(error, || {
        // SAFETY: the header requires NULL or an item that is alive, and an `out` that may be written.
        let (item, out) = unsafe { (handle::shared(item)?, Out::new(out, "out")?) };
        out.put(item.size_bytes());
        Ok(())
    })
}

/// An attribute's value, in `*out`: borrowed until the item is changed or freed. `ITEMSEAL_STATUS_NOT_FOUND` if there is none of
/// this name.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itemseal_item_get(
    item: *const itemseal_item,
    name: *const c_char,
    name_length: usize,
    out: *mut itemseal_view,
    error: *mut *mut itemseal_error,
) -> itemseal_status {
    guard(error, || {
        // SAFETY: the header requires an `out` that may be written.
        let out = unsafe { Out::new(out, "out") }?;
        // SAFETY: the header requires NULL or an item that is alive, and that the name can be read.
        let (value, _) = unsafe { attribute(item, name, name_length) }?;
        out.put(itemseal_view::of(value));
        Ok(())
    })
}

/// The text of an attribute that is a string (S), in `*out`: borrowed until the item is changed or freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itemseal_item_get_string(
    item: *const itemseal_item,
    name: *const c_char,
    name_length: usize,
    out: *mut itemseal_text,
    error: *mut *mut itemseal_error,
) -> itemseal_status {
    guard(error, || {
        // SAFETY: the header requires an `out` that may be written.
        let out = unsafe { Out::new(out, "out") }?;
        // SAFETY: the header requires NULL or an item that is alive, and that the name can be read.
        let (value, name) = unsafe { attribute(item, name, name_length) }?;
        out.put(view::string(value).map_err(|failure| failure.of_attribute(name))?.into());
        Ok(())
    })
}

/// The text of an attribute that is a number (N), in `*out`: borrowed until the item is changed or freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itemseal_item_get_number(
    item: *const itemseal_item,
    name: *const c_char,
    name_length: usize,
    out: *mut itemseal_text,
    error: *mut *mut itemseal_error,
) -> itemseal_status {
    guard(error, || {
        // SAFETY: the header requires an `out` that may be written.
        let out = unsafe { Out::new(out, "out") }?;
        // SAFETY: the header requires NULL or an item that is alive, and that the name can be read.
        let (value, name) = unsafe { attribute(item, name, name_length) }?;
        out.put(view::number(value).map_err(|failure| failure.of_attribute(name))?.into());
        Ok(())
    })
}

/// The bytes of an attribute that is binary (B), in `*out`: borrowed until the item is changed or freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itemseal_item_get_binary(
    item: *const itemseal_item,
    name: *const c_char,
    name_length: usize,
    out: *mut itemseal_bytes,
    error: *mut *mut itemseal_error,
) -> itemseal_status {
    guard(error, || {
        // SAFETY: the header requires an `out` that may be written.
        let out = unsafe { Out::new(out, "out") }?;
        // SAFETY: the header requires NULL or an item that is alive, and that the name can be read.
        let (value, name) = unsafe { attribute(item, name, name_length) }?;
        out.put(view::binary(value).map_err(|failure| failure.of_attribute(name))?.into());
        Ok(())
    })
}

/// An attribute that is true or false (BOOL), in `*out`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itemseal_item_get_bool(
    item: *const itemseal_item,
    name: *const c_char,
    name_length: usize,
    out: *mut bool,
    error: *mut *mut itemseal_error,
) -> itemseal_status {
    guard(error, || {
        // SAFETY: the header requires an `out` that may be written.
        let out = unsafe { Out::new(out, "out") }?;
        // SAFETY: the header requires NULL or an item that is alive, and that the name can be read.
        let (value, name) = unsafe { attribute(item, name, name_length) }?;
        out.put(view::boolean(value).map_err(|failure| failure.of_attribute(name))?);
        Ok(())
    })
}
