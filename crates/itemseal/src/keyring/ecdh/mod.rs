//! Keyrings over elliptic-curve key agreement: with the application's keys, and with AWS KMS's. They
//! read each other's items. With the feature `aws-lc` only.

mod kms_ecdh;
mod parties;
mod raw_ecdh;
#[cfg(test)]
mod tests;
mod wrapping;

pub use kms_ecdh::KmsEcdhKeyring;
pub use raw_ecdh::RawEcdhKeyring;
