//! A client, said step by step.

use std::ffi::c_char;
use std::sync::Arc;

use itemseal::{Error, ErrorKind};
use itemseal_aws::{GlobalTable, GlobalTableBuilder};

use super::itemseal_table;
use crate::arguments;
use crate::aws::{self, itemseal_aws_config};
use crate::config::file::itemseal_config_file;
use crate::config::itemseal_config;
use crate::error::itemseal_error;
use crate::guard::{Failure, Outcome, guard};
use crate::handle::{self, Handle, Out};
use crate::keyring::itemseal_keyring;
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

fn used_up() -> Failure {
    Error::new(ErrorKind::Misuse, "this builder has been used; make another one").into()
}

/// # Safety
/// `builder` is NULL or a builder that nobody else uses.
pub(super) unsafe fn change(
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
        // SAFETY: as above.
        unsafe { aws::check(aws) }?;
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
