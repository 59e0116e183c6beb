//! RSA and elliptic curve keys, by AWS-LC. Private keys are kept as PKCS #8, public keys are given as
//! SubjectPublicKeyInfo, both DER.
//!
//! AWS-LC takes its own randomness: these keys and their signatures differ from run to run, whatever
//! the lab's entropy.

use aws_lc_rs::agreement::{self, ECDH_P256, ECDH_P384, ECDH_P521};
use aws_lc_rs::digest::{self, Digest};
use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der, PublicKeyX509Der};
use aws_lc_rs::error::Unspecified;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::{
    KeySize, OAEP_SHA1_MGF1SHA1, OAEP_SHA256_MGF1SHA256, OaepAlgorithm, OaepPrivateDecryptingKey,
    OaepPublicEncryptingKey, PrivateDecryptingKey,
};
use aws_lc_rs::signature::{
    self, EcdsaKeyPair, EcdsaSigningAlgorithm, KeyPair, RsaEncoding, RsaKeyPair, UnparsedPublicKey,
    VerificationAlgorithm,
};
use itemseal::{Error, ErrorKind, Result};
use zeroize::Zeroizing;

use super::secret::KeyMaterial;
use super::spec::{EncryptionAlgorithm, KeySpec, SigningAlgorithm};

/// A new private key.
pub(super) fn generate(spec: KeySpec) -> Result<KeyMaterial> {
    let failed = |_| internal("the key could not be generated");
    if let Some(size) = rsa_size(spec) {
        let pair = RsaKeyPair::generate(size).map_err(failed)?;
        let der: Pkcs8V1Der<'_> = pair.as_der().map_err(failed)?;
        return Ok(KeyMaterial::copied_from(der.as_ref()));
    }
    let algorithm = ecdsa_signing(spec)?;
    let pkcs8 = EcdsaKeyPair::generate_pkcs8(algorithm, &SystemRandom::new()).map_err(failed)?;
    Ok(KeyMaterial::copied_from(pkcs8.as_ref()))
}

/// The public key as SubjectPublicKeyInfo, DER.
pub(super) fn public_key(spec: KeySpec, private: &KeyMaterial) -> Result<Vec<u8>> {
    let failed = |_| internal("the public key could not be written");
    let der: PublicKeyX509Der<'_> = if spec.is_rsa() {
        rsa(private)?.public_key().as_der()
    } else {
        ecdsa(spec, private)?.public_key().as_der()
    }
    .map_err(failed)?;
    Ok(der.as_ref().to_vec())
}

/// What is signed: a message or, if it was hashed before, its digest.
#[derive(Clone, Copy)]
pub(super) enum Message<'m> {
    Raw(&'m [u8]),
    Digest(&'m [u8]),
}

impl Message<'_> {
    /// `None` if it is a digest of another algorithm's length.
    pub(super) fn digest(self, algorithm: SigningAlgorithm) -> Option<Digest> {
        let hash = hash_of(algorithm);
        match self {
            Self::Raw(message) => Some(digest::digest(hash, message)),
            Self::Digest(digest) => Digest::import_less_safe(digest, hash).ok(),
        }
    }
}

/// Signs a digest that [`Message::digest`] gave for this algorithm, which fits the spec.
pub(super) fn sign(
    spec: KeySpec,
    private: &KeyMaterial,
    algorithm: SigningAlgorithm,
    digest: &Digest,
) -> Result<Vec<u8>> {
    let failed = |_| internal("the message could not be signed");
    if let Some((padding, _)) = rsa_signature(algorithm) {
        let pair = rsa(private)?;
        let mut signature = vec![0; pair.public_modulus_len()];
        pair.sign_digest(padding, digest, &mut signature).map_err(failed)?;
        return Ok(signature);
    }
    let signature = ecdsa(spec, private)?.sign_digest(digest).map_err(failed)?;
    Ok(signature.as_ref().to_vec())
}

/// Whether the signature is one of this key for the digest.
pub(super) fn verify(
    spec: KeySpec,
    private: &KeyMaterial,
    algorithm: SigningAlgorithm,
    digest: &Digest,
    signature: &[u8],
) -> Result<bool> {
    let public = public_key(spec, private)?;
    let verification: &'static dyn VerificationAlgorithm = match rsa_signature(algorithm) {
        Some((_, verification)) => verification,
        None => match spec {
            KeySpec::P256 => &signature::ECDSA_P256_SHA256_ASN1,
            KeySpec::P384 => &signature::ECDSA_P384_SHA384_ASN1,
            KeySpec::P521 => &signature::ECDSA_P521_SHA512_ASN1,
            _ => &signature::ECDSA_P256K1_SHA256_ASN1,
        },
    };
    let public = UnparsedPublicKey::new(verification, public);
    Ok(public.verify_digest(digest, signature).is_ok())
}

/// The longest plaintext, in bytes.
pub(super) fn max_plaintext_len_bytes(spec: KeySpec, algorithm: EncryptionAlgorithm) -> usize {
    let modulus = match spec {
        KeySpec::Rsa2048 => 256,
        KeySpec::Rsa3072 => 384,
        _ => 512,
    };
    // RFC 8017, 7.1.1: two hashes and two bytes.
    modulus - if algorithm == EncryptionAlgorithm::OaepSha1 { 42 } else { 66 }
}

/// RSA-OAEP with an empty label, MGF1 with the same hash.
pub(super) fn encrypt(
    private: &KeyMaterial,
    algorithm: EncryptionAlgorithm,
    plaintext: &[u8],
) -> Result<Vec<u8>> {
    let failed = |_| internal("the plaintext could not be encrypted");
    let public =
        OaepPublicEncryptingKey::new(rsa_decrypting(private)?.public_key()).map_err(failed)?;
    let mut ciphertext = vec![0; public.ciphertext_size()];
    let length =
        public.encrypt(oaep(algorithm), plaintext, &mut ciphertext, None).map_err(failed)?.len();
    ciphertext.truncate(length);
    Ok(ciphertext)
}

/// `None` if the ciphertext is not one of this key and algorithm.
pub(super) fn decrypt(
    private: &KeyMaterial,
    algorithm: EncryptionAlgorithm,
    ciphertext: &[u8],
) -> Result<Option<Zeroizing<Vec<u8>>>> {
    let key = OaepPrivateDecryptingKey::new(rsa_decrypting(private)?)
        .map_err(|_| internal("the private key does not decrypt"))?;
    let mut plaintext = Zeroizing::new(vec![0; key.min_output_size()]);
    let length = match key.decrypt(oaep(algorithm), ciphertext, &mut plaintext, None) {
        Ok(plaintext) => plaintext.len(),
        Err(Unspecified) => return Ok(None),
    };
    plaintext.truncate(length);
    Ok(Some(plaintext))
}

/// ECDH: the x coordinate of the shared point. `None` if `peer`, a SubjectPublicKeyInfo, is not a
/// public key on the same curve.
pub(super) fn agree(
    spec: KeySpec,
    private: &KeyMaterial,
    peer: &[u8],
) -> Result<Option<Zeroizing<Vec<u8>>>> {
    let algorithm = match spec {
        KeySpec::P256 => &ECDH_P256,
        KeySpec::P384 => &ECDH_P384,
        KeySpec::P521 => &ECDH_P521,
        _ => return Err(internal("there is no key agreement on this curve")),
    };
    let private = agreement::PrivateKey::from_private_key_der(algorithm, private.expose())
        .map_err(|_| internal("the private key does not agree"))?;
    let unparsed = agreement::UnparsedPublicKey::new(algorithm, peer);
    let Ok(peer) = agreement::ParsedPublicKey::try_from(unparsed) else { return Ok(None) };
    // KMS takes no bare points.
    if !matches!(peer.format(), agreement::ParsedPublicKeyFormat::X509) {
        return Ok(None);
    }
    let secret = agreement::agree(&private, peer, (), |secret| Ok(Zeroizing::new(secret.to_vec())));
    Ok(secret.ok())
}

fn rsa(private: &KeyMaterial) -> Result<RsaKeyPair> {
    RsaKeyPair::from_pkcs8(private.expose()).map_err(|_| internal("the private key is damaged"))
}

fn rsa_decrypting(private: &KeyMaterial) -> Result<PrivateDecryptingKey> {
    PrivateDecryptingKey::from_pkcs8(private.expose())
        .map_err(|_| internal("the private key is damaged"))
}

fn ecdsa(spec: KeySpec, private: &KeyMaterial) -> Result<EcdsaKeyPair> {
    EcdsaKeyPair::from_pkcs8(ecdsa_signing(spec)?, private.expose())
        .map_err(|_| internal("the private key is damaged"))
}

fn rsa_size(spec: KeySpec) -> Option<KeySize> {
    match spec {
        KeySpec::Rsa2048 => Some(KeySize::Rsa2048),
        KeySpec::Rsa3072 => Some(KeySize::Rsa3072),
        KeySpec::Rsa4096 => Some(KeySize::Rsa4096),
        _ => None,
    }
}

fn ecdsa_signing(spec: KeySpec) -> Result<&'static EcdsaSigningAlgorithm> {
    match spec {
        KeySpec::P256 => Ok(&signature::ECDSA_P256_SHA256_ASN1_SIGNING),
        KeySpec::P384 => Ok(&signature::ECDSA_P384_SHA384_ASN1_SIGNING),
        KeySpec::P521 => Ok(&signature::ECDSA_P521_SHA512_ASN1_SIGNING),
        KeySpec::P256k1 => Ok(&signature::ECDSA_P256K1_SHA256_ASN1_SIGNING),
        _ => Err(internal("the key is not on an elliptic curve")),
    }
}

fn rsa_signature(
    algorithm: SigningAlgorithm,
) -> Option<(&'static dyn RsaEncoding, &'static dyn VerificationAlgorithm)> {
    match algorithm {
        SigningAlgorithm::PssSha256 => {
            Some((&signature::RSA_PSS_SHA256, &signature::RSA_PSS_2048_8192_SHA256))
        }
        SigningAlgorithm::PssSha384 => {
            Some((&signature::RSA_PSS_SHA384, &signature::RSA_PSS_2048_8192_SHA384))
        }
        SigningAlgorithm::PssSha512 => {
            Some((&signature::RSA_PSS_SHA512, &signature::RSA_PSS_2048_8192_SHA512))
        }
        SigningAlgorithm::Pkcs1Sha256 => {
            Some((&signature::RSA_PKCS1_SHA256, &signature::RSA_PKCS1_2048_8192_SHA256))
        }
        SigningAlgorithm::Pkcs1Sha384 => {
            Some((&signature::RSA_PKCS1_SHA384, &signature::RSA_PKCS1_2048_8192_SHA384))
        }
        SigningAlgorithm::Pkcs1Sha512 => {
            Some((&signature::RSA_PKCS1_SHA512, &signature::RSA_PKCS1_2048_8192_SHA512))
        }
        _ => None,
    }
}

fn hash_of(algorithm: SigningAlgorithm) -> &'static digest::Algorithm {
    use SigningAlgorithm::{
        EcdsaSha256, EcdsaSha384, EcdsaSha512, Pkcs1Sha256, Pkcs1Sha384, Pkcs1Sha512, PssSha256,
        PssSha384, PssSha512,
    };
    match algorithm {
        PssSha256 | Pkcs1Sha256 | EcdsaSha256 => &digest::SHA256,
        PssSha384 | Pkcs1Sha384 | EcdsaSha384 => &digest::SHA384,
        PssSha512 | Pkcs1Sha512 | EcdsaSha512 => &digest::SHA512,
    }
}

fn oaep(algorithm: EncryptionAlgorithm) -> &'static OaepAlgorithm {
    match algorithm {
        EncryptionAlgorithm::OaepSha1 => &OAEP_SHA1_MGF1SHA1,
        _ => &OAEP_SHA256_MGF1SHA256,
    }
}

fn internal(message: &'static str) -> Error {
    Error::new(ErrorKind::Internal, message)
}
