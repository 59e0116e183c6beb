use std::fmt;
use std::time::Duration;

use crate::crypto::rsa::{RsaPadding, RsaPublicKey};
use crate::crypto::{self, SHA384_LEN_BYTES, Sha384};
use crate::error::{Error, ErrorKind, Result};
use crate::failover::Route;
use crate::keyring::kms::KmsAccess;
use crate::keyring::wrapping::{ProviderPart, additional_data, unwrap_data_key, wrap_data_key};
use crate::keyring::{Keyring, KeyringFuture};
use crate::kms::{EncryptionAlgorithm, KeyArn};
use crate::materials::{EncryptedDataKey, Recipient, UnwrapRequest, Unwrapped, WrapRequest};
use crate::secret::IntermediateKey;
use crate::suite::AlgorithmSuite;

const PROVIDER_ID: &str = "aws-kms-rsa";

/// Wraps data keys under an RSA key of AWS KMS: writes with its public key and without a call, reads
/// by calling KMS. With the feature `aws-lc` only, and for tables of the suite
/// [`HmacOnly`](AlgorithmSuite::HmacOnly) only.
///
/// What a related multi-Region key's public key wrapped is opened with the key given.
///
/// Source: [AWS KMS RSA keyring](https://github.com/awslabs/aws-encryption-sdk-specification/blob/master/framework/aws-kms/aws-kms-rsa-keyring.md).
pub struct KmsRsaKeyring {
    key: KeyArn,
    algorithm: EncryptionAlgorithm,
    padding: RsaPadding,
    public_key: Option<RsaPublicKey>,
    route: Route,
    access: KmsAccess,
}

impl KmsRsaKeyring {
    /// A keyring over the RSA key with this ARN, which can read.
    ///
    /// # Errors
    /// [`Misuse`](ErrorKind::Misuse) if it is not a key's full ARN, or the algorithm is not
    /// one of RSA.
    pub fn new(
        key_arn: impl AsRef<str>,
        algorithm: EncryptionAlgorithm,
        kms: impl Into<KmsAccess>,
    ) -> Result<Self> {
        let key: KeyArn = key_arn.as_ref().parse()?;
        let padding = match algorithm {
            EncryptionAlgorithm::RsaesOaepSha1 => RsaPadding::OaepSha1,
            EncryptionAlgorithm::RsaesOaepSha256 => RsaPadding::OaepSha256,
            EncryptionAlgorithm::SymmetricDefault => {
                return Err(Error::misuse(
                    "a KMS RSA keyring needs RSAES_OAEP_SHA_1 or RSAES_OAEP_SHA_256",
                ));
            }
        };
        let route = Route::new([key.region().to_owned()]);
        Ok(Self { key, algorithm, padding, public_key: None, route, access: kms.into() })
    }

    /// To write too: the KMS key's public half, an X.509 SubjectPublicKeyInfo as PEM or DER, as
    /// [`KmsAccess::rsa_public_key`] gives it. That it belongs to the key is not checked.
    ///
    /// # Errors
    /// [`Misuse`](ErrorKind::Misuse) if it is none of 2048 bits or more.
    pub fn public_key(mut self, key: impl AsRef<[u8]>) -> Result<Self> {
        self.public_key = Some(RsaPublicKey::read(key.as_ref())?);
        Ok(self)
    }

    fn wrap_now(&self, request: WrapRequest<'_>) -> Result<Vec<Recipient>> {
        check_suite(request.suite)?;
        let key = self.public_key.as_ref().ok_or_else(|| {
            Error::misuse("a KMS RSA keyring without a public key only reads; give it one")
        })?;
        let intermediate = IntermediateKey::random()?;
        let digest = Digest::of(additional_data(request.context)?);
        let plaintext = zeroize::Zeroizing::new([&digest.0[..], intermediate.expose()].concat());
        let part = key.encrypt(self.padding, &plaintext)?;
        let info = self.key.to_string();
        Ok(vec![wrap_data_key(request, &intermediate, PROVIDER_ID, info.as_bytes(), &part)?])
    }

    async fn unwrap_first(&self, request: UnwrapRequest<'_>) -> Result<Unwrapped> {
        check_suite(request.suite)?;
        let mut budget = self.access.budget();
        let mut failures = Vec::new();
        for edk in request.edks.iter().filter(|edk| self.is_for_us(edk)) {
            let Some(part) = ProviderPart::of(edk) else { continue };
            let ask = |_, limit| self.unwrap_one(limit, request, part);
            match self.route.ask(&mut budget, ask).await {
                Ok(unwrapped) => return Ok(unwrapped),
                Err(error) => failures.push(error),
            }
        }
        Err(Error::first_of(failures).unwrap_or_else(Error::authentication))
    }

    async fn unwrap_one(
        &self,
        limit: Option<Duration>,
        request: UnwrapRequest<'_>,
        part: ProviderPart<'_>,
    ) -> Result<Unwrapped> {
        let call = self.access.decrypt_rsa_under(&self.key, self.algorithm, limit, part.bytes);
        let answer = call.await?;
        // The digest binds the context, which KMS cannot do for RSA.
        let digest = Digest::of(additional_data(request.context)?);
        let (bound, key) = answer
            .plaintext
            .split_first_chunk::<SHA384_LEN_BYTES>()
            .ok_or_else(Error::authentication)?;
        if !crypto::equal(bound, &digest.0) {
            return Err(Error::authentication());
        }
        let intermediate =
            IntermediateKey::from_provider(key).map_err(|e| e.with_region(self.key.region()))?;
        unwrap_data_key(request.context, &intermediate, part)
    }

    fn is_for_us(&self, edk: &EncryptedDataKey) -> bool {
        let stored = || std::str::from_utf8(edk.provider_info()).ok()?.parse::<KeyArn>().ok();
        edk.provider_id() == PROVIDER_ID
            && stored().is_some_and(|stored| self.key.matches_for_decrypt(&stored))
    }
}

/// Whoever has the public key can write, so a signature would say nothing about the writer.
fn check_suite(suite: AlgorithmSuite) -> Result<()> {
    if suite.is_signed() {
        return Err(Error::new(
            ErrorKind::Misuse,
            "a KMS RSA keyring is for items without a signature: use AlgorithmSuite::HmacOnly",
        ));
    }
    Ok(())
}

/// The SHA-384 digest of the encryption context's canonical form.
struct Digest([u8; SHA384_LEN_BYTES]);

impl Digest {
    fn of(context: &[u8]) -> Self {
        let mut hash = Sha384::new();
        hash.update(context);
        Self(hash.finish())
    }
}

impl fmt::Debug for KmsRsaKeyring {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KmsRsaKeyring")
            .field("key", &self.key.to_string())
            .field("algorithm", &self.algorithm)
            .finish_non_exhaustive()
    }
}

impl Keyring for KmsRsaKeyring {
    fn wrap<'a>(&'a self, request: WrapRequest<'a>) -> KeyringFuture<'a, Vec<Recipient>> {
        Box::pin(async move { self.wrap_now(request) })
    }

    fn unwrap<'a>(&'a self, request: UnwrapRequest<'a>) -> KeyringFuture<'a, Unwrapped> {
        Box::pin(self.unwrap_first(request))
    }

    fn regions(&self) -> Vec<String> {
        self.route.regions().map(str::to_owned).collect()
    }
}
