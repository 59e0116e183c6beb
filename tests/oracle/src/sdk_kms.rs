//! Our keyring's KMS over the AWS SDK, a client a Region, as far as these tests need it.

use std::collections::{BTreeMap, HashMap};

use aws_sdk_kms::Client;
use aws_sdk_kms::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_kms::primitives::Blob;
use itemseal::EncryptionContext;
use itemseal::kms::{
    Decrypt, Decrypted, GenerateDataKey, GeneratedDataKey, Kms, KmsError, KmsFuture,
};
use zeroize::Zeroizing;

/// A client for each Region.
#[derive(Clone, Debug)]
pub struct SdkKms {
    clients: BTreeMap<String, Client>,
}

impl SdkKms {
    /// Over these clients, by Region.
    pub fn new(clients: impl IntoIterator<Item = (String, Client)>) -> Self {
        Self { clients: clients.into_iter().collect() }
    }

    fn client(&self, region: &str) -> Result<&Client, KmsError> {
        self.clients.get(region).ok_or_else(|| KmsError::unreachable("no client for the Region"))
    }
}

fn to_map(context: &EncryptionContext) -> HashMap<String, String> {
    context.iter().map(|(key, value)| (key.to_owned(), value.to_owned())).collect()
}

fn error<E: ProvideErrorMetadata, R>(error: SdkError<E, R>) -> KmsError {
    match error.as_service_error() {
        Some(service) => {
            KmsError::new(service.code().unwrap_or_default(), service.message().unwrap_or_default())
        }
        None => KmsError::unreachable("no answer"),
    }
}

impl Kms for SdkKms {
    fn generate_data_key<'a>(
        &'a self,
        region: &'a str,
        request: GenerateDataKey<'a>,
    ) -> KmsFuture<'a, GeneratedDataKey> {
        Box::pin(async move {
            let call = self.client(region)?.generate_data_key().key_id(request.key_id);
            let length = i32::try_from(request.number_of_bytes).unwrap_or(i32::MAX);
            let call = call.number_of_bytes(length);
            let call = call.set_encryption_context(Some(to_map(request.context)));
            let answer = call.send().await.map_err(error)?;
            let bytes = |blob: Option<Blob>| blob.map(Blob::into_inner).unwrap_or_default();
            let plaintext = Zeroizing::new(bytes(answer.plaintext));
            let key_id = answer.key_id.unwrap_or_default();
            Ok(GeneratedDataKey::new(key_id, plaintext, bytes(answer.ciphertext_blob)))
        })
    }

    fn decrypt<'a>(&'a self, region: &'a str, request: Decrypt<'a>) -> KmsFuture<'a, Decrypted> {
        Box::pin(async move {
            let call = self.client(region)?.decrypt().set_key_id(request.key_id.map(str::to_owned));
            let call = call.ciphertext_blob(Blob::new(request.ciphertext));
            let call = call.set_encryption_context(Some(to_map(request.context)));
            let answer = call.send().await.map_err(error)?;
            let plaintext = answer.plaintext.map(Blob::into_inner).unwrap_or_default();
            Ok(Decrypted::new(answer.key_id.unwrap_or_default(), Zeroizing::new(plaintext)))
        })
    }
}
