//! From a file to a client.

use std::sync::Arc;

use aws_types::SdkConfig;
use itemseal::{Error, ErrorKind, Keyring, Result};

use super::ConfigFile;
use crate::{GlobalTable, GlobalTableBuilder};

impl ConfigFile {
    /// A client for the file's tables, under its keyring: Regions, versions, where writes go and how old items
    /// are read are as the file says. More can be said to the builder before it is built with the same `aws`.
    ///
    /// ```no_run
    /// # async fn client(aws: aws_types::SdkConfig) -> itemseal::Result<itemseal_aws::GlobalTable> {
    /// let file = itemseal_aws::ConfigFile::read("itemseal.toml")?;
    /// let orders = file.global_table(&aws)?.build(&aws).await?;
    /// # Ok(orders)
    /// # }
    /// ```
    ///
    /// # Errors
    /// As of [`keyring`](Self::keyring); [`Misuse`](itemseal::ErrorKind::Misuse) if two tables have other Regions, or
    /// their writes go elsewhere: they need a client each.
    pub fn global_table(&self, aws: &SdkConfig) -> Result<GlobalTableBuilder> {
        self.global_table_under(self.keyring(aws)?)
    }

    /// The same under another keyring than the file's.
    ///
    /// # Errors
    /// As of [`global_table`](Self::global_table).
    pub fn global_table_under(&self, keyring: Arc<dyn Keyring>) -> Result<GlobalTableBuilder> {
        let mut tables = self.tables.iter();
        let none = || Error::new(ErrorKind::Misuse, format!("{} has no table", self.name));
        let (first, table) = tables.next().ok_or_else(none)?;
        let regions = self.regions(first)?;
        let mut builder = GlobalTable::builder_named(first, table.config.clone(), keyring.clone())
            .regions(regions.clone())
            .writes(table.writes);
        for (name, other) in tables {
            if self.regions(name)? != regions {
                return Err(self.differ(first, name, "Regions"));
            }
            if other.writes != table.writes {
                return Err(self.differ(first, name, "writes"));
            }
            builder = builder.table(name, other.config.clone(), keyring.clone());
        }
        for (name, table) in &self.tables {
            if let Some(version) = &table.version_attribute {
                builder = builder.version_attribute(name, version);
            }
            if table.plaintext_reads {
                builder = builder.plaintext_reads(name);
            }
        }
        Ok(builder)
    }

    fn differ(&self, one: &str, other: &str, what: &str) -> Error {
        let message = format!(
            "{}: {one} and {other} differ in their {what}; write a file for each",
            self.name
        );
        Error::new(ErrorKind::Misuse, message)
    }
}
