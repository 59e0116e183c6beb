//! Items in DynamoDB JSON, in and out.

use std::ffi::c_char;

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
/// `encryptor` is NULL or alive, `length` bytes can be read from `json`, and `out` is NULL or may be written.
unsafe fn one(
    way: Way,
    encryptor: *const itemseal_encryptor,
    json: *const c_char,
    length: usize,
    out: *mut *mut itemseal_buffer,
) -> Outcome {
    // SAFETY: as this function's.
    let (encryptor, out) = unsafe { (handle::shared(encryptor)?, Out::new(out, "out")?) };
    // SAFETY: as this function's.
    let json = unsafe { arguments::elements(json.cast::<u8>(), length, "json") }?;
    let mut done = encryptor.one(way, Item::from_json(json)?)?;
    let json = Zeroizing::new(done.to_json().into_bytes());
    wipe::item(&mut done);
    out.give(json);
    Ok(())
}

/// `itemseal_encrypt_item` for an item in DynamoDB JSON, which it gives back so too. On success `*out` is the caller's, to be freed with
/// `itemseal_buffer_free`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itemseal_encrypt_json(
    encryptor: *const itemseal_encryptor,
    json: *const c_char,
    json_length: usize,
    out: *mut *mut itemseal_buffer,
    error: *mut *mut itemseal_error,
) -> itemseal_status {
    // SAFETY: the header requires NULL or a handle that is alive, that the text can be read, and an `out` that may be
    // written.
    guard(error, || unsafe { one(Way::Encrypt, encryptor, json, json_length, out) })
}

/// `itemseal_decrypt_item` for an item in DynamoDB JSON, which it gives back so too. On success `*out` is the caller's, to be freed with
/// `itemseal_buffer_free`, which wipes it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itemseal_decrypt_json(
    encryptor: *const itemseal_encryptor,
    json: *const c_char,
    json_length: usize,
    out: *mut *mut itemseal_buffer,
    error: *mut *mut itemseal_error,
) -> itemseal_status {
    // SAFETY: the header requires NULL or a handle that is alive, that the text can be read, and an `out` that may be
    // written.
    guard(error, || unsafe { one(Way::Decrypt, encryptor, json, json_length, out) })
}
