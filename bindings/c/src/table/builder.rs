//! A client, said step by step.

use std::ffi::c_char;
use std::sync::Arc;

use itemseal::{Error, ErrorKind};
use itemseal_aws::{GlobalTable, GlobalTableBuilder, Writes};

use super::itemseal_table;
use crate::arguments;
use crate::aws::{self, itemseal_aws_config};
use crate::config::file::itemseal_config_file;
use crate::config::itemseal_config;
use crate::error::itemseal_error;
use crate::guard::{Failure, Outcome, guard};
use crate::handle::{self, Handle, Out};
use crate::keyring::itemseal_keyring;
use crate::keyring::kms_options::order_of;
use crate::process::{Home, Homed};
use crate::status::itemseal_status;
use crate::views::itemseal_text;
use crate::wait;

/// Builds an `itemseal_table`. One thread at a time, in the process that made it.
pub struct itemseal_table_builder {
    _opaque: [u8; 0],
}

impl Handle for itemseal_table_builder {
    // None once it has been used up.
    type Inner = Homed<Option<GlobalTableBuilder>>;
    const NAME: &'static str = "itemseal_table_builder";
    const TAG: u64 = u64::from_le_bytes(*b"istabbld");
}

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

fn used_up() -> Failure {
    Error::new(ErrorKind::Misuse, "this builder has been used; make another one").into()
}

/// # Safety
/// `builder` is NULL or a builder that nobody else uses.
unsafe fn change(
    builder: *mut itemseal_table_builder,
    by: impl FnOnce(GlobalTableBuilder) -> Outcome<GlobalTableBuilder>,
) -> Outcome {
    // SAFETY: as this function's.
    let builder = unsafe { handle::exclusive(builder) }?.get_mut()?;
    *builder = Some(by(builder.take().ok_or_else(used_up)?)?);
    Ok(())
}

/// Starts a client for the table `name` in DynamoDB, which may be NULL for the logical name of `config`. `config` and `keyring` stay the
/// caller's, and may be freed before it. On success `*out` is the caller's, to be freed with `itemseal_table_builder_free`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itemseal_table_builder_new(
    name: *const c_char,
    name_length: usize,
    config: *const itemseal_config,
    keyring: *const itemseal_keyring,
    out: *mut *mut itemseal_table_builder,
    error: *mut *mut itemseal_error,
) -> itemseal_status {
    guard(error, || {
        // SAFETY: the header requires NULL or handles that are alive, and an `out` that may be written.
        let (config, keyring, out) =
            unsafe { (handle::shared(config)?, handle::shared(keyring)?, Out::new(out, "out")?) };
        // SAFETY: the header requires that as many bytes can be read as is said.
        let name = unsafe { arguments::optional_text(name, name_length, "name") }?;
        let keyring = Arc::clone(keyring.get()?);
        let name = name.unwrap_or(config.logical_name());
        out.give(Homed::here(Some(GlobalTable::builder_named(name, config.clone(), keyring))));
        Ok(())
    })
}

/// Starts as `itemseal_table_open`, for more to be said. `keyring` is the one that is used, and may be NULL for the file's, over `aws`, which
/// may be NULL too. On success `*out` is the caller's, to be freed with `itemseal_table_builder_free`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itemseal_table_builder_from_file(
    file: *const itemseal_config_file,
    keyring: *const itemseal_keyring,
    aws: *const itemseal_aws_config,
    out: *mut *mut itemseal_table_builder,
    error: *mut *mut itemseal_error,
) -> itemseal_status {
    guard(error, || {
        // SAFETY: the header requires NULL or handles that are alive, and an `out` that may be written.
        let (file, out) = unsafe { (handle::shared(file)?, Out::new(out, "out")?) };
        let keyring = if keyring.is_null() {
            // SAFETY: the header requires NULL or a handle that is alive.
            unsafe { aws::given(aws) }?.keyring_of(file)?
        } else {
            // SAFETY: the header requires a keyring that is alive.
            Arc::clone(unsafe { handle::shared(keyring) }?.get()?)
        };
        out.give(Homed::here(Some(file.global_table_under(keyring)?)));
        Ok(())
    })
}

/// Adds a table by its name in DynamoDB, for batches and transactions over several. `config` and `keyring` stay the caller's.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itemseal_table_builder_table(
    builder: *mut itemseal_table_builder,
    name: *const c_char,
    name_length: usize,
    config: *const itemseal_config,
    keyring: *const itemseal_keyring,
    error: *mut *mut itemseal_error,
) -> itemseal_status {
    guard(error, || {
        // SAFETY: the header requires NULL or handles that are alive, and that the name can be read.
        let (config, keyring, name) = unsafe {
            (
                handle::shared(config)?,
                handle::shared(keyring)?,
                arguments::text(name, name_length, "name")?,
            )
        };
        let keyring = Arc::clone(keyring.get()?);
        // SAFETY: the header requires NULL or a builder that nobody else uses.
        unsafe { change(builder, |builder| Ok(builder.table(name, config.clone(), keyring))) }
    })
}

/// The `count` Regions of the tables, the home Region first. Unless said they are the keyring's.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itemseal_table_builder_regions(
    builder: *mut itemseal_table_builder,
    regions: *const itemseal_text,
    count: usize,
    error: *mut *mut itemseal_error,
) -> itemseal_status {
    guard(error, || {
        // SAFETY: the header requires that `count` texts can be read.
        let regions = unsafe { arguments::texts(regions, count, "regions") }?;
        // SAFETY: the header requires NULL or a builder that nobody else uses.
        unsafe { change(builder, |builder| Ok(builder.regions(regions))) }
    })
}

/// The `count` Regions that data may be in: another one, the tables' or a keyring's, is an error of `itemseal_table_builder_open`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itemseal_table_builder_allowed_regions(
    builder: *mut itemseal_table_builder,
    regions: *const itemseal_text,
    count: usize,
    error: *mut *mut itemseal_error,
) -> itemseal_status {
    guard(error, || {
        // SAFETY: the header requires that `count` texts can be read.
        let regions = unsafe { arguments::texts(regions, count, "regions") }?;
        // SAFETY: the header requires NULL or a builder that nobody else uses.
        unsafe { change(builder, |builder| Ok(builder.allowed_regions(regions))) }
    })
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

/// Asks DynamoDB how the tables are, checks what was said against them, and makes the client. The builder is used up, also by a failure,
/// and still to be freed. `aws` may be NULL. On success `*out` is the caller's, to be freed with `itemseal_table_free`;
/// `ITEMSEAL_STATUS_MISUSE` if it cannot be right.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itemseal_table_builder_open(
    builder: *mut itemseal_table_builder,
    aws: *const itemseal_aws_config,
    out: *mut *mut itemseal_table,
    error: *mut *mut itemseal_error,
) -> itemseal_status {
    guard(error, || {
        // SAFETY: the header requires NULL or handles that are alive, and an `out` that may be written.
        let (builder, out) = unsafe { (handle::exclusive(builder)?, Out::new(out, "out")?) };
        // SAFETY: the header requires NULL or a handle that is alive.
        let aws = unsafe { aws::given(aws) }?;
        let builder = builder.get_mut()?.take().ok_or_else(used_up)?;
        let client = wait::at(Home::this_process(), builder.build(&aws.config))?;
        out.give(Homed::here(client));
        Ok(())
    })
}

/// Frees a builder. NULL is fine.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itemseal_table_builder_free(builder: *mut itemseal_table_builder) {
    // SAFETY: the header requires NULL or a builder that nobody uses any more.
    unsafe { handle::free(builder, |_| {}) }
}
