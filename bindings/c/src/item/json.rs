//! Items in DynamoDB JSON.

use std::ffi::c_char;

use itemseal::Item;
use zeroize::Zeroizing;

use super::itemseal_item;
use crate::arguments;
use crate::buffer::itemseal_buffer;
use crate::error::itemseal_error;
use crate::guard::guard;
use crate::handle::{self, Out};
use crate::status::itemseal_status;

/// Reads an item in DynamoDB JSON, `{"OrderID": {"S": "12345"}}`. On success `*out` is the caller's, to be freed with
/// `itemseal_item_free`; `ITEMSEAL_STATUS_MALFORMED`, with line and column, if it is none.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itemseal_item_from_json(
    json: *const c_char,
    json_length: usize,
    out: *mut *mut itemseal_item,
    error: *mut *mut itemseal_error,
) -> itemseal_status {
    guard(error, || {
        // SAFETY: the header requires an `out` that may be written.
        let out = unsafe { Out::new(out, "out") }?;
        // SAFETY: the header requires that `json_length` bytes can be read.
        let json = unsafe { arguments::elements(json.cast::<u8>(), json_length, "json") }?;
        out.give(Item::from_json(json)?);
        Ok(())
    })
}

/// An item in DynamoDB JSON, on one line, in the order of the names, without a NUL at its end. On success `*out` is the caller's, to
/// be freed with `itemseal_buffer_free`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itemseal_item_to_json(
    item: *const itemseal_item,
    out: *mut *mut itemseal_buffer,
    error: *mut *mut itemseal_error,
) -> itemseal_status {
    guard(error, || {
        // SAFETY: the header requires NULL or an item that is alive, and an `out` that may be written.
        let (item, out) = unsafe { (handle::shared(item)?, Out::new(out, "out")?) };
        out.give(Zeroizing::new(item.to_json().into_bytes()));
        Ok(())
    })
}
