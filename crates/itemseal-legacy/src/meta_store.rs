use std::collections::BTreeMap;
use std::fmt;

use itemseal::{AttributeValue, Error, Item, Result};
use zeroize::Zeroizing;

use crate::decryptor::{LegacyDecryptor, LegacyDecryptorBuilder};
use crate::description::{Description, META_STORE_ID};
use crate::error::{authentication, malformed};
use crate::keys::{UnwrappingKey, VerificationKey};

/// The keys of the Most Recent (Caching Most Recent) Provider: versions of materials, which are legacy
/// items themselves, in a table of their own, the MetaStore.
///
/// An item says by name and version which it was written under; those that were not given here are
/// refused.
///
/// ```no_run
/// # use itemseal_legacy::{LegacyDecryptor, LegacyMaterials, MetaStoreKeys};
/// # async fn open(kms: itemseal_legacy::LegacyKms, rows: Vec<itemseal::Item>) -> itemseal::Result<LegacyDecryptor> {
/// let table = MetaStoreKeys::table("MetaStore").build(kms)?;
/// let keys = MetaStoreKeys::open(&table, rows).await?; // all of the MetaStore's items
/// LegacyDecryptor::builder(Some("Orders"), Some("OrderID"), None).build(keys)
/// # }
/// ```
pub struct MetaStoreKeys(BTreeMap<String, (UnwrappingKey, VerificationKey)>);

impl MetaStoreKeys {
    /// How a MetaStore's own items are read: its keys `N` and `V` are signed, all else is encrypted.
    pub fn table(name: &str) -> LegacyDecryptorBuilder {
        LegacyDecryptor::builder(Some(name), Some("N"), Some("V"))
    }

    /// Opens a MetaStore's items. Items that are not of the application's materials are to be left out.
    ///
    /// # Errors
    /// Those of [`LegacyDecryptor::decrypt_item`];
    /// [`Malformed`](itemseal::ErrorKind::Malformed) if an item does not hold materials.
    pub async fn open(
        table: &LegacyDecryptor,
        items: impl IntoIterator<Item = Item>,
    ) -> Result<Self> {
        let mut keys = BTreeMap::new();
        for item in items {
            let (id, materials) = read(table.decrypt_item(item).await?)?;
            keys.insert(id, materials);
        }
        Ok(Self(keys))
    }

    pub(crate) fn named_by(
        &self,
        description: &Description,
    ) -> Result<&(UnwrappingKey, VerificationKey)> {
        self.0.get(description.need(META_STORE_ID)?).ok_or_else(authentication)
    }
}

/// The materials of an opened item, and the name that items call them by.
fn read(mut item: Item) -> Result<(String, (UnwrappingKey, VerificationKey))> {
    // Whatever happens below, the keys are wiped.
    let secret = |item: &mut Item, name: &'static str| match item.remove(name) {
        Some(AttributeValue::B(bytes)) => Ok(Zeroizing::new(bytes)),
        _ => Err(not_materials(name)),
    };
    let (wrapping, signing) = (secret(&mut item, "enc"), secret(&mut item, "int"));
    let text = |name: &'static str| {
        item.get(name).and_then(AttributeValue::as_s).ok_or_else(|| not_materials(name))
    };
    if text("t")? != "0" || text("encAlg")? != "AES" {
        return Err(malformed("a MetaStore item's type is unknown; this reads type 0, with AES"));
    }
    let version = item.get("V").and_then(AttributeValue::as_n).ok_or_else(|| not_materials("V"))?;
    let id = format!("{}#{version}", text("N")?);
    let materials =
        (UnwrappingKey::aes(&wrapping?)?, VerificationKey::new(text("intAlg")?, &signing?)?);
    Ok((id, materials))
}

fn not_materials(attribute: &'static str) -> Error {
    malformed("it is missing or of another type, so this is no item of a MetaStore")
        .with_attribute(attribute)
}

impl fmt::Debug for MetaStoreKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("MetaStoreKeys").field(&self.0.keys()).finish()
    }
}
