//! All items of a query or a scan.

use std::ffi::{c_char, c_void};
use std::ptr;

use itemseal_aws::{Items, item_from_sdk};
use zeroize::Zeroizing;

use super::json::{Json, bad_items};
use super::requests::{Query, Scan, parse};
use super::{asked, itemseal_table};
use crate::answer::{ask, itemseal_answer};
use crate::arguments;
use crate::buffer::itemseal_buffer;
use crate::error::itemseal_error;
use crate::guard::{Failure, guard};
use crate::handle::{self, Handle, Out};
use crate::item::itemseal_item;
use crate::process::Homed;
use crate::status::itemseal_status;
use crate::{wait, wipe};

/// The items of a query or a scan, opened, page after page. One thread at a time, in the process that made it; the table may be freed
/// before it. After an error that is retryable it may be asked again, and goes on with the page that failed: no item is left out.
pub struct itemseal_items {
    _opaque: [u8; 0],
}

impl Handle for itemseal_items {
    type Inner = Homed<Items>;
    const NAME: &'static str = "itemseal_items";
    const TAG: u64 = u64::from_le_bytes(*b"is items");
}

/// Takes an item, which lives until the function returns; `*go_on` is true, and false ends the loop.
pub type itemseal_item_fn = Option<
    unsafe extern "C" fn(
        userdata: *mut c_void,
        item: *const itemseal_item,
        go_on: *mut bool,
        answer: *mut itemseal_answer,
    ) -> u32,
>;

/// All items that a query finds, in the order of the sort key. `request` is a DynamoDB `Query` in JSON, as `itemseal_table_call` takes it;
/// `options` are of `itemseal_call_option`. Nothing is asked before the first item. On success `*out` is the caller's, to be freed with
/// `itemseal_items_free`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itemseal_table_query(
    table: *const itemseal_table,
    options: u32,
    request: *const c_char,
    request_length: usize,
    out: *mut *mut itemseal_items,
    error: *mut *mut itemseal_error,
) -> itemseal_status {
    guard(error, || {
        // SAFETY: the header requires NULL or a table that is alive, and an `out` that may be written.
        let (table, out) = unsafe { (handle::shared(table)?, Out::new(out, "out")?) };
        // SAFETY: the header requires that as many bytes can be read as is said.
        let request =
            unsafe { arguments::elements(request.cast::<u8>(), request_length, "request") }?;
        let input = parse::<Query>(request)?.input();
        out.give(Homed::here(asked(table.get()?, options)?.query_items(input)));
        Ok(())
    })
}

/// All items of a table or an index, in no order; from 1 to 1,000,000 `segments` are read at the same time. `request` is a DynamoDB `Scan`
/// in JSON, without `Segment` and `TotalSegments`. The rest is as of `itemseal_table_query`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itemseal_table_scan(
    table: *const itemseal_table,
    options: u32,
    request: *const c_char,
    request_length: usize,
    segments: u32,
    out: *mut *mut itemseal_items,
    error: *mut *mut itemseal_error,
) -> itemseal_status {
    guard(error, || {
        // SAFETY: the header requires NULL or a table that is alive, and an `out` that may be written.
        let (table, out) = unsafe { (handle::shared(table)?, Out::new(out, "out")?) };
        // SAFETY: the header requires that as many bytes can be read as is said.
        let request =
            unsafe { arguments::elements(request.cast::<u8>(), request_length, "request") }?;
        let input = parse::<Scan>(request)?.input();
        out.give(Homed::here(asked(table.get()?, options)?.scan_items(input, segments)?));
        Ok(())
    })
}

/// The next item in `*out`, the caller's, to be freed with `itemseal_item_free`; NULL after the last one.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itemseal_items_next(
    items: *mut itemseal_items,
    out: *mut *mut itemseal_item,
    error: *mut *mut itemseal_error,
) -> itemseal_status {
    guard(error, || {
        // SAFETY: the header requires NULL or items that nobody else uses, and an `out` that may be written.
        let (items, out) = unsafe { (handle::exclusive(items)?, Out::new(out, "out")?) };
        let home = items.home();
        let items = items.get_mut()?;
        match wait::at(home, async { items.next().await.transpose() })? {
            Some(item) => out.give(item_from_sdk(item)?),
            None => out.put(ptr::null_mut()),
        }
        Ok(())
    })
}

/// Calls `take` with each item that is left, on the calling thread, until it ends the loop or fails: what it returns other than
/// `ITEMSEAL_STATUS_OK` is this call's error. It may use this library, but not `items`. After a retryable error of DynamoDB's it may be called
/// again, and goes on.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itemseal_items_each(
    items: *mut itemseal_items,
    take: itemseal_item_fn,
    userdata: *mut c_void,
    error: *mut *mut itemseal_error,
) -> itemseal_status {
    guard(error, || {
        // SAFETY: the header requires NULL or items that nobody else uses.
        let items = unsafe { handle::exclusive(items) }?;
        let take = take.ok_or_else(|| Failure::argument("take is NULL"))?;
        let home = items.home();
        let items = items.get_mut()?;
        while let Some(item) = wait::at(home, async { items.next().await.transpose() })? {
            let item = handle::boxed::<itemseal_item>(item_from_sdk(item)?);
            let mut go_on = true;
            // SAFETY: the header requires a function that may be called with `userdata`; what it gets lives until it returns.
            let (status, answered) =
                ask(|answer| unsafe { take(userdata, item, &raw mut go_on, answer) });
            // SAFETY: made above; the header says that the program does not free it.
            unsafe { handle::free(item, wipe::item) }
            if status != itemseal_status::Ok as u32 {
                return Err(answered.error(status, "the loop over items").into());
            }
            if !go_on {
                break;
            }
        }
        Ok(())
    })
}

/// The items that did not open and were met since this was called last, if `ITEMSEAL_CALL_OPTION_REPORT_BAD_ITEMS` was among the options: a list in JSON
/// as `BadItems` of `itemseal_table_call`. On success `*out` is the caller's, to be freed with `itemseal_buffer_free`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itemseal_items_take_bad(
    items: *mut itemseal_items,
    out: *mut *mut itemseal_buffer,
    error: *mut *mut itemseal_error,
) -> itemseal_status {
    guard(error, || {
        // SAFETY: the header requires NULL or items that nobody else uses, and an `out` that may be written.
        let (items, out) = unsafe { (handle::exclusive(items)?, Out::new(out, "out")?) };
        let bad: Json = bad_items(&items.get_mut()?.take_bad_items())?;
        out.give(Zeroizing::new(bad.to_bytes()));
        Ok(())
    })
}

/// Frees it. NULL is fine.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itemseal_items_free(items: *mut itemseal_items) {
    // SAFETY: the header requires NULL or items that nobody uses any more.
    unsafe { handle::free(items, |_| {}) }
}
