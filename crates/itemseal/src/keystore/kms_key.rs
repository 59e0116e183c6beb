use crate::error::{Error, Result};
use crate::kms::KeyArn;

/// Which KMS keys a key store uses.
/// Source: [AWS KMS configuration](https://github.com/awslabs/aws-encryption-sdk-specification/blob/master/framework/branch-key-store.md#aws-kms-configuration).
#[derive(Clone, Debug)]
pub struct KeyStoreKms(pub(super) Which);

#[derive(Clone, Debug)]
pub(super) enum Which {
    /// This key and no other.
    Key(KeyArn),
    /// This key or a related multi-Region key; asked in these Regions.
    Mrk(KeyArn, Vec<String>),
    /// Whichever the item names, in this Region.
    Discovery(String),
    /// Whichever the item names; of a multi-Region key the one in this Region.
    MrDiscovery(String),
}

impl KeyStoreKms {
    /// This key and no other, in its own Region.
    ///
    /// # Errors
    /// [`Misuse`](crate::ErrorKind::Misuse) if it is not a key's full ARN.
    pub fn key(arn: impl AsRef<str>) -> Result<Self> {
        Ok(Self(Which::Key(arn.as_ref().parse()?)))
    }

    /// A multi-Region key, asked in the first of `regions` that answers; in the ARN's own if there are none. Keys that
    /// a related key has encrypted open too.
    ///
    /// # Errors
    /// [`Misuse`](crate::ErrorKind::Misuse) if it is not a key's full ARN, or there are several Regions for a
    /// key that is in one, or one is listed twice.
    pub fn mrk<R: Into<String>>(
        arn: impl AsRef<str>,
        regions: impl IntoIterator<Item = R>,
    ) -> Result<Self> {
        let key: KeyArn = arn.as_ref().parse()?;
        let mut regions: Vec<String> = regions.into_iter().map(Into::into).collect();
        if regions.is_empty() {
            regions.push(key.region().to_owned());
        }
        for (at, region) in regions.iter().enumerate() {
            if regions.iter().take(at).any(|earlier| earlier == region) {
                return Err(Error::misuse(format!("the Region {region} is listed twice")));
            }
            if !key.is_multi_region() && region != key.region() {
                return Err(Error::misuse(format!(
                    "the key is in {} only; a multi-Region key's id starts with mrk-",
                    key.region()
                )));
            }
        }
        Ok(Self(Which::Mrk(key, regions)))
    }

    /// Whichever key an item of the store names, if it is in `region`. It reads only.
    pub fn discovery(region: impl Into<String>) -> Self {
        Self(Which::Discovery(region.into()))
    }

    /// Whichever key an item of the store names, of a multi-Region key the one in `region`; a key of another Region
    /// alone is refused. It reads only.
    pub fn mr_discovery(region: impl Into<String>) -> Self {
        Self(Which::MrDiscovery(region.into()))
    }

    /// The Regions in which KMS is asked.
    pub(super) fn regions(&self) -> Vec<String> {
        match &self.0 {
            Which::Key(key) => vec![key.region().to_owned()],
            Which::Mrk(_, regions) => regions.clone(),
            Which::Discovery(region) | Which::MrDiscovery(region) => vec![region.clone()],
        }
    }

    /// The key that new keys are made under.
    ///
    /// # Errors
    /// [`Misuse`](crate::ErrorKind::Misuse) for discovery.
    pub(super) fn to_write_with(&self) -> Result<&KeyArn> {
        match &self.0 {
            Which::Key(key) | Which::Mrk(key, _) => Ok(key),
            Which::Discovery(_) | Which::MrDiscovery(_) => Err(Error::misuse(
                "a key store that discovers its KMS keys only reads; name a key to make new ones",
            )),
        }
    }

    /// The key to ask for what `stored` has encrypted, in a Region of [`regions`](Self::regions).
    ///
    /// # Errors
    /// [`Refused`](crate::ErrorKind::Refused) if another key than the configured one has.
    pub(super) fn to_read_with(&self, stored: &KeyArn, region: &str) -> Result<KeyArn> {
        let other = || {
            Error::new(
                crate::ErrorKind::Refused,
                "the branch key is under another KMS key than the key store is configured with",
            )
        };
        match &self.0 {
            Which::Key(key) if key == stored => Ok(key.clone()),
            Which::Mrk(key, _) if key.matches_for_decrypt(stored) => Ok(key.in_region(region)),
            Which::Key(_) | Which::Mrk(..) => Err(other()),
            // The Region that was chosen and no other: KMS is not asked where nobody expects it.
            Which::Discovery(_) | Which::MrDiscovery(_) => {
                let is_mr = matches!(self.0, Which::MrDiscovery(_)) && stored.is_multi_region();
                match is_mr || stored.region() == region {
                    true => Ok(stored.in_region(region)),
                    false => Err(elsewhere(stored, region)),
                }
            }
        }
    }
}

fn elsewhere(stored: &KeyArn, region: &str) -> Error {
    let message = format!(
        "the branch key is under a KMS key in {}, and the key store discovers keys in {region}; discover them in \
         {0}, or a multi-Region key's replicas with mr_discovery",
        stored.region()
    );
    Error::new(crate::ErrorKind::Refused, message).with_region(region)
}
