use super::answer::kms_part;
use super::{KmsAccess, key_of};
use crate::error::{Error, Result};
use crate::failover::Route;
use crate::keyring::{Keyring, KeyringFuture};
use crate::kms::KeyArn;
use crate::materials::{Recipient, UnwrapRequest, Unwrapped, WrapRequest};

/// Wraps data keys under one KMS key in one Region, and opens what exactly that key wrapped: not
/// what a related multi-Region key did, for which there is [`MrkKeyring`](super::MrkKeyring).
///
/// Source: [AWS KMS keyring](https://github.com/awslabs/aws-encryption-sdk-specification/blob/master/framework/aws-kms/aws-kms-keyring.md).
/// The specification lets a keyring be given an alias, with which it writes what it cannot read;
/// here the key is always a full ARN.
#[derive(Debug)]
pub struct KmsKeyring {
    key: KeyArn,
    route: Route,
    access: KmsAccess,
}

impl KmsKeyring {
    /// A keyring over the key with this ARN, in the ARN's Region.
    ///
    /// # Errors
    /// [`Misuse`](crate::ErrorKind::Misuse) if it is not a key's full ARN.
    pub fn new(key_arn: impl AsRef<str>, kms: impl Into<KmsAccess>) -> Result<Self> {
        Ok(Self::over(key_arn.as_ref().parse()?, kms.into()))
    }

    pub(super) fn over(key: KeyArn, access: KmsAccess) -> Self {
        Self { route: Route::new([key.region().to_owned()]), key, access }
    }

    async fn wrap_one(&self, request: WrapRequest<'_>) -> Result<Vec<Recipient>> {
        let mut budget = self.access.budget();
        let ask = |_, limit| self.access.wrap_under(&self.key, limit, request);
        Ok(vec![self.route.ask(&mut budget, ask).await?])
    }

    async fn unwrap_first(&self, request: UnwrapRequest<'_>) -> Result<Unwrapped> {
        let mut budget = self.access.budget();
        let mut failures = Vec::new();
        for edk in request.edks {
            let ours = key_of(edk).is_some_and(|key| key == self.key);
            let Some(part) = kms_part(edk).filter(|_| ours) else { continue };
            let ask = |_, limit| self.access.unwrap_under(&self.key, limit, request, part);
            match self.route.ask(&mut budget, ask).await {
                Ok(unwrapped) => return Ok(unwrapped),
                Err(error) => failures.push(error),
            }
        }
        Err(Error::first_of(failures).unwrap_or_else(Error::authentication))
    }
}

impl Keyring for KmsKeyring {
    fn wrap<'a>(&'a self, request: WrapRequest<'a>) -> KeyringFuture<'a, Vec<Recipient>> {
        Box::pin(self.wrap_one(request))
    }

    fn unwrap<'a>(&'a self, request: UnwrapRequest<'a>) -> KeyringFuture<'a, Unwrapped> {
        Box::pin(self.unwrap_first(request))
    }

    fn is_current<'a>(&'a self, request: UnwrapRequest<'a>) -> KeyringFuture<'a, bool> {
        let [edk] = request.edks else { return Box::pin(async { Ok(false) }) };
        let current = key_of(edk).is_some_and(|key| key == self.key);
        Box::pin(async move { Ok(current) })
    }

    fn regions(&self) -> Vec<String> {
        self.route.regions().map(str::to_owned).collect()
    }
}
