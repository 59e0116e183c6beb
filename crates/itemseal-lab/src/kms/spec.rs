//! What a key is of and for: specs, usages and algorithms, by AWS's names.
//!
//! Source: [key spec reference](https://docs.aws.amazon.com/kms/latest/developerguide/symm-asymm-choose-key-spec.html).

use std::fmt;

use serde::{Deserialize, Serialize};

macro_rules! named {
    ($(#[$meta:meta])* $name:ident { $($(#[$variant_meta:meta])* $variant:ident = $text:literal,)* }) => {
        $(#[$meta])*
        #[non_exhaustive]
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
        pub enum $name {
            $($(#[$variant_meta])* #[serde(rename = $text)] $variant,)*
        }

        impl $name {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$variant),*];

            /// AWS's name.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text,)* }
            }

            /// What AWS calls `name`.
            pub fn from_name(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|one| one.as_str() == name)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }
    };
}

named! {
    /// What a key is.
    KeySpec {
        /// AES-256 in Galois/counter mode.
        Symmetric = "SYMMETRIC_DEFAULT",
        /// RSA, 2,048 bits.
        Rsa2048 = "RSA_2048",
        /// RSA, 3,072 bits.
        Rsa3072 = "RSA_3072",
        /// RSA, 4,096 bits.
        Rsa4096 = "RSA_4096",
        /// NIST P-256.
        P256 = "ECC_NIST_P256",
        /// NIST P-384.
        P384 = "ECC_NIST_P384",
        /// NIST P-521.
        P521 = "ECC_NIST_P521",
        /// secp256k1.
        P256k1 = "ECC_SECG_P256K1",
        /// HMAC with SHA-224.
        Hmac224 = "HMAC_224",
        /// HMAC with SHA-256.
        Hmac256 = "HMAC_256",
        /// HMAC with SHA-384.
        Hmac384 = "HMAC_384",
        /// HMAC with SHA-512.
        Hmac512 = "HMAC_512",
    }
}

named! {
    /// What a key is for.
    KeyUsage {
        /// Encrypt, Decrypt, data keys.
        EncryptDecrypt = "ENCRYPT_DECRYPT",
        /// Sign and Verify.
        SignVerify = "SIGN_VERIFY",
        /// GenerateMac and VerifyMac.
        GenerateVerifyMac = "GENERATE_VERIFY_MAC",
        /// DeriveSharedSecret.
        KeyAgreement = "KEY_AGREEMENT",
    }
}

named! {
    /// How Encrypt and Decrypt work.
    EncryptionAlgorithm {
        /// AES-256 in Galois/counter mode.
        Symmetric = "SYMMETRIC_DEFAULT",
        /// RSA-OAEP with SHA-1.
        OaepSha1 = "RSAES_OAEP_SHA_1",
        /// RSA-OAEP with SHA-256.
        OaepSha256 = "RSAES_OAEP_SHA_256",
    }
}

named! {
    /// How Sign and Verify work.
    SigningAlgorithm {
        /// RSA-PSS with SHA-256.
        PssSha256 = "RSASSA_PSS_SHA_256",
        /// RSA-PSS with SHA-384.
        PssSha384 = "RSASSA_PSS_SHA_384",
        /// RSA-PSS with SHA-512.
        PssSha512 = "RSASSA_PSS_SHA_512",
        /// RSA PKCS #1 v1.5 with SHA-256.
        Pkcs1Sha256 = "RSASSA_PKCS1_V1_5_SHA_256",
        /// RSA PKCS #1 v1.5 with SHA-384.
        Pkcs1Sha384 = "RSASSA_PKCS1_V1_5_SHA_384",
        /// RSA PKCS #1 v1.5 with SHA-512.
        Pkcs1Sha512 = "RSASSA_PKCS1_V1_5_SHA_512",
        /// ECDSA with SHA-256.
        EcdsaSha256 = "ECDSA_SHA_256",
        /// ECDSA with SHA-384.
        EcdsaSha384 = "ECDSA_SHA_384",
        /// ECDSA with SHA-512.
        EcdsaSha512 = "ECDSA_SHA_512",
    }
}

named! {
    /// How GenerateMac and VerifyMac work.
    MacAlgorithm {
        /// HMAC with SHA-224.
        Sha224 = "HMAC_SHA_224",
        /// HMAC with SHA-256.
        Sha256 = "HMAC_SHA_256",
        /// HMAC with SHA-384.
        Sha384 = "HMAC_SHA_384",
        /// HMAC with SHA-512.
        Sha512 = "HMAC_SHA_512",
    }
}

impl KeySpec {
    /// Whether it has a public key.
    pub fn is_asymmetric(self) -> bool {
        self.is_rsa() || self.is_elliptic()
    }

    pub(super) fn is_rsa(self) -> bool {
        matches!(self, Self::Rsa2048 | Self::Rsa3072 | Self::Rsa4096)
    }

    pub(super) fn is_elliptic(self) -> bool {
        matches!(self, Self::P256 | Self::P384 | Self::P521 | Self::P256k1)
    }

    /// The usages that a key of this spec can be created for; CreateKey's default first, if it has one.
    pub(super) fn usages(self) -> &'static [KeyUsage] {
        use KeyUsage::{EncryptDecrypt, GenerateVerifyMac, KeyAgreement, SignVerify};
        match self {
            Self::Symmetric => &[EncryptDecrypt],
            Self::Rsa2048 | Self::Rsa3072 | Self::Rsa4096 => &[EncryptDecrypt, SignVerify],
            Self::P256 | Self::P384 | Self::P521 => &[SignVerify, KeyAgreement],
            Self::P256k1 => &[SignVerify],
            Self::Hmac224 | Self::Hmac256 | Self::Hmac384 | Self::Hmac512 => &[GenerateVerifyMac],
        }
    }

    pub(super) fn encryption_algorithms(self, usage: KeyUsage) -> &'static [EncryptionAlgorithm] {
        use EncryptionAlgorithm::{OaepSha1, OaepSha256, Symmetric};
        match (self, usage) {
            (Self::Symmetric, _) => &[Symmetric],
            (_, KeyUsage::EncryptDecrypt) => &[OaepSha1, OaepSha256],
            _ => &[],
        }
    }

    pub(super) fn signing_algorithms(self, usage: KeyUsage) -> &'static [SigningAlgorithm] {
        use SigningAlgorithm::{
            EcdsaSha256, EcdsaSha384, EcdsaSha512, Pkcs1Sha256, Pkcs1Sha384, Pkcs1Sha512,
            PssSha256, PssSha384, PssSha512,
        };
        match (self, usage) {
            (Self::P256 | Self::P256k1, KeyUsage::SignVerify) => &[EcdsaSha256],
            (Self::P384, KeyUsage::SignVerify) => &[EcdsaSha384],
            (Self::P521, KeyUsage::SignVerify) => &[EcdsaSha512],
            (_, KeyUsage::SignVerify) => {
                &[Pkcs1Sha256, Pkcs1Sha384, Pkcs1Sha512, PssSha256, PssSha384, PssSha512]
            }
            _ => &[],
        }
    }

    pub(super) fn mac_algorithm(self) -> Option<MacAlgorithm> {
        match self {
            Self::Hmac224 => Some(MacAlgorithm::Sha224),
            Self::Hmac256 => Some(MacAlgorithm::Sha256),
            Self::Hmac384 => Some(MacAlgorithm::Sha384),
            Self::Hmac512 => Some(MacAlgorithm::Sha512),
            _ => None,
        }
    }

    /// Whether answers name the material that was used: keys that rotate do.
    pub(super) fn material_has_id(self) -> bool {
        self == Self::Symmetric
    }

    /// The length of random material, in bytes; for asymmetric specs it is made otherwise.
    pub(super) fn material_len_bytes(self) -> usize {
        match self {
            Self::Hmac224 => 28,
            Self::Hmac384 => 48,
            Self::Hmac512 => 64,
            _ => 32,
        }
    }
}
