use super::{KmsAccess, KmsKeyring};
use crate::error::{Error, Result};
use crate::keyring::{Keyring, KeyringFuture, MultiKeyring};
use crate::kms::KeyArn;
use crate::materials::{Recipient, UnwrapRequest, Unwrapped, WrapRequest};

/// [`KmsKeyring`]s of several keys: writes for every one of them, so that one failing Region
/// fails the write, and reads with the first that can. The [deadline](KmsAccess::deadline) is divided
/// among them.
///
/// Source: [AWS KMS multi-keyring](https://github.com/awslabs/aws-encryption-sdk-specification/blob/master/framework/aws-kms/aws-kms-multi-keyrings.md).
#[derive(Debug)]
pub struct KmsMultiKeyring(MultiKeyring);

impl KmsMultiKeyring {
    /// A keyring over the keys with these ARNs, each in its own Region.
    ///
    /// # Errors
    /// [`Misuse`](crate::ErrorKind::Misuse) if there is no key, or one is not a full ARN.
    pub fn new<A: AsRef<str>>(
        key_arns: impl IntoIterator<Item = A>,
        kms: impl Into<KmsAccess>,
    ) -> Result<Self> {
        let keys = parse_keys(key_arns)?;
        let access = kms.into().divided(keys.len());
        let keyrings = keys.into_iter().map(|key| KmsKeyring::over(key, access.clone()));
        Ok(Self(MultiKeyring::of(keyrings)))
    }
}

pub(super) fn parse_keys<A: AsRef<str>>(arns: impl IntoIterator<Item = A>) -> Result<Vec<KeyArn>> {
    let keys: Vec<KeyArn> =
        arns.into_iter().map(|arn| arn.as_ref().parse()).collect::<Result<_>>()?;
    if keys.is_empty() {
        return Err(Error::misuse("a keyring needs a key"));
    }
    Ok(keys)
}

impl Keyring for KmsMultiKeyring {
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
