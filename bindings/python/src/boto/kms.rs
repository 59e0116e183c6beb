use std::fmt;
use std::sync::Arc;

use itemseal::kms::{
    Decrypt, Decrypted, DeriveSharedSecret, Encrypted, EncryptionAlgorithm, GenerateDataKey,
    GeneratedDataKey, GetPublicKey, Kms, KmsError, KmsFuture, PublicKey, ReEncrypt, SharedSecret,
};
use itemseal::timer::Timer;
use itemseal_aws::TokioTimer;
use pyo3::prelude::*;
use pyo3::types::PyBytes;
use zeroize::Zeroizing;

use super::Clients;
use super::call::Operation;
use super::parameter::{Parameter, Parameters};

/// KMS through clients of boto3.
///
/// The plaintext of an answer is copied and wiped here. The bytes object that it came in is botocore's, and Python
/// frees it when it is done with it.
pub(super) struct BotoKms {
    clients: Clients,
    timer: Arc<TokioTimer>,
}

impl BotoKms {
    pub(super) fn new(clients: Clients) -> Self {
        Self { clients, timer: Arc::new(TokioTimer::new()) }
    }

    fn call<'a, T: Send + 'static>(
        &'a self,
        region: &'a str,
        method: &'static str,
        parameters: Parameters,
        read: fn(&Bound<'_, PyAny>) -> PyResult<T>,
    ) -> KmsFuture<'a, T> {
        let operation = Operation { service: "kms", method };
        Box::pin(async move {
            let called = self.clients.call(region, operation, parameters, read).await;
            called.map_err(|failure| -> KmsError { failure.into_kms_error() })
        })
    }
}

impl fmt::Debug for BotoKms {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BotoKms").finish_non_exhaustive()
    }
}

/// An absent field is an empty one, which the keyring refuses.
fn text(answer: &Bound<'_, PyAny>, name: &str) -> PyResult<String> {
    let found = answer.call_method1("get", (name,))?;
    if found.is_none() { Ok(String::new()) } else { found.extract() }
}

fn bytes(answer: &Bound<'_, PyAny>, name: &str) -> PyResult<Vec<u8>> {
    let found = answer.call_method1("get", (name,))?;
    if found.is_none() { Ok(Vec::new()) } else { Ok(found.cast::<PyBytes>()?.as_bytes().to_vec()) }
}

fn encrypted(answer: &Bound<'_, PyAny>) -> PyResult<Encrypted> {
    Ok(Encrypted::new(text(answer, "KeyId")?, bytes(answer, "CiphertextBlob")?))
}

fn data_key(request: &GenerateDataKey<'_>) -> Parameters {
    vec![
        ("KeyId", Parameter::text(request.key_id)),
        ("NumberOfBytes", Parameter::Number(request.number_of_bytes)),
        ("EncryptionContext", Parameter::context(request.context)),
        ("GrantTokens", Parameter::texts(request.grant_tokens)),
    ]
}

impl Kms for BotoKms {
    fn generate_data_key<'a>(
        &'a self,
        region: &'a str,
        request: GenerateDataKey<'a>,
    ) -> KmsFuture<'a, GeneratedDataKey> {
        self.call(region, "generate_data_key", data_key(&request), |answer| {
            let plaintext = Zeroizing::new(bytes(answer, "Plaintext")?);
            let ciphertext = bytes(answer, "CiphertextBlob")?;
            Ok(GeneratedDataKey::new(text(answer, "KeyId")?, plaintext, ciphertext))
        })
    }

    fn decrypt<'a>(&'a self, region: &'a str, request: Decrypt<'a>) -> KmsFuture<'a, Decrypted> {
        let mut parameters = vec![
            ("CiphertextBlob", Parameter::Bytes(request.ciphertext.to_vec())),
            ("EncryptionContext", Parameter::context(request.context)),
            ("GrantTokens", Parameter::texts(request.grant_tokens)),
        ];
        parameters.extend(request.key_id.map(|key_id| ("KeyId", Parameter::text(key_id))));
        // KMS's default is not sent, as AWS's keyrings do.
        if request.algorithm != EncryptionAlgorithm::SymmetricDefault {
            let algorithm = Parameter::text(request.algorithm.as_str());
            parameters.push(("EncryptionAlgorithm", algorithm));
        }
        self.call(region, "decrypt", parameters, |answer| {
            let plaintext = Zeroizing::new(bytes(answer, "Plaintext")?);
            Ok(Decrypted::new(text(answer, "KeyId")?, plaintext))
        })
    }

    fn get_public_key<'a>(
        &'a self,
        region: &'a str,
        request: GetPublicKey<'a>,
    ) -> KmsFuture<'a, PublicKey> {
        let parameters = vec![
            ("KeyId", Parameter::text(request.key_id)),
            ("GrantTokens", Parameter::texts(request.grant_tokens)),
        ];
        self.call(region, "get_public_key", parameters, |answer| {
            let (key_id, usage) = (text(answer, "KeyId")?, text(answer, "KeyUsage")?);
            Ok(PublicKey::new(key_id, bytes(answer, "PublicKey")?, usage))
        })
    }

    fn derive_shared_secret<'a>(
        &'a self,
        region: &'a str,
        request: DeriveSharedSecret<'a>,
    ) -> KmsFuture<'a, SharedSecret> {
        let parameters = vec![
            ("KeyId", Parameter::text(request.key_id)),
            ("KeyAgreementAlgorithm", Parameter::text("ECDH")),
            ("PublicKey", Parameter::Bytes(request.public_key.to_vec())),
            ("GrantTokens", Parameter::texts(request.grant_tokens)),
        ];
        self.call(region, "derive_shared_secret", parameters, |answer| {
            let secret = Zeroizing::new(bytes(answer, "SharedSecret")?);
            Ok(SharedSecret::new(text(answer, "KeyId")?, secret))
        })
    }

    fn generate_data_key_without_plaintext<'a>(
        &'a self,
        region: &'a str,
        request: GenerateDataKey<'a>,
    ) -> KmsFuture<'a, Encrypted> {
        let method = "generate_data_key_without_plaintext";
        self.call(region, method, data_key(&request), encrypted)
    }

    fn re_encrypt<'a>(
        &'a self,
        region: &'a str,
        request: ReEncrypt<'a>,
    ) -> KmsFuture<'a, Encrypted> {
        let parameters = vec![
            ("SourceKeyId", Parameter::text(request.key_id)),
            ("CiphertextBlob", Parameter::Bytes(request.ciphertext.to_vec())),
            ("SourceEncryptionContext", Parameter::context(request.from)),
            ("DestinationKeyId", Parameter::text(request.key_id)),
            ("DestinationEncryptionContext", Parameter::context(request.to)),
            ("GrantTokens", Parameter::texts(request.grant_tokens)),
        ];
        self.call(region, "re_encrypt", parameters, encrypted)
    }

    fn timer(&self) -> Option<Arc<dyn Timer>> {
        Some(self.timer.clone())
    }
}
