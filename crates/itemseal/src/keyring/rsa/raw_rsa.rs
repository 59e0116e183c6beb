use std::fmt;

use crate::crypto::rsa::{RsaPadding, RsaPrivateKey, RsaPublicKey};
use crate::error::{Error, Result};
use crate::keyring::wrapping::{ProviderPart, unwrap_data_key, wrap_data_key};
use crate::keyring::{Keyring, KeyringFuture};
use crate::materials::{Recipient, UnwrapRequest, Unwrapped, WrapRequest};
use crate::secret::IntermediateKey;

/// Wraps data keys under an RSA key pair that the application holds: writes with the public key,
/// reads with the private one, and may have only one of the two. With the feature `aws-lc` only.
///
/// Whoever has the public key can write items that this keyring opens, and nothing binds them to their
/// writer: RSA binds neither context nor sender. The item's own signatures bind its attributes.
///
/// Source: [raw RSA keyring](https://github.com/awslabs/aws-encryption-sdk-specification/blob/master/framework/raw-rsa-keyring.md).
pub struct RawRsaKeyring {
    namespace: String,
    name: String,
    padding: RsaPadding,
    public_key: Option<RsaPublicKey>,
    private_key: Option<RsaPrivateKey>,
}

impl RawRsaKeyring {
    /// A keyring that has no key yet. Namespace and name are stored with each item in clear and
    /// find the key again.
    ///
    /// # Errors
    /// [`Misuse`](crate::ErrorKind::Misuse) for a namespace that starts with `aws-kms`, which is AWS
    /// KMS's own.
    pub fn new(
        namespace: impl Into<String>,
        name: impl Into<String>,
        padding: RsaPadding,
    ) -> Result<Self> {
        let namespace = namespace.into();
        if namespace.starts_with("aws-kms") {
            return Err(Error::misuse("a raw RSA keyring's namespace cannot start with aws-kms"));
        }
        let (public_key, private_key) = (None, None);
        Ok(Self { namespace, name: name.into(), padding, public_key, private_key })
    }

    /// To write: an X.509 SubjectPublicKeyInfo, as PEM or DER, of 2048 to 8192 bits.
    ///
    /// # Errors
    /// [`Misuse`](crate::ErrorKind::Misuse) if it is none.
    pub fn public_key(mut self, key: impl AsRef<[u8]>) -> Result<Self> {
        self.public_key = Some(RsaPublicKey::read(key.as_ref())?);
        Ok(self)
    }

    /// To read: a PKCS #8 PrivateKeyInfo, as PEM or DER, of 2048 to 8192 bits. The caller wipes its own copy.
    ///
    /// # Errors
    /// [`Misuse`](crate::ErrorKind::Misuse) if it is none.
    pub fn private_key(mut self, key: impl AsRef<[u8]>) -> Result<Self> {
        self.private_key = Some(RsaPrivateKey::read(key.as_ref())?);
        Ok(self)
    }

    fn wrap_now(&self, request: WrapRequest<'_>) -> Result<Vec<Recipient>> {
        let key = self.public_key.as_ref().ok_or_else(|| {
            Error::misuse("a raw RSA keyring without a public key only reads; give it one")
        })?;
        let intermediate = IntermediateKey::random()?;
        let part = key.encrypt(self.padding, intermediate.expose())?;
        let info = self.name.as_bytes();
        Ok(vec![wrap_data_key(request, &intermediate, &self.namespace, info, &part)?])
    }

    fn unwrap_now(&self, request: UnwrapRequest<'_>) -> Result<Unwrapped> {
        let key = self.private_key.as_ref().ok_or_else(|| {
            Error::misuse("a raw RSA keyring without a private key only writes; give it one")
        })?;
        let ours = request.edks.iter().filter(|edk| {
            edk.provider_id() == self.namespace && edk.provider_info() == self.name.as_bytes()
        });
        for part in ours.filter_map(ProviderPart::of) {
            let Ok(opened) = key.decrypt(self.padding, part.bytes) else { continue };
            let Ok(intermediate) = IntermediateKey::from_provider(&opened) else { continue };
            if let Ok(unwrapped) = unwrap_data_key(request.context, &intermediate, part) {
                return Ok(unwrapped);
            }
        }
        Err(Error::authentication())
    }
}

impl fmt::Debug for RawRsaKeyring {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RawRsaKeyring")
            .field("namespace", &self.namespace)
            .field("name", &self.name)
            .field("padding", &self.padding)
            .finish_non_exhaustive()
    }
}

impl Keyring for RawRsaKeyring {
    fn wrap<'a>(&'a self, request: WrapRequest<'a>) -> KeyringFuture<'a, Vec<Recipient>> {
        Box::pin(async move { self.wrap_now(request) })
    }

    fn unwrap<'a>(&'a self, request: UnwrapRequest<'a>) -> KeyringFuture<'a, Unwrapped> {
        Box::pin(async move { self.unwrap_now(request) })
    }
}
