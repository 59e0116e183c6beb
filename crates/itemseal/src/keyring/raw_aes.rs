use std::fmt;

use zeroize::Zeroizing;

use super::wrapping::{ProviderPart, additional_data, unwrap_data_key, wrap_data_key};
use super::{Keyring, KeyringFuture};
use crate::crypto::{self, NONCE_LEN_BYTES, TAG_LEN_BYTES};
use crate::error::{Error, Result};
use crate::materials::{Recipient, UnwrapRequest, Unwrapped, WrapRequest};
use crate::secret::{IntermediateKey, Secret};

/// Wraps data keys under an AES key that the application holds.
///
/// Source: [raw AES keyring](https://github.com/awslabs/aws-encryption-sdk-specification/blob/master/framework/raw-aes-keyring.md).
pub struct RawAesKeyring {
    namespace: String,
    name: String,
    wrapping_key: WrappingKey,
}

enum WrappingKey {
    Aes128(Secret<16>),
    Aes192(Secret<24>),
    Aes256(Secret<32>),
}

impl WrappingKey {
    fn expose(&self) -> &[u8] {
        match self {
            Self::Aes128(key) => key.expose(),
            Self::Aes192(key) => key.expose(),
            Self::Aes256(key) => key.expose(),
        }
    }
}

impl RawAesKeyring {
    /// A keyring over `wrapping_key`, 16, 24 or 32 bytes. Namespace and name are stored with each
    /// item in clear and find the key again; they need not be secret, but must stay the same.
    ///
    /// The key is copied and wiped on drop; the caller wipes its own.
    ///
    /// # Errors
    /// [`Misuse`](crate::ErrorKind::Misuse) for a key of another length, or a namespace that
    /// starts with `aws-kms`, which is AWS KMS's own.
    pub fn new(
        namespace: impl Into<String>,
        name: impl Into<String>,
        wrapping_key: impl AsRef<[u8]>,
    ) -> Result<Self> {
        let (namespace, key) = (namespace.into(), wrapping_key.as_ref());
        if namespace.starts_with("aws-kms") {
            return Err(Error::misuse("a raw AES keyring's namespace cannot start with aws-kms"));
        }
        let wrapping_key = match key.len() {
            16 => Secret::copy_of(key).map(WrappingKey::Aes128),
            24 => Secret::copy_of(key).map(WrappingKey::Aes192),
            32 => Secret::copy_of(key).map(WrappingKey::Aes256),
            _ => None,
        }
        .ok_or_else(|| {
            Error::misuse(format!("a wrapping key has 16, 24 or 32 bytes, not {}", key.len()))
        })?;
        Ok(Self { namespace, name: name.into(), wrapping_key })
    }

    /// Provider info: `key name ‖ u32 tag bits ‖ u32 nonce bytes ‖ nonce`.
    fn info(&self, nonce: &[u8; NONCE_LEN_BYTES]) -> Vec<u8> {
        let mut info = Vec::with_capacity(self.name.len() + 8 + NONCE_LEN_BYTES);
        info.extend(self.name.as_bytes());
        info.extend(((TAG_LEN_BYTES * 8) as u32).to_be_bytes());
        info.extend((NONCE_LEN_BYTES as u32).to_be_bytes());
        info.extend(nonce);
        info
    }

    /// The nonce in provider info of this keyring's.
    fn nonce<'a>(&self, info: &'a [u8]) -> Option<&'a [u8; NONCE_LEN_BYTES]> {
        let rest = info.strip_prefix(self.name.as_bytes())?;
        let rest = rest.strip_prefix(&((TAG_LEN_BYTES * 8) as u32).to_be_bytes())?;
        rest.strip_prefix(&(NONCE_LEN_BYTES as u32).to_be_bytes())?.try_into().ok()
    }

    fn wrap_now(&self, request: WrapRequest<'_>) -> Result<Recipient> {
        let intermediate = IntermediateKey::random()?;
        let mut nonce = [0; NONCE_LEN_BYTES];
        crypto::random(&mut nonce)?;
        let aad = additional_data(request.context)?;
        let mut part = [0; 32 + TAG_LEN_BYTES];
        let (key, tag) = part.split_at_mut(32);
        key.copy_from_slice(intermediate.expose());
        let sealed = crypto::aes_gcm_seal(self.wrapping_key.expose(), &nonce, aad, key)?;
        tag.copy_from_slice(&sealed);
        wrap_data_key(request, &intermediate, &self.namespace, &self.info(&nonce), &part)
    }

    fn unwrap_now(&self, request: UnwrapRequest<'_>) -> Result<Unwrapped> {
        let aad = additional_data(request.context)?;
        for edk in request.edks.iter().filter(|edk| edk.provider_id() == self.namespace) {
            let Some(nonce) = self.nonce(edk.provider_info()) else { continue };
            let Some(part) = ProviderPart::of(edk) else { continue };
            let Ok(intermediate) = self.open(nonce, aad, part.bytes) else { continue };
            if let Ok(unwrapped) = unwrap_data_key(request.context, &intermediate, part) {
                return Ok(unwrapped);
            }
        }
        Err(Error::authentication())
    }

    fn open(&self, nonce: &[u8; 12], aad: &[u8], wrapped: &[u8]) -> Result<IntermediateKey> {
        let mut opened: Zeroizing<[u8; 32 + TAG_LEN_BYTES]> =
            Zeroizing::new(wrapped.try_into().map_err(|_| Error::authentication())?);
        crypto::aes_gcm_open(self.wrapping_key.expose(), nonce, aad, &mut *opened)?;
        let (key, _) = opened.split_at(32);
        IntermediateKey::from_provider(key)
    }
}

impl fmt::Debug for RawAesKeyring {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RawAesKeyring")
            .field("namespace", &self.namespace)
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

impl Keyring for RawAesKeyring {
    fn wrap<'a>(&'a self, request: WrapRequest<'a>) -> KeyringFuture<'a, Vec<Recipient>> {
        Box::pin(async move { self.wrap_now(request).map(|recipient| vec![recipient]) })
    }

    fn unwrap<'a>(&'a self, request: UnwrapRequest<'a>) -> KeyringFuture<'a, Unwrapped> {
        Box::pin(async move { self.unwrap_now(request) })
    }

    fn is_current<'a>(&'a self, request: UnwrapRequest<'a>) -> KeyringFuture<'a, bool> {
        let [edk] = request.edks else { return Box::pin(async { Ok(false) }) };
        let named =
            edk.provider_id() == self.namespace && self.nonce(edk.provider_info()).is_some();
        Box::pin(async move { Ok(named) })
    }
}
