//! Keyrings over RSA keys: the application's own, and AWS KMS's. With the feature `aws-lc` only.

mod kms_rsa;
mod raw_rsa;
#[cfg(test)]
mod tests;

pub use kms_rsa::KmsRsaKeyring;
pub use raw_rsa::RawRsaKeyring;
