//! A table's configuration, built step by step.

use std::ffi::c_char;

use itemseal::{AlgorithmSuite, TableConfig, TableConfigBuilder};

use super::itemseal_config;
use crate::arguments;
use crate::error::itemseal_error;
use crate::guard::{Failure, Outcome, guard};
use crate::handle::{self, Handle, Out};
use crate::status::itemseal_status;

/// Builds a configuration. One thread at a time.
pub struct itemseal_config_builder {
    _opaque: [u8; 0],
}

impl Handle for itemseal_config_builder {
    type Inner = TableConfigBuilder;
    const NAME: &'static str = "itemseal_config_builder";
    const TAG: u64 = u64::from_le_bytes(*b"isconfbd");
}

/// What is done with an attribute. One that is not named is encrypted and signed.
#[non_exhaustive]
#[repr(u32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum itemseal_action {
    /// Encrypted and signed.
    EncryptAndSign = 1,
    /// In clear, and signed.
    SignOnly = 2,
    /// In clear, signed, and part of the encryption context that KMS sees. Every item must have it.
    SignAndIncludeInEncryptionContext = 3,
    /// In clear and unsigned: anybody who can write the table can change it.
    DoNothing = 4,
}

/// How items are encrypted and signed. Items of either suite are read.
#[non_exhaustive]
#[repr(u32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum itemseal_suite {
    /// Without a digital signature: whoever may decrypt could also have written.
    HmacOnly = 0x6700,
    /// And with an ECDSA P-384 signature under a key made for the item.
    EcdsaP384 = 0x6701,
}

/// Changes a builder by one name.
///
/// # Safety
/// `builder` is NULL or a builder that nobody else uses, and `length` bytes can be read from `name`.
unsafe fn change(
    builder: *mut itemseal_config_builder,
    name: *const c_char,
    length: usize,
    by: impl FnOnce(TableConfigBuilder, &str) -> Outcome<TableConfigBuilder>,
) -> Outcome {
    // SAFETY: as this function's.
    let (builder, name) =
        unsafe { (handle::exclusive(builder)?, arguments::text(name, length, "name")?) };
    *builder = by(builder.clone(), name)?;
    Ok(())
}

/// Starts the configuration of the table with this logical name: its name, unless it was restored or copied under another; then what
/// it was. On success `*out` is the caller's, to be freed with `itemseal_config_builder_free`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itemseal_config_builder_new(
    logical_name: *const c_char,
    logical_name_length: usize,
    out: *mut *mut itemseal_config_builder,
    error: *mut *mut itemseal_error,
) -> itemseal_status {
    guard(error, || {
        // SAFETY: the header requires an `out` that may be written.
        let out = unsafe { Out::new(out, "out") }?;
        // SAFETY: the header requires that as many bytes can be read as is said.
        let name = unsafe { arguments::text(logical_name, logical_name_length, "logical_name") }?;
        out.give(TableConfig::builder(name));
        Ok(())
    })
}

/// Names the partition key attribute. Required. It stays in clear and is signed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itemseal_config_builder_partition_key(
    builder: *mut itemseal_config_builder,
    name: *const c_char,
    name_length: usize,
    error: *mut *mut itemseal_error,
) -> itemseal_status {
    // SAFETY: the header requires a builder that nobody else uses, and that the name can be read.
    guard(error, || unsafe {
        change(builder, name, name_length, |builder, name| Ok(builder.partition_key(name)))
    })
}

/// Names the sort key attribute, if the table has one. It stays in clear and is signed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itemseal_config_builder_sort_key(
    builder: *mut itemseal_config_builder,
    name: *const c_char,
    name_length: usize,
    error: *mut *mut itemseal_error,
) -> itemseal_status {
    // SAFETY: the header requires a builder that nobody else uses, and that the name can be read.
    guard(error, || unsafe {
        change(builder, name, name_length, |builder, name| Ok(builder.sort_key(name)))
    })
}

/// Says what is done with an attribute: `action` is one of `itemseal_action`. A name that is given two actions is an error of
/// `itemseal_config_builder_build`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itemseal_config_builder_action(
    builder: *mut itemseal_config_builder,
    name: *const c_char,
    name_length: usize,
    action: u32,
    error: *mut *mut itemseal_error,
) -> itemseal_status {
    // SAFETY: the header requires a builder that nobody else uses, and that the name can be read.
    guard(error, || unsafe {
        change(builder, name, name_length, |builder, name| with_action(builder, name, action))
    })
}

/// C passes any number; an enumeration of Rust may not hold one that it does not know.
fn with_action(
    builder: TableConfigBuilder,
    name: &str,
    action: u32,
) -> Outcome<TableConfigBuilder> {
    const ENCRYPT_AND_SIGN: u32 = itemseal_action::EncryptAndSign as u32;
    const SIGN_ONLY: u32 = itemseal_action::SignOnly as u32;
    const CONTEXT: u32 = itemseal_action::SignAndIncludeInEncryptionContext as u32;
    const DO_NOTHING: u32 = itemseal_action::DoNothing as u32;
    match action {
        ENCRYPT_AND_SIGN => Ok(builder.encrypt([name])),
        SIGN_ONLY => Ok(builder.sign_only([name])),
        CONTEXT => Ok(builder.context([name])),
        DO_NOTHING => Ok(builder.unsigned([name])),
        _ => Err(Failure::argument(format!("action: {action} is no itemseal_action"))),
    }
}

/// Leaves every attribute whose name starts so in clear and unsigned, such as `:`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itemseal_config_builder_unsigned_prefix(
    builder: *mut itemseal_config_builder,
    prefix: *const c_char,
    prefix_length: usize,
    error: *mut *mut itemseal_error,
) -> itemseal_status {
    // SAFETY: the header requires a builder that nobody else uses, and that the prefix can be read.
    guard(error, || unsafe {
        change(
            builder,
            prefix,
            prefix_length,
            |builder, prefix| Ok(builder.unsigned_prefix(prefix)),
        )
    })
}

/// Says which suite items are written with: `suite` is one of `itemseal_suite`. `ITEMSEAL_SUITE_ECDSA_P384` unless set.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itemseal_config_builder_suite(
    builder: *mut itemseal_config_builder,
    suite: u32,
    error: *mut *mut itemseal_error,
) -> itemseal_status {
    guard(error, || {
        const HMAC_ONLY: u32 = itemseal_suite::HmacOnly as u32;
        const ECDSA_P384: u32 = itemseal_suite::EcdsaP384 as u32;
        let suite = match suite {
            HMAC_ONLY => AlgorithmSuite::HmacOnly,
            ECDSA_P384 => AlgorithmSuite::EcdsaP384,
            _ => return Err(Failure::argument(format!("suite: {suite} is no itemseal_suite"))),
        };
        // SAFETY: the header requires a builder that nobody else uses.
        let builder = unsafe { handle::exclusive(builder) }?;
        *builder = builder.clone().suite(suite);
        Ok(())
    })
}

/// Checks what was said and makes the configuration; the builder stays as it is. On success `*out` is the caller's, to be freed with
/// `itemseal_config_free`; `ITEMSEAL_STATUS_MISUSE`, with the attribute's name, if it cannot be right.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itemseal_config_builder_build(
    builder: *const itemseal_config_builder,
    out: *mut *mut itemseal_config,
    error: *mut *mut itemseal_error,
) -> itemseal_status {
    guard(error, || {
        // SAFETY: the header requires NULL or a builder that is alive, and an `out` that may be written.
        let (builder, out) = unsafe { (handle::shared(builder)?, Out::new(out, "out")?) };
        out.give(builder.clone().build()?);
        Ok(())
    })
}

/// Frees a builder. NULL is fine.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itemseal_config_builder_free(builder: *mut itemseal_config_builder) {
    // SAFETY: the header requires NULL or a builder that nobody uses any more.
    unsafe { handle::free(builder, |_| {}) }
}
