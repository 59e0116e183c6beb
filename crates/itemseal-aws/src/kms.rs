use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use aws_sdk_kms::Client;
use aws_sdk_kms::config::retry::RetryConfig;
use aws_sdk_kms::config::timeout::TimeoutConfig;
use aws_sdk_kms::primitives::Blob;
use aws_sdk_kms::types::{EncryptionAlgorithmSpec, KeyAgreementAlgorithmSpec};
use aws_types::SdkConfig;
use itemseal::kms::{
    Decrypt, Decrypted, DeriveSharedSecret, Encrypted, EncryptionAlgorithm, GenerateDataKey,
    GeneratedDataKey, GetPublicKey, Kms, KmsError, KmsFuture, PublicKey, ReEncrypt, SharedSecret,
};
use itemseal::timer::Timer;
use itemseal::{EncryptionContext, Result};
use zeroize::Zeroizing;

use crate::endpoints::{Endpoints, Guard};
use crate::errors::kms_error;
use crate::observe::{CallCounts, Calls};
use crate::supplier::{ClientSupplier, OneConfig};
use crate::timer::TokioTimer;

/// The longest that one call may take if its client's configuration sets no timeout. A keyring's
/// deadline is usually the shorter one.
const LONGEST_CALL: Duration = Duration::from_secs(5);

/// AWS KMS in every Region, over the AWS SDK.
///
/// Cheap to clone; keyrings may share it. It sends each request once, whatever the configuration says
/// about retries, because it is the keyring that repeats. It needs a tokio runtime.
///
/// The plaintext that KMS answers with is wiped when it has been used. The bytes of the HTTP
/// answer that it came in belong to the SDK, which does not wipe them.
#[derive(Clone)]
pub struct AwsKms {
    shared: Arc<Shared>,
}

struct Shared {
    supplier: Box<dyn ClientSupplier>,
    endpoints: Endpoints,
    clients: Mutex<BTreeMap<String, Client>>,
    timer: Arc<TokioTimer>,
    calls: Calls,
}

impl AwsKms {
    /// KMS with the credentials, endpoint and HTTP client of `config`, whatever its Region.
    ///
    /// # Errors
    /// [`Refused`](itemseal::ErrorKind::Refused) if the configuration or the environment names an
    /// endpoint without HTTPS on another machine.
    pub fn new(config: &SdkConfig) -> Result<Self> {
        Self::builder(config).build()
    }

    /// Starts with the credentials, endpoint and HTTP client of `config`, whatever its Region.
    pub fn builder(config: &SdkConfig) -> AwsKmsBuilder {
        let supplier = Box::new(OneConfig(config.clone()));
        AwsKmsBuilder { supplier, config: Some(config.clone()), insecure: Vec::new() }
    }

    /// Starts with clients that `supplier` gives.
    pub fn with_supplier(supplier: impl ClientSupplier + 'static) -> AwsKmsBuilder {
        AwsKmsBuilder { supplier: Box::new(supplier), config: None, insecure: Vec::new() }
    }

    /// How often which operation was called in which Region.
    pub fn call_counts(&self) -> Vec<CallCounts> {
        self.shared.calls.counts()
    }

    /// The Region's client. The lock is held for the time of making one, not over a call.
    pub(crate) fn client(&self, region: &str) -> Result<Client, KmsError> {
        let shared = &*self.shared;
        let mut clients = shared.clients.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(client) = clients.get(region) {
            return Ok(client.clone());
        }
        let supplied = shared.supplier.client(region);
        let supplied = supplied.map_err(|e| KmsError::new("NoClient", e.to_string()))?;
        let config = supplied.config();
        let timeouts = config.timeout_config().cloned();
        let timeouts = timeouts.unwrap_or_else(TimeoutConfig::disabled);
        let longest = timeouts.operation_timeout().unwrap_or(LONGEST_CALL);
        let timeouts = timeouts.to_builder().operation_timeout(longest).build();
        let config = config
            .to_builder()
            .retry_config(RetryConfig::disabled())
            .timeout_config(timeouts)
            .interceptor(Guard(shared.endpoints.clone()));
        let client = Client::from_conf(config.build());
        clients.insert(region.to_owned(), client.clone());
        Ok(client)
    }
}

impl fmt::Debug for AwsKms {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AwsKms").finish_non_exhaustive()
    }
}

/// Builds an [`AwsKms`].
pub struct AwsKmsBuilder {
    supplier: Box<dyn ClientSupplier>,
    config: Option<SdkConfig>,
    insecure: Vec<String>,
}

impl AwsKmsBuilder {
    /// Allows plain HTTP to one host and port, given as `http://host:port`. Without this it is
    /// allowed to this machine only, so that an environment variable cannot send data keys to a
    /// stranger. Whoever is on the way to that host can read every data key.
    #[must_use]
    pub fn allow_insecure_endpoint(mut self, url: impl Into<String>) -> Self {
        self.insecure.push(url.into());
        self
    }

    /// Checks the endpoints.
    ///
    /// # Errors
    /// [`Refused`](itemseal::ErrorKind::Refused) if the configuration or the environment names an
    /// endpoint without HTTPS that is not allowed; [`Misuse`](itemseal::ErrorKind::Misuse) if one
    /// that is to be allowed is not a URL.
    pub fn build(self) -> Result<AwsKms> {
        let mut endpoints = Endpoints::default();
        for url in &self.insecure {
            endpoints.allow(url)?;
        }
        if let Some(config) = &self.config {
            endpoints.check_config(config)?;
        }
        let (clients, timer) = (Mutex::default(), Arc::new(TokioTimer::new()));
        let (supplier, calls) = (self.supplier, Calls::new("kms"));
        Ok(AwsKms { shared: Arc::new(Shared { supplier, endpoints, clients, timer, calls }) })
    }
}

impl fmt::Debug for AwsKmsBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AwsKmsBuilder").field("insecure", &self.insecure).finish_non_exhaustive()
    }
}

fn tokens(tokens: &[String]) -> Option<Vec<String>> {
    (!tokens.is_empty()).then(|| tokens.to_vec())
}

fn entries(context: &EncryptionContext) -> Option<HashMap<String, String>> {
    let entries = || context.iter().map(|(key, value)| (key.to_owned(), value.to_owned()));
    (!context.is_empty()).then(|| entries().collect())
}

/// An absent field is an empty one, which the keyring refuses.
fn bytes(blob: Option<Blob>) -> Vec<u8> {
    blob.map(Blob::into_inner).unwrap_or_default()
}

fn algorithm(algorithm: EncryptionAlgorithm) -> Option<EncryptionAlgorithmSpec> {
    match algorithm {
        // The default of KMS: as AWS's keyrings send it.
        EncryptionAlgorithm::SymmetricDefault => None,
        other => Some(EncryptionAlgorithmSpec::from(other.as_str())),
    }
}

impl Kms for AwsKms {
    fn generate_data_key<'a>(
        &'a self,
        region: &'a str,
        request: GenerateDataKey<'a>,
    ) -> KmsFuture<'a, GeneratedDataKey> {
        Box::pin(async move {
            let length = i32::try_from(request.number_of_bytes).unwrap_or(i32::MAX);
            let call = self
                .client(region)?
                .generate_data_key()
                .key_id(request.key_id)
                .number_of_bytes(length)
                .set_encryption_context(entries(request.context))
                .set_grant_tokens(tokens(request.grant_tokens));
            let calls = &self.shared.calls;
            let answer =
                calls.observe("GenerateDataKey", region, call.send()).await.map_err(kms_error)?;
            let plaintext = Zeroizing::new(bytes(answer.plaintext));
            let key_id = answer.key_id.unwrap_or_default();
            Ok(GeneratedDataKey::new(key_id, plaintext, bytes(answer.ciphertext_blob)))
        })
    }

    fn decrypt<'a>(&'a self, region: &'a str, request: Decrypt<'a>) -> KmsFuture<'a, Decrypted> {
        Box::pin(async move {
            let call = self
                .client(region)?
                .decrypt()
                .set_key_id(request.key_id.map(str::to_owned))
                .ciphertext_blob(Blob::new(request.ciphertext))
                .set_encryption_algorithm(algorithm(request.algorithm))
                .set_encryption_context(entries(request.context))
                .set_grant_tokens(tokens(request.grant_tokens));
            let calls = &self.shared.calls;
            let answer = calls.observe("Decrypt", region, call.send()).await.map_err(kms_error)?;
            let plaintext = Zeroizing::new(bytes(answer.plaintext));
            Ok(Decrypted::new(answer.key_id.unwrap_or_default(), plaintext))
        })
    }

    fn get_public_key<'a>(
        &'a self,
        region: &'a str,
        request: GetPublicKey<'a>,
    ) -> KmsFuture<'a, PublicKey> {
        Box::pin(async move {
            let call = self
                .client(region)?
                .get_public_key()
                .key_id(request.key_id)
                .set_grant_tokens(tokens(request.grant_tokens));
            let calls = &self.shared.calls;
            let answer =
                calls.observe("GetPublicKey", region, call.send()).await.map_err(kms_error)?;
            let usage = answer.key_usage.map(|usage| usage.as_str().to_owned());
            let key_id = answer.key_id.unwrap_or_default();
            Ok(PublicKey::new(key_id, bytes(answer.public_key), usage.unwrap_or_default()))
        })
    }

    fn derive_shared_secret<'a>(
        &'a self,
        region: &'a str,
        request: DeriveSharedSecret<'a>,
    ) -> KmsFuture<'a, SharedSecret> {
        Box::pin(async move {
            let call = self
                .client(region)?
                .derive_shared_secret()
                .key_id(request.key_id)
                .key_agreement_algorithm(KeyAgreementAlgorithmSpec::Ecdh)
                .public_key(Blob::new(request.public_key))
                .set_grant_tokens(tokens(request.grant_tokens));
            let calls = &self.shared.calls;
            let answer = calls
                .observe("DeriveSharedSecret", region, call.send())
                .await
                .map_err(kms_error)?;
            let secret = Zeroizing::new(bytes(answer.shared_secret));
            Ok(SharedSecret::new(answer.key_id.unwrap_or_default(), secret))
        })
    }

    fn generate_data_key_without_plaintext<'a>(
        &'a self,
        region: &'a str,
        request: GenerateDataKey<'a>,
    ) -> KmsFuture<'a, Encrypted> {
        Box::pin(async move {
            let length = i32::try_from(request.number_of_bytes).unwrap_or(i32::MAX);
            let call = self
                .client(region)?
                .generate_data_key_without_plaintext()
                .key_id(request.key_id)
                .number_of_bytes(length)
                .set_encryption_context(entries(request.context))
                .set_grant_tokens(tokens(request.grant_tokens))
                .send();
            let operation = "GenerateDataKeyWithoutPlaintext";
            let answer = self.shared.calls.observe(operation, region, call).await;
            let answer = answer.map_err(kms_error)?;
            Ok(Encrypted::new(answer.key_id.unwrap_or_default(), bytes(answer.ciphertext_blob)))
        })
    }

    fn re_encrypt<'a>(
        &'a self,
        region: &'a str,
        request: ReEncrypt<'a>,
    ) -> KmsFuture<'a, Encrypted> {
        Box::pin(async move {
            let call = self
                .client(region)?
                .re_encrypt()
                .source_key_id(request.key_id)
                .ciphertext_blob(Blob::new(request.ciphertext))
                .set_source_encryption_context(entries(request.from))
                .destination_key_id(request.key_id)
                .set_destination_encryption_context(entries(request.to))
                .set_grant_tokens(tokens(request.grant_tokens))
                .send();
            let answer = self.shared.calls.observe("ReEncrypt", region, call).await;
            let answer = answer.map_err(kms_error)?;
            Ok(Encrypted::new(answer.key_id.unwrap_or_default(), bytes(answer.ciphertext_blob)))
        })
    }

    fn timer(&self) -> Option<Arc<dyn Timer>> {
        Some(self.shared.timer.clone())
    }
}
