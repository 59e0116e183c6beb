//! Both sides for one table: those who write, and each reader alone.

use itemseal::{Item, ItemEncryptor};

use crate::aws;
use crate::keys::WrappingKey;
use crate::ours;
use crate::table::Table;

/// Which implementation does something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// `aws-db-esdk`.
    Aws,
    /// itemseal.
    Ours,
}

/// Both implementations with the same keys.
#[derive(Clone)]
pub struct Party {
    aws: aws::Encryptor,
    ours: ItemEncryptor,
}

impl Party {
    /// Both implementations with all of `keys`.
    pub async fn new(table: &Table, keys: &[WrappingKey]) -> Self {
        Self { aws: aws::Encryptor::new(table, keys).await, ours: ours::encryptor(table, keys) }
    }

    /// Encrypts with one of the two.
    ///
    /// # Errors
    /// What that side says.
    pub async fn encrypt(&self, side: Side, item: &Item) -> Result<Item, String> {
        match side {
            Side::Aws => self.aws.encrypt(item).await,
            Side::Ours => self.ours.encrypt_item(item.clone()).await.map_err(describe),
        }
    }

    /// Decrypts with one of the two.
    ///
    /// # Errors
    /// What that side says.
    pub async fn decrypt(&self, side: Side, stored: &Item) -> Result<Item, String> {
        match side {
            Side::Aws => self.aws.decrypt(stored).await,
            Side::Ours => self.ours.decrypt_item(stored.clone()).await.map_err(describe),
        }
    }

    /// Our side, for its error kinds.
    pub fn ours(&self) -> &ItemEncryptor {
        &self.ours
    }
}

fn describe(error: itemseal::Error) -> String {
    format!("{:?}: {error}", error.kind())
}

/// A table with everybody who writes and reads it.
pub struct Setting {
    /// The configuration.
    pub table: Table,
    /// The recipients of every item.
    pub keys: Vec<WrappingKey>,
    /// Holds all keys.
    pub writer: Party,
    /// Reader `n` holds key `n` and no other.
    pub readers: Vec<Party>,
}

impl Setting {
    /// Builds every encryptor once.
    pub async fn new(table: Table, keys: Vec<WrappingKey>) -> Self {
        let writer = Party::new(&table, &keys).await;
        let mut readers = Vec::with_capacity(keys.len());
        for key in &keys {
            readers.push(Party::new(&table, std::slice::from_ref(key)).await);
        }
        Self { table, keys, writer, readers }
    }
}
