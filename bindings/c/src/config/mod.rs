//! How a table is encrypted.

pub mod builder;
pub mod file;

use itemseal::TableConfig;

use crate::error::itemseal_error;
use crate::guard::guard;
use crate::handle::{self, Handle, Out};
use crate::status::itemseal_status;
use crate::views::itemseal_text;

/// How one table's items are encrypted: keys, actions, suite. Never changes: may be used by many threads. What is made with it keeps
/// what it needs, so it may be freed before that.
pub struct itemseal_config {
    _opaque: [u8; 0],
}

impl Handle for itemseal_config {
    type Inner = TableConfig;
    const NAME: &'static str = "itemseal_config";
    const TAG: u64 = u64::from_le_bytes(*b"isconfig");
}

/// The name that is bound into every item, in `*out`: borrowed as long as `config`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itemseal_config_logical_name(
    config: *const itemseal_config,
    out: *mut itemseal_text,
    error: *mut *mut itemseal_error,
) -> itemseal_status {
    guard(error, || {
        // SAFETY: the header requires NULL or a configuration that is alive, and an `out` that may be written.
        let (config, out) = unsafe { (handle::shared(config)?, Out::new(out, "out")?) };
        out.put(config.logical_name().into());
        Ok(())
    })
}

/// Frees a configuration. NULL is fine.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itemseal_config_free(config: *mut itemseal_config) {
    // SAFETY: the header requires NULL or a configuration that the caller uses no more.
    unsafe { handle::free(config, |_| {}) }
}
