mod decrypt;
mod encrypt;
mod field;
mod plaintext;
mod rewrap;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod tests_rewrap;

use std::sync::Arc;

use self::decrypt::Decryption;
use self::encrypt::Encryption;
use crate::config::TableConfig;
use crate::error::Result;
use crate::format::{FOOTER_ATTRIBUTE, HEADER_ATTRIBUTE};
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

/// An item that was brought under other keys.
#[non_exhaustive]
#[derive(Clone, Debug)]
pub struct Rewrapped {
    /// What is to be stored.
    pub item: Item,
    /// Whether all of it was encrypted again; otherwise only header and footer differ.
    pub whole: bool,
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

    /// Whether a stored item is as `to` would write it now, as far as keys go: under its keyring's key, in its
    /// branch key's active version. Nothing is verified. Some keyrings cannot tell, and say no.
    ///
    /// # Errors
    /// As of [`decrypt_item`](Self::decrypt_item) for what is no such item; and what the keyring says.
    pub async fn is_current(&self, stored: &Item, to: &Self) -> Result<bool> {
        let read = Decryption::begin(&self.table, stored.clone())?;
        if !self.is_table_of(to) || !read.has_form_of(&to.table) {
            return Ok(false);
        }
        to.keyring.is_current(read.request()).await
    }

    /// Brings a stored item under the keys of `to`: another keyring, another configuration, or the same one, whose
    /// branch key has a new active version.
    ///
    /// Where the item keeps its form, only its header and footer are made anew: its data key stays, so whoever
    /// has had that can still read it. With `whole`, and where the form changes, everything is encrypted again.
    ///
    /// # Errors
    /// As of [`decrypt_item`](Self::decrypt_item) and [`encrypt_item`](Self::encrypt_item).
    pub async fn rewrap_item(
        &self,
        stored: impl Into<Item>,
        to: &Self,
        whole: bool,
    ) -> Result<Rewrapped> {
        let stored = stored.into();
        let read = Decryption::begin(&self.table, stored.clone())?;
        let unwrapped = self.keyring.unwrap(read.request()).await?;
        if whole || !self.is_table_of(to) || !read.has_form_of(&to.table) {
            let item = read.finish(&self.table, &unwrapped)?;
            return Ok(Rewrapped { item: to.encrypt_item(item).await?, whole: true });
        }
        let rewrapping = read.begin_rewrap(&self.table, unwrapped)?;
        let recipients = to.keyring.wrap(rewrapping.request()).await?;
        let (header, footer) = rewrapping.finish(&to.table, &recipients)?;
        let item = stored.with(HEADER_ATTRIBUTE, header).with(FOOTER_ATTRIBUTE, footer);
        Ok(Rewrapped { item, whole: false })
    }

    /// Whether both are about one table: its name and keys are bound into every item.
    fn is_table_of(&self, to: &Self) -> bool {
        let of = |table: &TableConfig| {
            let names = (table.logical_name().to_owned(), table.partition_key().to_owned());
            (names, table.sort_key().map(str::to_owned))
        };
        of(&self.table) == of(&to.table)
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
