use std::fmt;
use std::sync::Arc;

use super::wrapping::{ProviderPart, unwrap_data_key, wrap_data_key};
use super::{Keyring, KeyringFuture};
use crate::error::{Error, ErrorKind, Result};
use crate::kms::{Decrypt, GenerateDataKey, KeyArn, Kms};
use crate::materials::{EncryptedDataKey, Recipient, UnwrapRequest, Unwrapped, WrapRequest};
use crate::secret::IntermediateKey;

/// The provider id of every AWS KMS keyring.
const PROVIDER_ID: &str = "aws-kms";

/// Wraps data keys under one multi-Region key (MRK), through the first of its Regions that answers.
///
/// It writes one encrypted data key, whose provider info is the ARN of the replica that answered:
/// any conforming MRK keyring opens it, in any Region that has a replica. A Region that denies or
/// finds the ciphertext invalid ends the call; one that is unreachable, throttled or broken passes
/// it on to the next in the list.
///
/// Source: [AWS KMS MRK keyring](https://github.com/awslabs/aws-encryption-sdk-specification/blob/master/framework/aws-kms/aws-kms-mrk-keyring.md).
pub struct MrkKeyring {
    key: KeyArn,
    regions: Vec<String>,
    kms: Arc<dyn Kms>,
}

impl MrkKeyring {
    /// Starts a keyring over the MRK with this ARN. Only its Region is ever replaced.
    pub fn builder(key_arn: impl Into<String>) -> MrkKeyringBuilder {
        MrkKeyringBuilder { key_arn: key_arn.into(), regions: Vec::new() }
    }

    /// Asks the Regions in their order until one gives an answer that is final. If none does, the
    /// first Region's error is told.
    async fn in_first_region<'a, T, F>(&'a self, ask: impl Fn(&'a str) -> F) -> Result<T>
    where
        F: Future<Output = Result<T>>,
    {
        let mut unavailable = None;
        for region in &self.regions {
            match ask(region).await {
                Err(error) if error.is_retryable() => unavailable = unavailable.or(Some(error)),
                done => return done,
            }
        }
        Err(unavailable.unwrap_or_else(|| Error::internal("a keyring without Regions")))
    }

    async fn wrap_in(&self, region: &str, request: WrapRequest<'_>) -> Result<Recipient> {
        let key = self.key.in_region(region).to_string();
        let call = GenerateDataKey::new(&key, IntermediateKey::LEN_BYTES, request.context);
        let answer = self
            .kms
            .generate_data_key(region, call)
            .await
            .map_err(|error| error.into_error(region, "GenerateDataKey"))?;
        // What is written now must be readable later, so the answer is checked before it is used.
        self.check_key(region, &key, &answer.key_id)?;
        if answer.ciphertext.is_empty() {
            return Err(Error::new(ErrorKind::Service, "KMS returned an empty ciphertext")
                .with_region(region));
        }
        let intermediate =
            IntermediateKey::from_provider(&answer.plaintext).map_err(|e| e.with_region(region))?;
        wrap_data_key(request, &intermediate, PROVIDER_ID, key.as_bytes(), &answer.ciphertext)
    }

    async fn unwrap_first(&self, request: UnwrapRequest<'_>) -> Result<Unwrapped> {
        let mut failure = None;
        for edk in request.edks.iter().filter(|edk| self.is_for_us(edk)) {
            let Some(part) = ProviderPart::of(edk) else { continue };
            match self.in_first_region(|region| self.unwrap_in(region, request, part)).await {
                Ok(unwrapped) => return Ok(unwrapped),
                Err(error) => failure = failure.or(Some(error)),
            }
        }
        Err(failure.unwrap_or_else(Error::authentication))
    }

    async fn unwrap_in(
        &self,
        region: &str,
        request: UnwrapRequest<'_>,
        part: ProviderPart<'_>,
    ) -> Result<Unwrapped> {
        let key = self.key.in_region(region).to_string();
        let call = Decrypt::new(Some(&key), part.bytes, request.context);
        let answer = self
            .kms
            .decrypt(region, call)
            .await
            .map_err(|error| error.into_error(region, "Decrypt"))?;
        self.check_key(region, &key, &answer.key_id)?;
        let intermediate =
            IntermediateKey::from_provider(&answer.plaintext).map_err(|e| e.with_region(region))?;
        unwrap_data_key(request.context, &intermediate, part)
    }

    /// Whether the encrypted data key was made under this key or a related one.
    fn is_for_us(&self, edk: &EncryptedDataKey) -> bool {
        let arn = || std::str::from_utf8(edk.provider_info()).ok()?.parse::<KeyArn>().ok();
        edk.provider_id() == PROVIDER_ID
            && arn().is_some_and(|arn| self.key.matches_for_decrypt(&arn))
    }

    fn check_key(&self, region: &str, asked: &str, answered: &str) -> Result<()> {
        if asked == answered {
            return Ok(());
        }
        let error =
            Error::new(ErrorKind::Service, "KMS answered with another key than was asked for");
        Err(error.with_region(region))
    }
}

impl fmt::Debug for MrkKeyring {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MrkKeyring")
            .field("key", &self.key.to_string())
            .field("regions", &self.regions)
            .finish_non_exhaustive()
    }
}

impl Keyring for MrkKeyring {
    fn wrap<'a>(&'a self, request: WrapRequest<'a>) -> KeyringFuture<'a, Vec<Recipient>> {
        Box::pin(async move {
            let one = self.in_first_region(|region| self.wrap_in(region, request)).await?;
            Ok(vec![one])
        })
    }

    fn unwrap<'a>(&'a self, request: UnwrapRequest<'a>) -> KeyringFuture<'a, Unwrapped> {
        Box::pin(self.unwrap_first(request))
    }
}

/// Builds an [`MrkKeyring`].
#[derive(Clone, Debug)]
pub struct MrkKeyringBuilder {
    key_arn: String,
    regions: Vec<String>,
}

impl MrkKeyringBuilder {
    /// The Regions to ask, in this order: the home Region first. Each needs a replica of the key.
    /// Without this only the Region in the key's ARN is asked.
    #[must_use]
    pub fn regions<R: Into<String>>(mut self, regions: impl IntoIterator<Item = R>) -> Self {
        self.regions = regions.into_iter().map(Into::into).collect();
        self
    }

    /// Checks the key and the Regions.
    ///
    /// # Errors
    /// [`Misuse`](ErrorKind::Misuse) if the key is not a multi-Region key's full ARN, or a Region
    /// is empty or listed twice.
    pub fn build(self, kms: impl Kms + 'static) -> Result<MrkKeyring> {
        let key: KeyArn = self.key_arn.parse()?;
        if !key.is_multi_region() {
            return Err(Error::misuse(format!(
                "{key} is a single-Region key; create a multi-Region key (its id starts with mrk-)"
            )));
        }
        let regions =
            if self.regions.is_empty() { vec![key.region().to_owned()] } else { self.regions };
        for (index, region) in regions.iter().enumerate() {
            if region.is_empty() {
                return Err(Error::misuse("a Region's name is empty"));
            }
            if regions.iter().take(index).any(|earlier| earlier == region) {
                return Err(Error::misuse(format!("the Region {region} is listed twice")));
            }
        }
        Ok(MrkKeyring { key, regions, kms: Arc::new(kms) })
    }
}
