use super::multi::parse_keys;
use super::unique::check_unique;
use super::{KmsAccess, MrkKeyring};
use crate::error::Result;
use crate::keyring::{Keyring, KeyringFuture, MultiKeyring};
use crate::materials::{Recipient, UnwrapRequest, Unwrapped, WrapRequest};

/// Keyrings of several keys, of which some are multi-Region keys: writes for every one of them, so
/// that one failing Region fails the write, and reads with the first that can. What was wrapped under
/// a related key is opened with the one given. The [deadline](KmsAccess::deadline) is divided among them.
///
/// To survive a Region's loss use [`MrkKeyring`] with several Regions instead.
/// Source: [AWS KMS MRK multi-keyring](https://github.com/awslabs/aws-encryption-sdk-specification/blob/master/framework/aws-kms/aws-kms-mrk-multi-keyrings.md).
#[derive(Debug)]
pub struct MrkMultiKeyring(MultiKeyring);

impl MrkMultiKeyring {
    /// A keyring over the keys with these ARNs, each in its own Region.
    ///
    /// # Errors
    /// [`Misuse`](crate::ErrorKind::Misuse) if there is no key, one is not a full ARN, or two are the
    /// same multi-Region key.
    pub fn new<A: AsRef<str>>(
        key_arns: impl IntoIterator<Item = A>,
        kms: impl Into<KmsAccess>,
    ) -> Result<Self> {
        let keys = parse_keys(key_arns)?;
        check_unique(&keys)?;
        let access = kms.into().divided(keys.len());
        let keyrings = keys.into_iter().map(|key| MrkKeyring::in_own_region(key, access.clone()));
        Ok(Self(MultiKeyring::of(keyrings)))
    }
}

impl Keyring for MrkMultiKeyring {
    fn wrap<'a>(&'a self, request: WrapRequest<'a>) -> KeyringFuture<'a, Vec<Recipient>> {
        self.0.wrap(request)
    }

    fn unwrap<'a>(&'a self, request: UnwrapRequest<'a>) -> KeyringFuture<'a, Unwrapped> {
        self.0.unwrap(request)
    }

    fn regions(&self) -> Vec<String> {
        self.0.regions()
    }
}
