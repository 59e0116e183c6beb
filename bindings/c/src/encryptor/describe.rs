//! What a stored item says about itself.

use itemseal::ItemDescription;

use crate::error::itemseal_error;
use crate::guard::{Failure, guard};
use crate::handle::{self, Handle, Out};
use crate::item::itemseal_item;
use crate::status::itemseal_status;
use crate::views::{itemseal_bytes, itemseal_text};

/// What a stored item says about itself without any key. Nothing of it is verified. Never changes: may be read by many threads.
pub struct itemseal_description {
    _opaque: [u8; 0],
}

impl Handle for itemseal_description {
    type Inner = ItemDescription;
    const NAME: &'static str = "itemseal_description";
    const TAG: u64 = u64::from_le_bytes(*b"isdescri");
}

/// A description's numbers.
#[allow(
    clippy::exhaustive_structs,
    reason = "C makes it; it stays as it is, what is new gets a function"
)]
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct itemseal_description_numbers {
    /// The version of the format, 1 or 2.
    pub format_version: u32,
    /// The suite that the item was written with, one of `itemseal_suite`.
    pub suite: u32,
    /// How many attributes are encrypted and signed.
    pub encrypted_attributes: usize,
    /// How many attributes are in clear and signed.
    pub signed_attributes: usize,
    /// How many bytes encryption added.
    pub overhead_bytes: usize,
    /// How many encrypted data keys there are.
    pub data_keys: usize,
    /// How many entries of the encryption context are stored.
    pub context_entries: usize,
}

/// Reads the header of a stored item. On success `*out` is the caller's, to be freed with `itemseal_description_free`; `item` may be freed
/// before it. `ITEMSEAL_STATUS_NOT_ENCRYPTED` if it has no header, `ITEMSEAL_STATUS_MALFORMED` if that cannot be parsed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itemseal_describe_item(
    item: *const itemseal_item,
    out: *mut *mut itemseal_description,
    error: *mut *mut itemseal_error,
) -> itemseal_status {
    guard(error, || {
        // SAFETY: the header requires NULL or an item that is alive, and an `out` that may be written.
        let (item, out) = unsafe { (handle::shared(item)?, Out::new(out, "out")?) };
        out.give(ItemDescription::of(item)?);
        Ok(())
    })
}

/// A description's numbers, in `*out`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itemseal_description_get_numbers(
    description: *const itemseal_description,
    out: *mut itemseal_description_numbers,
    error: *mut *mut itemseal_error,
) -> itemseal_status {
    guard(error, || {
        // SAFETY: the header requires NULL or a description that is alive, and an `out` that may be written.
        let (of, out) = unsafe { (handle::shared(description)?, Out::new(out, "out")?) };
        out.put(itemseal_description_numbers {
            format_version: of.format_version().into(),
            suite: of.suite().id().into(),
            encrypted_attributes: of.encrypted_attributes(),
            signed_attributes: of.signed_attributes(),
            overhead_bytes: of.overhead_bytes(),
            data_keys: of.edks().len(),
            context_entries: of.stored_context().len(),
        });
        Ok(())
    })
}

/// An encrypted data key, counted from 0: in `*provider` which kind of keyring wrote it (`aws-kms`, or a raw keyring's namespace), in `*key`
/// which key wrapped it (for KMS its ARN). Both are borrowed as long as `description`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itemseal_description_data_key(
    description: *const itemseal_description,
    index: usize,
    provider: *mut itemseal_text,
    key: *mut itemseal_bytes,
    error: *mut *mut itemseal_error,
) -> itemseal_status {
    guard(error, || {
        // SAFETY: the header requires NULL or a description that is alive, and outputs that may be written.
        let (of, provider, key) = unsafe {
            (handle::shared(description)?, Out::new(provider, "provider")?, Out::new(key, "key")?)
        };
        let none = || Failure::not_found(format!("there is no encrypted data key {index}, from 0"));
        let edk = of.edks().get(index).ok_or_else(none)?;
        provider.put(edk.provider_id().into());
        key.put(edk.provider_info().into());
        Ok(())
    })
}

/// An entry of the stored encryption context, counted from 0 in the order of the names, in `*name` and `*value`: both borrowed as long as
/// `description`. The other entries follow from the item.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itemseal_description_context(
    description: *const itemseal_description,
    index: usize,
    name: *mut itemseal_text,
    value: *mut itemseal_text,
    error: *mut *mut itemseal_error,
) -> itemseal_status {
    guard(error, || {
        // SAFETY: the header requires NULL or a description that is alive, and outputs that may be written.
        let (of, name, value) = unsafe {
            (handle::shared(description)?, Out::new(name, "name")?, Out::new(value, "value")?)
        };
        let none = || Failure::not_found(format!("the context has no entry {index}, from 0"));
        let (its_name, its_value) = of.stored_context().iter().nth(index).ok_or_else(none)?;
        name.put(its_name.into());
        value.put(its_value.into());
        Ok(())
    })
}

/// Frees a description. NULL is fine.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itemseal_description_free(description: *mut itemseal_description) {
    // SAFETY: the header requires NULL or a description that nobody uses any more.
    unsafe { handle::free(description, |_| {}) }
}
