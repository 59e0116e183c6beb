//! Many items at a time.

use super::{Way, itemseal_encryptor};
use crate::arguments;
use crate::batch::together;
use crate::error::itemseal_error;
use crate::guard::{Failure, Outcome, guard};
use crate::handle::{self, Out};
use crate::item::itemseal_item;
use crate::status::itemseal_status;

/// # Safety
/// Handles are NULL or alive, `count` pointers can be read from `items` and written to `out`, and `failed` is NULL or may
/// be written.
unsafe fn many(
    way: Way,
    encryptor: *const itemseal_encryptor,
    items: *const *const itemseal_item,
    count: usize,
    out: *mut *mut itemseal_item,
    failed: *mut usize,
) -> Outcome {
    // SAFETY: as this function's.
    let (encryptor, items) =
        unsafe { (handle::shared(encryptor)?, arguments::elements(items, count, "items")?) };
    if count == 0 {
        return Ok(());
    }
    // SAFETY: as this function's; looked at before any work.
    unsafe { Out::new(out, "out") }?;
    let failed_at = |index: usize, failure: Failure| {
        if !failed.is_null() {
            // SAFETY: as this function's.
            unsafe { failed.write(index) };
        }
        failure
    };
    let mut read = Vec::with_capacity(count);
    for (index, item) in items.iter().enumerate() {
        // SAFETY: as this function's.
        read.push(unsafe { handle::shared(*item) }.map_err(|failure| failed_at(index, failure))?);
    }
    let done = together(encryptor, way, &read);
    let done = done.map_err(|(index, error)| failed_at(index, error.into()))?;
    for (index, item) in done.into_iter().enumerate() {
        // SAFETY: as this function's; `index` is below `count`.
        unsafe { out.add(index).write(handle::boxed::<itemseal_item>(item)) };
    }
    Ok(())
}

/// Encrypts `count` items, on every core, or 16 at a time if the keyring asks AWS or the program. On success `out`, an array of `count`, has the results in the same order, each to be freed with
/// `itemseal_item_free`. The first error ends all: nothing is in `out` then, and `*failed` is the number of the item, from 0. `failed` may be
/// NULL; it is written only if an item failed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itemseal_encrypt_items(
    encryptor: *const itemseal_encryptor,
    items: *const *const itemseal_item,
    count: usize,
    out: *mut *mut itemseal_item,
    failed: *mut usize,
    error: *mut *mut itemseal_error,
) -> itemseal_status {
    // SAFETY: the header requires NULL or handles that are alive, arrays of `count`, and a `failed` that may be written.
    guard(error, || unsafe { many(Way::Encrypt, encryptor, items, count, out, failed) })
}

/// Decrypts `count` items, on every core, or 16 at a time if the keyring asks AWS or the program. On success `out`, an array of `count`, has the results in the same order, each to be freed with
/// `itemseal_item_free`. The first error ends all: nothing is in `out` then, and `*failed` is the number of the item, from 0. `failed` may be
/// NULL; it is written only if an item failed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itemseal_decrypt_items(
    encryptor: *const itemseal_encryptor,
    items: *const *const itemseal_item,
    count: usize,
    out: *mut *mut itemseal_item,
    failed: *mut usize,
    error: *mut *mut itemseal_error,
) -> itemseal_status {
    // SAFETY: the header requires NULL or handles that are alive, arrays of `count`, and a `failed` that may be written.
    guard(error, || unsafe { many(Way::Decrypt, encryptor, items, count, out, failed) })
}
