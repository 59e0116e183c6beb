//! How keyrings and key stores ask AWS KMS.

use std::time::Duration;

use itemseal::failover::RegionOrder;
use itemseal::keyring::KmsAccess;

use crate::arguments;
use crate::aws::Aws;
use crate::guard::{Failure, Outcome};
use crate::views::itemseal_text;

/// In which order Regions are asked.
#[non_exhaustive]
#[repr(u32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum itemseal_region_order {
    /// As they are given, the home Region first.
    AsGiven = 0,
    /// The one first whose answers come soonest.
    Nearest = 1,
}

/// C passes any number; an enumeration of Rust may not hold one that it does not know.
pub(crate) fn order_of(number: u32) -> Outcome<RegionOrder> {
    const AS_GIVEN: u32 = itemseal_region_order::AsGiven as u32;
    const NEAREST: u32 = itemseal_region_order::Nearest as u32;
    match number {
        AS_GIVEN => Ok(RegionOrder::AsGiven),
        NEAREST => Ok(RegionOrder::Nearest),
        _ => Err(Failure::argument(format!("order: {number} is no itemseal_region_order"))),
    }
}

/// How AWS KMS is asked. All zero is what holds where NULL is passed instead. It is read during the call only.
#[allow(clippy::exhaustive_structs, reason = "C makes it")]
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct itemseal_kms_options {
    /// Grant tokens that are sent with each call: as good as permissions.
    pub grant_tokens: *const itemseal_text,
    /// How many there are.
    pub grant_token_count: usize,
    /// The most time for one item over all Regions, in milliseconds; 0 is 5,000.
    pub deadline_ms: u32,
    /// The most time that one Region may take while others are left, in milliseconds; 0 is 800. `itemseal_keyring_mrk` only.
    pub most_per_region_ms: u32,
    /// One of `itemseal_region_order`. `itemseal_keyring_mrk` only.
    pub order: u32,
}

/// Options as Rust has them.
pub(crate) struct Options {
    pub(crate) access: KmsAccess,
    pub(crate) most_per_region: Option<Duration>,
    pub(crate) order: RegionOrder,
}

impl Options {
    /// # Safety
    /// `options` is NULL or can be read during the call, and what it points to too.
    pub(crate) unsafe fn read(options: *const itemseal_kms_options, aws: &Aws) -> Outcome<Self> {
        let mut access = KmsAccess::new(aws.kms.clone());
        // SAFETY: as this function's.
        let Some(options) = unsafe { arguments::optional(options, "options") }? else {
            return Ok(Self { access, most_per_region: None, order: RegionOrder::AsGiven });
        };
        // SAFETY: as this function's.
        let tokens = unsafe {
            arguments::texts(options.grant_tokens, options.grant_token_count, "grant_tokens")
        }?;
        access = access.grant_tokens(tokens);
        if let Some(deadline) = arguments::milliseconds(options.deadline_ms) {
            access = access.deadline(deadline);
        }
        let most_per_region = arguments::milliseconds(options.most_per_region_ms);
        Ok(Self { access, most_per_region, order: order_of(options.order)? })
    }
}
