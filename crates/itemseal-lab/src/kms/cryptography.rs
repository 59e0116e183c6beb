//! GenerateDataKey, Encrypt and Decrypt.

use std::fmt;

use itemseal::EncryptionContext;
use itemseal::kms::KmsError;
use zeroize::Zeroizing;

use super::blob::{self, Blob};
use super::key::Generation;
use super::keys::{Found, Keys};
use super::spec::{EncryptionAlgorithm, KeySpec, KeyUsage};
use super::{Call, LabKms, errors};

/// The most that Encrypt takes under a symmetric key, in bytes.
const MAX_PLAINTEXT_LEN_BYTES: usize = 4_096;
/// The longest data key, in bytes.
const MAX_DATA_KEY_LEN_BYTES: usize = 1_024;

/// A GenerateDataKey answer. The plaintext is wiped on drop, and not printed.
#[non_exhaustive]
pub struct DataKeyOutput {
    /// The ARN of the key that was used, in the Region of the request.
    pub key_id: String,
    /// Which of the key's materials was used, 64 hexadecimal digits.
    pub key_material_id: String,
    /// The data key.
    pub plaintext: Zeroizing<Vec<u8>>,
    /// The data key under the KMS key.
    pub ciphertext: Vec<u8>,
}

/// An Encrypt answer.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EncryptOutput {
    /// The ARN of the key that was used, in the Region of the request.
    pub key_id: String,
    /// The ciphertext blob.
    pub ciphertext: Vec<u8>,
}

/// A Decrypt answer. The plaintext is wiped on drop, and not printed.
#[non_exhaustive]
pub struct DecryptOutput {
    /// The ARN of the key that was used, in the Region of the request.
    pub key_id: String,
    /// Which of the key's materials was used, 64 hexadecimal digits.
    pub key_material_id: String,
    /// What was encrypted.
    pub plaintext: Zeroizing<Vec<u8>>,
}

macro_rules! debug_without_plaintext {
    ($($name:ident),*) => {$(
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.debug_struct(stringify!($name))
                    .field("key_id", &self.key_id)
                    .field("key_material_id", &self.key_material_id)
                    .finish_non_exhaustive()
            }
        }
    )*};
}
debug_without_plaintext!(DataKeyOutput, DecryptOutput);

impl LabKms {
    /// [GenerateDataKey](https://docs.aws.amazon.com/kms/latest/APIReference/API_GenerateDataKey.html)
    /// of 1 to 1,024 bytes.
    ///
    /// # Errors
    /// `ValidationException` for another length; `DisabledException`, `KMSInvalidStateException`;
    /// `NotFoundException`, also for an ARN of another Region.
    pub fn generate_data_key(
        &self,
        region: &str,
        key_id: &str,
        number_of_bytes: usize,
        context: &EncryptionContext,
    ) -> Result<DataKeyOutput, KmsError> {
        self.read(region, "GenerateDataKey", |keys, call| {
            generate_data_key(keys, call, key_id, number_of_bytes, context)
        })
    }

    /// [Encrypt](https://docs.aws.amazon.com/kms/latest/APIReference/API_Encrypt.html) of 1 to 4,096
    /// bytes.
    ///
    /// # Errors
    /// `ValidationException` for another length; `DisabledException`, `KMSInvalidStateException`;
    /// `NotFoundException`, also for an ARN of another Region.
    pub fn encrypt(
        &self,
        region: &str,
        key_id: &str,
        plaintext: &[u8],
        context: &EncryptionContext,
    ) -> Result<EncryptOutput, KmsError> {
        self.read(region, "Encrypt", |keys, call| encrypt(keys, call, key_id, plaintext, context))
    }

    /// [Decrypt](https://docs.aws.amazon.com/kms/latest/APIReference/API_Decrypt.html). A multi-Region
    /// key's ciphertext opens in every Region that has a related key. Without `key_id` the ciphertext
    /// says which key it is.
    ///
    /// # Errors
    /// `InvalidCiphertextException` if the ciphertext or the context is not what was encrypted;
    /// `IncorrectKeyException` if it is another key's; `NotFoundException` if this Region has no key
    /// `key_id`; `AccessDeniedException` if, without `key_id`, this Region has not the ciphertext's
    /// key; `DisabledException`, `KMSInvalidStateException`.
    pub fn decrypt(
        &self,
        region: &str,
        key_id: Option<&str>,
        ciphertext: &[u8],
        context: &EncryptionContext,
    ) -> Result<DecryptOutput, KmsError> {
        self.read(region, "Decrypt", |keys, call| decrypt(keys, call, key_id, ciphertext, context))
    }
}

pub(super) fn generate_data_key(
    keys: &Keys,
    call: &Call<'_>,
    key_id: &str,
    number_of_bytes: usize,
    context: &EncryptionContext,
) -> Result<DataKeyOutput, KmsError> {
    if !(1..=MAX_DATA_KEY_LEN_BYTES).contains(&number_of_bytes) {
        return Err(errors::validation(format!(
            "NumberOfBytes is 1 to {MAX_DATA_KEY_LEN_BYTES}, not {number_of_bytes}"
        )));
    }
    let found = find_symmetric(keys, call, key_id, context)?;
    let mut plaintext = Zeroizing::new(vec![0; number_of_bytes]);
    call.entropy.fill(&mut plaintext).map_err(|error| errors::internal(&error))?;
    let ciphertext = seal(&found, call, context, &plaintext)?;
    let key_material_id = newest(&found)?.material_id();
    Ok(DataKeyOutput { key_id: found.arn, key_material_id, plaintext, ciphertext })
}

pub(super) fn encrypt(
    keys: &Keys,
    call: &Call<'_>,
    key_id: &str,
    plaintext: &[u8],
    context: &EncryptionContext,
) -> Result<EncryptOutput, KmsError> {
    if !(1..=MAX_PLAINTEXT_LEN_BYTES).contains(&plaintext.len()) {
        return Err(errors::validation(format!(
            "Plaintext is 1 to {MAX_PLAINTEXT_LEN_BYTES} bytes, not {}",
            plaintext.len()
        )));
    }
    let found = find_symmetric(keys, call, key_id, context)?;
    let ciphertext = seal(&found, call, context, plaintext)?;
    Ok(EncryptOutput { key_id: found.arn, ciphertext })
}

pub(super) fn decrypt(
    keys: &Keys,
    call: &Call<'_>,
    key_id: Option<&str>,
    ciphertext: &[u8],
    context: &EncryptionContext,
) -> Result<DecryptOutput, KmsError> {
    let blob = Blob::parse(ciphertext).filter(|blob| keys.has_known(blob.key_id));
    let found = match (key_id, &blob) {
        (Some(key_id), _) => find_symmetric(keys, call, key_id, context)?,
        (None, None) => return Err(errors::invalid_ciphertext()),
        (None, Some(blob)) if !keys.has_in(call.region, blob.key_id) => {
            return Err(errors::unknown_ciphertext_key());
        }
        (None, Some(blob)) => find_symmetric(keys, call, blob.key_id, context)?,
    };
    let blob = blob.ok_or_else(errors::invalid_ciphertext)?;
    if blob.key_id != found.related.id {
        return Err(errors::incorrect_key());
    }
    let generation =
        found.related.generation(blob.generation).ok_or_else(errors::invalid_ciphertext)?;
    let plaintext = blob.open(generation, context).ok_or_else(errors::invalid_ciphertext)?;
    let key_material_id = generation.material_id();
    Ok(DecryptOutput { key_id: found.arn, key_material_id, plaintext })
}

/// A symmetric key that can be used now.
pub(super) fn find_symmetric<'k>(
    keys: &'k Keys,
    call: &Call<'_>,
    key_id: &str,
    context: &EncryptionContext,
) -> Result<Found<'k>, KmsError> {
    let found = keys.find_for_cryptography(call, key_id, Some(context))?;
    found.require_usable()?;
    found.require_usage(KeyUsage::EncryptDecrypt, call)?;
    if found.related.spec != KeySpec::Symmetric {
        return Err(errors::incompatible(&EncryptionAlgorithm::Symmetric, found.related.spec));
    }
    Ok(found)
}

/// Seals under the newest material.
pub(super) fn seal(
    found: &Found<'_>,
    call: &Call<'_>,
    context: &EncryptionContext,
    plaintext: &[u8],
) -> Result<Vec<u8>, KmsError> {
    // The one thing that can be wrong with what the caller gave.
    context.as_bytes().map_err(|error| errors::validation(error.to_string()))?;
    blob::seal(&found.related.id, newest(found)?, context, plaintext, call.entropy)
        .map_err(|error| errors::internal(&error))
}

pub(super) fn newest<'k>(found: &Found<'k>) -> Result<&'k Generation, KmsError> {
    let missing = || KmsError::new("KMSInternalException", "the key has no material");
    found.related.generations.last().ok_or_else(missing)
}
