//! Items, one by one.

use super::{Way, itemseal_encryptor};
use crate::error::itemseal_error;
use crate::guard::{Outcome, guard};
use crate::handle::{self, Out};
use crate::item::itemseal_item;
use crate::status::itemseal_status;

/// # Safety
/// Handles are NULL or alive, and `out` is NULL or may be written.
unsafe fn one(
    way: Way,
    encryptor: *const itemseal_encryptor,
    item: *const itemseal_item,
    out: *mut *mut itemseal_item,
) -> Outcome {
    // SAFETY: as this function's.
    let (encryptor, item, out) =
        unsafe { (handle::shared(encryptor)?, handle::shared(item)?, Out::new(out, "out")?) };
    out.give(encryptor.one(way, item.clone())?);
    Ok(())
}

/// Encrypts an item to the form that is stored; `item` stays as it is. The stored item has two attributes more, `aws_dbe_head` and
/// `aws_dbe_foot`. On success `*out` is the caller's, to be freed with `itemseal_item_free`. The error names the attribute.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itemseal_encrypt_item(
    encryptor: *const itemseal_encryptor,
    item: *const itemseal_item,
    out: *mut *mut itemseal_item,
    error: *mut *mut itemseal_error,
) -> itemseal_status {
    // SAFETY: the header requires NULL or handles that are alive, and an `out` that may be written.
    guard(error, || unsafe { one(Way::Encrypt, encryptor, item, out) })
}

/// Verifies a stored item and decrypts it; `item` stays as it is, and must be whole. Unsigned attributes are in the result, unverified.
/// On success `*out` is the caller's, to be freed with `itemseal_item_free`, which wipes it. `ITEMSEAL_STATUS_AUTHENTICATION` if it does
/// not verify, `ITEMSEAL_STATUS_NOT_ENCRYPTED` or `ITEMSEAL_STATUS_MALFORMED` if it is no such item.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itemseal_decrypt_item(
    encryptor: *const itemseal_encryptor,
    item: *const itemseal_item,
    out: *mut *mut itemseal_item,
    error: *mut *mut itemseal_error,
) -> itemseal_status {
    // SAFETY: the header requires NULL or handles that are alive, and an `out` that may be written.
    guard(error, || unsafe { one(Way::Decrypt, encryptor, item, out) })
}
