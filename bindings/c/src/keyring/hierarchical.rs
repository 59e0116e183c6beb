//! Branch keys of a key store.

use std::ffi::c_char;

use itemseal::keyring::{BranchKeyCache, BranchKeyIdSupplier, HierarchicalKeyring};
use itemseal::{AttributeValue, Error, ErrorKind, Item, Result};

use super::{in_this_process, itemseal_keyring};
use crate::arguments;
use crate::error::itemseal_error;
use crate::guard::guard;
use crate::handle::{self, Out};
use crate::key_store::itemseal_key_store;
use crate::status::itemseal_status;

/// How a hierarchical keyring uses branch keys. All zero is what holds where NULL is passed instead. It is read during the call only.
#[allow(clippy::exhaustive_structs, reason = "C makes it")]
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct itemseal_branch_key_limits {
    /// How long a branch key is used before it is asked for again, in milliseconds; 0 is 600,000.
    pub ttl_ms: u32,
    /// How long it is used at most while nobody answers, in milliseconds; 0 is six times the ttl.
    pub most_age_ms: u32,
    /// How many branch key versions are kept; 0 is 1,000.
    pub most_entries: usize,
}

/// The attribute that says whose branch key an item is under.
struct FromAttribute(String);

impl BranchKeyIdSupplier for FromAttribute {
    fn branch_key_id(&self, attributes: &Item) -> Result<String> {
        let says = match attributes.get(&self.0) {
            Some(AttributeValue::S(text)) => return Ok(text.clone()),
            Some(_) => "a branch key's id is text",
            None => {
                "it says whose branch key the item is under, so it has to be a key attribute, or be in the encryption \
                 context and be there"
            }
        };
        Err(Error::new(ErrorKind::Misuse, says).with_attribute(&self.0))
    }
}

/// Wraps data keys under branch keys of a key store: one KMS call for each branch key version and process, whatever the number of items.
/// `key_store` stays the caller's, and may be freed before it. Give one of `branch_key_id`, the id of one branch key for all items, and
/// `attribute`, the name of the key or context attribute that has each item's; the other is NULL. `limits` may be NULL. On success `*out` is the
/// caller's, to be freed with `itemseal_keyring_free`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itemseal_keyring_hierarchical(
    key_store: *const itemseal_key_store,
    branch_key_id: *const c_char,
    branch_key_id_length: usize,
    attribute: *const c_char,
    attribute_length: usize,
    limits: *const itemseal_branch_key_limits,
    out: *mut *mut itemseal_keyring,
    error: *mut *mut itemseal_error,
) -> itemseal_status {
    guard(error, || {
        // SAFETY: the header requires NULL or a key store that is alive, and an `out` that may be written.
        let (store, out) = unsafe { (handle::shared(key_store)?, Out::new(out, "out")?) };
        // SAFETY: the header requires that as many bytes can be read as is said.
        let (id, attribute) = unsafe {
            (
                arguments::optional_text(branch_key_id, branch_key_id_length, "branch_key_id")?,
                arguments::optional_text(attribute, attribute_length, "attribute")?,
            )
        };
        let keys = store.get()?.keys.clone();
        let mut builder = match (id, attribute) {
            (Some(id), None) => HierarchicalKeyring::builder(keys, id),
            (None, Some(name)) => {
                HierarchicalKeyring::with_supplier(keys, FromAttribute(name.to_owned()))
            }
            _ => {
                let says = "give one of branch_key_id and attribute, and NULL for the other";
                return Err(Error::new(ErrorKind::Misuse, says).into());
            }
        };
        // SAFETY: the header requires NULL or limits that can be read.
        if let Some(limits) = unsafe { arguments::optional(limits, "limits") }? {
            if let Some(ttl) = arguments::milliseconds(limits.ttl_ms) {
                builder = builder.ttl(ttl);
            }
            if let Some(most_age) = arguments::milliseconds(limits.most_age_ms) {
                builder = builder.most_age(most_age);
            }
            if limits.most_entries > 0 {
                let cache = BranchKeyCache::with_most_entries(limits.most_entries);
                builder = builder.cache(&cache, "");
            }
        }
        out.give(in_this_process(builder.build()?));
        Ok(())
    })
}
