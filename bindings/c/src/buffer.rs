//! Bytes that the library made.

use zeroize::{Zeroize, Zeroizing};

use crate::error::itemseal_error;
use crate::guard::guard;
use crate::handle::{self, Handle, Out};
use crate::status::itemseal_status;
use crate::views::itemseal_bytes;

/// Bytes that the library made, such as an item in JSON. Never changes: may be read by many threads. Freeing it wipes it.
pub struct itemseal_buffer {
    _opaque: [u8; 0],
}

impl Handle for itemseal_buffer {
    type Inner = Zeroizing<Vec<u8>>;
    const NAME: &'static str = "itemseal_buffer";
    const TAG: u64 = u64::from_le_bytes(*b"isbuffer");
}

/// The buffer's bytes, in `*out`. They live as long as `buffer`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itemseal_buffer_bytes(
    buffer: *const itemseal_buffer,
    out: *mut itemseal_bytes,
    error: *mut *mut itemseal_error,
) -> itemseal_status {
    guard(error, || {
        // SAFETY: the header requires NULL or a buffer that is alive, and an `out` that may be written.
        let (buffer, out) = unsafe { (handle::shared(buffer)?, Out::new(out, "out")?) };
        out.put(buffer.as_slice().into());
        Ok(())
    })
}

/// Wipes a buffer and frees it. NULL is fine.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itemseal_buffer_free(buffer: *mut itemseal_buffer) {
    // SAFETY: the header requires NULL or a buffer that nobody uses any more.
    unsafe { handle::free(buffer, |bytes| bytes.zeroize()) }
}
