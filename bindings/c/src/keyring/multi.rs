//! Several keyrings as one.

use std::sync::Arc;

use itemseal::{Error, ErrorKind, MultiKeyring};

use super::itemseal_keyring;
use crate::arguments;
use crate::error::itemseal_error;
use crate::guard::guard;
use crate::handle::{self, Out};
use crate::process::Homed;
use crate::status::itemseal_status;

/// Several keyrings as one: writes for all of them, reads with the first that can. If one of them cannot wrap, nothing is written.
/// `keyrings` are `count` of them, at least one; they stay the caller's. On success `*out` is the caller's, to be freed with
/// `itemseal_keyring_free`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itemseal_keyring_multi(
    keyrings: *const *const itemseal_keyring,
    count: usize,
    out: *mut *mut itemseal_keyring,
    error: *mut *mut itemseal_error,
) -> itemseal_status {
    guard(error, || {
        // SAFETY: the header requires an `out` that may be written.
        let out = unsafe { Out::new(out, "out") }?;
        // SAFETY: the header requires that `count` pointers can be read.
        let keyrings = unsafe { arguments::elements(keyrings, count, "keyrings") }?;
        // SAFETY: the header requires that each is NULL or a keyring that is alive.
        let mut keyrings = keyrings.iter().map(|of| unsafe { handle::shared(*of) });
        let none = || Error::new(ErrorKind::Misuse, "keyrings: give at least one");
        let first = keyrings.next().ok_or_else(none)??;
        let (mut multi, mut home) = (MultiKeyring::new(Arc::clone(first.get()?)), first.home());
        for keyring in keyrings {
            let keyring = keyring?;
            multi = multi.and(Arc::clone(keyring.get()?));
            home = home.and(keyring.home());
        }
        out.give(Homed::new(Arc::new(multi), home));
        Ok(())
    })
}
