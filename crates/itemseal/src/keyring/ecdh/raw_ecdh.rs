use std::fmt;

use super::parties::Parties;
use super::wrapping;
use crate::crypto::ecdh::{EcPrivateKey, EcPublicKey, EcdhCurve};
use crate::error::{Error, Result};
use crate::keyring::wrapping::ProviderPart;
use crate::keyring::{Keyring, KeyringFuture};
use crate::materials::{Recipient, UnwrapRequest, Unwrapped, WrapRequest};

const PROVIDER_ID: &str = "raw-ecdh";

/// Wraps data keys under a secret that two key pairs agree on, of which the application holds one.
/// With the feature `aws-lc` only.
///
/// Public keys are X.509 SubjectPublicKeyInfos, private ones PKCS #8 PrivateKeyInfos, both as PEM or
/// DER. The caller wipes its own copy of a private key.
///
/// Source: [raw ECDH keyring](https://github.com/awslabs/aws-encryption-sdk-specification/blob/master/framework/raw-ecdh-keyring.md).
pub struct RawEcdhKeyring {
    curve: EcdhCurve,
    scheme: Scheme,
}

enum Scheme {
    /// A fresh key for each item, for this recipient.
    Ephemeral { recipient: EcPublicKey },
    /// This recipient, from whomever.
    Discovery { private: EcPrivateKey, public: EcPublicKey },
    /// These two.
    Static { private: EcPrivateKey, public: EcPublicKey, peer: EcPublicKey },
}

impl RawEcdhKeyring {
    /// Writes for a recipient, with a new key pair for each item. It does not read, not even its own.
    ///
    /// # Errors
    /// [`Misuse`](crate::ErrorKind::Misuse) if the key is not one of the curve.
    pub fn ephemeral(curve: EcdhCurve, recipient: impl AsRef<[u8]>) -> Result<Self> {
        let recipient = EcPublicKey::read(curve, recipient.as_ref())?;
        Ok(Self { curve, scheme: Scheme::Ephemeral { recipient } })
    }

    /// Reads what anybody wrote for the owner of this private key. It does not write.
    ///
    /// # Errors
    /// [`Misuse`](crate::ErrorKind::Misuse) if the key is not one of the curve.
    pub fn discovery(curve: EcdhCurve, private: impl AsRef<[u8]>) -> Result<Self> {
        let private = EcPrivateKey::read(curve, private.as_ref())?;
        let public = private.public_key()?;
        Ok(Self { curve, scheme: Scheme::Discovery { private, public } })
    }

    /// Writes as the owner of this private key for the owner of that public key, and reads what
    /// either wrote for the other.
    ///
    /// # Errors
    /// [`Misuse`](crate::ErrorKind::Misuse) if a key is not one of the curve.
    pub fn between(
        curve: EcdhCurve,
        private: impl AsRef<[u8]>,
        peer: impl AsRef<[u8]>,
    ) -> Result<Self> {
        let private = EcPrivateKey::read(curve, private.as_ref())?;
        let public = private.public_key()?;
        let peer = EcPublicKey::read(curve, peer.as_ref())?;
        Ok(Self { curve, scheme: Scheme::Static { private, public, peer } })
    }

    fn wrap_now(&self, request: WrapRequest<'_>) -> Result<Vec<Recipient>> {
        let fresh;
        let (private, public, peer) = match &self.scheme {
            Scheme::Static { private, public, peer } => (private, public, peer),
            Scheme::Ephemeral { recipient } => {
                let private = EcPrivateKey::generate(self.curve)?;
                let public = private.public_key()?;
                fresh = (private, public);
                (&fresh.0, &fresh.1, recipient)
            }
            Scheme::Discovery { .. } => {
                return Err(Error::misuse(
                    "an ECDH keyring for discovery only reads; write with one that has a recipient",
                ));
            }
        };
        let parties = Parties { sender: public.compressed(), recipient: peer.compressed() };
        let secret = private.agree(peer)?;
        Ok(vec![wrapping::wrap(PROVIDER_ID, self.curve, parties, &secret, request)?])
    }

    fn unwrap_now(&self, request: UnwrapRequest<'_>) -> Result<Unwrapped> {
        if let Scheme::Ephemeral { .. } = self.scheme {
            return Err(Error::misuse(
                "an ECDH keyring with ephemeral keys only writes; read with the recipient's",
            ));
        }
        for edk in request.edks {
            let Some((parties, part)) = Parties::of(edk).zip(ProviderPart::of(edk)) else {
                continue;
            };
            let Some(secret) = self.agree(parties) else { continue };
            let context = request.context;
            if let Ok(unwrapped) = wrapping::unwrap(self.curve, parties, &secret, context, part) {
                return Ok(unwrapped);
            }
        }
        Err(Error::authentication())
    }

    /// The secret that these parties share, if one is ours and the other may be.
    fn agree(&self, parties: Parties<'_>) -> Option<zeroize::Zeroizing<Vec<u8>>> {
        match &self.scheme {
            Scheme::Static { private, public, peer } => {
                parties.are(public, peer).then(|| private.agree(peer).ok())?
            }
            Scheme::Discovery { private, public } => {
                let sender = parties.sender_key(self.curve)?;
                (parties.recipient == public.compressed()).then(|| private.agree(&sender).ok())?
            }
            Scheme::Ephemeral { .. } => None,
        }
    }
}

impl fmt::Debug for RawEcdhKeyring {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RawEcdhKeyring").field("curve", &self.curve).finish_non_exhaustive()
    }
}

impl Keyring for RawEcdhKeyring {
    fn wrap<'a>(&'a self, request: WrapRequest<'a>) -> KeyringFuture<'a, Vec<Recipient>> {
        Box::pin(async move { self.wrap_now(request) })
    }

    fn unwrap<'a>(&'a self, request: UnwrapRequest<'a>) -> KeyringFuture<'a, Unwrapped> {
        Box::pin(async move { self.unwrap_now(request) })
    }
}
