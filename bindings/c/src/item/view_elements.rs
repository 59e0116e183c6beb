//! What is in sets, lists and maps.

use std::ffi::c_char;

use itemseal::AttributeValue;

use super::value::wrong;
use super::view::itemseal_view;
use crate::arguments;
use crate::error::itemseal_error;
use crate::guard::{Failure, Outcome, guard};
use crate::handle::Out;
use crate::status::itemseal_status;
use crate::views::{itemseal_bytes, itemseal_text};

/// How many elements a set, list or map has, in `*out`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itemseal_view_count(
    view: itemseal_view,
    out: *mut usize,
    error: *mut *mut itemseal_error,
) -> itemseal_status {
    guard(error, || {
        // SAFETY: the header requires a view that is still borrowed, and an `out` that may be written.
        let (value, out) = unsafe { (view.value()?, Out::new(out, "out")?) };
        out.put(match value {
            AttributeValue::Ss(set) | AttributeValue::Ns(set) => set.len(),
            AttributeValue::Bs(set) => set.len(),
            AttributeValue::L(list) => list.len(),
            AttributeValue::M(map) => map.len(),
            other => return Err(wrong(other, "a set, a list or a map")),
        });
        Ok(())
    })
}

/// An element of a set of strings or of numbers (SS, NS), counted from 0, in `*out`: borrowed as long as the view.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itemseal_view_text_at(
    view: itemseal_view,
    index: usize,
    out: *mut itemseal_text,
    error: *mut *mut itemseal_error,
) -> itemseal_status {
    guard(error, || {
        // SAFETY: the header requires a view that is still borrowed, and an `out` that may be written.
        let (value, out) = unsafe { (view.value()?, Out::new(out, "out")?) };
        let (AttributeValue::Ss(set) | AttributeValue::Ns(set)) = value else {
            return Err(wrong(value, "a set of strings or of numbers"));
        };
        out.put(at(set, index)?.as_str().into());
        Ok(())
    })
}

/// An element of a set of byte strings (BS), counted from 0, in `*out`: borrowed as long as the view.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itemseal_view_binary_at(
    view: itemseal_view,
    index: usize,
    out: *mut itemseal_bytes,
    error: *mut *mut itemseal_error,
) -> itemseal_status {
    guard(error, || {
        // SAFETY: the header requires a view that is still borrowed, and an `out` that may be written.
        let (value, out) = unsafe { (view.value()?, Out::new(out, "out")?) };
        let AttributeValue::Bs(set) = value else {
            return Err(wrong(value, "a set of byte strings"));
        };
        out.put(at(set, index)?.as_slice().into());
        Ok(())
    })
}

/// An element of a list (L), counted from 0, in `*out`: borrowed as long as the view.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itemseal_view_at(
    view: itemseal_view,
    index: usize,
    out: *mut itemseal_view,
    error: *mut *mut itemseal_error,
) -> itemseal_status {
    guard(error, || {
        // SAFETY: the header requires a view that is still borrowed, and an `out` that may be written.
        let (value, out) = unsafe { (view.value()?, Out::new(out, "out")?) };
        let AttributeValue::L(list) = value else { return Err(wrong(value, "a list")) };
        out.put(itemseal_view::of(at(list, index)?));
        Ok(())
    })
}

/// An entry of a map (M), in `*out`: borrowed as long as the view. `ITEMSEAL_STATUS_NOT_FOUND` if there is none of this name.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itemseal_view_get(
    view: itemseal_view,
    name: *const c_char,
    name_length: usize,
    out: *mut itemseal_view,
    error: *mut *mut itemseal_error,
) -> itemseal_status {
    guard(error, || {
        // SAFETY: the header requires a view that is still borrowed, and an `out` that may be written.
        let (value, out) = unsafe { (view.value()?, Out::new(out, "out")?) };
        // SAFETY: the header requires that `name_length` bytes can be read.
        let name = unsafe { arguments::text(name, name_length, "name") }?;
        let AttributeValue::M(map) = value else { return Err(wrong(value, "a map")) };
        let entry = map.get(name);
        let entry = entry.ok_or_else(|| Failure::not_found(format!("the map has no {name:?}")))?;
        out.put(itemseal_view::of(entry));
        Ok(())
    })
}

fn at<T>(elements: &[T], index: usize) -> Outcome<&T> {
    elements.get(index).ok_or_else(|| {
        let count = elements.len();
        Failure::not_found(format!("there is no element {index}: there are {count}, from 0"))
    })
}
