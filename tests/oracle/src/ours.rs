//! Our side: the core crate, through its public API.

use itemseal::keyring::MultiKeyring;
use itemseal::{ItemEncryptor, RawAesKeyring, TableConfig, TableConfigBuilder};

use crate::keys::WrappingKey;
use crate::table::{Action, Table};

/// An encryptor that writes for all of `keys` and reads with any of them. What is to be encrypted
/// is not named: that is the default.
///
/// # Panics
/// If the configuration is refused: those of this crate are meant to be right.
pub fn encryptor(table: &Table, keys: &[WrappingKey]) -> ItemEncryptor {
    let config = builder(table).build().expect("a table configuration that itemseal accepts");
    ItemEncryptor::new(config, keyring(keys))
}

/// The table's configuration with every attribute named, as AWS's must be.
///
/// # Errors
/// What itemseal says of it.
pub fn config(table: &Table) -> itemseal::Result<TableConfig> {
    builder(table).encrypt(table.names(Action::Encrypt)).build()
}

fn builder(table: &Table) -> TableConfigBuilder {
    let mut builder = TableConfig::builder(&table.logical_name)
        .partition_key(&table.partition_key)
        .sign_only(table.names(Action::Sign))
        .context(table.names(Action::Context))
        .unsigned(table.unsigned_by_name())
        .suite(table.suite);
    if let Some(name) = &table.sort_key {
        builder = builder.sort_key(name);
    }
    if let Some(prefix) = &table.unsigned_prefix {
        builder = builder.unsigned_prefix(prefix);
    }
    builder
}

fn keyring(keys: &[WrappingKey]) -> MultiKeyring {
    let mut keyrings = keys.iter().map(|key| {
        RawAesKeyring::new(&key.namespace, &key.name, &key.bytes).expect("a wrapping key")
    });
    let generator = keyrings.next().expect("at least one wrapping key");
    keyrings.fold(MultiKeyring::new(generator), MultiKeyring::and)
}
