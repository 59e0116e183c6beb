//! The encrypted tables of a client.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use itemseal::{Error, ErrorKind, Item, Result};
use itemseal_aws::TableShape;
use itemseal_aws::rules::{Projection, check_size, open_image, table_in_arn};
use pyo3::prelude::*;
use pyo3::types::PyDict;

use super::request::text;
use crate::config::Given;
use crate::encryptor::Encryptor;
use crate::errors::{misuse, raise};
use crate::keyring::{Keyring, Recipe};
use crate::services::Source;
use crate::table_config::TableConfig;

/// One encrypted table.
pub(super) struct Table {
    name: String,
    encryptor: Encryptor,
    recipe: Arc<dyn Recipe>,
    pub(super) version_attribute: Option<String>,
    plaintext_reads: bool,
    shape: OnceLock<TableShape>,
}

impl Table {
    pub(super) fn name(&self) -> &str {
        &self.name
    }

    pub(super) fn config(&self) -> &itemseal::TableConfig {
        self.encryptor.table()
    }

    pub(super) fn waits(&self) -> bool {
        self.encryptor.waits()
    }

    pub(super) fn is_described(&self) -> bool {
        self.shape.get().is_some()
    }

    pub(super) fn set_shape(&self, shape: TableShape) {
        // The first of two that came at the same time stays.
        let _ = self.shape.set(shape);
    }

    /// Whether an index has every attribute of its items.
    pub(super) fn is_whole(&self, index: &str) -> Result<bool> {
        let none = || Error::new(ErrorKind::Internal, "the table has not been described");
        self.shape.get().ok_or_else(none)?.is_whole(index)
    }

    /// What is stored of an item.
    pub(super) async fn seal(&self, item: Item) -> Result<Item> {
        let before = item.size_bytes();
        let sealed = self.encryptor.built().await?.encrypt_item(item).await?;
        check_size(before, sealed.size_bytes())?;
        Ok(sealed)
    }

    /// The item that a stored one is, or what of it was asked for.
    pub(super) async fn open(&self, stored: Item, projection: Option<&Projection>) -> Result<Item> {
        let encryptor = self.encryptor.built().await?;
        let item = match self.plaintext_reads {
            true => encryptor.decrypt_item_or_plaintext(stored).await?,
            false => encryptor.decrypt_item(stored).await?,
        };
        Ok(match projection {
            Some(projection) => projection.of(&item),
            None => item,
        })
    }

    /// The image of a stream's record, whose keys are beside it. It is always an encrypted one.
    pub(super) async fn open_image(&self, stored: Item, keys: Option<&Item>) -> Result<Item> {
        open_image(&*self.encryptor.built().await?, keys, stored).await
    }
}

/// Tables by their names in DynamoDB.
pub(super) struct Tables(BTreeMap<String, Arc<Table>>);

impl PartialEq for Tables {
    fn eq(&self, other: &Self) -> bool {
        let same = |one: &Table, other: &Table| {
            one.config() == other.config()
                && one.version_attribute == other.version_attribute
                && one.plaintext_reads == other.plaintext_reads
                && one.recipe.is(&*other.recipe)
        };
        self.0.len() == other.0.len()
            && self.0.iter().all(|(name, one)| other.0.get(name).is_some_and(|two| same(one, two)))
    }
}

impl Tables {
    /// From a path, a Config, a TableConfig, or a dict of TableConfigs by the tables' names.
    pub(super) fn read(
        py: Python<'_>,
        config: &Bound<'_, PyAny>,
        keyring: Option<&Bound<'_, Keyring>>,
        source: fn() -> Source,
    ) -> PyResult<Self> {
        let keyring = keyring.map(|keyring| Arc::clone(&keyring.get().recipe));
        let mut tables = BTreeMap::new();
        let mut add = |name: String, config, recipe: &Arc<dyn Recipe>, version, plaintext_reads| {
            let table = Table {
                name: name.clone(),
                encryptor: Encryptor::new(config, Arc::clone(recipe), source()),
                recipe: Arc::clone(recipe),
                version_attribute: version,
                plaintext_reads,
                shape: OnceLock::new(),
            };
            tables.insert(name, Arc::new(table));
        };
        let no_keyring = || misuse(py, "a TableConfig has no keyring; give one: keyring=");
        if let Ok(by_name) = config.cast::<PyDict>() {
            let keyring = keyring.ok_or_else(no_keyring)?;
            if by_name.is_empty() {
                return Err(misuse(py, "config names no table"));
            }
            for (name, config) in by_name {
                let wrong = |_| misuse(py, "config is a dict of TableConfig by the table's name");
                let config = config.cast_into::<TableConfig>().map_err(wrong)?;
                add(name.extract()?, config.get().config.clone(), &keyring, None, false);
            }
            return Ok(Self(tables));
        }
        match Given::read(config)? {
            Given::Table(config) => {
                let keyring = keyring.ok_or_else(no_keyring)?;
                add(config.logical_name().to_owned(), config, &keyring, None, false);
            }
            Given::File(file) => {
                let keyring = keyring.unwrap_or_else(|| Given::keyring(&file));
                for (name, config) in file.tables() {
                    let version = file.version_attribute(name).map(|v| v.map(str::to_owned));
                    let plaintext = file.plaintext_reads(name);
                    let (version, plaintext) = version
                        .and_then(|version| Ok((version, plaintext?)))
                        .map_err(|error| raise(py, &error))?;
                    add(name.to_owned(), config.clone(), &keyring, version, plaintext);
                }
            }
        }
        Ok(Self(tables))
    }

    pub(super) fn names(&self) -> Vec<String> {
        self.0.keys().cloned().collect()
    }

    /// The table of this name, or of this ARN.
    pub(super) fn named(&self, name: &str) -> Option<&Arc<Table>> {
        self.0.get(table_in_arn(name).unwrap_or(name))
    }

    /// The table of a request, if it is an encrypted one.
    pub(super) fn of(&self, params: &Bound<'_, PyDict>) -> PyResult<Option<&Arc<Table>>> {
        Ok(text(params, "TableName")?.and_then(|name| self.named(&name)))
    }
}
