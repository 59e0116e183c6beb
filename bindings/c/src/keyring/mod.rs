//! Keyrings: whose key data keys are wrapped under. One kind a file.

pub mod caching;
pub mod callback;
pub mod discovery;
pub mod hierarchical;
pub mod kms;
pub mod kms_options;
pub mod mrk;
pub mod multi;
pub mod raw_aes;
pub mod raw_rsa;

use std::sync::Arc;

use itemseal::Keyring;

use crate::handle::{self, Handle};
use crate::process::{Home, Homed};

/// Whose key items' data keys are wrapped under. Never changes: may be used by many threads. What is made with it keeps what it
/// needs, so it may be freed before that. Keys in it are wiped when the last that uses it is freed. One that asks AWS or the program's own
/// functions belongs to the process that made it.
pub struct itemseal_keyring {
    _opaque: [u8; 0],
}

impl Handle for itemseal_keyring {
    type Inner = Homed<Arc<dyn Keyring>>;
    const NAME: &'static str = "itemseal_keyring";
    const TAG: u64 = u64::from_le_bytes(*b"iskeyrng");
}

/// One that waits for nothing outside of the calling thread.
pub(crate) fn in_memory(keyring: impl Keyring + 'static) -> Homed<Arc<dyn Keyring>> {
    Homed::new(Arc::new(keyring), Home::Anywhere)
}

/// One that needs this process's threads.
pub(crate) fn in_this_process(keyring: impl Keyring + 'static) -> Homed<Arc<dyn Keyring>> {
    Homed::here(Arc::new(keyring))
}

/// Frees a keyring. NULL is fine.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itemseal_keyring_free(keyring: *mut itemseal_keyring) {
    // SAFETY: the header requires NULL or a keyring that the caller uses no more.
    unsafe { handle::free(keyring, |_| {}) }
}
