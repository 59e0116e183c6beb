//! Items of strongly consistent tables that are being written: a second Region that writes one
//! meanwhile is refused.
//!
//! Source: [`ReplicatedWriteConflictException`](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_PutItem.html#API_PutItem_Errors).

use std::collections::BTreeMap;
use std::sync::PoisonError;

use itemseal::Item;

use super::convert::to_dynoxide;
use super::error::TableError;
use super::footprint::Footprint;
use super::{Region, Tables};

/// A table and an item's key, as the engine stores it.
type Key = (String, String, String);

/// Who writes what.
#[derive(Debug, Default)]
pub(super) struct Claims(BTreeMap<Key, (String, usize)>);

/// A write under way. It ends when this is dropped.
#[derive(Debug)]
#[must_use = "the write is under way only as long as this is held"]
pub struct WriteUnderWay {
    tables: Tables,
    keys: Vec<Key>,
}

impl Tables {
    /// Acts as if `region` were writing an item of a strongly consistent table, until the answer is
    /// dropped: other Regions' writes of it are refused with `ReplicatedWriteConflictException`. So a
    /// test need not hit the moment in which two writes cross.
    ///
    /// # Errors
    /// `UnknownRegion`; `ResourceNotFoundException`; `ReplicatedWriteConflictException` if another
    /// Region is writing the item; `ValidationException` if the key's attributes are not all there.
    pub fn hold_item(
        &self,
        region: &str,
        table: &str,
        key: &Item,
    ) -> Result<WriteUnderWay, TableError> {
        let region = self.region(region)?;
        region.database().lock().require_table(table)?;
        let key = region.key_of(table, &to_dynoxide(key.clone()))?.ok_or_else(|| {
            TableError::validation("The provided key element does not match the schema")
        })?;
        self.claim(region.name(), vec![key])
    }

    fn claim(&self, region: &str, keys: Vec<Key>) -> Result<WriteUnderWay, TableError> {
        let mut claims = self.inner.claims.lock().unwrap_or_else(PoisonError::into_inner);
        let other = |key: &Key| claims.0.get(key).is_some_and(|(holder, _)| holder != region);
        if keys.iter().any(other) {
            return Err(TableError::new(
                "ReplicatedWriteConflictException",
                "The request was rejected because one or more items in the request are being \
                 modified by a request in another Region.",
            ));
        }
        for key in &keys {
            claims.0.entry(key.clone()).or_insert_with(|| (region.to_owned(), 0)).1 += 1;
        }
        Ok(WriteUnderWay { tables: self.clone(), keys })
    }
}

impl Region {
    /// Claims the items that an operation writes in strongly consistent tables.
    pub(super) fn claim(
        &self,
        footprint: &Footprint,
        strong: &[&str],
    ) -> Result<WriteUnderWay, TableError> {
        let mut keys = Vec::new();
        for (table, item) in &footprint.items {
            if strong.contains(&table.as_str()) {
                // What has no proper key is for the engine to refuse.
                keys.extend(self.key_of(table, item)?);
            }
        }
        self.tables().claim(self.name(), keys)
    }

    fn key_of(&self, table: &str, item: &dynoxide::Item) -> Result<Option<Key>, TableError> {
        let definition = self.database().lock().require_table(table)?;
        let (partition, sort) = super::schema::key_names(&definition)?;
        let stored = |name: &str| item.get(name).and_then(dynoxide::AttributeValue::to_key_string);
        let Some(pk) = stored(&partition) else { return Ok(None) };
        let sk = match sort {
            None => String::new(),
            Some(sort) => match stored(&sort) {
                Some(sk) => sk,
                None => return Ok(None),
            },
        };
        Ok(Some((table.to_owned(), pk, sk)))
    }
}

impl Drop for WriteUnderWay {
    fn drop(&mut self) {
        let mut claims = self.tables.inner.claims.lock().unwrap_or_else(PoisonError::into_inner);
        for key in &self.keys {
            if let Some((_, held)) = claims.0.get_mut(key) {
                *held = held.saturating_sub(1);
                if *held == 0 {
                    claims.0.remove(key);
                }
            }
        }
    }
}
