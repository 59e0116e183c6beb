//! Keyrings: whose key data keys are wrapped under. One kind a file.

pub mod multi;
pub mod raw_aes;
pub mod raw_rsa;

use std::sync::Arc;

use itemseal::Keyring;

use crate::handle::{self, Handle};

/// Whose key items' data keys are wrapped under. Never changes: may be used by many threads. What is made with it keeps what it
/// needs, so it may be freed before that. Keys in it are wiped when the last that uses it is freed.
pub struct itemseal_keyring {
    _opaque: [u8; 0],
}

impl Handle for itemseal_keyring {
    type Inner = Arc<dyn Keyring>;
    const NAME: &'static str = "itemseal_keyring";
    const TAG: u64 = u64::from_le_bytes(*b"iskeyrng");
}

/// Frees a keyring. NULL is fine.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itemseal_keyring_free(keyring: *mut itemseal_keyring) {
    // SAFETY: the header requires NULL or a keyring that the caller uses no more.
    unsafe { handle::free(keyring, |_| {}) }
}
