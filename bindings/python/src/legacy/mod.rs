//! Items of AWS's legacy client: read, never written.

mod decryptor;
mod materials;

use std::sync::Arc;

use itemseal::{Error, ErrorKind, Item, Result};
use itemseal_legacy::{LegacyAction, is_legacy};

pub(crate) use decryptor::LegacyDecryptor;
pub(crate) use materials::LegacyMaterials;

use crate::nothing::Nothing;
use crate::per_process::PerProcess;
use crate::services::{Services, Source};
use materials::Keys;

/// What was done with a table's items.
pub(crate) struct Written {
    table: Option<String>,
    partition_key: Option<String>,
    sort_key: Option<String>,
    default: LegacyAction,
    actions: Vec<(String, LegacyAction)>,
}

impl Written {
    fn build(
        &self,
        materials: itemseal_legacy::LegacyMaterials,
    ) -> Result<itemseal_legacy::LegacyDecryptor> {
        let names = [&self.table, &self.partition_key, &self.sort_key];
        let [table, partition_key, sort_key] = names.map(Option::as_deref);
        let builder = itemseal_legacy::LegacyDecryptor::builder(table, partition_key, sort_key);
        let given = self.actions.iter();
        given
            .fold(builder.default_action(self.default), |builder, (name, action)| {
                builder.action(name, *action)
            })
            .build(materials)
    }
}

/// A reader of legacy items, which each process builds for itself.
pub(crate) struct Legacy {
    written: Written,
    keys: Arc<Keys>,
    source: Source,
    built: PerProcess<itemseal_legacy::LegacyDecryptor>,
}

impl Legacy {
    /// Refuses what cannot be right; nothing is asked.
    fn new(written: Written, keys: Arc<Keys>, source: Source) -> Result<Self> {
        written.build(keys.outermost(&Nothing)?)?;
        Ok(Self { written, keys, source, built: PerProcess::new() })
    }

    /// Whether a legacy client wrote the item, by the two attributes that it adds.
    pub(crate) fn is_legacy(item: &Item) -> bool {
        is_legacy(item)
    }

    /// Of an item that is to be written: read back, it would be taken for the legacy client's.
    pub(crate) fn still_encrypted() -> Error {
        let says = "the item has an attribute of AWS's legacy client (*amzn-ddb-map-sig*, *amzn-ddb-map-desc*): \
                    decrypt it first, and write what that gives";
        Error::new(ErrorKind::Misuse, says)
    }

    /// Whether the attribute is one of the two.
    fn is_attribute(name: &str) -> bool {
        is_legacy(&Item::new().with(name, ""))
    }

    /// The table's name, if the legacy client had it.
    fn table(&self) -> Option<&str> {
        self.written.table.as_deref()
    }

    /// Whether it may have to wait for something outside of the process.
    pub(crate) fn waits(&self) -> bool {
        self.keys.waits()
    }

    /// Verifies a legacy item and decrypts it.
    pub(crate) async fn decrypt(&self, item: Item) -> Result<Item> {
        self.built().await?.decrypt_item(item).await
    }

    async fn built(&self) -> Result<Arc<itemseal_legacy::LegacyDecryptor>> {
        if let Some(built) = self.built.get() {
            return Ok(built);
        }
        let services: Arc<dyn Services> = match self.waits() {
            true => self.source.load().await?,
            false => Arc::new(Nothing),
        };
        let materials = self.keys.build(&*services).await?;
        self.built.get_or_make(|| self.written.build(materials))
    }
}
