//! One encrypted table: from items to what is stored, and back.

use std::sync::Arc;

use aws_sdk_dynamodb::error::ProvideErrorMetadata;
use itemseal::{Error, ItemEncryptor, Result, TableConfig};

use super::bad_item::BadItem;
use super::errors::{ConditionFailed, Failed};
use super::keys::key_attributes;
use super::shape::TableShape;
use crate::observe::Items;
use crate::rules::{Projection, check_size, together};
use crate::sdk_items::dynamodb::{Attributes, from_sdk, to_sdk};

/// One encrypted table.
#[derive(Debug)]
pub(super) struct Table {
    pub(super) name: String,
    pub(super) encryptor: ItemEncryptor,
    pub(super) shape: TableShape,
    pub(super) version_attribute: Option<String>,
    /// Items of before the table was encrypted are read as they are.
    pub(super) plaintext_reads: bool,
    pub(super) items: Arc<Items>,
}

impl Table {
    pub(super) fn config(&self) -> &TableConfig {
        self.encryptor.table()
    }

    /// What is stored of an item.
    pub(super) async fn seal(&self, item: Attributes) -> Result<Attributes> {
        let item = from_sdk(item)?;
        let before = item.size_bytes();
        let sealed = self.encryptor.encrypt_item(item).await?;
        let after = sealed.size_bytes();
        check_size(before, after)?;
        self.items.sealed(after);
        Ok(to_sdk(sealed))
    }

    /// The item that a stored one is, or what of it was asked for.
    pub(super) async fn open(
        &self,
        stored: Attributes,
        projection: Option<&Projection>,
    ) -> Result<Attributes> {
        let stored = from_sdk(stored)?;
        let bytes = stored.size_bytes();
        let item = match self.plaintext_reads {
            true => self.encryptor.decrypt_item_or_plaintext(stored).await,
            false => self.encryptor.decrypt_item(stored).await,
        };
        let item = item.inspect_err(|_| self.items.unopened())?;
        self.items.opened(bytes);
        Ok(to_sdk(match projection {
            Some(projection) => projection.of(&item),
            None => item,
        }))
    }

    /// Many items, and with `report` those that do not open.
    pub(super) async fn open_all(
        &self,
        stored: Vec<Attributes>,
        projection: Option<&Projection>,
        report: bool,
    ) -> Result<(Vec<Attributes>, Vec<BadItem>)> {
        let one = |stored: Attributes| async move {
            let key = report.then(|| key_attributes(self.config(), &stored));
            match (self.open(stored, projection).await, key) {
                (Ok(item), _) => Ok(Ok(item)),
                // Its key could not be asked for: that says nothing about the item.
                (Err(error), Some(key)) if !error.is_retryable() => {
                    Ok(Err(BadItem::new(&self.name, key, error)))
                }
                (Err(error), _) => Err(error),
            }
        };
        let (mut items, mut bad_items) = (Vec::with_capacity(stored.len()), Vec::new());
        for opened in together(stored.into_iter().map(one)).await? {
            match opened {
                Ok(item) => items.push(item),
                Err(bad_item) => bad_items.push(bad_item),
            }
        }
        Ok((items, bad_items))
    }

    /// The same, if there is one.
    pub(super) async fn open_some(&self, stored: Option<Attributes>) -> Result<Option<Attributes>> {
        match stored {
            Some(stored) => self.open(stored, None).await.map(Some),
            None => Ok(None),
        }
    }

    /// The error of a write, with the item that DynamoDB `found` opened.
    pub(super) async fn failure<E>(
        &self,
        failed: Failed<E>,
        found: impl Fn(&E) -> Option<Attributes>,
    ) -> Error
    where
        E: ProvideErrorMetadata + std::error::Error + 'static,
    {
        let item = failed.error.as_service_error().and_then(found);
        let error = failed.into_error();
        match item {
            None => error,
            Some(item) => match self.open(item, None).await {
                Ok(item) => error.with_source(ConditionFailed::new(item)),
                // That the condition did not hold is true in any case.
                Err(unopened) => error.with_source(unopened),
            },
        }
    }
}
