//! The client for encrypted global tables.

mod answers;
pub mod builder;
pub mod builder_options;
pub mod call;
mod found;
mod json;
pub mod one_item;
pub mod pages;
mod requests;
pub mod update;

use std::ffi::c_char;

pub(crate) use found::found;
use itemseal_aws::GlobalTable;

use crate::arguments;
use crate::aws::{self, itemseal_aws_config};
use crate::config::file::itemseal_config_file;
use crate::error::itemseal_error;
use crate::guard::{Failure, Outcome, guard};
use crate::handle::{self, Handle, Out};
use crate::process::{Home, Homed};
use crate::status::itemseal_status;
use crate::wait;

/// A DynamoDB client for encrypted tables. Items are encrypted and signed before they are sent, and verified and opened when they arrive.
/// Reads go to the first Region that answers; writes stay in the home Region unless failover is chosen. Never changes: may be used by many
/// threads, in the process that made it; the calling thread waits. Errors name the Region, and the attribute they are about.
pub struct itemseal_table {
    _opaque: [u8; 0],
}

impl Handle for itemseal_table {
    type Inner = Homed<GlobalTable>;
    const NAME: &'static str = "itemseal_table";
    const TAG: u64 = u64::from_le_bytes(*b"is table");
}

/// How one call is made; numbers that can be added.
#[non_exhaustive]
#[repr(u32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum itemseal_call_option {
    /// As usual.
    None = 0,
    /// The write may be carried out twice, the second time later and in another Region: it matters where writes fail over.
    Idempotent = 1,
    /// Items that do not open are reported beside the good ones, and are not the call's error.
    ReportBadItems = 2,
}

/// The client as it is to be asked.
fn asked(client: &GlobalTable, options: u32) -> Outcome<GlobalTable> {
    const IDEMPOTENT: u32 = itemseal_call_option::Idempotent as u32;
    const REPORT: u32 = itemseal_call_option::ReportBadItems as u32;
    if options & !(IDEMPOTENT | REPORT) != 0 {
        return Err(Failure::argument(format!("options: {options} are no itemseal_call_option")));
    }
    let mut client = client.clone();
    if options & IDEMPOTENT != 0 {
        client = client.idempotent();
    }
    if options & REPORT != 0 {
        client = client.reporting_bad_items();
    }
    Ok(client)
}

/// The name of the table that a call is about: the one given, or the only one.
///
/// # Safety
/// `length` bytes can be read from `name`.
unsafe fn table_name<'a>(name: *const c_char, length: usize) -> Outcome<&'a str> {
    // SAFETY: as this function's.
    unsafe { arguments::text(name, length, "table_name") }
}

/// A client for all tables of a file, under its keyring: Regions, version attributes, where writes go and how old items are read are as
/// the file says. `aws` may be NULL. DynamoDB is asked how the tables are. On success `*out` is the caller's, to be freed with
/// `itemseal_table_free`; `ITEMSEAL_STATUS_MISUSE` if the file does not fit the tables. More can be said with
/// `itemseal_table_builder_from_file`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itemseal_table_open(
    file: *const itemseal_config_file,
    aws: *const itemseal_aws_config,
    out: *mut *mut itemseal_table,
    error: *mut *mut itemseal_error,
) -> itemseal_status {
    guard(error, || {
        // SAFETY: the header requires NULL or handles that are alive, and an `out` that may be written.
        let (file, out) = unsafe { (handle::shared(file)?, Out::new(out, "out")?) };
        // SAFETY: as above.
        let aws = unsafe { aws::given(aws) }?;
        let builder = file.global_table_under(aws.keyring_of(file)?)?;
        let client = wait::at(Home::this_process(), builder.build(&aws.config))?;
        out.give(Homed::here(client));
        Ok(())
    })
}

/// Frees a client. NULL is fine. Wait for the calls of other threads first.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itemseal_table_free(table: *mut itemseal_table) {
    // SAFETY: the header requires NULL or a client that nobody uses any more.
    unsafe { handle::free(table, |_| {}) }
}
