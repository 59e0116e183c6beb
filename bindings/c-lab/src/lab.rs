//! A lab that runs.

use std::ffi::{CString, c_char};
use std::process;
use std::sync::{Mutex, PoisonError};

use ::itemseal_lab::Lab;
use ::itemseal_lab::http::LabServer;

use crate::arguments;
use crate::error::{c_text, itemseal_lab_error};
use crate::guard::{Failure, Outcome, guard, guard_value};
use crate::handle::{self, Handle, Out};
use crate::request;
use crate::status::itemseal_lab_status;
use crate::string::itemseal_lab_string;

/// AWS KMS and DynamoDB in several Regions, behind one endpoint. May be used by many threads. Freeing it ends it, and waits for the
/// calls that it serves, two seconds at most.
pub struct itemseal_lab {
    _opaque: [u8; 0],
}

impl Handle for itemseal_lab {
    type Inner = Running;
    const NAME: &'static str = "itemseal_lab";
    const TAG: u64 = u64::from_le_bytes(*b"isl lab\0");
}

/// What is behind the handle.
pub(crate) struct Running {
    lab: Lab,
    server: Mutex<Option<LabServer>>,
    endpoint: CString,
    every_region: bool,
    /// The process that has the threads; what a child that was forked waits for never comes.
    process: u32,
}

impl Running {
    pub(crate) fn new(lab: Lab, server: LabServer, every_region: bool) -> Self {
        let endpoint = c_text(&server.endpoint());
        let server = Mutex::new(Some(server));
        Self { lab, server, endpoint, every_region, process: process::id() }
    }

    pub(crate) fn lab(&self) -> Outcome<&Lab> {
        if process::id() == self.process {
            return Ok(&self.lab);
        }
        Err(Failure::Here(
            itemseal_lab_status::Misuse,
            "the lab runs in the process that this one was forked from: start one in this process"
                .into(),
        ))
    }

    /// The Region, if the lab has it: a fault elsewhere would never be felt.
    pub(crate) fn region<'a>(&self, name: &'a str) -> Outcome<&'a str> {
        let has: Vec<String> = self.lab()?.tables().regions().collect();
        if self.every_region || has.iter().any(|has| has == name) {
            return Ok(name);
        }
        Err(Failure::argument(format!(
            "this lab has no Region {name:?}, only {}: name it to itemseal_lab_builder_region",
            has.join(", ")
        )))
    }

    fn stop(&self) {
        if process::id() != self.process {
            return;
        }
        let server = self.server.lock().unwrap_or_else(PoisonError::into_inner).take();
        let Some(server) = server else { return };
        match tokio::runtime::Builder::new_current_thread().build() {
            Ok(runtime) => runtime.block_on(server.shutdown()),
            // It ends all the same: only nobody waits for that.
            Err(_) => drop(server),
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if process::id() != self.process {
            // To drop it would wake threads that are another process's.
            let server = self.server.get_mut().unwrap_or_else(PoisonError::into_inner);
            std::mem::forget(server.take());
        }
    }
}

/// The endpoint's URL, such as `http://127.0.0.1:40123`, which is what `AWS_ENDPOINT_URL` is set to, with a NUL at its end. It lives as
/// long as `lab`; empty if `lab` is NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itemseal_lab_endpoint(lab: *const itemseal_lab) -> *const c_char {
    let empty = c"".as_ptr();
    // SAFETY: the header requires NULL or a lab that is alive.
    guard_value(empty, || unsafe { handle::shared(lab) }.map_or(empty, |lab| lab.endpoint.as_ptr()))
}

/// Asks the lab's own API, which is also at `/_lab/` of the endpoint: `method` and `path` such as `GET` and `status`, `body` JSON or
/// nothing. On success `*out` is its answer in JSON, the caller's, to be freed with `itemseal_lab_string_free`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itemseal_lab_request(
    lab: *const itemseal_lab,
    method: *const c_char,
    method_length: usize,
    path: *const c_char,
    path_length: usize,
    body: *const c_char,
    body_length: usize,
    out: *mut *mut itemseal_lab_string,
    error: *mut *mut itemseal_lab_error,
) -> itemseal_lab_status {
    guard(error, || {
        // SAFETY: the header requires NULL or a lab that is alive, and an `out` that may be written.
        let (lab, out) = unsafe { (handle::shared(lab)?, Out::new(out, "out")?) };
        // SAFETY: the header requires that as many bytes can be read as is said.
        let (method, path, body) = unsafe {
            (
                arguments::text(method, method_length, "method")?,
                arguments::text(path, path_length, "path")?,
                arguments::elements(body.cast::<u8>(), body_length, "body")?,
            )
        };
        out.give(c_text(&request::ask(lab.lab()?, method, path, body)?.to_string()));
        Ok(())
    })
}

/// Deletes all tables, ends all faults and counts calls from 0; with `keys` other than 0 it deletes keys too. The endpoint stays.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itemseal_lab_reset(
    lab: *const itemseal_lab,
    keys: u8,
    error: *mut *mut itemseal_lab_error,
) -> itemseal_lab_status {
    guard(error, || {
        // SAFETY: the header requires NULL or a lab that is alive.
        let lab = unsafe { handle::shared(lab) }?;
        let body = serde_json::json!({ "keys": keys != 0 }).to_string();
        request::ask(lab.lab()?, "POST", "reset", body.as_bytes()).map(drop)
    })
}

/// Ends the endpoint: calls that are being served get two seconds. What the lab has stays until it is freed. Twice is once.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itemseal_lab_stop(
    lab: *const itemseal_lab,
    error: *mut *mut itemseal_lab_error,
) -> itemseal_lab_status {
    guard(error, || {
        // SAFETY: the header requires NULL or a lab that is alive.
        unsafe { handle::shared(lab) }?.stop();
        Ok(())
    })
}

/// Ends a lab and frees it, with all that it has. NULL is fine.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itemseal_lab_free(lab: *mut itemseal_lab) {
    // SAFETY: the header requires NULL or a lab that nobody uses any more.
    unsafe { handle::free(lab, |lab| lab.stop()) }
}
