//! A multi-Region key, in whichever of its Regions answers.

use std::ffi::c_char;

use itemseal::keyring::MrkKeyring;

use super::kms_options::{Options, itemseal_kms_options};
use super::{in_this_process, itemseal_keyring};
use crate::arguments;
use crate::aws::{self, itemseal_aws_config};
use crate::error::itemseal_error;
use crate::guard::guard;
use crate::handle::Out;
use crate::status::itemseal_status;
use crate::views::itemseal_text;

/// Wraps data keys under one multi-Region key, through the first of its Regions that answers. `key_arn` is the full ARN of any of its
/// replicas; `regions` are the `region_count` Regions with a replica, home first, and with none it is the one of the ARN. A Region that is
/// unreachable, throttled or broken passes the call on to the next one; one that denies ends it. `aws` and `options` may be NULL. Items are
/// written and read with errors that name the Region. On success `*out` is the caller's, to be freed with `itemseal_keyring_free`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itemseal_keyring_mrk(
    aws: *const itemseal_aws_config,
    key_arn: *const c_char,
    key_arn_length: usize,
    regions: *const itemseal_text,
    region_count: usize,
    options: *const itemseal_kms_options,
    out: *mut *mut itemseal_keyring,
    error: *mut *mut itemseal_error,
) -> itemseal_status {
    guard(error, || {
        // SAFETY: the header requires an `out` that may be written.
        let out = unsafe { Out::new(out, "out") }?;
        // SAFETY: the header requires that as many bytes and texts can be read as is said.
        let (arn, regions) = unsafe {
            (
                arguments::text(key_arn, key_arn_length, "key_arn")?,
                arguments::texts(regions, region_count, "regions")?,
            )
        };
        // SAFETY: the header requires NULL or a handle that is alive, and options that can be read.
        let options = unsafe { Options::read(options, aws::given(aws)?) }?;
        let mut builder = MrkKeyring::builder(arn).regions(regions).order(options.order);
        if let Some(most) = options.most_per_region {
            builder = builder.most_per_region(most);
        }
        out.give(in_this_process(builder.build(options.access)?));
        Ok(())
    })
}
