//! What a [`GlobalTableBuilder`] is told about single tables, writes and Regions.

use itemseal::{CryptographicAction, Result};

use super::builder::GlobalTableBuilder;
use super::errors::misuse;
use super::writes::Writes;

impl GlobalTableBuilder {
    /// Where writes are sent; [`Writes::Home`] unless given.
    #[must_use]
    pub fn writes(mut self, writes: Writes) -> Self {
        self.writes = writes;
        self
    }

    /// The only Regions that data may be in: a Region outside of them, the tables' or a keyring's, is an error
    /// when the client is built.
    #[must_use]
    pub fn allowed_regions<R: Into<String>>(
        mut self,
        regions: impl IntoIterator<Item = R>,
    ) -> Self {
        self.allowed_regions = Some(regions.into_iter().map(Into::into).collect());
        self
    }

    /// The signed number that every write of a table's items raises, for optimistic locking: a put
    /// succeeds if the stored item has the version that the given one has, and writes the next one; if
    /// the given one has none, there must be none. [`Answer::version`](super::Answer::version) tells what
    /// was written, and [`get_item_not_before`](super::GlobalTable::get_item_not_before) does not go back behind it.
    /// Puts in batches are refused: they have no conditions.
    #[must_use]
    pub fn version_attribute(mut self, table: impl Into<String>, name: impl Into<String>) -> Self {
        self.versions.insert(table.into(), name.into());
        self
    }

    /// Items of a table that have neither header nor footer are read as they are, while a table is being
    /// encrypted. Everything is read whole, also for a projection, so none can have lost them on the way; but
    /// **whoever can write the table can put plaintext of their own in the place of any item**. Writes are
    /// always encrypted.
    #[must_use]
    pub fn plaintext_reads(mut self, table: impl Into<String>) -> Self {
        self.plaintext_reads.insert(table.into());
        self
    }

    /// Options for tables that are not there, or that cannot be.
    pub(super) fn check_options(&self) -> Result<()> {
        let named = self.shapes.keys().map(|name| (name, "a shape"));
        let named = named.chain(self.versions.keys().map(|name| (name, "a version attribute")));
        let named = named.chain(self.plaintext_reads.iter().map(|name| (name, "plaintext_reads")));
        for (name, what) in named {
            if !self.tables.contains_key(name) {
                return Err(misuse(format!("{what} is given for {name}, which is not configured")));
            }
        }
        for (table, attribute) in &self.versions {
            let Some((encryptor, _)) = self.tables.get(table) else { continue };
            let table = encryptor.table();
            let is_key = [Some(table.partition_key()), table.sort_key()].contains(&Some(attribute));
            let remedy = match table.action(attribute) {
                _ if is_key => "it is a key attribute; name another one",
                CryptographicAction::EncryptAndSign => {
                    "conditions compare it in DynamoDB, so it has to stay readable; declare it sign_only"
                }
                CryptographicAction::DoNothing => {
                    "unsigned, whoever can write the table could change it; declare it sign_only"
                }
                _ => continue,
            };
            let message = format!("it is the version of the items: {remedy}");
            return Err(misuse(message).with_attribute(attribute));
        }
        Ok(())
    }

    /// The Regions as they are given, or the keyring's.
    pub(super) fn names_of_regions(&self) -> Result<Vec<String>> {
        let mut names = self.regions.clone();
        for (table, (_, of_keyring)) in &self.tables {
            if let Some(allowed) = &self.allowed_regions
                && let Some(region) = of_keyring.iter().find(|region| !allowed.contains(region))
            {
                return Err(misuse(format!(
                    "the keyring of {table} asks a Region that is not allowed; take it out of the keyring's, \
                     or allow it"
                ))
                .with_region(region));
            }
            if !self.regions.is_empty() || of_keyring.is_empty() {
                continue;
            }
            if names.is_empty() {
                names.clone_from(of_keyring);
            } else if names != *of_keyring {
                return Err(misuse(format!(
                    "the keyring of {table} has other Regions than another table's, so nobody can say which \
                     are the tables'; give them with regions([…]), home first"
                )));
            }
        }
        if let Some(allowed) = &self.allowed_regions
            && let Some(region) = names.iter().find(|region| !allowed.contains(region))
        {
            return Err(misuse("the Region is not allowed; take it out of regions, or allow it")
                .with_region(region));
        }
        Ok(names)
    }
}
