//! KMS keys, each in its own Region.

use itemseal::keyring::{KmsMultiKeyring, MrkMultiKeyring};

use super::kms_options::{Options, itemseal_kms_options};
use super::{in_this_process, itemseal_keyring};
use crate::arguments;
use crate::aws::{self, itemseal_aws_config};
use crate::error::itemseal_error;
use crate::guard::guard;
use crate::handle::Out;
use crate::status::itemseal_status;
use crate::views::itemseal_text;

/// Wraps data keys under AWS KMS keys, each in the Region of its ARN: any one of them opens an item, and all are needed to write one.
/// `key_arns` are `count` full ARNs, at least one; an alias or a bare id is `ITEMSEAL_STATUS_MISUSE`, since it does not say which key is meant.
/// The deadline is divided among the keys. `aws` and `options` may be NULL. Nothing is asked yet: a key that is not there shows when it is used.
/// On success `*out` is the caller's, to be freed with `itemseal_keyring_free`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itemseal_keyring_kms(
    aws: *const itemseal_aws_config,
    key_arns: *const itemseal_text,
    count: usize,
    options: *const itemseal_kms_options,
    out: *mut *mut itemseal_keyring,
    error: *mut *mut itemseal_error,
) -> itemseal_status {
    guard(error, || {
        // SAFETY: the header requires an `out` that may be written.
        let out = unsafe { Out::new(out, "out") }?;
        // SAFETY: the header requires that `count` texts can be read.
        let arns = unsafe { arguments::texts(key_arns, count, "key_arns") }?;
        // SAFETY: the header requires NULL or a handle that is alive, and options that can be read.
        let options = unsafe { Options::read(options, aws::given(aws)?) }?;
        out.give(in_this_process(KmsMultiKeyring::new(&arns, options.access)?));
        Ok(())
    })
}

/// The same, but an item also opens if a replica of one of the keys wrapped it, in the Region of the ARN that is given here. No two of the ARNs
/// are of the same multi-Region key: to survive the loss of a Region use `itemseal_keyring_mrk` with several Regions.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itemseal_keyring_mrk_multi(
    aws: *const itemseal_aws_config,
    key_arns: *const itemseal_text,
    count: usize,
    options: *const itemseal_kms_options,
    out: *mut *mut itemseal_keyring,
    error: *mut *mut itemseal_error,
) -> itemseal_status {
    guard(error, || {
        // SAFETY: the header requires an `out` that may be written.
        let out = unsafe { Out::new(out, "out") }?;
        // SAFETY: the header requires that `count` texts can be read.
        let arns = unsafe { arguments::texts(key_arns, count, "key_arns") }?;
        // SAFETY: the header requires NULL or a handle that is alive, and options that can be read.
        let options = unsafe { Options::read(options, aws::given(aws)?) }?;
        out.give(in_this_process(MrkMultiKeyring::new(&arns, options.access)?));
        Ok(())
    })
}
