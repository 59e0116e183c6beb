//! An AES key of the program's.

use std::ffi::c_char;

use itemseal::RawAesKeyring;

use super::{in_memory, itemseal_keyring};
use crate::arguments;
use crate::error::itemseal_error;
use crate::guard::guard;
use crate::handle::Out;
use crate::status::itemseal_status;

/// Wraps data keys under an AES key that the program has, of 16, 24 or 32 bytes. Namespace and name say which key it is: they are
/// stored with every item in clear, and must stay the same. The key is copied, and wiped with the keyring; the caller wipes its own.
/// On success `*out` is the caller's, to be freed with `itemseal_keyring_free`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itemseal_keyring_raw_aes(
    key_namespace: *const c_char,
    key_namespace_length: usize,
    name: *const c_char,
    name_length: usize,
    key: *const u8,
    key_length: usize,
    out: *mut *mut itemseal_keyring,
    error: *mut *mut itemseal_error,
) -> itemseal_status {
    guard(error, || {
        // SAFETY: the header requires an `out` that may be written.
        let out = unsafe { Out::new(out, "out") }?;
        // SAFETY: the header requires that as many bytes can be read as is said.
        let (namespace, name, key) = unsafe {
            (
                arguments::text(key_namespace, key_namespace_length, "key_namespace")?,
                arguments::text(name, name_length, "name")?,
                arguments::elements(key, key_length, "key")?,
            )
        };
        out.give(in_memory(RawAesKeyring::new(namespace, name, key)?));
        Ok(())
    })
}
