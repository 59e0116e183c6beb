//! Time and replication.

use std::ffi::c_char;

use serde_json::json;

use crate::arguments;
use crate::error::itemseal_lab_error;
use crate::guard::guard;
use crate::handle::{self, Out};
use crate::lab::itemseal_lab;
use crate::request::{ask, number};
use crate::status::itemseal_lab_status;

/// Moves the clock of a manual lab forward; `ITEMSEAL_LAB_STATUS_CONFLICT` if the lab is none.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itemseal_lab_advance(
    lab: *const itemseal_lab,
    by_ms: u64,
    error: *mut *mut itemseal_lab_error,
) -> itemseal_lab_status {
    guard(error, || {
        // SAFETY: the header requires NULL or a lab that is alive.
        let lab = unsafe { handle::shared(lab) }?;
        let body = json!({ "by_ms": by_ms }).to_string();
        ask(lab.lab()?, "POST", "clock/advance", body.as_bytes()).map(drop)
    })
}

/// Delivers up to `most` changes from one Region to another, oldest first, and none that is not due; how many, in `*delivered`, which
/// may be NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itemseal_lab_deliver(
    lab: *const itemseal_lab,
    from: *const c_char,
    from_length: usize,
    to: *const c_char,
    to_length: usize,
    most: u64,
    delivered: *mut u64,
    error: *mut *mut itemseal_lab_error,
) -> itemseal_lab_status {
    guard(error, || {
        // SAFETY: the header requires NULL or a lab that is alive, and that both names can be read.
        let (lab, from, to) = unsafe {
            (
                handle::shared(lab)?,
                arguments::text(from, from_length, "from")?,
                arguments::text(to, to_length, "to")?,
            )
        };
        // SAFETY: the header requires NULL or that it may be written.
        let out = (!delivered.is_null()).then(|| unsafe { Out::new(delivered, "delivered") });
        let out = out.transpose()?;
        let body = json!({ "from": lab.region(from)?, "to": lab.region(to)?, "most": most });
        let answer = ask(lab.lab()?, "POST", "deliver", body.to_string().as_bytes())?;
        if let Some(out) = out {
            out.put(number(&answer, "applied") + number(&answer, "superseded"));
        }
        Ok(())
    })
}

/// Delivers until no change waits: then all replicas are equal, if nobody writes meanwhile. It waits for nothing:
/// `ITEMSEAL_LAB_STATUS_CONFLICT`, with what waits where, if changes are not due or cannot reach a Region.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itemseal_lab_converge(
    lab: *const itemseal_lab,
    error: *mut *mut itemseal_lab_error,
) -> itemseal_lab_status {
    guard(error, || {
        // SAFETY: the header requires NULL or a lab that is alive.
        let lab = unsafe { handle::shared(lab) }?;
        ask(lab.lab()?, "POST", "converge", b"").map(drop)
    })
}
