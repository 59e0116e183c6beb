//! Items in CBOR.

use itemseal::Item;
use zeroize::Zeroizing;

use super::itemseal_item;
use crate::arguments;
use crate::buffer::itemseal_buffer;
use crate::error::itemseal_error;
use crate::guard::guard;
use crate::handle::{self, Out};
use crate::status::itemseal_status;

/// Reads an item in CBOR (RFC 8949): the shape of DynamoDB JSON, with `B` and the elements of `BS` as byte strings. On success `*out`
/// is the caller's, to be freed with `itemseal_item_free`; `ITEMSEAL_STATUS_MALFORMED` if it is none.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itemseal_item_from_cbor(
    cbor: *const u8,
    cbor_length: usize,
    out: *mut *mut itemseal_item,
    error: *mut *mut itemseal_error,
) -> itemseal_status {
    guard(error, || {
        // SAFETY: the header requires an `out` that may be written.
        let out = unsafe { Out::new(out, "out") }?;
        // SAFETY: the header requires that `cbor_length` bytes can be read.
        let cbor = unsafe { arguments::elements(cbor, cbor_length, "cbor") }?;
        out.give(Item::from_cbor(cbor)?);
        Ok(())
    })
}

/// An item in CBOR, in the order of the names. On success `*out` is the caller's, to be freed with `itemseal_buffer_free`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itemseal_item_to_cbor(
    item: *const itemseal_item,
    out: *mut *mut itemseal_buffer,
    error: *mut *mut itemseal_error,
) -> itemseal_status {
    guard(error, || {
        // SAFETY: the header requires NULL or an item that is alive, and an `out` that may be written.
        let (item, out) = unsafe { (handle::shared(item)?, Out::new(out, "out")?) };
        out.give(Zeroizing::new(item.to_cbor()));
        Ok(())
    })
}
