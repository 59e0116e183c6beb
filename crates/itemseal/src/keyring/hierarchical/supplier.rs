use crate::error::Result;
use crate::item::Item;

/// Says whose branch key an item is under, by the item's key attributes, and in format version 2 by all attributes
/// that are in the encryption context.
///
/// What it says for an item must not change: the item is read under it again. A closure is one:
///
/// ```
/// use itemseal::keyring::BranchKeyIdSupplier;
/// use itemseal::{Error, ErrorKind, Item};
///
/// fn by_tenant(attributes: &Item) -> itemseal::Result<String> {
///     let tenant = attributes.get("Tenant").and_then(|tenant| tenant.as_s());
///     let missing = || Error::new(ErrorKind::Misuse, "whose item is it?").with_attribute("Tenant");
///     Ok(format!("tenant-{}", tenant.ok_or_else(missing)?))
/// }
/// # fn is<T: BranchKeyIdSupplier>(_: T) {}
/// # is(by_tenant);
/// ```
pub trait BranchKeyIdSupplier: Send + Sync {
    /// The branch key's id.
    ///
    /// # Errors
    /// If there is none for such an item: it is neither written nor read.
    fn branch_key_id(&self, attributes: &Item) -> Result<String>;
}

impl<F: Fn(&Item) -> Result<String> + Send + Sync> BranchKeyIdSupplier for F {
    fn branch_key_id(&self, attributes: &Item) -> Result<String> {
        self(attributes)
    }
}
