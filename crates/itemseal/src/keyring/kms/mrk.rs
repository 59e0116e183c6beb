use std::time::Duration;

use super::answer::kms_part;
use super::{KmsAccess, key_of};
use crate::error::{Error, ErrorKind, Result};
use crate::failover::{MOST_PER_REGION, RegionOrder, Route};
use crate::keyring::{Keyring, KeyringFuture};
use crate::kms::KeyArn;
use crate::materials::{Recipient, UnwrapRequest, Unwrapped, WrapRequest};

/// Wraps data keys under one multi-Region key (MRK), through the first of its Regions that answers.
///
/// It writes one encrypted data key, whose provider info is the ARN of the replica that answered:
/// any conforming MRK keyring opens it, in any Region that has a replica. A Region that denies or
/// finds the ciphertext invalid ends the call; one that is unreachable, throttled or broken passes
/// it on to the next in the list, and is passed over for the next seconds: a second at first, up to
/// eight while it stays so. Where the first Region hangs this is known after 800 milliseconds.
///
/// All of it ends within the [deadline](KmsAccess::deadline) of 5 seconds. After the first round over the
/// Regions at most three calls are made for one item, and three that are throttled end it.
///
/// With one Region it is the AWS KMS MRK keyring.
/// Source: [AWS KMS MRK keyring](https://github.com/awslabs/aws-encryption-sdk-specification/blob/master/framework/aws-kms/aws-kms-mrk-keyring.md).
#[derive(Debug)]
pub struct MrkKeyring {
    key: KeyArn,
    route: Route,
    access: KmsAccess,
}

impl MrkKeyring {
    /// Starts a keyring over the MRK with this ARN. Only its Region is ever replaced.
    pub fn builder(key_arn: impl Into<String>) -> MrkKeyringBuilder {
        MrkKeyringBuilder {
            key_arn: key_arn.into(),
            regions: Vec::new(),
            deadline: None,
            most_per_region: MOST_PER_REGION,
            order: RegionOrder::AsGiven,
        }
    }

    /// A keyring of one Region, the one in the ARN.
    pub(super) fn in_own_region(key: KeyArn, access: KmsAccess) -> Self {
        Self { route: Route::new([key.region().to_owned()]), key, access }
    }

    async fn wrap_first(&self, request: WrapRequest<'_>) -> Result<Vec<Recipient>> {
        let mut budget = self.access.budget();
        let ask = async |region: &str, limit| {
            self.access.wrap_under(&self.key.in_region(region), limit, request).await
        };
        let one = self.route.ask_any(&mut budget, ask).await?;
        Ok(vec![one])
    }

    async fn unwrap_first(&self, request: UnwrapRequest<'_>) -> Result<Unwrapped> {
        let mut budget = self.access.budget();
        let mut failures = Vec::new();
        for edk in request.edks {
            let related = key_of(edk).is_some_and(|key| self.key.matches_for_decrypt(&key));
            let Some(part) = kms_part(edk).filter(|_| related) else { continue };
            let ask = async |region: &str, limit| {
                self.access.unwrap_under(&self.key.in_region(region), limit, request, part).await
            };
            match self.route.ask_any(&mut budget, ask).await {
                Ok(unwrapped) => return Ok(unwrapped),
                Err(error) => failures.push(error),
            }
        }
        Err(Error::first_of(failures).unwrap_or_else(Error::authentication))
    }
}

impl Keyring for MrkKeyring {
    fn wrap<'a>(&'a self, request: WrapRequest<'a>) -> KeyringFuture<'a, Vec<Recipient>> {
        Box::pin(self.wrap_first(request))
    }

    fn unwrap<'a>(&'a self, request: UnwrapRequest<'a>) -> KeyringFuture<'a, Unwrapped> {
        Box::pin(self.unwrap_first(request))
    }

    fn is_current<'a>(&'a self, request: UnwrapRequest<'a>) -> KeyringFuture<'a, bool> {
        let is_ours = |key: KeyArn| self.key.matches_for_decrypt(&key);
        let [edk] = request.edks else { return Box::pin(async { Ok(false) }) };
        let current = key_of(edk).is_some_and(is_ours);
        Box::pin(async move { Ok(current) })
    }

    fn regions(&self) -> Vec<String> {
        self.route.regions().map(str::to_owned).collect()
    }
}

/// Builds an [`MrkKeyring`].
#[derive(Clone, Debug)]
pub struct MrkKeyringBuilder {
    key_arn: String,
    regions: Vec<String>,
    deadline: Option<Duration>,
    most_per_region: Duration,
    order: RegionOrder,
}

impl MrkKeyringBuilder {
    /// The Regions to ask, in this order: the home Region first. Each needs a replica of the key.
    /// Without this only the Region in the key's ARN is asked.
    #[must_use]
    pub fn regions<R: Into<String>>(mut self, regions: impl IntoIterator<Item = R>) -> Self {
        self.regions = regions.into_iter().map(Into::into).collect();
        self
    }

    /// The most time that one item may take, over all Regions; 5 seconds without this.
    #[must_use]
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.deadline = Some(deadline);
        self
    }

    /// The most time that one Region may take while others are left to ask; 800 milliseconds without
    /// this. It must be enough to connect: three times the way there and back.
    #[must_use]
    pub fn most_per_region(mut self, most: Duration) -> Self {
        self.most_per_region = most;
        self
    }

    /// Whether the Regions are asked as they are given, or the [nearest](RegionOrder::Nearest) first.
    #[must_use]
    pub fn order(mut self, order: RegionOrder) -> Self {
        self.order = order;
        self
    }

    /// Checks the key and the Regions.
    ///
    /// # Errors
    /// [`Misuse`](ErrorKind::Misuse) if the key is not a multi-Region key's full ARN, or a Region
    /// is empty or listed twice.
    pub fn build(self, kms: impl Into<KmsAccess>) -> Result<MrkKeyring> {
        let key: KeyArn = self.key_arn.parse()?;
        if !key.is_multi_region() {
            return Err(Error::misuse(format!(
                "{key} is a single-Region key; create a multi-Region key (its id starts with mrk-)"
            )));
        }
        let regions =
            if self.regions.is_empty() { vec![key.region().to_owned()] } else { self.regions };
        check_regions(&regions)?;
        let mut access = kms.into();
        if let Some(deadline) = self.deadline {
            access = access.deadline(deadline);
        }
        let route =
            Route::new(regions).with_most_per_region(self.most_per_region).with_order(self.order);
        Ok(MrkKeyring { key, route, access })
    }
}

/// Every Region has a name, and is listed once.
pub(super) fn check_regions(regions: &[String]) -> Result<()> {
    for (index, region) in regions.iter().enumerate() {
        if region.is_empty() {
            return Err(Error::new(ErrorKind::Misuse, "a Region's name is empty"));
        }
        if regions.iter().take(index).any(|earlier| earlier == region) {
            return Err(Error::misuse(format!("the Region {region} is listed twice")));
        }
    }
    Ok(())
}
