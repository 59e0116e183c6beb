mod builder;

use std::collections::BTreeSet;
use std::time::Duration;

use aws_lc_rs::hkdf::{HKDF_SHA256, KeyType, Salt};
use itemseal::failover::Route;
use itemseal::keyring::KmsAccess;
use itemseal::kms::{Decrypted, KeyArn};
use itemseal::{EncryptionContext, Error, ErrorKind, Result};
use zeroize::Zeroizing;

pub use builder::LegacyKmsBuilder;

use crate::description::{
    CONTENT_ALGORITHM, Description, SIGNATURE_ALGORITHM, key_bits, wrong as wrong_description,
};
use crate::error::authentication;
use crate::keys::{ContentKey, VerificationKey, hmac_by_name};

/// The longest ciphertext, in bytes, that
/// [Decrypt](https://docs.aws.amazon.com/kms/latest/APIReference/API_Decrypt.html) takes.
const LONGEST_CIPHERTEXT_BYTES: usize = 6144;
/// What the legacy clients have KMS make.
const DATA_KEY_BYTES: usize = 32;

/// The keys of the Direct KMS Provider: each item has a data key of its own under a KMS key, so there
/// is one call of KMS an item.
///
/// An item does not say which KMS key it is under, but its ciphertext does to KMS, and whoever can write
/// the table can choose it: so it must be said whose keys are meant. The deadline of the [`KmsAccess`] is
/// for each key, or each Region without keys, that is asked.
#[derive(Debug)]
pub struct LegacyKms {
    access: KmsAccess,
    /// Tried in this order.
    sources: Vec<Source>,
    allowed: Allowed,
}

/// A key through its Regions in order, or whatever key one Region has.
#[derive(Debug)]
struct Source {
    key: Option<KeyArn>,
    route: Route,
}

#[derive(Clone, Debug)]
enum Allowed {
    Keys,
    Accounts { partition: String, accounts: BTreeSet<String> },
    Any,
}

impl LegacyKms {
    /// Starts with access to KMS: anything that is a [`Kms`](itemseal::kms::Kms), also in an `Arc`.
    pub fn builder(kms: impl Into<KmsAccess>) -> LegacyKmsBuilder {
        LegacyKmsBuilder {
            access: kms.into(),
            keys: Vec::new(),
            regions: Vec::new(),
            discovery: Vec::new(),
        }
    }

    /// Has KMS open the item's data key, and derives its two keys.
    pub(crate) async fn derive(
        &self,
        description: &Description,
        mut context: EncryptionContext,
    ) -> Result<(ContentKey, VerificationKey)> {
        let (content, signature) =
            (description.need(CONTENT_ALGORITHM)?, description.need(SIGNATURE_ALGORITHM)?);
        let content_bytes = description.content_key_bits()?.unwrap_or(256) / 8;
        let (algorithm, bits) = key_bits(signature)
            .map(|(name, bits)| (name, bits.unwrap_or(256)))
            .filter(|(name, bits)| hmac_by_name(name).is_some() && (64..=4096).contains(bits))
            .ok_or_else(|| wrong_description("its signature algorithm is unknown"))?;
        context.insert(format!("*{CONTENT_ALGORITHM}*"), content);
        context.insert(format!("*{SIGNATURE_ALGORITHM}*"), signature);
        let ciphertext = description.wrapped_key()?;
        if !(1..=LONGEST_CIPHERTEXT_BYTES).contains(&ciphertext.len()) {
            return Err(wrong_description("its wrapped key has a length that KMS never gives"));
        }
        let opened = self.open(&ciphertext, &context).await?;
        if opened.plaintext.len() != DATA_KEY_BYTES {
            let message = "KMS returned a data key that has not 32 bytes";
            return Err(Error::new(ErrorKind::Service, message));
        }
        let content = expand(&opened.plaintext, b"Encryption", content_bytes)?;
        let signing = expand(&opened.plaintext, b"Signing", bits / 8)?;
        let content = ContentKey::new(&content).ok_or_else(derivation_failed)?;
        Ok((content, VerificationKey::new(algorithm, &signing)?))
    }

    async fn open(&self, ciphertext: &[u8], context: &EncryptionContext) -> Result<Decrypted> {
        let mut failures = Vec::new();
        for source in &self.sources {
            let ask = async |region: &str, limit| {
                self.ask(source, region, limit, ciphertext, context).await
            };
            match source.route.ask_any(&mut self.access.budget(), ask).await {
                Ok(opened) => return Ok(opened),
                Err(error) => failures.push(error),
            }
        }
        // What a caller can act on comes first; that it was another of the keys says least.
        failures.sort_by_key(|error| match (error.kind(), error.code()) {
            (ErrorKind::KeyUnavailable, _) => 0,
            (_, Some("IncorrectKeyException")) => 3,
            (ErrorKind::Authentication, _) => 2,
            _ => 1,
        });
        match failures.into_iter().next() {
            Some(error) if error.kind() != ErrorKind::Authentication => Err(error),
            _ => Err(authentication()),
        }
    }

    async fn ask(
        &self,
        source: &Source,
        region: &str,
        limit: Option<Duration>,
        ciphertext: &[u8],
        context: &EncryptionContext,
    ) -> Result<Decrypted> {
        let key = source.key.as_ref().map(|key| key.in_region(region).to_string());
        let opened =
            self.access.decrypt(region, key.as_deref(), limit, ciphertext, context).await?;
        if self.allows(region, &opened.key_id) {
            return Ok(opened);
        }
        let message = "the item is under a KMS key that is not allowed here; somebody else wrote it, \
                       or its account is missing from the list";
        Err(Error::new(ErrorKind::KeyDenied, message).with_region(region))
    }

    /// Whether an answer's key may have been used. Where a key was asked for, it is known to be that.
    fn allows(&self, region: &str, key: &str) -> bool {
        match &self.allowed {
            Allowed::Keys => true,
            Allowed::Any => key.parse::<KeyArn>().is_ok_and(|key| key.region() == region),
            Allowed::Accounts { partition, accounts } => key.parse::<KeyArn>().is_ok_and(|key| {
                key.region() == region
                    && key.partition() == *partition
                    && accounts.contains(key.account())
            }),
        }
    }
}

struct Length(usize);

impl KeyType for Length {
    fn len(&self) -> usize {
        self.0
    }
}

/// HKDF-SHA256 without salt.
fn expand(secret: &[u8], info: &[u8], length: usize) -> Result<Zeroizing<Vec<u8>>> {
    let key = Salt::new(HKDF_SHA256, &[]).extract(secret);
    let mut out = Zeroizing::new(vec![0; length]);
    key.expand(&[info], Length(length))
        .and_then(|okm| okm.fill(&mut out))
        .map_err(|_| derivation_failed())?;
    Ok(out)
}

fn derivation_failed() -> Error {
    Error::new(ErrorKind::Internal, "the item's keys could not be derived")
}
