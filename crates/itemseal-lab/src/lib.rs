//! KMS multi-Region keys and DynamoDB global tables on one machine, with no AWS account.
//!
//! A [`Lab`] holds [KMS](kms) with the rules of multi-Region keys, and [DynamoDB](tables) in several
//! Regions with replication that is slow, cut or skewed when a test says so. Time and randomness are
//! [injected](clock): a history can be replayed, and no test sleeps.
//!
//! ```
//! use itemseal::EncryptionContext;
//! use itemseal_lab::Lab;
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let lab = Lab::builder().regions(["eu-west-1", "us-east-1", "ap-northeast-1"]).build()?;
//!
//! // One multi-Region key in three Regions.
//! let kms = lab.kms();
//! let key = kms.create_key("eu-west-1", true, "orders")?;
//! for region in ["us-east-1", "ap-northeast-1"] {
//!     kms.replicate_key("eu-west-1", &key.key_id, region, "")?;
//! }
//!
//! // What one Region generates, another decrypts, and answers with its own ARN.
//! let context: EncryptionContext = [("table", "Orders")].into_iter().collect();
//! let made = kms.generate_data_key("us-east-1", &key.key_id, 32, &context)?;
//! let opened = kms.decrypt("ap-northeast-1", None, &made.ciphertext, &context)?;
//! assert_eq!(opened.plaintext, made.plaintext);
//! assert!(opened.key_id.starts_with("arn:aws:kms:ap-northeast-1:"));
//!
//! // A global table, cut in two, and healed.
//! use itemseal::Item;
//! let tables = lab.tables();
//! tables.create_table("eu-west-1", "Orders", "OrderID", None)?;
//! tables.add_replica("Orders", "us-east-1")?;
//! tables.cut("us-east-1")?;
//! lab.region("eu-west-1")?.put("Orders", Item::new().with("OrderID", "1").with("Status", "new"))?;
//! assert!(tables.converge().is_err()); // it says what waits where
//! tables.heal("us-east-1")?;
//! tables.converge()?;
//! let key = Item::new().with("OrderID", "1");
//! assert!(lab.region("us-east-1")?.get("Orders", key)?.is_some());
//! # Ok(())
//! # }
//! ```

#![forbid(unsafe_code)]

pub mod admin;
#[cfg(feature = "aws-sdk")]
mod aws_sdk;
pub mod clock;
pub mod durable;
pub mod entropy;
pub mod faults;
pub mod http;
pub mod kms;
mod lab;
pub mod tables;

/// The engine under the tables: its typed requests and answers are what [`tables::Region`] takes and
/// gives.
pub use dynoxide;
pub use lab::{Lab, LabBuilder, Replication};
