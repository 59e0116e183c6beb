//! Items: made, copied, freed; their attributes set in `set.rs`, read in `get.rs`.

pub mod cbor;
pub mod cursor;
pub mod get;
pub mod json;
pub mod set;
pub mod sets;
pub mod value;
pub mod view;
pub mod view_elements;

use std::ffi::c_char;

use itemseal::Item;

use crate::arguments;
use crate::error::itemseal_error;
use crate::guard::guard;
use crate::handle::{self, Handle, Out};
use crate::status::itemseal_status;
use crate::wipe;

/// An item: attributes by name. One thread at a time; many threads may read it while nobody changes it. Freeing it wipes its
/// values.
pub struct itemseal_item {
    _opaque: [u8; 0],
}

impl Handle for itemseal_item {
    type Inner = Item;
    const NAME: &'static str = "itemseal_item";
    const TAG: u64 = u64::from_le_bytes(*b"is item\0");
}

/// Makes an item without attributes. On success `*out` is the caller's, to be freed with `itemseal_item_free`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itemseal_item_new(
    out: *mut *mut itemseal_item,
    error: *mut *mut itemseal_error,
) -> itemseal_status {
    guard(error, || {
        // SAFETY: the header requires an `out` that may be written.
        unsafe { Out::new(out, "out") }?.give(Item::new());
        Ok(())
    })
}

/// Copies an item. On success `*out` is the caller's, to be freed with `itemseal_item_free`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itemseal_item_clone(
    item: *const itemseal_item,
    out: *mut *mut itemseal_item,
    error: *mut *mut itemseal_error,
) -> itemseal_status {
    guard(error, || {
        // SAFETY: the header requires NULL or an item that is alive, and an `out` that may be written.
        let (item, out) = unsafe { (handle::shared(item)?, Out::new(out, "out")?) };
        out.give(item.clone());
        Ok(())
    })
}

/// Takes an attribute out of an item and wipes it. That there is none is no error.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itemseal_item_remove(
    item: *mut itemseal_item,
    name: *const c_char,
    name_length: usize,
    error: *mut *mut itemseal_error,
) -> itemseal_status {
    guard(error, || {
        // SAFETY: the header requires NULL or an item that nobody else uses.
        let item = unsafe { handle::exclusive(item) }?;
        // SAFETY: the header requires that `name_length` bytes can be read.
        let name = unsafe { arguments::text(name, name_length, "name") }?;
        if let Some(mut old) = item.remove(name) {
            wipe::value(&mut old);
        }
        Ok(())
    })
}

/// Wipes an item's values and frees it, and with it all that was borrowed from it. NULL is fine.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itemseal_item_free(item: *mut itemseal_item) {
    // SAFETY: the header requires NULL or an item that nobody uses any more.
    unsafe { handle::free(item, wipe::item) }
}
