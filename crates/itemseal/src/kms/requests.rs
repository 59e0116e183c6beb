//! What is asked of KMS, and what it answers: the fields that a keyring needs.

use std::fmt;

use zeroize::Zeroizing;

use crate::context::EncryptionContext;

/// Which algorithm a [`Decrypt`] is for: the context and grants of a request depend on it.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum EncryptionAlgorithm {
    /// `SYMMETRIC_DEFAULT`, AES-256 in GCM.
    #[default]
    SymmetricDefault,
    /// `RSAES_OAEP_SHA_1`: there is no encryption context.
    RsaesOaepSha1,
    /// `RSAES_OAEP_SHA_256`: there is no encryption context.
    RsaesOaepSha256,
}

impl EncryptionAlgorithm {
    /// KMS's name for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::SymmetricDefault => "SYMMETRIC_DEFAULT",
            Self::RsaesOaepSha1 => "RSAES_OAEP_SHA_1",
            Self::RsaesOaepSha256 => "RSAES_OAEP_SHA_256",
        }
    }
}

/// A GenerateDataKey request.
#[non_exhaustive]
#[derive(Clone, Copy, Debug)]
pub struct GenerateDataKey<'a> {
    /// The key's ARN.
    pub key_id: &'a str,
    /// How many bytes the data key has.
    pub number_of_bytes: usize,
    /// The encryption context, bound to the ciphertext.
    pub context: &'a EncryptionContext,
    /// Grants that KMS may not know everywhere yet.
    pub grant_tokens: &'a [String],
}

impl<'a> GenerateDataKey<'a> {
    /// A request for a data key of `number_of_bytes`.
    pub fn new(key_id: &'a str, number_of_bytes: usize, context: &'a EncryptionContext) -> Self {
        Self { key_id, number_of_bytes, context, grant_tokens: &[] }
    }

    /// Adds grant tokens.
    #[must_use]
    pub fn with_grant_tokens(self, grant_tokens: &'a [String]) -> Self {
        Self { grant_tokens, ..self }
    }
}

/// A GenerateDataKeyWithoutPlaintext answer, and that of ReEncrypt: what is under a key now.
#[non_exhaustive]
#[derive(Clone, Debug)]
pub struct Encrypted {
    /// The ARN of the key that it is under.
    pub key_id: String,
    /// What Decrypt opens.
    pub ciphertext: Vec<u8>,
}

impl Encrypted {
    /// An answer.
    pub fn new(key_id: impl Into<String>, ciphertext: impl Into<Vec<u8>>) -> Self {
        Self { key_id: key_id.into(), ciphertext: ciphertext.into() }
    }
}

/// A ReEncrypt request: from one encryption context to another, under one key.
#[non_exhaustive]
#[derive(Clone, Copy, Debug)]
pub struct ReEncrypt<'a> {
    /// The ARN of the key that the ciphertext is under, and will be.
    pub key_id: &'a str,
    /// What was encrypted.
    pub ciphertext: &'a [u8],
    /// The encryption context that the ciphertext was made under.
    pub from: &'a EncryptionContext,
    /// The encryption context that the new one is bound to.
    pub to: &'a EncryptionContext,
    /// Grants that KMS may not know everywhere yet.
    pub grant_tokens: &'a [String],
}

impl<'a> ReEncrypt<'a> {
    /// A request for the same plaintext under another context.
    pub fn new(
        key_id: &'a str,
        ciphertext: &'a [u8],
        from: &'a EncryptionContext,
        to: &'a EncryptionContext,
    ) -> Self {
        Self { key_id, ciphertext, from, to, grant_tokens: &[] }
    }

    /// Adds grant tokens.
    #[must_use]
    pub fn with_grant_tokens(self, grant_tokens: &'a [String]) -> Self {
        Self { grant_tokens, ..self }
    }
}

/// A Decrypt request.
#[non_exhaustive]
#[derive(Clone, Copy, Debug)]
pub struct Decrypt<'a> {
    /// The key's ARN. AWS KMS can do without; a keyring always gives it.
    pub key_id: Option<&'a str>,
    /// What GenerateDataKey returned.
    pub ciphertext: &'a [u8],
    /// The encryption context that the ciphertext was made under.
    pub context: &'a EncryptionContext,
    /// The algorithm that the ciphertext was made with.
    pub algorithm: EncryptionAlgorithm,
    /// Grants that KMS may not know everywhere yet.
    pub grant_tokens: &'a [String],
}

impl<'a> Decrypt<'a> {
    /// A request to decrypt `ciphertext`.
    pub fn new(
        key_id: Option<&'a str>,
        ciphertext: &'a [u8],
        context: &'a EncryptionContext,
    ) -> Self {
        let algorithm = EncryptionAlgorithm::SymmetricDefault;
        Self { key_id, ciphertext, context, algorithm, grant_tokens: &[] }
    }

    /// For another algorithm than the symmetric one.
    #[must_use]
    pub fn with_algorithm(self, algorithm: EncryptionAlgorithm) -> Self {
        Self { algorithm, ..self }
    }

    /// Adds grant tokens.
    #[must_use]
    pub fn with_grant_tokens(self, grant_tokens: &'a [String]) -> Self {
        Self { grant_tokens, ..self }
    }
}

/// A GetPublicKey request.
#[non_exhaustive]
#[derive(Clone, Copy, Debug)]
pub struct GetPublicKey<'a> {
    /// The key's ARN.
    pub key_id: &'a str,
    /// Grants that KMS may not know everywhere yet.
    pub grant_tokens: &'a [String],
}

impl<'a> GetPublicKey<'a> {
    /// A request for a key's public half.
    pub fn new(key_id: &'a str) -> Self {
        Self { key_id, grant_tokens: &[] }
    }

    /// Adds grant tokens.
    #[must_use]
    pub fn with_grant_tokens(self, grant_tokens: &'a [String]) -> Self {
        Self { grant_tokens, ..self }
    }
}

/// A DeriveSharedSecret request; the algorithm is ECDH, the only one there is.
#[non_exhaustive]
#[derive(Clone, Copy, Debug)]
pub struct DeriveSharedSecret<'a> {
    /// The ARN of the key whose private half is used.
    pub key_id: &'a str,
    /// The other party's public key, as a DER-encoded X.509 SubjectPublicKeyInfo.
    pub public_key: &'a [u8],
    /// Grants that KMS may not know everywhere yet.
    pub grant_tokens: &'a [String],
}

impl<'a> DeriveSharedSecret<'a> {
    /// A request for the secret that a KMS key shares with `public_key`.
    pub fn new(key_id: &'a str, public_key: &'a [u8]) -> Self {
        Self { key_id, public_key, grant_tokens: &[] }
    }

    /// Adds grant tokens.
    #[must_use]
    pub fn with_grant_tokens(self, grant_tokens: &'a [String]) -> Self {
        Self { grant_tokens, ..self }
    }
}

/// A GetPublicKey answer.
#[non_exhaustive]
#[derive(Clone, Debug)]
pub struct PublicKey {
    /// The key's ARN.
    pub key_id: String,
    /// A DER-encoded X.509 SubjectPublicKeyInfo.
    pub public_key: Vec<u8>,
    /// What the key is for: `ENCRYPT_DECRYPT`, `KEY_AGREEMENT` or `SIGN_VERIFY`.
    pub key_usage: String,
}

impl PublicKey {
    /// An answer.
    pub fn new(
        key_id: impl Into<String>,
        public_key: Vec<u8>,
        key_usage: impl Into<String>,
    ) -> Self {
        Self { key_id: key_id.into(), public_key, key_usage: key_usage.into() }
    }
}

macro_rules! secret_answer {
    ($(#[$doc:meta])* $name:ident { $(#[$field_doc:meta])* $secret:ident $(, $(#[$more_doc:meta])* $more:ident)? }) => {
        $(#[$doc])*
        #[non_exhaustive]
        pub struct $name {
            /// The ARN of the key that was used.
            pub key_id: String,
            $(#[$field_doc])*
            pub $secret: Zeroizing<Vec<u8>>,
            $($(#[$more_doc])* pub $more: Vec<u8>,)?
        }

        impl $name {
            /// An answer.
            pub fn new(
                key_id: impl Into<String>,
                $secret: Zeroizing<Vec<u8>>,
                $($more: Vec<u8>,)?
            ) -> Self {
                Self { key_id: key_id.into(), $secret $(, $more)? }
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.debug_struct(stringify!($name)).field("key_id", &self.key_id).finish_non_exhaustive()
            }
        }
    };
}

secret_answer!(
    /// A GenerateDataKey answer.
    GeneratedDataKey {
        /// The data key. Wiped on drop.
        plaintext,
        /// The data key under the KMS key.
        ciphertext
    }
);
secret_answer!(
    /// A Decrypt answer.
    Decrypted {
        /// The plaintext. Wiped on drop.
        plaintext
    }
);
secret_answer!(
    /// A DeriveSharedSecret answer.
    SharedSecret {
        /// The raw secret: the shared point's x coordinate. Wiped on drop.
        secret
    }
);
