//! One item: read, written, deleted.

use std::ffi::c_char;
use std::ptr;

use aws_sdk_dynamodb::operation::delete_item::builders::DeleteItemInputBuilder;
use aws_sdk_dynamodb::operation::get_item::builders::GetItemInputBuilder;
use aws_sdk_dynamodb::operation::put_item::builders::PutItemInputBuilder;
use itemseal_aws::{item_from_sdk, item_to_sdk};

use super::{itemseal_table, table_name};
use crate::error::itemseal_error;
use crate::guard::guard;
use crate::handle::{self, Out};
use crate::item::itemseal_item;
use crate::status::itemseal_status;
use crate::wait;

/// Reads an item by its key: `key` has the key attributes and no others. `consistent` reads what was written last; that is for the home
/// Region only, unless said otherwise to the builder. On success `*out` is the item, opened, the caller's, to be freed with
/// `itemseal_item_free`; or NULL if there is none.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itemseal_table_get(
    table: *const itemseal_table,
    table_name: *const c_char,
    table_name_length: usize,
    key: *const itemseal_item,
    consistent: bool,
    out: *mut *mut itemseal_item,
    error: *mut *mut itemseal_error,
) -> itemseal_status {
    guard(error, || {
        // SAFETY: the header requires NULL or handles that are alive, and an `out` that may be written.
        let (table, key, out) =
            unsafe { (handle::shared(table)?, handle::shared(key)?, Out::new(out, "out")?) };
        // SAFETY: the header requires that as many bytes can be read as is said.
        let name = unsafe { self::table_name(table_name, table_name_length) }?;
        let input = GetItemInputBuilder::default()
            .table_name(name)
            .set_key(Some(item_to_sdk(key.clone())))
            .consistent_read(consistent);
        let found = wait::at(table.home(), table.get()?.get_item(input))?.into_output().item;
        match found {
            Some(item) => out.give(item_from_sdk(item)?),
            None => out.put(ptr::null_mut()),
        }
        Ok(())
    })
}

/// Encrypts an item and writes it, in the place of any with its key; `item` stays as it is. If the table has a version attribute, it is
/// written if the stored item has the version that `item` has (or neither has any), and is `ITEMSEAL_STATUS_CONFLICT` otherwise; the version
/// that it was written with goes to `*version`, 0 without one. `version` may be NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itemseal_table_put(
    table: *const itemseal_table,
    table_name: *const c_char,
    table_name_length: usize,
    item: *const itemseal_item,
    version: *mut u64,
    error: *mut *mut itemseal_error,
) -> itemseal_status {
    guard(error, || {
        // SAFETY: the header requires NULL or handles that are alive.
        let (table, item) = unsafe { (handle::shared(table)?, handle::shared(item)?) };
        let has_version = !version.is_null();
        // SAFETY: the header requires NULL or that it may be written.
        let version = has_version.then(|| unsafe { Out::new(version, "version") }).transpose()?;
        // SAFETY: the header requires that as many bytes can be read as is said.
        let name = unsafe { self::table_name(table_name, table_name_length) }?;
        let input = PutItemInputBuilder::default()
            .table_name(name)
            .set_item(Some(item_to_sdk(item.clone())));
        let answer = wait::at(table.home(), table.get()?.put_item(input))?;
        if let Some(version) = version {
            version.put(answer.version().unwrap_or(0));
        }
        Ok(())
    })
}

/// Deletes an item by its key, which has the key attributes and no others. That there is none is no error. A condition is said with
/// `itemseal_table_call`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itemseal_table_delete(
    table: *const itemseal_table,
    table_name: *const c_char,
    table_name_length: usize,
    key: *const itemseal_item,
    error: *mut *mut itemseal_error,
) -> itemseal_status {
    guard(error, || {
        // SAFETY: the header requires NULL or handles that are alive.
        let (table, key) = unsafe { (handle::shared(table)?, handle::shared(key)?) };
        // SAFETY: the header requires that as many bytes can be read as is said.
        let name = unsafe { self::table_name(table_name, table_name_length) }?;
        let input = DeleteItemInputBuilder::default()
            .table_name(name)
            .set_key(Some(item_to_sdk(key.clone())));
        wait::at(table.home(), table.get()?.delete_item(input))?;
        Ok(())
    })
}
