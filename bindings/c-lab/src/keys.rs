//! KMS keys.

use std::ffi::c_char;

use itemseal::kms::KmsError;
use itemseal::{Error, ErrorKind};

use crate::arguments;
use crate::error::{c_text, itemseal_lab_error};
use crate::guard::{Failure, Outcome, guard};
use crate::handle::{self, Out};
use crate::lab::{Running, itemseal_lab};
use crate::status::itemseal_lab_status;
use crate::string::itemseal_lab_string;
use crate::text::{itemseal_lab_text, texts};

#[allow(clippy::needless_pass_by_value, reason = "for map_err")]
fn refused(error: KmsError) -> Failure {
    let kind = if error.code.is_empty() { ErrorKind::Internal } else { ErrorKind::Service };
    Error::new(kind, error.message.clone()).with_code(error.code).into()
}

/// The first Region, and the others.
pub(crate) fn home<'a>(lab: &Running, regions: &'a [&'a str]) -> Outcome<(&'a str, &'a [&'a str])> {
    for region in regions {
        lab.region(region)?;
    }
    let none =
        || Failure::argument("regions is empty: the first is the home, the others get replicas");
    regions.split_first().map(|(home, others)| (*home, others)).ok_or_else(none)
}

/// Makes a multi-Region key in the first of `count` Regions, with a replica in each other one. On success `*out` is its ARN in the first;
/// the others' differ in the Region only. It is the caller's, to be freed with `itemseal_lab_string_free`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itemseal_lab_create_key(
    lab: *const itemseal_lab,
    regions: *const itemseal_lab_text,
    count: usize,
    out: *mut *mut itemseal_lab_string,
    error: *mut *mut itemseal_lab_error,
) -> itemseal_lab_status {
    guard(error, || {
        // SAFETY: the header requires NULL or a lab that is alive, and an `out` that may be written.
        let (lab, out) = unsafe { (handle::shared(lab)?, Out::new(out, "out")?) };
        // SAFETY: the header requires that as many can be read as is said.
        let regions = unsafe { texts(regions, count, "regions") }?;
        let (home, others) = home(lab, &regions)?;
        let kms = lab.lab()?.kms();
        let key = kms.create_key(home, true, "").map_err(refused)?;
        for region in others {
            kms.replicate_key(home, &key.key_id, region, "").map_err(refused)?;
        }
        out.give(c_text(&key.arn));
        Ok(())
    })
}

/// Disables a key in one Region, or enables it, if `enabled` is not 0. `key` is its id or ARN.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itemseal_lab_set_key_enabled(
    lab: *const itemseal_lab,
    region: *const c_char,
    region_length: usize,
    key: *const c_char,
    key_length: usize,
    enabled: u8,
    error: *mut *mut itemseal_lab_error,
) -> itemseal_lab_status {
    guard(error, || {
        // SAFETY: the header requires NULL or a lab that is alive, and that both texts can be read.
        let (lab, region, key) = unsafe {
            (
                handle::shared(lab)?,
                arguments::text(region, region_length, "region")?,
                arguments::text(key, key_length, "key")?,
            )
        };
        let (kms, region) = (lab.lab()?.kms(), lab.region(region)?);
        let done = match enabled {
            0 => kms.disable_key(region, key),
            _ => kms.enable_key(region, key),
        };
        done.map_err(refused)
    })
}

/// How often a KMS operation, such as `Decrypt`, was called in a Region, in `*out`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itemseal_lab_kms_calls(
    lab: *const itemseal_lab,
    region: *const c_char,
    region_length: usize,
    operation: *const c_char,
    operation_length: usize,
    out: *mut u64,
    error: *mut *mut itemseal_lab_error,
) -> itemseal_lab_status {
    guard(error, || {
        // SAFETY: the header requires NULL or a lab that is alive, and an `out` that may be written.
        let (lab, out) = unsafe { (handle::shared(lab)?, Out::new(out, "out")?) };
        // SAFETY: the header requires that both texts can be read.
        let (region, operation) = unsafe {
            (
                arguments::text(region, region_length, "region")?,
                arguments::text(operation, operation_length, "operation")?,
            )
        };
        out.put(lab.lab()?.kms().calls(region, operation));
        Ok(())
    })
}
