//! The client itself, which each process builds for itself when it is first needed.

use std::sync::Arc;

use itemseal::{Error, ErrorKind, Result};
use itemseal_aws::ConfigFile;
use pyo3::prelude::*;
use pyo3::types::PyDict;
use tokio::sync::OnceCell;

use super::options::Options;
use crate::config::{FileKeyring, Given};
use crate::errors::{named, raise};
use crate::keyring::{Keyring, Recipe};
use crate::per_process::PerProcess;
use crate::services::{Source, sdk_config};
use crate::table_config::TableConfig;

enum Tables {
    File(Arc<ConfigFile>),
    /// By their names in DynamoDB.
    Named(Vec<(String, itemseal::TableConfig)>),
}

pub(super) struct Client {
    tables: Tables,
    keyring: Arc<dyn Recipe>,
    options: Options,
    built: PerProcess<OnceCell<itemseal_aws::GlobalTable>>,
}

impl Client {
    pub(super) fn read(
        config: &Bound<'_, PyAny>,
        keyring: Option<&Bound<'_, Keyring>>,
        options: Options,
    ) -> PyResult<Self> {
        let py = config.py();
        let given = keyring.map(|keyring| Arc::clone(&keyring.get().recipe));
        let tables = match config.cast::<PyDict>() {
            Ok(tables) => Tables::Named(tables.iter().map(one_table).collect::<PyResult<_>>()?),
            Err(_) => match Given::read(config)? {
                Given::File(file) => Tables::File(file),
                Given::Table(table) => {
                    Tables::Named(vec![(table.logical_name().to_owned(), table)])
                }
            },
        };
        let keyring = match (&tables, given) {
            (_, Some(given)) => given,
            (Tables::File(file), None) => Arc::new(FileKeyring(Arc::clone(file))),
            (Tables::Named(_), None) => {
                let error = Error::new(ErrorKind::Misuse, "a TableConfig has no keyring; give one");
                return Err(raise(py, &error));
            }
        };
        Ok(Self { tables, keyring, options, built: PerProcess::new() })
    }

    /// The tables' names in DynamoDB.
    pub(super) fn names(&self) -> Vec<&str> {
        match &self.tables {
            Tables::File(file) => file.tables().map(|(name, _)| name).collect(),
            Tables::Named(tables) => tables.iter().map(|(name, _)| name.as_str()).collect(),
        }
    }

    /// This process's client, if it has been built.
    pub(super) fn built(&self) -> Option<itemseal_aws::GlobalTable> {
        self.built.get()?.get().cloned()
    }

    /// This process's client. Of several callers that come first, one builds it, and the others wait.
    pub(super) async fn connected(&self) -> Result<itemseal_aws::GlobalTable> {
        let cell = self.built.get_or_make(|| Ok::<_, Error>(OnceCell::new()))?;
        cell.get_or_try_init(|| self.build()).await.cloned()
    }

    async fn build(&self) -> Result<itemseal_aws::GlobalTable> {
        let aws = sdk_config().await?;
        let services = Source::Sdk.load().await?;
        let keyring = self.keyring.build(&*services)?;
        let builder = match &self.tables {
            Tables::File(file) => file.global_table_under(keyring)?,
            Tables::Named(tables) => {
                let mut tables = tables.iter();
                let none = || Error::new(ErrorKind::Misuse, "no table is configured");
                let (name, table) = tables.next().ok_or_else(none)?;
                let first = itemseal_aws::GlobalTable::builder_named(
                    name,
                    table.clone(),
                    Arc::clone(&keyring),
                );
                tables.fold(first, |builder, (name, table)| {
                    builder.table(name, table.clone(), Arc::clone(&keyring))
                })
            }
        };
        self.options.apply(builder).build(&aws).await
    }
}

fn one_table(
    (name, config): (Bound<'_, PyAny>, Bound<'_, PyAny>),
) -> PyResult<(String, itemseal::TableConfig)> {
    let py = name.py();
    match (name.extract(), config.cast::<TableConfig>()) {
        (Ok(name), Ok(config)) => Ok((name, config.get().config.clone())),
        _ => {
            let message = "config as a dict has a TableConfig by each table's name";
            Err(named(py, "UnsupportedTypeError", message, None))
        }
    }
}
