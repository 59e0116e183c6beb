//! The configuration file.

use std::path::PathBuf;
use std::sync::Arc;

use itemseal::{Error, ErrorKind, Result};
use itemseal_aws::ConfigFile;
use pyo3::prelude::*;
use pyo3::types::PyString;

use crate::errors::{named, raise, type_name};
use crate::keyring::{Keyring, Recipe};
use crate::services::Services;
use crate::table_config::TableConfig;

/// Tables and their keyring, as a file in TOML says them; the same file serves every language.
#[pyclass(frozen, module = "itemseal", name = "Config")]
pub(crate) struct Config {
    pub(crate) file: Arc<ConfigFile>,
}

#[pymethods]
impl Config {
    /// Reads a file. Paths in it are relative to the folder that it is in. What cannot be read, or cannot be right, is a
    /// MisuseError that says where.
    #[staticmethod]
    fn read(py: Python<'_>, path: PathBuf) -> PyResult<Self> {
        let file = py.detach(|| ConfigFile::read(path));
        Ok(Self { file: Arc::new(file.map_err(|error| raise(py, &error))?) })
    }

    /// Parses TOML. Paths in it are relative to folder. What cannot be right is a MisuseError that says where.
    #[staticmethod]
    #[pyo3(signature = (text, folder=PathBuf::from(".")))]
    fn parse(py: Python<'_>, text: &str, folder: PathBuf) -> PyResult<Self> {
        let file = ConfigFile::parse(text, folder).map_err(|error| raise(py, &error))?;
        Ok(Self { file: Arc::new(file) })
    }

    /// The tables' names in DynamoDB.
    #[getter]
    fn tables(&self) -> Vec<String> {
        self.file.tables().map(|(name, _)| name.to_owned()).collect()
    }

    /// How a table is encrypted, by its name in DynamoDB; MisuseError if the file has no such table.
    fn table(&self, py: Python<'_>, name: &str) -> PyResult<TableConfig> {
        let config = self.file.table(name).map_err(|error| raise(py, &error))?.clone();
        Ok(TableConfig { config })
    }

    /// A table's Regions, the home Region first; MisuseError if the file has no such table.
    fn regions(&self, py: Python<'_>, table: &str) -> PyResult<Vec<String>> {
        self.file.regions(table).map_err(|error| raise(py, &error))
    }

    /// The file's keyring.
    #[getter]
    fn keyring(&self) -> Keyring {
        Keyring::new(FileKeyring(Arc::clone(&self.file)))
    }

    fn __repr__(&self) -> String {
        format!("Config(tables: {})", self.tables().join(", "))
    }
}

pub(crate) struct FileKeyring(pub(crate) Arc<ConfigFile>);

impl Recipe for FileKeyring {
    fn build(&self, services: &dyn Services) -> Result<Arc<dyn itemseal::Keyring>> {
        let key_store = |table: &str, regions: &[String]| services.key_store(table, regions);
        self.0.keyring_over(|| services.kms(), key_store)
    }

    fn waits(&self) -> bool {
        self.0.needs_aws()
    }

    fn file(&self) -> Option<&ConfigFile> {
        Some(&self.0)
    }
}

/// What a caller gave for a configuration: a path, a file that was read, or a table's own.
pub(crate) enum Given {
    File(Arc<ConfigFile>),
    Table(itemseal::TableConfig),
}

impl Given {
    pub(crate) fn read(given: &Bound<'_, PyAny>) -> PyResult<Self> {
        let py = given.py();
        if let Ok(config) = given.cast::<Config>() {
            return Ok(Self::File(Arc::clone(&config.get().file)));
        }
        if let Ok(table) = given.cast::<TableConfig>() {
            return Ok(Self::Table(table.get().config.clone()));
        }
        if given.is_instance_of::<PyString>() || given.hasattr("__fspath__")? {
            let path: PathBuf = given.extract()?;
            let file = py.detach(|| ConfigFile::read(path));
            return Ok(Self::File(Arc::new(file.map_err(|error| raise(py, &error))?)));
        }
        let message =
            format!("config is a path, a Config or a TableConfig, not {}", type_name(given));
        Err(named(py, "UnsupportedTypeError", &message, None))
    }

    /// A file's keyring.
    pub(crate) fn keyring(file: &Arc<ConfigFile>) -> Arc<dyn Recipe> {
        Arc::new(FileKeyring(Arc::clone(file)))
    }

    /// One table's configuration, and the keyring: the one given, or the file's.
    pub(crate) fn one_table(
        self,
        table: Option<&str>,
        keyring: Option<&Bound<'_, Keyring>>,
    ) -> Result<(itemseal::TableConfig, Arc<dyn Recipe>)> {
        let given = keyring.map(|keyring| Arc::clone(&keyring.get().recipe));
        match self {
            Self::Table(config) => {
                let says = "a TableConfig has no keyring; give one";
                let keyring = given.ok_or_else(|| Error::new(ErrorKind::Misuse, says))?;
                Ok((config, keyring))
            }
            Self::File(file) => {
                let config = match table {
                    Some(name) => file.table(name)?.clone(),
                    None => only_table(&file)?,
                };
                Ok((config, given.unwrap_or_else(|| Self::keyring(&file))))
            }
        }
    }
}

fn only_table(file: &ConfigFile) -> Result<itemseal::TableConfig> {
    let mut tables = file.tables();
    match (tables.next(), tables.next()) {
        (Some((_, config)), None) => Ok(config.clone()),
        _ => {
            let known: Vec<&str> = file.tables().map(|(name, _)| name).collect();
            let message = format!("the configuration has {}; say which: table=", known.join(", "));
            Err(Error::new(ErrorKind::Misuse, message))
        }
    }
}
