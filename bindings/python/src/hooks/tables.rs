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
use crate::encryptor::{Encryptor, Way};
use crate::errors::{misuse, raise};
use crate::keyring::{Keyring, Recipe};
use crate::legacy::LegacyDecryptor;
use crate::services::Source;
use crate::table_config::TableConfig;

/// One encrypted table.
pub(super) struct Table {
    name: String,
    encryptor: Encryptor,
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
        let sealed = self.encryptor.one(Way::Encrypt, item).await?;
        check_size(before, sealed.size_bytes())?;
        Ok(sealed)
    }

    /// The item that a stored one is, or what of it was asked for.
    pub(super) async fn open(&self, stored: Item, projection: Option<&Projection>) -> Result<Item> {
        let item = match self.plaintext_reads && self.encryptor.legacy_of(&stored).is_none() {
            true => self.encryptor.built().await?.decrypt_item_or_plaintext(stored).await?,
            false => self.encryptor.one(Way::Decrypt, stored).await?,
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

/// The same while they are being configured.
pub(super) struct Configured(BTreeMap<String, Table>);

impl PartialEq for Tables {
    fn eq(&self, other: &Self) -> bool {
        let same = |one: &Table, other: &Table| {
            one.config() == other.config()
                && one.version_attribute == other.version_attribute
                && one.plaintext_reads == other.plaintext_reads
                && one.encryptor.is_like(&other.encryptor)
        };
        self.0.len() == other.0.len()
            && self.0.iter().all(|(name, one)| other.0.get(name).is_some_and(|two| same(one, two)))
    }
}

impl Configured {
    /// Reads the items of AWS's legacy client too: decryptors by the tables' names.
    pub(super) fn reading(mut self, legacy: Option<&Bound<'_, PyDict>>) -> PyResult<Self> {
        for (name, decryptor) in legacy.into_iter().flatten() {
            let py = name.py();
            let wrong = |_| {
                misuse(py, "legacy is a LegacyDecryptor, or a dict of them by the table's name")
            };
            let decryptor = decryptor.cast_into::<LegacyDecryptor>().map_err(wrong)?;
            let name: String = name.extract()?;
            let Some(table) = self.0.remove(&name) else {
                let message = format!("legacy has a table {name:?}, which config has not");
                return Err(misuse(py, &message));
            };
            let encryptor = table.encryptor.with_legacy(Some(Arc::clone(&decryptor.get().legacy)));
            self.0.insert(name, Table { encryptor, ..table });
        }
        Ok(self)
    }

    /// Keyrings call AWS over these clients.
    pub(super) fn over(self, aws: &Bound<'_, PyAny>) -> PyResult<Tables> {
        let source = match self.0.values().any(|table| table.encryptor.waits()) {
            true => Source::from_python(aws)?,
            false => Source::Sdk,
        };
        let tables = self.0.into_iter().map(|(name, table)| {
            let encryptor = table.encryptor.over(source.clone());
            (name, Arc::new(Table { encryptor, ..table }))
        });
        Ok(Tables(tables.collect()))
    }
}

impl Tables {
    /// From a path, a Config, a TableConfig, or a dict of TableConfigs by the tables' names.
    pub(super) fn read(
        py: Python<'_>,
        config: &Bound<'_, PyAny>,
        keyring: Option<&Bound<'_, Keyring>>,
    ) -> PyResult<Configured> {
        let keyring = keyring.map(|keyring| Arc::clone(&keyring.get().recipe));
        let mut tables = BTreeMap::new();
        let mut add = |name: String, config, recipe: &Arc<dyn Recipe>, version, plaintext_reads| {
            let table = Table {
                name: name.clone(),
                encryptor: Encryptor::new(config, Arc::clone(recipe), Source::Sdk),
                version_attribute: version,
                plaintext_reads,
                shape: OnceLock::new(),
            };
            tables.insert(name, table);
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
            return Ok(Configured(tables));
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
        Ok(Configured(tables))
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
