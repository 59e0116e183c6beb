//! itemseal on AWS: encrypted DynamoDB global tables, with keys from AWS KMS in every Region of a
//! multi-Region key.
//!
//! [`GlobalTable`] is a DynamoDB client that encrypts; the project's README has it in use.
//!
//! [`AwsKms`] is what the keyrings of [`itemseal::keyring`] ask. It is made once from the SDK's
//! configuration, and has a client for each Region:
//!
//! ```
//! use itemseal::{ItemEncryptor, MrkKeyring, TableConfig};
//! use itemseal_aws::AwsKms;
//!
//! # fn orders(config: aws_types::SdkConfig) -> itemseal::Result<ItemEncryptor> {
//! let kms = AwsKms::new(&config)?;
//! let key = "arn:aws:kms:eu-west-1:111122223333:key/mrk-1234abcd12ab34cd56ef1234567890ab";
//! // The home Region first. One encrypted data key is written, whichever Region answers.
//! let keyring = MrkKeyring::builder(key).regions(["eu-west-1", "us-east-1"]).build(kms)?;
//! let table = TableConfig::builder("Orders").partition_key("OrderID").build()?;
//! Ok(ItemEncryptor::new(table, keyring))
//! # }
//! ```
//!
//! The SDK's default HTTPS client is on by the feature `https`, a default. The cryptography is AWS-LC's.

#![forbid(unsafe_code)]

mod config_file;
pub mod doctor;
mod endpoints;
mod errors;
mod images;
mod items;
mod keystore;
mod kms;
mod observe;
mod rewrap;
pub mod rules;
mod sdk_items;
mod supplier;
mod table;
mod timer;

pub use config_file::ConfigFile;
pub use images::{
    DataFiles, DataLine, DataLines, ExportCounts, ExportEvent, ExportFile, ExportFiles,
    ExportManifest, LambdaRecords, LineCounts, LineError, RecordError, StreamOpener,
};
pub use items::{item_from_sdk, item_to_sdk};
pub use keystore::DynamoDbKeyStore;
pub use kms::{AwsKms, AwsKmsBuilder};
pub use observe::{CallCounts, ItemCounts};
pub use rewrap::{Rewrap, RewrapBuilder, RewrapCheckpoint, RewrapCounts};
pub use supplier::ClientSupplier;
pub use table::{
    Answer, BadItem, CancellationReason, ConditionFailed, GlobalTable, GlobalTableBuilder, Items,
    TableShape, TransactionCancelled, Writes,
};
pub use timer::TokioTimer;

/// The README's code is a test.
#[cfg(doctest)]
#[doc = include_str!("../../../README.md")]
struct Readme;
