//! DynamoDB's operations, in DynamoDB's JSON.

use std::ffi::c_char;

use itemseal::Result;
use itemseal_aws::GlobalTable;
use zeroize::Zeroizing;

use super::answers::told;
use super::json::Json;
use super::requests::{self, parse};
use super::{asked, itemseal_table};
use crate::arguments;
use crate::buffer::itemseal_buffer;
use crate::error::itemseal_error;
use crate::guard::{Failure, guard};
use crate::handle::{self, Out};
use crate::status::itemseal_status;
use crate::wait;

/// An operation of DynamoDB on items.
#[non_exhaustive]
#[repr(u32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum itemseal_operation {
    /// Reads an item.
    GetItem = 1,
    /// Writes an item.
    PutItem = 2,
    /// Changes attributes that are not signed; signed ones are refused: `itemseal_table_update` changes them.
    UpdateItem = 3,
    /// Deletes an item.
    DeleteItem = 4,
    /// A page of items with one partition key.
    Query = 5,
    /// A page of a table or an index.
    Scan = 6,
    /// Reads up to 100 items.
    BatchGetItem = 7,
    /// Writes and deletes up to 25 items.
    BatchWriteItem = 8,
    /// Reads up to 100 items as they were at one time.
    TransactGetItems = 9,
    /// Writes up to 100 items, or none.
    TransactWriteItems = 10,
}

const ALL: [itemseal_operation; 10] = [
    itemseal_operation::GetItem,
    itemseal_operation::PutItem,
    itemseal_operation::UpdateItem,
    itemseal_operation::DeleteItem,
    itemseal_operation::Query,
    itemseal_operation::Scan,
    itemseal_operation::BatchGetItem,
    itemseal_operation::BatchWriteItem,
    itemseal_operation::TransactGetItems,
    itemseal_operation::TransactWriteItems,
];

async fn call(client: GlobalTable, operation: itemseal_operation, json: &[u8]) -> Result<Json> {
    use itemseal_operation as Operation;
    match operation {
        Operation::GetItem => {
            told(client.get_item(parse::<requests::GetItem>(json)?.input()).await?)
        }
        Operation::PutItem => {
            told(client.put_item(parse::<requests::PutItem>(json)?.input()).await?)
        }
        Operation::UpdateItem => {
            told(client.update_item(parse::<requests::UpdateItem>(json)?.input()).await?)
        }
        Operation::DeleteItem => {
            told(client.delete_item(parse::<requests::DeleteItem>(json)?.input()).await?)
        }
        Operation::Query => told(client.query(parse::<requests::Query>(json)?.input()).await?),
        Operation::Scan => told(client.scan(parse::<requests::Scan>(json)?.input()).await?),
        Operation::BatchGetItem => {
            told(client.batch_get_item(parse::<requests::BatchGetItem>(json)?.input()?).await?)
        }
        Operation::BatchWriteItem => {
            told(client.batch_write_item(parse::<requests::BatchWriteItem>(json)?.input()?).await?)
        }
        Operation::TransactGetItems => {
            let input = parse::<requests::TransactGetItems>(json)?.input()?;
            told(client.transact_get_items(input).await?)
        }
        Operation::TransactWriteItems => {
            let input = parse::<requests::TransactWriteItems>(json)?.input()?;
            told(client.transact_write_items(input).await?)
        }
    }
}

/// Calls an operation of DynamoDB: `operation` is one of `itemseal_operation`, `options` are of `itemseal_call_option`, and `request` is what
/// DynamoDB's API takes, in its JSON, with items in clear. Legacy parameters (those before expressions) are not known, and what is not known is
/// `ITEMSEAL_STATUS_MALFORMED`. On success `*out` is what the API answers, in its JSON, with items opened, and beside it: `Region`, which
/// answered; `Version`, which an item was written with, if its table has a version attribute; `BadItems`, if they are to be reported and there
/// are some: `[{"TableName", "Key", "Error": {"Status", "Message", "Attribute", "Region"}}]`; and `ResponseMetadata`, with the `RequestId`. It is the
/// caller's, to be freed with `itemseal_buffer_free`, which wipes it. What a condition that failed found is in the error:
/// `itemseal_error_found`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itemseal_table_call(
    table: *const itemseal_table,
    operation: u32,
    options: u32,
    request: *const c_char,
    request_length: usize,
    out: *mut *mut itemseal_buffer,
    error: *mut *mut itemseal_error,
) -> itemseal_status {
    guard(error, || {
        // SAFETY: the header requires NULL or a table that is alive, and an `out` that may be written.
        let (table, out) = unsafe { (handle::shared(table)?, Out::new(out, "out")?) };
        // SAFETY: the header requires that as many bytes can be read as is said.
        let request =
            unsafe { arguments::elements(request.cast::<u8>(), request_length, "request") }?;
        let none = || Failure::argument(format!("operation: {operation} is no itemseal_operation"));
        let operation = ALL.into_iter().find(|of| *of as u32 == operation).ok_or_else(none)?;
        let client = asked(table.get()?, options)?;
        let answer = wait::at(table.home(), call(client, operation, request))?;
        out.give(Zeroizing::new(answer.to_bytes()));
        Ok(())
    })
}
