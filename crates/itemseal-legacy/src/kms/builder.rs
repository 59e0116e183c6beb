use itemseal::Result;
use itemseal::failover::Route;
use itemseal::keyring::KmsAccess;
use itemseal::kms::KeyArn;

use super::{Allowed, LegacyKms, Source};
use crate::error::misuse;

/// Builds a [`LegacyKms`]. Exactly one of [`keys`](Self::keys), [`accounts`](Self::accounts) and
/// [`any_key`](Self::any_key) is needed.
#[derive(Clone, Debug)]
pub struct LegacyKmsBuilder {
    pub(super) access: KmsAccess,
    pub(super) keys: Vec<String>,
    pub(super) regions: Vec<String>,
    pub(super) discovery: Vec<Allowed>,
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
    /// [`Misuse`](itemseal::ErrorKind::Misuse) if it is not said, or said twice, which keys are allowed; if one is
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
