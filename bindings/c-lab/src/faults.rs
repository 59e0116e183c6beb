//! What goes wrong, because a test says so.

use std::ffi::c_char;

use serde_json::{Value, json};

use crate::arguments;
use crate::error::itemseal_lab_error;
use crate::guard::{Failure, Outcome, guard};
use crate::handle::{self, Out};
use crate::lab::{Running, itemseal_lab};
use crate::request::{ask, number};
use crate::status::itemseal_lab_status;

/// The service that a fault concerns.
#[non_exhaustive]
#[repr(u32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum itemseal_lab_service {
    /// Every service.
    All = 0,
    /// DynamoDB, and DynamoDB Streams.
    Dynamodb = 1,
    /// AWS KMS.
    Kms = 2,
}

/// How a service fails, besides with an HTTP status.
#[non_exhaustive]
#[repr(u32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum itemseal_lab_outage_mode {
    /// Connections are closed without an answer.
    Refuse = 1,
    /// There is never an answer.
    Hang = 2,
}

fn service(number: u32) -> Outcome<&'static str> {
    const ALL: u32 = itemseal_lab_service::All as u32;
    const DYNAMODB: u32 = itemseal_lab_service::Dynamodb as u32;
    const KMS: u32 = itemseal_lab_service::Kms as u32;
    match number {
        ALL => Ok("all"),
        DYNAMODB => Ok("dynamodb"),
        KMS => Ok("kms"),
        _ => Err(Failure::argument(format!("service: {number} is no itemseal_lab_service"))),
    }
}

fn mode(number: u32) -> Outcome<Value> {
    const REFUSE: u32 = itemseal_lab_outage_mode::Refuse as u32;
    const HANG: u32 = itemseal_lab_outage_mode::Hang as u32;
    match number {
        REFUSE => Ok("refuse".into()),
        HANG => Ok("hang".into()),
        500..600 => Ok(json!({ "error": number })),
        _ => Err(Failure::argument(format!(
            "mode: {number} is no itemseal_lab_outage_mode, and no HTTP status from 500 to 599"
        ))),
    }
}

/// Sets a fault in the words of the lab's own API, and says its number where that is asked for.
fn set(lab: &Running, fault: &Value, id: Option<Out<u64>>) -> Outcome {
    for name in ["region", "from", "to"] {
        if let Some(region) = fault.get(name).and_then(Value::as_str) {
            lab.region(region)?;
        }
    }
    let answer = ask(lab.lab()?, "POST", "faults", fault.to_string().as_bytes())?;
    if let Some(id) = id {
        id.put(number(&answer, "id"));
    }
    Ok(())
}

/// Where a fault's number goes, if anywhere.
///
/// # Safety
/// `id` is NULL or may be written during the call.
unsafe fn wanted(id: *mut u64) -> Outcome<Option<Out<u64>>> {
    // SAFETY: as this function's.
    (!id.is_null()).then(|| unsafe { Out::new(id, "id") }).transpose()
}

/// A Region, or one service in it, does not answer its callers: `service` is one of `itemseal_lab_service`, `mode` one of
/// `itemseal_lab_outage_mode` or an HTTP status from 500 to 599 to answer with. Replication goes on, as it does not use the endpoint: with
/// `itemseal_lab_cut` the Region is gone altogether. Its number is in `*id`, which may be NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itemseal_lab_outage(
    lab: *const itemseal_lab,
    region: *const c_char,
    region_length: usize,
    service: u32,
    mode: u32,
    id: *mut u64,
    error: *mut *mut itemseal_lab_error,
) -> itemseal_lab_status {
    guard(error, || {
        // SAFETY: the header requires NULL or a lab that is alive, that the name can be read, and NULL or an `id` to write.
        let (lab, region, id) = unsafe {
            (handle::shared(lab)?, arguments::text(region, region_length, "region")?, wanted(id)?)
        };
        let (service, mode) = (self::service(service)?, self::mode(mode)?);
        let fault = json!({"fault": "outage", "region": region, "service": service, "mode": mode});
        set(lab, &fault, id)
    })
}

/// Calls above a rate are refused as AWS does; one second's calls can be made at once, and with 0 all are refused. `service` is one of
/// `itemseal_lab_service`. `operation`, such as `PutItem`, is the one that counts; NULL for all. Its number is in `*id`, which may be NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itemseal_lab_throttle(
    lab: *const itemseal_lab,
    region: *const c_char,
    region_length: usize,
    service: u32,
    per_second: u32,
    operation: *const c_char,
    operation_length: usize,
    id: *mut u64,
    error: *mut *mut itemseal_lab_error,
) -> itemseal_lab_status {
    guard(error, || {
        // SAFETY: the header requires NULL or a lab that is alive, that both texts can be read, and NULL or an `id` to write.
        let (lab, region, operation, id) = unsafe {
            (
                handle::shared(lab)?,
                arguments::text(region, region_length, "region")?,
                arguments::optional_text(operation, operation_length, "operation")?,
                wanted(id)?,
            )
        };
        let fault = json!({
            "fault": "throttle", "region": region, "service": self::service(service)?,
            "per_second": per_second, "operations": Vec::from_iter(operation),
        });
        set(lab, &fault, id)
    })
}

/// Changes take between `min_ms` and `max_ms` from Region to Region; `from` and `to` are NULL for every one. Of several that fit, the last
/// counts. Its number is in `*id`, which may be NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itemseal_lab_lag(
    lab: *const itemseal_lab,
    from: *const c_char,
    from_length: usize,
    to: *const c_char,
    to_length: usize,
    min_ms: u64,
    max_ms: u64,
    id: *mut u64,
    error: *mut *mut itemseal_lab_error,
) -> itemseal_lab_status {
    guard(error, || {
        // SAFETY: the header requires NULL or a lab that is alive, that both names can be read, and NULL or an `id` to write.
        let (lab, from, to, id) = unsafe {
            (
                handle::shared(lab)?,
                arguments::optional_text(from, from_length, "from")?,
                arguments::optional_text(to, to_length, "to")?,
                wanted(id)?,
            )
        };
        let delay = json!({"uniform": {"min_ms": min_ms, "max_ms": max_ms}});
        set(lab, &json!({"fault": "lag", "from": from, "to": to, "delay": delay}), id)
    })
}

/// No replication between two Regions, or a Region and all others, if `other` is NULL; either way. Each goes on serving its callers. Its
/// number is in `*id`, which may be NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itemseal_lab_cut(
    lab: *const itemseal_lab,
    region: *const c_char,
    region_length: usize,
    other: *const c_char,
    other_length: usize,
    id: *mut u64,
    error: *mut *mut itemseal_lab_error,
) -> itemseal_lab_status {
    guard(error, || {
        // SAFETY: the header requires NULL or a lab that is alive, that both names can be read, and NULL or an `id` to write.
        let (lab, region, other, id) = unsafe {
            (
                handle::shared(lab)?,
                arguments::text(region, region_length, "region")?,
                arguments::optional_text(other, other_length, "other")?,
                wanted(id)?,
            )
        };
        set(lab, &json!({"fault": "partition", "region": region, "from": other}), id)
    })
}

/// Reads without `ConsistentRead` show what the table had `by_ms` ago: a `share` of them, from 0 to 1. Its number is in `*id`, which may be
/// NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itemseal_lab_stale_reads(
    lab: *const itemseal_lab,
    region: *const c_char,
    region_length: usize,
    by_ms: u64,
    share: f64,
    id: *mut u64,
    error: *mut *mut itemseal_lab_error,
) -> itemseal_lab_status {
    guard(error, || {
        // SAFETY: the header requires NULL or a lab that is alive, that the name can be read, and NULL or an `id` to write.
        let (lab, region, id) = unsafe {
            (handle::shared(lab)?, arguments::text(region, region_length, "region")?, wanted(id)?)
        };
        let fault =
            json!({"fault": "stale-reads", "region": region, "by_ms": by_ms, "share": share});
        set(lab, &fault, id)
    })
}

/// Batches leave a `share` of what they were asked for undone, from 0 to 1, and say so in `UnprocessedItems` and `UnprocessedKeys`. Its
/// number is in `*id`, which may be NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itemseal_lab_unprocessed(
    lab: *const itemseal_lab,
    region: *const c_char,
    region_length: usize,
    share: f64,
    id: *mut u64,
    error: *mut *mut itemseal_lab_error,
) -> itemseal_lab_status {
    guard(error, || {
        // SAFETY: the header requires NULL or a lab that is alive, that the name can be read, and NULL or an `id` to write.
        let (lab, region, id) = unsafe {
            (handle::shared(lab)?, arguments::text(region, region_length, "region")?, wanted(id)?)
        };
        set(lab, &json!({"fault": "unprocessed", "region": region, "share": share}), id)
    })
}

/// A Region's clock runs ahead, or behind if `by_ms` is negative. Its number is in `*id`, which may be NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itemseal_lab_skew(
    lab: *const itemseal_lab,
    region: *const c_char,
    region_length: usize,
    by_ms: i64,
    id: *mut u64,
    error: *mut *mut itemseal_lab_error,
) -> itemseal_lab_status {
    guard(error, || {
        // SAFETY: the header requires NULL or a lab that is alive, that the name can be read, and NULL or an `id` to write.
        let (lab, region, id) = unsafe {
            (handle::shared(lab)?, arguments::text(region, region_length, "region")?, wanted(id)?)
        };
        set(lab, &json!({"fault": "skew", "region": region, "by_ms": by_ms}), id)
    })
}

/// Ends one fault; `ITEMSEAL_LAB_STATUS_NOT_FOUND` if there is none of this number, or it has ended.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itemseal_lab_end_fault(
    lab: *const itemseal_lab,
    id: u64,
    error: *mut *mut itemseal_lab_error,
) -> itemseal_lab_status {
    guard(error, || {
        // SAFETY: the header requires NULL or a lab that is alive.
        let lab = unsafe { handle::shared(lab) }?;
        ask(lab.lab()?, "DELETE", &format!("faults/{id}"), b"").map(drop)
    })
}

/// Ends every fault that names the Region, cuts and lag included; all faults if it is NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itemseal_lab_restore(
    lab: *const itemseal_lab,
    region: *const c_char,
    region_length: usize,
    error: *mut *mut itemseal_lab_error,
) -> itemseal_lab_status {
    guard(error, || {
        // SAFETY: the header requires NULL or a lab that is alive, and that the name can be read.
        let (lab, region) = unsafe {
            (handle::shared(lab)?, arguments::optional_text(region, region_length, "region")?)
        };
        let Some(region) = region else {
            lab.lab()?.faults().clear();
            return Ok(());
        };
        let (faults, region) = (lab.lab()?.faults(), lab.region(region)?);
        let named =
            faults.list().into_iter().filter(|set| set.fault.regions().any(|r| r == region));
        for set in named {
            faults.remove(set.id);
        }
        Ok(())
    })
}
