use std::collections::BTreeSet;
use std::time::Duration;

use aws_lc_rs::hkdf::{HKDF_SHA256, KeyType, Salt};
use itemseal::failover::Route;
use itemseal::keyring::KmsAccess;
use itemseal::kms::{Decrypted, KeyArn};
use itemseal::{EncryptionContext, Error, ErrorKind, Result};
use zeroize::Zeroizing;

use crate::description::{
    CONTENT_ALGORITHM, Description, SIGNATURE_ALGORITHM, key_bits, wrong as wrong_description,
};
use crate::error::{authentication, misuse};
use crate::keys::{ContentKey, VerificationKey};

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
            .filter(|(name, bits)| name.starts_with("Hmac") && (64..=4096).contains(bits))
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
        let unknown = |_| wrong_description("its signature algorithm is unknown");
        Ok((content, VerificationKey::new(algorithm, &signing).map_err(unknown)?))
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

/// Builds a [`LegacyKms`]. Exactly one of [`keys`](Self::keys), [`accounts`](Self::accounts) and
/// [`any_key`](Self::any_key) is needed.
#[derive(Clone, Debug)]
pub struct LegacyKmsBuilder {
    access: KmsAccess,
    keys: Vec<String>,
    regions: Vec<String>,
    discovery: Vec<Allowed>,
}

impl LegacyKmsBuilder {
    /// The ARNs of the keys that items may be under, asked in this order: the one that most items are
    /// under first.
    #[must_use]
    pub fn keys<K: Into<String>>(mut self, arns: impl IntoIterator<Item = K>) -> Self {
        self.keys.extend(arns.into_iter().map(Into::into));
        self
    }

    /// The Regions to ask, in this order. A multi-Region key is asked for in each of them, until one
    /// answers, and without them in its ARN's Region; other keys in their own. Without keys they are needed.
    #[must_use]
    pub fn regions<R: Into<String>>(mut self, regions: impl IntoIterator<Item = R>) -> Self {
        self.regions = regions.into_iter().map(Into::into).collect();
        self
    }

    /// Any key of these accounts in `partition`, such as `aws`: discovery.
    #[must_use]
    pub fn accounts<A: Into<String>>(
        mut self,
        partition: impl Into<String>,
        accounts: impl IntoIterator<Item = A>,
    ) -> Self {
        let accounts = accounts.into_iter().map(Into::into).collect();
        self.discovery.push(Allowed::Accounts { partition: partition.into(), accounts });
        self
    }

    /// Any key that the caller may use, as the legacy client does it: an item may be somebody else's,
    /// who has let you use their key.
    #[must_use]
    pub fn any_key(mut self) -> Self {
        self.discovery.push(Allowed::Any);
        self
    }

    /// Checks keys and Regions.
    ///
    /// # Errors
    /// [`Misuse`](ErrorKind::Misuse) if it is not said, or said twice, which keys are allowed; if one is
    /// not a key's full ARN; or if a Region, account or partition is empty, or a Region is listed twice.
    pub fn build(self) -> Result<LegacyKms> {
        let Self { access, keys, regions, mut discovery } = self;
        for (index, region) in regions.iter().enumerate() {
            if region.is_empty() || regions.iter().take(index).any(|earlier| earlier == region) {
                return Err(misuse("a Region's name is empty, or listed twice"));
            }
        }
        let (allowed, sources) = match (keys.is_empty(), discovery.pop(), discovery.is_empty()) {
            (false, None, _) => {
                let sources = keys.iter().map(|key| Source::of_key(key.parse()?, &regions));
                (Allowed::Keys, sources.collect::<Result<Vec<_>>>()?)
            }
            (true, Some(allowed), true) => {
                check(&allowed, &regions)?;
                let sources = regions
                    .into_iter()
                    .map(|region| Source { key: None, route: Route::new([region]) });
                (allowed, sources.collect())
            }
            _ => {
                return Err(misuse(
                    "say which KMS keys items may be under: by keys, by accounts, or as any_key; \
                     one of these",
                ));
            }
        };
        Ok(LegacyKms { access, sources, allowed })
    }
}

impl Source {
    fn of_key(key: KeyArn, regions: &[String]) -> Result<Self> {
        let route = match key.is_multi_region() && !regions.is_empty() {
            true => Route::new(regions.iter().cloned()),
            false => Route::new([key.region().to_owned()]),
        };
        Ok(Self { key: Some(key), route })
    }
}

fn check(allowed: &Allowed, regions: &[String]) -> Result<()> {
    if regions.is_empty() {
        return Err(misuse("without keys it must be said which Regions are asked"));
    }
    match allowed {
        Allowed::Accounts { partition, accounts }
            if partition.is_empty() || accounts.is_empty() || accounts.contains("") =>
        {
            Err(misuse("the partition or an account's id is empty, or there is no account"))
        }
        _ => Ok(()),
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
