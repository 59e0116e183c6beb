//! The stored form of an item: AWS Database Encryption SDK structured encryption, versions 1 and 2.
//!
//! All integers are big-endian.
//! Source: [structured encryption](https://github.com/aws/aws-database-encryption-sdk-dynamodb/tree/main/specification/structured-encryption),
//! and where its text and AWS's libraries differ, what the libraries write.

pub(crate) mod commitment;
pub(crate) mod describe;
pub(crate) mod digest;
pub(crate) mod field;
pub(crate) mod footer;
pub(crate) mod header;
pub(crate) mod item_context;
pub(crate) mod legend;
pub(crate) mod path;
#[cfg(test)]
mod traces;
pub(crate) mod value;
pub(crate) mod wire;

/// The attribute that holds the header.
pub(crate) const HEADER_ATTRIBUTE: &str = "aws_dbe_head";
/// The attribute that holds the footer.
pub(crate) const FOOTER_ATTRIBUTE: &str = "aws_dbe_foot";
