//! An item, changed by the program.

use std::ffi::{c_char, c_void};
use std::ptr;

use itemseal::{Item, Result};
use itemseal_aws::{item_from_sdk, item_to_sdk};

use super::{itemseal_table, table_name};
use crate::answer::{ask, itemseal_answer};
use crate::error::itemseal_error;
use crate::guard::{Failure, guard};
use crate::handle::{self, Out};
use crate::item::itemseal_item;
use crate::status::itemseal_status;
use crate::{wait, wipe};

/// Changes `item` in place, with `itemseal_item_set_string` and the like. `found` says whether it was there; if not, it has its key only.
/// `*write` is true; false leaves what is stored as it is. `item` lives until the function returns.
pub type itemseal_change_fn = Option<
    unsafe extern "C" fn(
        userdata: *mut c_void,
        item: *mut itemseal_item,
        found: bool,
        write: *mut bool,
        answer: *mut itemseal_answer,
    ) -> u32,
>;

type Change = unsafe extern "C" fn(
    *mut c_void,
    *mut itemseal_item,
    bool,
    *mut bool,
    *mut itemseal_answer,
) -> u32;

/// Calls the program's function.
///
/// # Safety
/// `change` may be called with `userdata`.
unsafe fn changed(
    change: Change,
    userdata: *mut c_void,
    present: Option<Item>,
    key: &Item,
) -> Result<Option<Item>> {
    let found = present.is_some();
    let item = handle::boxed::<itemseal_item>(present.unwrap_or_else(|| key.clone()));
    let mut write = true;
    // SAFETY: as this function's; what it gets lives until it returns.
    let (status, answered) =
        ask(|answer| unsafe { change(userdata, item, found, &raw mut write, answer) });
    // SAFETY: made above; the header says that the program does not free it.
    let result = unsafe { handle::exclusive(item) }.map(std::mem::take).unwrap_or_default();
    // SAFETY: as above.
    unsafe { handle::free(item, wipe::item) }
    if status != itemseal_status::Ok as u32 {
        return Err(answered.error(status, "the change of an item"));
    }
    Ok(write.then_some(result))
}

/// Changes an item, signed and encrypted attributes included: reads and opens it, has `change` change it, encrypts that, and writes it if
/// nobody has written the item meanwhile; else it begins again, up to eight times. All in the home Region. `key` has the key attributes.
/// `change` is called on the calling thread, during this call, once or several times, and may use this library. What it returns other than
/// `ITEMSEAL_STATUS_OK` ends the call with that status. On success `*out`, which may be left out by NULL, is the item as it is now, the caller's,
/// to be freed with `itemseal_item_free`, or NULL if there is none; `ITEMSEAL_STATUS_CONFLICT` if others wrote it every time.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itemseal_table_update(
    table: *const itemseal_table,
    table_name: *const c_char,
    table_name_length: usize,
    key: *const itemseal_item,
    change: itemseal_change_fn,
    userdata: *mut c_void,
    out: *mut *mut itemseal_item,
    error: *mut *mut itemseal_error,
) -> itemseal_status {
    guard(error, || {
        // SAFETY: the header requires NULL or handles that are alive.
        let (table, key) = unsafe { (handle::shared(table)?, handle::shared(key)?) };
        // SAFETY: the header requires NULL or that it may be written.
        let out = (!out.is_null()).then(|| unsafe { Out::new(out, "out") }).transpose()?;
        let change = change.ok_or_else(|| Failure::argument("change is NULL"))?;
        // SAFETY: the header requires that as many bytes can be read as is said.
        let name = unsafe { self::table_name(table_name, table_name_length) }?;
        let by = |present: Option<_>| {
            let present = present.map(item_from_sdk).transpose()?;
            // The function may wait, and call this library: the runtime's other work goes on elsewhere.
            // SAFETY: the header requires a function that may be called with `userdata`.
            let changed =
                tokio::task::block_in_place(|| unsafe { changed(change, userdata, present, key) })?;
            Ok(changed.map(item_to_sdk))
        };
        let update = table.get()?.update_item_with(name, item_to_sdk(key.clone()), by);
        let now = wait::at(table.home(), update)?.into_output();
        if let Some(out) = out {
            match now {
                Some(item) => out.give(item_from_sdk(item)?),
                None => out.put(ptr::null_mut()),
            }
        }
        Ok(())
    })
}
