//! Elliptic-curve Diffie-Hellman (NIST SP 800-56A) on three curves, through AWS-LC.

use aws_lc_rs::agreement::{
    self, Algorithm, ECDH_P256, ECDH_P384, ECDH_P521, PrivateKey, UnparsedPublicKey,
};
use aws_lc_rs::encoding::AsDer;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_ASN1, ECDSA_P384_SHA384_ASN1, ECDSA_P521_SHA512_ASN1, ParsedPublicKey,
    VerificationAlgorithm,
};
use zeroize::Zeroizing;

use super::pem::der_of;
use crate::error::{Error, Result};

/// A curve of [SP 800-186](https://csrc.nist.gov/pubs/sp/800/186/final).
#[non_exhaustive]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum EcdhCurve {
    /// `ECC_NIST_P256`.
    P256,
    /// `ECC_NIST_P384`.
    P384,
    /// `ECC_NIST_P521`.
    P521,
}

impl EcdhCurve {
    /// The name in the key derivation.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::P256 => "p256",
            Self::P384 => "p384",
            Self::P521 => "p521",
        }
    }

    /// The length in bytes of a coordinate, and so of a shared secret.
    pub(crate) fn field_len_bytes(self) -> usize {
        match self {
            Self::P256 => 32,
            Self::P384 => 48,
            Self::P521 => 66,
        }
    }

    fn agreement(self) -> &'static Algorithm {
        match self {
            Self::P256 => &ECDH_P256,
            Self::P384 => &ECDH_P384,
            Self::P521 => &ECDH_P521,
        }
    }

    /// Only its parser is used: that of key agreement does not give back what it has read.
    fn parser(self) -> &'static dyn VerificationAlgorithm {
        match self {
            Self::P256 => &ECDSA_P256_SHA256_ASN1,
            Self::P384 => &ECDSA_P384_SHA384_ASN1,
            Self::P521 => &ECDSA_P521_SHA512_ASN1,
        }
    }
}

/// A point of the curve, and not the one at infinity.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct EcPublicKey {
    compressed: Vec<u8>,
    spki: Vec<u8>,
}

impl EcPublicKey {
    /// From an X.509 SubjectPublicKeyInfo, as PEM or DER.
    pub(crate) fn read(curve: EcdhCurve, key: &[u8]) -> Result<Self> {
        // Of a named curve, and not compressed: as AWS's own keyrings and KMS want it.
        let parse = |der: &[u8]| Self::parse(curve, der).filter(|key| key.spki == der);
        der_of(key, "PUBLIC KEY").and_then(|der| parse(&der)).ok_or_else(|| {
            Error::misuse(format!(
                "this is no public key on {}; give an X.509 SubjectPublicKeyInfo, as PEM (BEGIN \
                 PUBLIC KEY) or DER",
                curve.name()
            ))
        })
    }

    /// From a compressed point (SEC 1, section 2.3.3), or another form.
    pub(crate) fn parse(curve: EcdhCurve, bytes: &[u8]) -> Option<Self> {
        let parsed = ParsedPublicKey::new(curve.parser(), bytes).ok()?;
        let spki = parsed.as_der().ok()?.as_ref().to_vec();
        // It ends with 04 ‖ x ‖ y. Compressed: 02 or 03, by the lowest bit of y, ‖ x.
        let field = curve.field_len_bytes();
        let point = spki.get(spki.len().checked_sub(1 + 2 * field)?..)?;
        let (form, point) = point.split_first()?;
        let (x, y) = point.split_at_checked(field)?;
        let compressed = [&[2 + (y.last()? & 1)][..], x].concat();
        (*form == 4).then_some(Self { compressed, spki })
    }

    pub(crate) fn compressed(&self) -> &[u8] {
        &self.compressed
    }

    /// As a DER-encoded X.509 SubjectPublicKeyInfo.
    pub(crate) fn spki(&self) -> &[u8] {
        &self.spki
    }
}

/// A private key on a curve. AWS-LC wipes it on drop.
pub(crate) struct EcPrivateKey {
    curve: EcdhCurve,
    key: PrivateKey,
}

impl EcPrivateKey {
    /// From a PKCS #8 PrivateKeyInfo, as PEM or DER.
    pub(crate) fn read(curve: EcdhCurve, key: &[u8]) -> Result<Self> {
        der_of(key, "PRIVATE KEY")
            .and_then(|der| PrivateKey::from_private_key_der(curve.agreement(), &der).ok())
            .map(|key| Self { curve, key })
            .ok_or_else(|| {
                Error::misuse(format!(
                    "this is no private key on {}; give a PKCS #8 PrivateKeyInfo, as PEM (BEGIN \
                     PRIVATE KEY) or DER",
                    curve.name()
                ))
            })
    }

    #[cfg(test)]
    pub(crate) fn from_scalar(curve: EcdhCurve, scalar: &[u8]) -> Option<Self> {
        // Big-endian, of the curve's own length: leading zeros come and go in the vectors.
        let zeros = scalar.iter().take_while(|&&byte| byte == 0).count();
        let digits = &scalar[zeros..];
        let padding = vec![0; curve.field_len_bytes().checked_sub(digits.len())?];
        let scalar = [&padding, digits].concat();
        let key = PrivateKey::from_private_key(curve.agreement(), &scalar).ok()?;
        Some(Self { curve, key })
    }

    #[cfg(test)]
    pub(crate) fn pkcs8(&self) -> Vec<u8> {
        let der: aws_lc_rs::encoding::Pkcs8V1Der<'_> = self.key.as_der().unwrap();
        der.as_ref().to_vec()
    }

    pub(crate) fn generate(curve: EcdhCurve) -> Result<Self> {
        let key = PrivateKey::generate(curve.agreement())
            .map_err(|_| Error::internal("the machine gives no randomness"))?;
        Ok(Self { curve, key })
    }

    pub(crate) fn public_key(&self) -> Result<EcPublicKey> {
        let public = self.key.compute_public_key().ok();
        public
            .and_then(|public| EcPublicKey::parse(self.curve, public.as_ref()))
            .ok_or_else(|| Error::internal("an ECDH key without a public half"))
    }

    /// The x coordinate of the shared point.
    pub(crate) fn agree(&self, peer: &EcPublicKey) -> Result<Zeroizing<Vec<u8>>> {
        let peer = UnparsedPublicKey::new(self.curve.agreement(), peer.compressed());
        agreement::agree(&self.key, peer, Error::authentication(), |secret| {
            Ok(Zeroizing::new(secret.to_vec()))
        })
    }
}
