//! What a client's builder is told about times, order, switches and single tables.

use std::ffi::c_char;

use itemseal_aws::{GlobalTableBuilder, Writes};

use super::builder::{change, itemseal_table_builder};
use crate::arguments;
use crate::error::itemseal_error;
use crate::guard::{Failure, guard};
use crate::keyring::kms_options::order_of;
use crate::status::itemseal_status;

/// A switch of a client that is off unless it is set.
#[non_exhaustive]
#[repr(u32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum itemseal_table_option {
    /// Writes go to the next Region while the home Region cannot be reached: of two writes of one item the later wins.
    WritesFailOver = 1,
    /// A read that takes unusually long is sent to the next Region too, two in a hundred at most.
    HedgedReads = 2,
    /// While the home Region does not answer, consistent reads are consistent with another replica, which may lack the last writes.
    ConsistentReadsElsewhere = 3,
    /// Reads of an index that has parts of the items are completed from the table. Without it they are refused.
    CompleteIndexReads = 4,
    /// What DynamoDB leaves undone of a batch comes back at once. Without it it is sent up to eight times.
    HandBackUnprocessed = 5,
}

/// The most time that a call may take over all Regions, and a read in one Region while others are left, in milliseconds; 0 leaves them at
/// 5,000 and 800.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itemseal_table_builder_timeouts(
    builder: *mut itemseal_table_builder,
    deadline_ms: u32,
    most_per_region_ms: u32,
    error: *mut *mut itemseal_error,
) -> itemseal_status {
    let set = |mut builder: GlobalTableBuilder| {
        if let Some(deadline) = arguments::milliseconds(deadline_ms) {
            builder = builder.deadline(deadline);
        }
        if let Some(most) = arguments::milliseconds(most_per_region_ms) {
            builder = builder.most_per_region(most);
        }
        Ok(builder)
    };
    // SAFETY: the header requires NULL or a builder that nobody else uses.
    guard(error, || unsafe { change(builder, set) })
}

/// In which order reads ask the Regions: one of `itemseal_region_order`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itemseal_table_builder_read_order(
    builder: *mut itemseal_table_builder,
    order: u32,
    error: *mut *mut itemseal_error,
) -> itemseal_status {
    guard(error, || {
        let order = order_of(order)?;
        // SAFETY: the header requires NULL or a builder that nobody else uses.
        unsafe { change(builder, |builder| Ok(builder.read_order(order))) }
    })
}

/// Switches something on: `option` is one of `itemseal_table_option`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itemseal_table_builder_option(
    builder: *mut itemseal_table_builder,
    option: u32,
    error: *mut *mut itemseal_error,
) -> itemseal_status {
    guard(error, || {
        type Set = fn(GlobalTableBuilder) -> GlobalTableBuilder;
        const ALL: [(itemseal_table_option, Set); 5] = [
            (itemseal_table_option::WritesFailOver, |builder| builder.writes(Writes::Failover)),
            (itemseal_table_option::HedgedReads, GlobalTableBuilder::hedged_reads),
            (
                itemseal_table_option::ConsistentReadsElsewhere,
                GlobalTableBuilder::consistent_reads_elsewhere,
            ),
            (itemseal_table_option::CompleteIndexReads, GlobalTableBuilder::complete_index_reads),
            (itemseal_table_option::HandBackUnprocessed, GlobalTableBuilder::hand_back_unprocessed),
        ];
        let none = || Failure::argument(format!("option: {option} is no itemseal_table_option"));
        let (_, set) = ALL.into_iter().find(|(of, _)| *of as u32 == option).ok_or_else(none)?;
        // SAFETY: the header requires NULL or a builder that nobody else uses.
        unsafe { change(builder, |builder| Ok(set(builder))) }
    })
}

/// Names the signed number that every write of a table's items raises, for optimistic locking: a put succeeds if the stored item has the
/// version that the given one has, or neither has any; else it is `ITEMSEAL_STATUS_CONFLICT`. It has to be declared
/// `ITEMSEAL_ACTION_SIGN_ONLY`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itemseal_table_builder_version_attribute(
    builder: *mut itemseal_table_builder,
    table_name: *const c_char,
    table_name_length: usize,
    attribute: *const c_char,
    attribute_length: usize,
    error: *mut *mut itemseal_error,
) -> itemseal_status {
    guard(error, || {
        // SAFETY: the header requires that as many bytes can be read as is said.
        let (table, attribute) = unsafe {
            (
                arguments::text(table_name, table_name_length, "table_name")?,
                arguments::text(attribute, attribute_length, "attribute")?,
            )
        };
        // SAFETY: the header requires NULL or a builder that nobody else uses.
        unsafe { change(builder, |builder| Ok(builder.version_attribute(table, attribute))) }
    })
}

/// Lets the items of a table pass as they are, in batches and transactions. Any other table that is not configured is refused.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itemseal_table_builder_plaintext_table(
    builder: *mut itemseal_table_builder,
    table_name: *const c_char,
    table_name_length: usize,
    error: *mut *mut itemseal_error,
) -> itemseal_status {
    guard(error, || {
        // SAFETY: the header requires that as many bytes can be read as is said.
        let table = unsafe { arguments::text(table_name, table_name_length, "table_name") }?;
        // SAFETY: the header requires NULL or a builder that nobody else uses.
        unsafe { change(builder, |builder| Ok(builder.plaintext_table(table))) }
    })
}

/// Reads the items of a table that have neither header nor footer as they are, while it is being encrypted: until then **whoever can write
/// the table can put plaintext of their own in the place of any item**. Writes are always encrypted.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itemseal_table_builder_plaintext_reads(
    builder: *mut itemseal_table_builder,
    table_name: *const c_char,
    table_name_length: usize,
    error: *mut *mut itemseal_error,
) -> itemseal_status {
    guard(error, || {
        // SAFETY: the header requires that as many bytes can be read as is said.
        let table = unsafe { arguments::text(table_name, table_name_length, "table_name") }?;
        // SAFETY: the header requires NULL or a builder that nobody else uses.
        unsafe { change(builder, |builder| Ok(builder.plaintext_reads(table))) }
    })
}
