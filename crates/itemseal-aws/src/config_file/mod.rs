//! The configuration file: tables and a keyring in TOML, with one meaning in every language.

mod client;
mod fields;
mod hierarchical;
mod key_file;
mod keyring;
mod services;
mod table;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use aws_types::SdkConfig;
use itemseal::keystore::{KeyStore, KeyStoreTable};
use itemseal::kms::Kms;
use itemseal::{Error, ErrorKind, Keyring, Result, TableConfig};

use fields::{Fields, Place};
pub(crate) use keyring::KeyringConfig;
use services::Services;
use table::Table;

use crate::{AwsKms, DynamoDbKeyStore};

/// Tables and their keyring, as a file in TOML says them.
///
/// ```
/// let config = itemseal_aws::ConfigFile::parse(r#"
/// [table."Orders"]
/// partition_key = "OrderID"
/// sign_only = ["OrderStatus"]
///
/// [keyring]
/// kind = "kms-mrk"
/// key_arn = "arn:aws:kms:eu-west-1:111122223333:key/mrk-1234abcd12ab34cd56ef1234567890ab"
/// regions = ["eu-west-1", "us-east-1"]
/// "#, ".")?;
/// assert_eq!(config.table("Orders")?.partition_key(), "OrderID");
/// assert_eq!(config.regions("Orders")?, ["eu-west-1", "us-east-1"]);
/// # Ok::<(), itemseal::Error>(())
/// ```
///
/// What it does not know it refuses. A key is never written in it: `key_file` names a file that nobody
/// else can read.
pub struct ConfigFile {
    name: String,
    /// What it says, and where: two files with the same are equal.
    text: String,
    folder: PathBuf,
    tables: BTreeMap<String, Table>,
    keyring: KeyringConfig,
}

impl ConfigFile {
    /// Reads a file. Paths in it are relative to the folder that it is in.
    ///
    /// # Errors
    /// [`Misuse`](ErrorKind::Misuse), with file and field, if it cannot be read or cannot be right.
    pub fn read(path: impl AsRef<Path>) -> Result<Self> {
        let path = path.as_ref();
        let name = path.display().to_string();
        let text = std::fs::read_to_string(path).map_err(|error| {
            let message = format!("the configuration {name} cannot be read");
            Error::new(ErrorKind::Misuse, message).with_source(error)
        })?;
        Self::of(name, &text, path.parent().unwrap_or(Path::new("")))
    }

    /// Parses TOML. Paths in it are relative to `folder`. Key files are read later, by
    /// [`keyring`](Self::keyring).
    ///
    /// # Errors
    /// [`Misuse`](ErrorKind::Misuse), with line or field, if it cannot be right.
    pub fn parse(text: &str, folder: impl AsRef<Path>) -> Result<Self> {
        Self::of("the configuration".to_owned(), text, folder.as_ref())
    }

    fn of(name: String, text: &str, folder: &Path) -> Result<Self> {
        let values = text.parse::<toml::Table>().map_err(|error| not_toml(&name, text, &error))?;
        let mut file = Fields::new(Place::of_file(&name), values);
        let mut tables = BTreeMap::new();
        let tables_of = file.required_fields("table", "[table.\"Orders\"]")?;
        let place = tables_of.place().clone();
        for (name, fields) in tables_of.into_tables()? {
            tables.insert(name.clone(), Table::read(&name, fields)?);
        }
        if tables.is_empty() {
            return Err(place.error("no table is configured; add [table.\"Orders\"]"));
        }
        let keyring = file.required_fields("keyring", "[keyring] with its kind")?;
        let keyring = KeyringConfig::read(keyring, folder)?;
        file.finish()?;
        let (text, folder) = (text.to_owned(), folder.to_owned());
        Ok(Self { name, text, folder, tables, keyring })
    }

    /// The tables by their names in DynamoDB, in the order of these.
    pub fn tables(&self) -> impl Iterator<Item = (&str, &TableConfig)> {
        self.tables.iter().map(|(name, table)| (name.as_str(), &table.config))
    }

    /// The configuration of a table, by its name in DynamoDB.
    ///
    /// # Errors
    /// [`Misuse`](ErrorKind::Misuse) if the file has no such table.
    pub fn table(&self, name: &str) -> Result<&TableConfig> {
        Ok(&self.entry(name)?.config)
    }

    /// The Regions of a table, the home Region first: its own list, or else the keyring's Regions. Empty
    /// if the keyring has none, as `raw-aes` does.
    ///
    /// # Errors
    /// [`Misuse`](ErrorKind::Misuse) if the file has no such table.
    pub fn regions(&self, table: &str) -> Result<Vec<String>> {
        let own = &self.entry(table)?.regions;
        Ok(if own.is_empty() { self.keyring.regions() } else { own.clone() })
    }

    /// The attribute with a table's time to live, as the file has it. It stays readable, and is signed
    /// unless it is listed as unsigned.
    ///
    /// # Errors
    /// [`Misuse`](ErrorKind::Misuse) if the file has no such table.
    pub fn ttl_attribute(&self, table: &str) -> Result<Option<&str>> {
        Ok(self.entry(table)?.ttl_attribute.as_deref())
    }

    /// Whether the keyring asks AWS KMS. If not, [`keyring`](Self::keyring) can be given any `SdkConfig`.
    pub fn needs_aws(&self) -> bool {
        self.keyring.needs_aws()
    }

    /// The keyring that the file describes. Its key files are read now, and its clients are those of
    /// `aws`, whatever its Region.
    ///
    /// # Errors
    /// [`Misuse`](ErrorKind::Misuse), with file and field, if a key file cannot be read, can be read by
    /// others or does not hold a key, or the keyring cannot be right;
    /// [`Refused`](ErrorKind::Refused) as [`AwsKms::new`](crate::AwsKms::new) does.
    pub fn keyring(&self, aws: &SdkConfig) -> Result<Arc<dyn Keyring>> {
        let kms = || Ok(Arc::new(AwsKms::new(aws)?) as Arc<dyn Kms>);
        self.keyring_over(kms, |table, regions| {
            Ok(Arc::new(DynamoDbKeyStore::new(aws, table, regions)?))
        })
    }

    /// The same over other clients than the AWS SDK's: `kms` is asked for each KMS keyring's KMS, `key_store` for the
    /// table of a hierarchical one by its name and its Regions. Neither is called if the keyring needs none.
    ///
    /// # Errors
    /// As of [`keyring`](Self::keyring), and what `kms` and `key_store` say.
    pub fn keyring_over(
        &self,
        kms: impl Fn() -> Result<Arc<dyn Kms>>,
        key_store: impl Fn(&str, &[String]) -> Result<Arc<dyn KeyStoreTable>>,
    ) -> Result<Arc<dyn Keyring>> {
        self.keyring.build(&Services { kms: &kms, key_store: &key_store })
    }

    /// The key store of a hierarchical keyring, and its table.
    ///
    /// # Errors
    /// [`Misuse`](ErrorKind::Misuse) if the keyring is another one; and as of [`keyring`](Self::keyring).
    pub fn key_store(&self, aws: &SdkConfig) -> Result<(DynamoDbKeyStore, KeyStore)> {
        self.keyring.key_store(aws)
    }

    pub(crate) fn keyring_config(&self) -> &KeyringConfig {
        &self.keyring
    }

    /// The attribute with the versions of a table's items, if they have versions.
    ///
    /// # Errors
    /// [`Misuse`](ErrorKind::Misuse) if the file has no such table.
    pub fn version_attribute(&self, table: &str) -> Result<Option<&str>> {
        Ok(self.entry(table)?.version_attribute.as_deref())
    }

    /// Whether a table's items that are not encrypted are read as they are.
    ///
    /// # Errors
    /// [`Misuse`](ErrorKind::Misuse) if the file has no such table.
    pub fn plaintext_reads(&self, table: &str) -> Result<bool> {
        Ok(self.entry(table)?.plaintext_reads)
    }

    fn entry(&self, name: &str) -> Result<&Table> {
        self.tables.get(name).ok_or_else(|| {
            let known: Vec<&str> = self.tables.keys().map(String::as_str).collect();
            let file = &self.name;
            let known = known.join(", ");
            let message = format!("{file} has no table {name:?}; it has: {known}");
            Error::new(ErrorKind::Misuse, message)
        })
    }
}

/// Equal are files that say the same about the same folder.
impl PartialEq for ConfigFile {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text && self.folder == other.folder
    }
}

impl Eq for ConfigFile {}

impl fmt::Debug for ConfigFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ConfigFile")
            .field("name", &self.name)
            .field("tables", &self.tables.keys().collect::<Vec<_>>())
            .finish_non_exhaustive()
    }
}

/// Line and column, and none of the line: it may hold what should not be there.
fn not_toml(name: &str, text: &str, error: &toml::de::Error) -> Error {
    let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
    let line = before.matches('\n').count() + 1;
    let column = before.chars().rev().take_while(|c| *c != '\n').count() + 1;
    let message = format!("{name}: line {line}, column {column}: this is not TOML: ");
    Error::new(ErrorKind::Misuse, message + error.message())
}
