//! The configuration file: tables and their keyring.

use std::ffi::c_char;
use std::sync::Arc;

use itemseal::{Error, ErrorKind, Keyring, TableConfig};
use itemseal_aws::ConfigFile;

use super::itemseal_config;
use crate::arguments;
use crate::aws::{self, itemseal_aws_config};
use crate::error::itemseal_error;
use crate::guard::{Failure, Outcome, guard};
use crate::handle::{self, Handle, Out};
use crate::keyring::itemseal_keyring;
use crate::process::{Home, Homed};
use crate::status::itemseal_status;
use crate::views::itemseal_text;

/// Tables and their keyring, as a file in TOML says them; the same file serves every language. Never changes: may be used by many
/// threads. What is made with it keeps what it needs, so it may be freed before that.
pub struct itemseal_config_file {
    _opaque: [u8; 0],
}

impl Handle for itemseal_config_file {
    type Inner = ConfigFile;
    const NAME: &'static str = "itemseal_config_file";
    const TAG: u64 = u64::from_le_bytes(*b"isconffl");
}

/// Reads a file. Paths in it are relative to the folder that it is in. On success `*out` is the caller's, to be freed with
/// `itemseal_config_file_free`; `ITEMSEAL_STATUS_MISUSE`, with file and field, if it cannot be read or cannot be right.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itemseal_config_file_read(
    path: *const c_char,
    path_length: usize,
    out: *mut *mut itemseal_config_file,
    error: *mut *mut itemseal_error,
) -> itemseal_status {
    guard(error, || {
        // SAFETY: the header requires an `out` that may be written.
        let out = unsafe { Out::new(out, "out") }?;
        // SAFETY: the header requires that as many bytes can be read as is said.
        let path = unsafe { arguments::text(path, path_length, "path") }?;
        out.give(ConfigFile::read(path)?);
        Ok(())
    })
}

/// Parses TOML. Paths in it are relative to `folder`, which is the working directory if it is NULL. On success `*out` is the caller's, to
/// be freed with `itemseal_config_file_free`; `ITEMSEAL_STATUS_MISUSE`, with line or field, if it cannot be right.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itemseal_config_file_parse(
    toml: *const c_char,
    toml_length: usize,
    folder: *const c_char,
    folder_length: usize,
    out: *mut *mut itemseal_config_file,
    error: *mut *mut itemseal_error,
) -> itemseal_status {
    guard(error, || {
        // SAFETY: the header requires an `out` that may be written.
        let out = unsafe { Out::new(out, "out") }?;
        // SAFETY: the header requires that as many bytes can be read as is said.
        let (toml, folder) = unsafe {
            (
                arguments::text(toml, toml_length, "toml")?,
                arguments::optional_text(folder, folder_length, "folder")?,
            )
        };
        out.give(ConfigFile::parse(toml, folder.unwrap_or("."))?);
        Ok(())
    })
}

/// How many tables the file has, in `*out`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itemseal_config_file_table_count(
    file: *const itemseal_config_file,
    out: *mut usize,
    error: *mut *mut itemseal_error,
) -> itemseal_status {
    guard(error, || {
        // SAFETY: the header requires NULL or a file that is alive, and an `out` that may be written.
        let (file, out) = unsafe { (handle::shared(file)?, Out::new(out, "out")?) };
        out.put(file.tables().count());
        Ok(())
    })
}

/// A table's name in DynamoDB, counted from 0 in the order of the names, in `*out`: borrowed as long as `file`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itemseal_config_file_table_name(
    file: *const itemseal_config_file,
    index: usize,
    out: *mut itemseal_text,
    error: *mut *mut itemseal_error,
) -> itemseal_status {
    guard(error, || {
        // SAFETY: the header requires NULL or a file that is alive, and an `out` that may be written.
        let (file, out) = unsafe { (handle::shared(file)?, Out::new(out, "out")?) };
        let none = || Failure::not_found(format!("the file has no table {index}, from 0"));
        let (name, _) = file.tables().nth(index).ok_or_else(none)?;
        out.put(name.into());
        Ok(())
    })
}

/// How a table is encrypted, by its name in DynamoDB; NULL, if the file has one table only. On success `*out` is the caller's, to be
/// freed with `itemseal_config_free`; `ITEMSEAL_STATUS_MISUSE` if the file has no such table.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itemseal_config_file_table(
    file: *const itemseal_config_file,
    name: *const c_char,
    name_length: usize,
    out: *mut *mut itemseal_config,
    error: *mut *mut itemseal_error,
) -> itemseal_status {
    guard(error, || {
        // SAFETY: the header requires NULL or a file that is alive, and an `out` that may be written.
        let (file, out) = unsafe { (handle::shared(file)?, Out::new(out, "out")?) };
        // SAFETY: the header requires that as many bytes can be read as is said.
        let name = unsafe { arguments::optional_text(name, name_length, "name") }?;
        out.give(table(file, name)?.clone());
        Ok(())
    })
}

/// The file's keyring. Its key files are read now; AWS is reached as `aws` says, which may be NULL. On success `*out` is the caller's, to
/// be freed with `itemseal_keyring_free`; `ITEMSEAL_STATUS_MISUSE`, with file and field, if a key file cannot be read, can be read by others, or
/// holds no key.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itemseal_config_file_keyring_over(
    file: *const itemseal_config_file,
    aws: *const itemseal_aws_config,
    out: *mut *mut itemseal_keyring,
    error: *mut *mut itemseal_error,
) -> itemseal_status {
    guard(error, || {
        // SAFETY: the header requires NULL or handles that are alive, and an `out` that may be written.
        let (file, out) = unsafe { (handle::shared(file)?, Out::new(out, "out")?) };
        // SAFETY: as above.
        out.give(unsafe { keyring(file, aws) }?);
        Ok(())
    })
}

/// `itemseal_config_file_keyring_over` with AWS as the process's environment says.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itemseal_config_file_keyring(
    file: *const itemseal_config_file,
    out: *mut *mut itemseal_keyring,
    error: *mut *mut itemseal_error,
) -> itemseal_status {
    // SAFETY: as of that function.
    unsafe { itemseal_config_file_keyring_over(file, std::ptr::null(), out, error) }
}

/// Frees a configuration file. NULL is fine.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itemseal_config_file_free(file: *mut itemseal_config_file) {
    // SAFETY: the header requires NULL or a file that the caller uses no more.
    unsafe { handle::free(file, |_| {}) }
}

/// The table of this name, or the only one.
pub(crate) fn table<'a>(file: &'a ConfigFile, name: Option<&str>) -> Outcome<&'a TableConfig> {
    if let Some(name) = name {
        return Ok(file.table(name)?);
    }
    let mut tables = file.tables();
    match (tables.next(), tables.next()) {
        (Some((_, config)), None) => Ok(config),
        _ => {
            let known: Vec<&str> = file.tables().map(|(name, _)| name).collect();
            let message = format!("the configuration has {}; say which", known.join(", "));
            Err(Error::new(ErrorKind::Misuse, message).into())
        }
    }
}

/// A file's keyring. AWS is not looked for if it needs none.
///
/// # Safety
/// `aws` is NULL or a handle that is alive.
pub(crate) unsafe fn keyring(
    file: &ConfigFile,
    aws: *const itemseal_aws_config,
) -> Outcome<Homed<Arc<dyn Keyring>>> {
    // SAFETY: as this function's.
    unsafe { aws::check(aws) }?;
    if file.needs_aws() {
        // SAFETY: as this function's.
        return Ok(Homed::here(unsafe { aws::given(aws) }?.keyring_of(file)?));
    }
    let none = || Error::new(ErrorKind::Internal, "a keyring that needs no AWS asked for it");
    let keyring = file.keyring_over(|| Err(none()), |_, _| Err(none()))?;
    Ok(Homed::new(keyring, Home::Anywhere))
}
