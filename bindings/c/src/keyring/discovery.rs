//! Whatever KMS key wrapped an item.

use std::ffi::c_char;

use itemseal::keyring::{DiscoveryFilter, DiscoveryKeyring, MrkDiscoveryMultiKeyring};

use super::kms_options::{Options, itemseal_kms_options};
use super::{in_this_process, itemseal_keyring};
use crate::arguments;
use crate::aws::{self, itemseal_aws_config};
use crate::error::itemseal_error;
use crate::guard::{Outcome, guard};
use crate::handle::Out;
use crate::status::itemseal_status;
use crate::views::itemseal_text;

/// # Safety
/// As many bytes and texts can be read as is said.
unsafe fn filter(
    partition: *const c_char,
    partition_length: usize,
    accounts: *const itemseal_text,
    account_count: usize,
) -> Outcome<DiscoveryFilter> {
    // SAFETY: as this function's.
    let (partition, accounts) = unsafe {
        (
            arguments::optional_text(partition, partition_length, "partition")?,
            arguments::texts(accounts, account_count, "accounts")?,
        )
    };
    Ok(DiscoveryFilter::new(partition.unwrap_or("aws"), accounts)?)
}

/// Reads what any KMS key in one Region wrapped; it does not write. `accounts` are the `account_count` whose keys are trusted, at least
/// one: whoever can write the table chooses the key. `partition` may be NULL for `aws`; `aws` and `options` may be NULL. On success `*out` is
/// the caller's, to be freed with `itemseal_keyring_free`. Encrypting with it is `ITEMSEAL_STATUS_MISUSE`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itemseal_keyring_discovery(
    aws: *const itemseal_aws_config,
    region: *const c_char,
    region_length: usize,
    partition: *const c_char,
    partition_length: usize,
    accounts: *const itemseal_text,
    account_count: usize,
    options: *const itemseal_kms_options,
    out: *mut *mut itemseal_keyring,
    error: *mut *mut itemseal_error,
) -> itemseal_status {
    guard(error, || {
        // SAFETY: the header requires an `out` that may be written.
        let out = unsafe { Out::new(out, "out") }?;
        // SAFETY: the header requires that as many bytes and texts can be read as is said.
        let (region, filter) = unsafe {
            (
                arguments::text(region, region_length, "region")?,
                filter(partition, partition_length, accounts, account_count)?,
            )
        };
        // SAFETY: the header requires NULL or a handle that is alive, and options that can be read.
        let options = unsafe { Options::read(options, aws::given(aws)?) }?;
        out.give(in_this_process(DiscoveryKeyring::new(region, options.access)?.filter(filter)));
        Ok(())
    })
}

/// Reads what any multi-Region key with a replica in one of `regions` wrapped, wherever it was wrapped; it does not write. `regions` are
/// `region_count`, at least one, asked in this order. The rest is as of `itemseal_keyring_discovery`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itemseal_keyring_mrk_discovery(
    aws: *const itemseal_aws_config,
    regions: *const itemseal_text,
    region_count: usize,
    partition: *const c_char,
    partition_length: usize,
    accounts: *const itemseal_text,
    account_count: usize,
    options: *const itemseal_kms_options,
    out: *mut *mut itemseal_keyring,
    error: *mut *mut itemseal_error,
) -> itemseal_status {
    guard(error, || {
        // SAFETY: the header requires an `out` that may be written.
        let out = unsafe { Out::new(out, "out") }?;
        // SAFETY: the header requires that as many bytes and texts can be read as is said.
        let (regions, filter) = unsafe {
            (
                arguments::texts(regions, region_count, "regions")?,
                filter(partition, partition_length, accounts, account_count)?,
            )
        };
        // SAFETY: the header requires NULL or a handle that is alive, and options that can be read.
        let options = unsafe { Options::read(options, aws::given(aws)?) }?;
        let keyring = MrkDiscoveryMultiKeyring::new(regions, options.access)?.filter(filter);
        out.give(in_this_process(keyring));
        Ok(())
    })
}
