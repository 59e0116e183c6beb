use std::fmt;
use std::time::Duration;

use zeroize::Zeroizing;

use super::parties::Parties;
use super::wrapping;
use crate::crypto::ecdh::{EcPublicKey, EcdhCurve};
use crate::error::{Error, ErrorKind, Result};
use crate::failover::Route;
use crate::keyring::kms::KmsAccess;
use crate::keyring::wrapping::ProviderPart;
use crate::keyring::{Keyring, KeyringFuture};
use crate::kms::KeyArn;
use crate::materials::{Recipient, UnwrapRequest, Unwrapped, WrapRequest};

const PROVIDER_ID: &str = "aws-kms-ecdh";

/// Wraps data keys under a secret that two key pairs agree on, of which AWS KMS holds one: each item
/// that is written or read is a call of DeriveSharedSecret. With the feature `aws-lc` only.
///
/// Public keys are X.509 SubjectPublicKeyInfos as PEM or DER; [`KmsAccess::ecdh_public_key`] gives a
/// KMS key's.
///
/// Source: [AWS KMS ECDH keyring](https://github.com/awslabs/aws-encryption-sdk-specification/blob/master/framework/aws-kms/aws-kms-ecdh-keyring.md).
pub struct KmsEcdhKeyring {
    curve: EcdhCurve,
    key: KeyArn,
    /// The public half of the KMS key.
    own: EcPublicKey,
    /// The other party; anybody if there is none.
    peer: Option<EcPublicKey>,
    route: Route,
    access: KmsAccess,
}

impl KmsEcdhKeyring {
    /// Reads what anybody wrote for the owner of the KMS key with this ARN and this public half. It
    /// does not write.
    ///
    /// # Errors
    /// [`Misuse`](ErrorKind::Misuse) if the ARN is not a full one, or the public key not one
    /// of the curve.
    pub fn discovery(
        curve: EcdhCurve,
        key_arn: impl AsRef<str>,
        own_public: impl AsRef<[u8]>,
        kms: impl Into<KmsAccess>,
    ) -> Result<Self> {
        let key: KeyArn = key_arn.as_ref().parse()?;
        let own = EcPublicKey::read(curve, own_public.as_ref())?;
        let route = Route::new([key.region().to_owned()]);
        Ok(Self { curve, key, own, peer: None, route, access: kms.into() })
    }

    /// Writes as the owner of the KMS key for the owner of the public key `peer`, and reads what
    /// either wrote for the other.
    ///
    /// # Errors
    /// [`Misuse`](ErrorKind::Misuse) if the ARN is not a full one, or a public key not one of
    /// the curve.
    pub fn between(
        curve: EcdhCurve,
        key_arn: impl AsRef<str>,
        own_public: impl AsRef<[u8]>,
        peer: impl AsRef<[u8]>,
        kms: impl Into<KmsAccess>,
    ) -> Result<Self> {
        let peer = Some(EcPublicKey::read(curve, peer.as_ref())?);
        Ok(Self { peer, ..Self::discovery(curve, key_arn, own_public, kms)? })
    }

    async fn wrap_one(&self, request: WrapRequest<'_>) -> Result<Vec<Recipient>> {
        let peer = self.peer.as_ref().ok_or_else(|| {
            Error::misuse(
                "an ECDH keyring for discovery only reads; write with one that has a recipient",
            )
        })?;
        let mut budget = self.access.budget();
        let secret = self.route.ask(&mut budget, |_, limit| self.agree(limit, peer)).await?;
        let parties = Parties { sender: self.own.compressed(), recipient: peer.compressed() };
        Ok(vec![wrapping::wrap(PROVIDER_ID, self.curve, parties, &secret, request)?])
    }

    async fn unwrap_first(&self, request: UnwrapRequest<'_>) -> Result<Unwrapped> {
        let mut budget = self.access.budget();
        let mut failures = Vec::new();
        for edk in request.edks {
            let Some((parties, part)) = Parties::of(edk).zip(ProviderPart::of(edk)) else {
                continue;
            };
            let Some(peer) = self.peer_of(parties) else { continue };
            let agreed = self.route.ask(&mut budget, |_, limit| self.agree(limit, &peer)).await;
            let unwrapped = agreed.and_then(|secret| {
                wrapping::unwrap(self.curve, parties, &secret, request.context, part)
            });
            match unwrapped {
                Ok(unwrapped) => return Ok(unwrapped),
                Err(error) => failures.push(error),
            }
        }
        Err(Error::first_of(failures).unwrap_or_else(Error::authentication))
    }

    /// With whom a stored key was agreed on, if the other party is us.
    fn peer_of(&self, parties: Parties<'_>) -> Option<EcPublicKey> {
        match &self.peer {
            Some(peer) => parties.are(&self.own, peer).then(|| peer.clone()),
            None if parties.recipient == self.own.compressed() => parties.sender_key(self.curve),
            None => None,
        }
    }

    async fn agree(
        &self,
        limit: Option<Duration>,
        peer: &EcPublicKey,
    ) -> Result<Zeroizing<Vec<u8>>> {
        let secret = self.access.agree_under(&self.key, limit, peer.spki()).await?;
        if secret.len() == self.curve.field_len_bytes() {
            return Ok(secret);
        }
        let message = format!("KMS returned a shared secret of {} bytes", secret.len());
        Err(Error::new(ErrorKind::Service, message).with_region(self.key.region()))
    }
}

impl fmt::Debug for KmsEcdhKeyring {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KmsEcdhKeyring")
            .field("key", &self.key.to_string())
            .field("curve", &self.curve)
            .finish_non_exhaustive()
    }
}

impl Keyring for KmsEcdhKeyring {
    fn wrap<'a>(&'a self, request: WrapRequest<'a>) -> KeyringFuture<'a, Vec<Recipient>> {
        Box::pin(self.wrap_one(request))
    }

    fn unwrap<'a>(&'a self, request: UnwrapRequest<'a>) -> KeyringFuture<'a, Unwrapped> {
        Box::pin(self.unwrap_first(request))
    }

    fn regions(&self) -> Vec<String> {
        self.route.regions().map(str::to_owned).collect()
    }
}
