//! Reads DynamoDB items that AWS's legacy DynamoDB Encryption Client wrote, in Python or Java, so that a
//! table can move to itemseal item by item. It never writes that format.
//!
//! ```
//! use itemseal::Item;
//! use itemseal_legacy::{LegacyDecryptor, LegacyMaterials, UnwrappingKey, VerificationKey, is_legacy};
//!
//! # fn decryptor() -> itemseal::Result<LegacyDecryptor> {
//! // The keys and actions that the legacy client had.
//! let materials = LegacyMaterials::wrapped(
//!     UnwrappingKey::aes(&[7; 32])?,
//!     VerificationKey::hmac_sha256(&[9; 32])?,
//! );
//! let legacy = LegacyDecryptor::builder(Some("Orders"), Some("OrderID"), None)
//!     .sign_only(["OrderStatus"]) // everything else is encrypted, but for the table's keys
//!     .build(materials)?;
//! # Ok(legacy)
//! # }
//!
//! async fn moved(legacy: &LegacyDecryptor, new: &itemseal::ItemEncryptor, item: Item) -> itemseal::Result<Item> {
//!     let plaintext = match is_legacy(&item) {
//!         true => legacy.decrypt_item(item).await?,
//!         false => new.decrypt_item(item).await?,
//!     };
//!     new.encrypt_item(plaintext).await
//! }
//! # decryptor().unwrap();
//! ```
//!
//! What the legacy format does not protect, this cannot see either:
//!
//! - attributes that nothing was done with, and the material description, which is not signed. Which
//!   algorithm verifies an item is therefore the key's to say, and which KMS keys are allowed yours.
//! - where the Python client signed a number without encrypting it, only its first 28 digits, rounded.
//! - of an item, that it is the newest, or that the item was not moved under another key by somebody who has
//!   the keys. Nothing ties an attribute to the item it is in but the signature.
//!
//! Under the Direct KMS Provider a number that is a table's key counts as it was written: an item that was
//! written with `7.0` and is read back with `7` cannot be opened by anybody.
//!
//! Sources: [the legacy client](https://docs.aws.amazon.com/database-encryption-sdk/latest/devguide/legacy-dynamodb-encryption-client.html)
//! in AWS's guide, and its published sources for Python and Java.
#![deny(unsafe_code)]

mod actions;
mod canonical;
mod decryptor;
mod description;
mod error;
mod keys;
mod kms;
mod materials;
mod meta_store;
mod number;
mod secret;
#[cfg(test)]
mod tests;
mod value;
mod wire;

pub use actions::LegacyAction;
pub use decryptor::{LegacyDecryptor, LegacyDecryptorBuilder, is_legacy};
pub use keys::{UnwrappingKey, VerificationKey};
pub use kms::{LegacyKms, LegacyKmsBuilder};
pub use materials::LegacyMaterials;
pub use meta_store::MetaStoreKeys;
