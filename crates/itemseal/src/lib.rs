#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]

mod config;
mod context;
mod crypto;
mod encryptor;
mod error;
pub mod failover;
mod format;
mod item;
pub mod keyring;
pub mod keystore;
pub mod kms;
pub mod materials;
mod secret;
mod suite;
pub mod timer;

pub use config::{CryptographicAction, TableConfig, TableConfigBuilder};
pub use context::EncryptionContext;
pub use encryptor::{ItemEncryptor, Rewrapped};
pub use error::{Error, ErrorKind, Result};
pub use format::describe::ItemDescription;
pub use item::{AttributeValue, Item, MAX_DEPTH, RESERVED_PREFIX, normalize_number};
pub use keyring::{Keyring, MrkKeyring, MultiKeyring, RawAesKeyring};
pub use secret::{DataKey, IntermediateKey, RecipientMacKey};
pub use suite::AlgorithmSuite;
