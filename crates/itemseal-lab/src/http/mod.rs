//! The lab as AWS's endpoint: DynamoDB, its streams and KMS of every Region behind one address.
//!
//! ```no_run
//! use itemseal_lab::Lab;
//! use itemseal_lab::http::LabServer;
//!
//! # async fn run() -> Result<(), Box<dyn std::error::Error>> {
//! let lab = Lab::builder().every_region().build()?;
//! let server = LabServer::start(&lab)?;
//! println!("export AWS_ENDPOINT_URL={}", server.endpoint());
//! server.shutdown().await;
//! # Ok(())
//! # }
//! ```
//!
//! [`handle`] is the whole endpoint without the socket.

mod answer;
mod arns;
mod connections;
mod crc32;
mod dispatch;
mod errors;
mod scope;
mod server;
mod shards;
mod sigv4;
mod target;

pub use dispatch::handle;
#[cfg(feature = "aws-sdk")]
pub(crate) use dispatch::handle_here;
pub use server::{LabServer, LabServerBuilder};
