//! Items in CBOR, in and out.

use itemseal::Item;
use zeroize::Zeroizing;

use super::{Way, itemseal_encryptor};
use crate::arguments;
use crate::buffer::itemseal_buffer;
use crate::error::itemseal_error;
use crate::guard::{Outcome, guard};
use crate::handle::{self, Out};
use crate::status::itemseal_status;
use crate::wipe;

/// # Safety
/// `encryptor` is NULL or alive, `length` bytes can be read from `cbor`, and `out` is NULL or may be written.
unsafe fn one(
    way: Way,
    encryptor: *const itemseal_encryptor,
    cbor: *const u8,
    length: usize,
    out: *mut *mut itemseal_buffer,
) -> Outcome {
    // SAFETY: as this function's.
    let (encryptor, out) = unsafe { (handle::shared(encryptor)?, Out::new(out, "out")?) };
    // SAFETY: as this function's.
    let cbor = unsafe { arguments::elements(cbor, length, "cbor") }?;
    let mut done = encryptor.one(way, Item::from_cbor(cbor)?)?;
    let cbor = Zeroizing::new(done.to_cbor());
    wipe::item(&mut done);
    out.give(cbor);
    Ok(())
}

/// `itemseal_encrypt_item` for an item in CBOR, as `itemseal_item_from_cbor` takes it, which it gives back so too. On success `*out` is
/// the caller's, to be freed with `itemseal_buffer_free`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itemseal_encrypt_cbor(
    encryptor: *const itemseal_encryptor,
    cbor: *const u8,
    cbor_length: usize,
    out: *mut *mut itemseal_buffer,
    error: *mut *mut itemseal_error,
) -> itemseal_status {
    // SAFETY: the header requires NULL or a handle that is alive, that the bytes can be read, and an `out` that may be
    // written.
    guard(error, || unsafe { one(Way::Encrypt, encryptor, cbor, cbor_length, out) })
}

/// `itemseal_decrypt_item` for an item in CBOR, as `itemseal_item_from_cbor` takes it, which it gives back so too. On success `*out` is
/// the caller's, to be freed with `itemseal_buffer_free`, which wipes it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itemseal_decrypt_cbor(
    encryptor: *const itemseal_encryptor,
    cbor: *const u8,
    cbor_length: usize,
    out: *mut *mut itemseal_buffer,
    error: *mut *mut itemseal_error,
) -> itemseal_status {
    // SAFETY: the header requires NULL or a handle that is alive, that the bytes can be read, and an `out` that may be
    // written.
    guard(error, || unsafe { one(Way::Decrypt, encryptor, cbor, cbor_length, out) })
}
