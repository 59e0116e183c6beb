use super::answer::kms_part;
use super::{DiscoveryFilter, KmsAccess, key_of};
use crate::error::{Error, Result};
use crate::failover::Route;
use crate::keyring::{Keyring, KeyringFuture};
use crate::kms::KeyArn;
use crate::materials::{Recipient, UnwrapRequest, Unwrapped, WrapRequest};

/// Reads what any KMS key of one Region wrapped, by the ARN that stands in the item. It does not
/// write.
///
/// Who can write the table chooses the key, and so whether it is one of yours: give it a
/// [filter](Self::filter).
///
/// Source: [AWS KMS discovery keyring](https://github.com/awslabs/aws-encryption-sdk-specification/blob/master/framework/aws-kms/aws-kms-discovery-keyring.md).
/// An encrypted data key of another Region is skipped: that Region's KMS is not the one asked, and would
/// not know the key.
#[derive(Debug)]
pub struct DiscoveryKeyring {
    discovery: Discovery,
}

impl DiscoveryKeyring {
    /// A keyring that asks the KMS of `region`.
    ///
    /// # Errors
    /// [`Misuse`](crate::ErrorKind::Misuse) if the Region's name is empty.
    pub fn new(region: impl Into<String>, kms: impl Into<KmsAccess>) -> Result<Self> {
        Ok(Self { discovery: Discovery::new(region.into(), kms.into())? })
    }

    /// Only keys of this partition and these accounts.
    #[must_use]
    pub fn filter(mut self, filter: DiscoveryFilter) -> Self {
        self.discovery.filter = Some(filter);
        self
    }
}

impl Keyring for DiscoveryKeyring {
    fn wrap<'a>(&'a self, _: WrapRequest<'a>) -> KeyringFuture<'a, Vec<Recipient>> {
        Box::pin(async { Err(only_reads()) })
    }

    fn unwrap<'a>(&'a self, request: UnwrapRequest<'a>) -> KeyringFuture<'a, Unwrapped> {
        let region = &*self.discovery.region;
        let in_region = move |key: KeyArn| (key.region() == region).then_some(key);
        Box::pin(self.discovery.unwrap_first(request, in_region))
    }

    fn regions(&self) -> Vec<String> {
        vec![self.discovery.region.clone()]
    }
}

pub(super) fn only_reads() -> Error {
    Error::misuse(
        "a discovery keyring only reads, as it has no key of its own; write with an MRK keyring",
    )
}

/// What the two kinds of discovery have in common.
#[derive(Debug)]
pub(super) struct Discovery {
    pub(super) region: String,
    pub(super) filter: Option<DiscoveryFilter>,
    route: Route,
    access: KmsAccess,
}

impl Discovery {
    pub(super) fn new(region: String, access: KmsAccess) -> Result<Self> {
        if region.is_empty() {
            return Err(Error::misuse("a Region's name is empty"));
        }
        Ok(Self { route: Route::new([region.clone()]), region, filter: None, access })
    }

    /// Opens the first encrypted data key that it can; `key_here` says which key is to be asked for
    /// a stored one, if any.
    pub(super) async fn unwrap_first(
        &self,
        request: UnwrapRequest<'_>,
        key_here: impl Fn(KeyArn) -> Option<KeyArn> + Send,
    ) -> Result<Unwrapped> {
        let mut budget = self.access.budget();
        let mut failures = Vec::new();
        for edk in request.edks {
            let stored = key_of(edk)
                .filter(|key| self.filter.as_ref().is_none_or(|filter| filter.admits(key)));
            let Some(key) = stored.and_then(&key_here) else { continue };
            let Some(part) = kms_part(edk) else { continue };
            let ask = |_, limit| self.access.unwrap_under(&key, limit, request, part);
            match self.route.ask(&mut budget, ask).await {
                Ok(unwrapped) => return Ok(unwrapped),
                Err(error) => failures.push(error),
            }
        }
        Err(Error::most_telling_of(failures).unwrap_or_else(Error::authentication))
    }
}
