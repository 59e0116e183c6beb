//! A cache around another keyring.

use std::sync::Arc;

use itemseal::keyring::{CacheLimits, CachingKeyring};
use itemseal_aws::TokioTimer;

use super::itemseal_keyring;
use crate::arguments;
use crate::error::itemseal_error;
use crate::guard::guard;
use crate::handle::{self, Out};
use crate::process::Homed;
use crate::status::itemseal_status;

/// What a caching keyring may remember. All zero is what holds where NULL is passed instead. It is read during the call only.
#[allow(clippy::exhaustive_structs, reason = "C makes it")]
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct itemseal_cache_limits {
    /// How long a data key may be used, in milliseconds; 0 is 60,000. For that time it has no effect that a permission was taken away.
    pub most_age_ms: u32,
    /// How many items one data key may open; 0 is 100.
    pub most_uses: u64,
    /// How many data keys there may be; 0 is 1,000.
    pub most_entries: usize,
}

/// Remembers the data keys that another keyring has unwrapped: an item that is read again costs no call. Each item that is written has a
/// data key of its own, and costs one. `keyring` stays the caller's, and may be freed before it; `limits` may be NULL. On success `*out` is the
/// caller's, to be freed with `itemseal_keyring_free`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itemseal_keyring_caching(
    keyring: *const itemseal_keyring,
    limits: *const itemseal_cache_limits,
    out: *mut *mut itemseal_keyring,
    error: *mut *mut itemseal_error,
) -> itemseal_status {
    guard(error, || {
        // SAFETY: the header requires NULL or a keyring that is alive, and an `out` that may be written.
        let (keyring, out) = unsafe { (handle::shared(keyring)?, Out::new(out, "out")?) };
        let mut most = CacheLimits::default();
        // SAFETY: the header requires NULL or limits that can be read.
        if let Some(limits) = unsafe { arguments::optional(limits, "limits") }? {
            if let Some(age) = arguments::milliseconds(limits.most_age_ms) {
                most = most.most_age(age);
            }
            if limits.most_uses > 0 {
                most = most.most_uses(limits.most_uses);
            }
            if limits.most_entries > 0 {
                most = most.most_entries(limits.most_entries);
            }
        }
        let caching = CachingKeyring::new(Arc::clone(keyring.get()?), most, TokioTimer::new());
        out.give(Homed::new(Arc::new(caching), keyring.home()));
        Ok(())
    })
}
