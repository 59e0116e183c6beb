use std::collections::BTreeSet;

use crate::error::{Error, Result};
use crate::kms::KeyArn;

/// Whose keys a discovery keyring may use: one partition, and some accounts of it.
///
/// Source: [discovery filter](https://github.com/awslabs/aws-encryption-sdk-specification/blob/master/framework/aws-kms/aws-kms-discovery-keyring.md).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DiscoveryFilter {
    partition: String,
    accounts: BTreeSet<String>,
}

impl DiscoveryFilter {
    /// Keys of `accounts` in `partition`, such as `aws`.
    ///
    /// # Errors
    /// [`Misuse`](crate::ErrorKind::Misuse) if the partition or an account's id is empty, or there
    /// is no account.
    pub fn new<A: Into<String>>(
        partition: impl Into<String>,
        accounts: impl IntoIterator<Item = A>,
    ) -> Result<Self> {
        let accounts: BTreeSet<String> = accounts.into_iter().map(Into::into).collect();
        let filter = Self { partition: partition.into(), accounts };
        if filter.partition.is_empty() || filter.accounts.contains("") {
            return Err(Error::misuse("a discovery filter's partition or account is empty"));
        }
        if filter.accounts.is_empty() {
            return Err(Error::misuse("a discovery filter without accounts would admit no key"));
        }
        Ok(filter)
    }

    pub(super) fn admits(&self, key: &KeyArn) -> bool {
        self.partition == key.partition() && self.accounts.contains(key.account())
    }
}
