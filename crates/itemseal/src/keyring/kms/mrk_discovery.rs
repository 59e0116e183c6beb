use super::discovery::{Discovery, only_reads};
use super::mrk::check_regions;
use super::{DiscoveryFilter, KmsAccess};
use crate::error::{Error, Result};
use crate::keyring::multi::{regions_of, unwrap_with_first};
use crate::keyring::{Keyring, KeyringFuture};
use crate::materials::{Recipient, UnwrapRequest, Unwrapped, WrapRequest};

/// Reads what any multi-Region key with a replica in one Region wrapped, wherever it was wrapped, and
/// what single-Region keys of that Region did. It does not write.
///
/// Who can write the table chooses the key, and so whether it is one of yours: give it a
/// [filter](Self::filter).
///
/// Source: [AWS KMS MRK discovery keyring](https://github.com/awslabs/aws-encryption-sdk-specification/blob/master/framework/aws-kms/aws-kms-mrk-discovery-keyring.md).
#[derive(Debug)]
pub struct MrkDiscoveryKeyring {
    discovery: Discovery,
}

impl MrkDiscoveryKeyring {
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

impl Keyring for MrkDiscoveryKeyring {
    fn wrap<'a>(&'a self, _: WrapRequest<'a>) -> KeyringFuture<'a, Vec<Recipient>> {
        Box::pin(async { Err(only_reads()) })
    }

    fn unwrap<'a>(&'a self, request: UnwrapRequest<'a>) -> KeyringFuture<'a, Unwrapped> {
        let region = &*self.discovery.region;
        Box::pin(self.discovery.unwrap_first(request, move |key| match key.is_multi_region() {
            true => Some(key.in_region(region)),
            false => (key.region() == region).then_some(key),
        }))
    }

    fn regions(&self) -> Vec<String> {
        vec![self.discovery.region.clone()]
    }
}

/// [`MrkDiscoveryKeyring`]s of several Regions, tried in turn; the [deadline](KmsAccess::deadline) is
/// divided among them. It does not write.
///
/// Source: [AWS KMS MRK discovery multi-keyring](https://github.com/awslabs/aws-encryption-sdk-specification/blob/master/framework/aws-kms/aws-kms-mrk-multi-keyrings.md).
#[derive(Debug)]
pub struct MrkDiscoveryMultiKeyring {
    keyrings: Vec<MrkDiscoveryKeyring>,
}

impl MrkDiscoveryMultiKeyring {
    /// A keyring that asks the KMS of each of `regions`, in this order.
    ///
    /// # Errors
    /// [`Misuse`](crate::ErrorKind::Misuse) if there is no Region, or one is empty or listed twice.
    pub fn new<R: Into<String>>(
        regions: impl IntoIterator<Item = R>,
        kms: impl Into<KmsAccess>,
    ) -> Result<Self> {
        let regions: Vec<String> = regions.into_iter().map(Into::into).collect();
        if regions.is_empty() {
            return Err(Error::misuse("a discovery keyring needs a Region to ask"));
        }
        check_regions(&regions)?;
        let access = kms.into().divided(regions.len());
        let keyrings =
            regions.into_iter().map(|region| MrkDiscoveryKeyring::new(region, access.clone()));
        Ok(Self { keyrings: keyrings.collect::<Result<_>>()? })
    }

    /// Only keys of this partition and these accounts.
    #[must_use]
    pub fn filter(mut self, filter: DiscoveryFilter) -> Self {
        let keyrings = self.keyrings.into_iter();
        self.keyrings = keyrings.map(|keyring| keyring.filter(filter.clone())).collect();
        self
    }
}

impl Keyring for MrkDiscoveryMultiKeyring {
    fn wrap<'a>(&'a self, _: WrapRequest<'a>) -> KeyringFuture<'a, Vec<Recipient>> {
        Box::pin(async { Err(only_reads()) })
    }

    fn unwrap<'a>(&'a self, request: UnwrapRequest<'a>) -> KeyringFuture<'a, Unwrapped> {
        let keyrings = self.keyrings.iter().map(|keyring| keyring as &dyn Keyring);
        Box::pin(unwrap_with_first(keyrings, request))
    }

    fn regions(&self) -> Vec<String> {
        regions_of(self.keyrings.iter().map(|keyring| keyring as &dyn Keyring))
    }
}
