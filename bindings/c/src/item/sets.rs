//! Sets: attributes of an item that hold several strings, numbers or byte strings.

use std::ffi::c_char;

use itemseal::AttributeValue;

use super::itemseal_item;
use super::set::set;
use crate::arguments;
use crate::error::itemseal_error;
use crate::guard::{Outcome, guard};
use crate::status::itemseal_status;
use crate::views::{itemseal_bytes, itemseal_text};

/// # Safety
/// `count` elements can be read, and what they point to.
pub(super) unsafe fn texts(elements: *const itemseal_text, count: usize) -> Outcome<Vec<String>> {
    // SAFETY: as this function's.
    let elements = unsafe { arguments::elements(elements, count, "elements") }?;
    // SAFETY: as this function's.
    let text = |element: &itemseal_text| unsafe { element.read("an element") }.map(str::to_owned);
    elements.iter().map(text).collect()
}

/// # Safety
/// `count` elements can be read, and what they point to.
pub(super) unsafe fn binaries(
    elements: *const itemseal_bytes,
    count: usize,
) -> Outcome<Vec<Vec<u8>>> {
    // SAFETY: as this function's.
    let elements = unsafe { arguments::elements(elements, count, "elements") }?;
    // SAFETY: as this function's.
    let bytes =
        |element: &itemseal_bytes| unsafe { element.read("an element") }.map(<[u8]>::to_vec);
    elements.iter().map(bytes).collect()
}

/// Sets an attribute to a set of strings (SS): `count` elements, which are copied. That no two are equal is checked when the item
/// is encrypted.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itemseal_item_set_string_set(
    item: *mut itemseal_item,
    name: *const c_char,
    name_length: usize,
    elements: *const itemseal_text,
    count: usize,
    error: *mut *mut itemseal_error,
) -> itemseal_status {
    guard(error, || {
        // SAFETY: the header requires that `count` elements can be read.
        let value = || Ok(AttributeValue::Ss(unsafe { texts(elements, count) }?));
        // SAFETY: the header requires an item that nobody else uses, and that the name can be read.
        unsafe { set(item, name, name_length, value) }
    })
}

/// Sets an attribute to a set of numbers (NS), given as text: `count` elements, which are copied. They are checked when the item is
/// encrypted.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itemseal_item_set_number_set(
    item: *mut itemseal_item,
    name: *const c_char,
    name_length: usize,
    elements: *const itemseal_text,
    count: usize,
    error: *mut *mut itemseal_error,
) -> itemseal_status {
    guard(error, || {
        // SAFETY: the header requires that `count` elements can be read.
        let value = || Ok(AttributeValue::Ns(unsafe { texts(elements, count) }?));
        // SAFETY: the header requires an item that nobody else uses, and that the name can be read.
        unsafe { set(item, name, name_length, value) }
    })
}

/// Sets an attribute to a set of byte strings (BS): `count` elements, which are copied. That no two are equal is checked when the
/// item is encrypted.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itemseal_item_set_binary_set(
    item: *mut itemseal_item,
    name: *const c_char,
    name_length: usize,
    elements: *const itemseal_bytes,
    count: usize,
    error: *mut *mut itemseal_error,
) -> itemseal_status {
    guard(error, || {
        // SAFETY: the header requires that `count` elements can be read.
        let value = || Ok(AttributeValue::Bs(unsafe { binaries(elements, count) }?));
        // SAFETY: the header requires an item that nobody else uses, and that the name can be read.
        unsafe { set(item, name, name_length, value) }
    })
}
