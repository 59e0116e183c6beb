mod decrypt;
mod encrypt;
mod plaintext;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use self::decrypt::Decryption;
use self::encrypt::Encryption;
use crate::config::TableConfig;
use crate::error::Result;
use crate::item::Item;
use crate::keyring::Keyring;

/// Encrypts and decrypts the items of one table.
///
/// Cheap to clone, and may be used from many tasks at once. The only thing that it awaits is the
/// keyring; everything else is computation, in the caller's task.
///
/// ```
/// use itemseal::{Item, ItemEncryptor, RawAesKeyring, TableConfig};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> itemseal::Result<()> {
/// let table = TableConfig::builder("Orders").partition_key("OrderID").build()?;
/// let encryptor = ItemEncryptor::new(table, RawAesKeyring::new("ns", "key-1", [7; 32])?);
///
/// let order = Item::new().with("OrderID", "12345").with("Card", "4111 1111 1111 1111");
/// let stored = encryptor.encrypt_item(order.clone()).await?;
/// assert!(stored.get("Card").unwrap().as_b().is_some(), "encrypted");
/// assert_eq!(encryptor.decrypt_item(stored).await?, order);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct ItemEncryptor {
    table: Arc<TableConfig>,
    keyring: Arc<dyn Keyring>,
}

impl ItemEncryptor {
    /// An encryptor for the items of `table`, under `keyring`.
    pub fn new(table: TableConfig, keyring: impl Keyring + 'static) -> Self {
        Self { table: Arc::new(table), keyring: Arc::new(keyring) }
    }

    /// The table's configuration.
    pub fn table(&self) -> &TableConfig {
        &self.table
    }

    /// Encrypts an item to the form that is stored.
    ///
    /// Attributes that are signed or unsigned keep their values as given. The stored item has two
    /// attributes more, `aws_dbe_head` and `aws_dbe_foot`.
    ///
    /// # Errors
    /// [`Misuse`](crate::ErrorKind::Misuse) if a key or context attribute is missing, a name is
    /// reserved or a set holds a value twice; [`Malformed`](crate::ErrorKind::Malformed) for text
    /// that is not a number; [`TooLarge`](crate::ErrorKind::TooLarge); and what the keyring says.
    /// The error names the attribute.
    pub async fn encrypt_item(&self, item: impl Into<Item>) -> Result<Item> {
        let encryption = Encryption::begin(&self.table, item.into())?;
        let recipients = self.keyring.wrap(encryption.request()).await?;
        encryption.finish(&self.table, &recipients)
    }

    /// Verifies a stored item and decrypts it.
    ///
    /// The item must be whole: every signed attribute, the header and the footer. Attributes of the
    /// format itself (`aws_dbe_…`) are left out of the result; unsigned ones are in it, unverified.
    ///
    /// # Errors
    /// [`Authentication`](crate::ErrorKind::Authentication) if it does not verify,
    /// [`NotEncrypted`](crate::ErrorKind::NotEncrypted) or
    /// [`Malformed`](crate::ErrorKind::Malformed) if it is no such item; and what the keyring says.
    pub async fn decrypt_item(&self, stored: impl Into<Item>) -> Result<Item> {
        let decryption = Decryption::begin(&self.table, stored.into())?;
        let unwrapped = self.keyring.unwrap(decryption.request()).await?;
        decryption.finish(&self.table, &unwrapped)
    }

    /// The same, and an item that has neither header nor footer is given back as it is: for the time
    /// in which a table's items are being encrypted. Give it whole items only, and know that while this is
    /// in use whoever can write the table can put plaintext of their own in the place of any item.
    ///
    /// # Errors
    /// As of [`decrypt_item`](Self::decrypt_item), but for `NotEncrypted`;
    /// [`Malformed`](crate::ErrorKind::Malformed) for an item without header and footer that has an
    /// attribute in encrypted form: its header and footer were taken away.
    pub async fn decrypt_item_or_plaintext(&self, stored: impl Into<Item>) -> Result<Item> {
        let stored = stored.into();
        match plaintext::is_plaintext(&self.table, &stored)? {
            true => Ok(stored),
            false => self.decrypt_item(stored).await,
        }
    }
}
