//! The AWS KMS hierarchical keyring: data keys under branch keys, which a key store has and a cache keeps.

mod cache;
mod entry;
mod supplier;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

pub use cache::{BranchKeyCache, BranchKeyCounters};
pub use supplier::BranchKeyIdSupplier;

use self::entry::{Scope, Wanted};
use super::branch_key::{BranchKey, PROVIDER_ID, Sealed};
use super::wrapping::{unwrap_data_key, wrap_data_key};
use super::{Keyring, KeyringFuture};
use crate::context::EncryptionContext;
use crate::error::{Error, Result};
use crate::format::item_context;
use crate::keystore::KeyStore;
use crate::materials::{Recipient, UnwrapRequest, Unwrapped, WrapRequest};
use crate::secret::IntermediateKey;
use crate::timer::Timer;

/// How long a branch key is used before it is asked for again.
const TTL: Duration = Duration::from_secs(600);

/// Wraps data keys under branch keys: one KMS call for each branch key version and process, whatever the number
/// of items.
///
/// A branch key is used for its [`ttl`](HierarchicalKeyringBuilder::ttl) and then asked for again, by one
/// caller while the others go on with what they have. If KMS or the key store cannot be reached then, the old
/// one serves on until it is as old as [`most_age`](HierarchicalKeyringBuilder::most_age); that it was denied or
/// disabled ends its use at once.
///
/// Source: [AWS KMS hierarchical keyring](https://github.com/awslabs/aws-encryption-sdk-specification/blob/master/framework/aws-kms/aws-kms-hierarchical-keyring.md).
pub struct HierarchicalKeyring {
    store: KeyStore,
    source: Source,
    cache: BranchKeyCache,
    scope: Arc<Scope>,
    timer: Arc<dyn Timer>,
}

/// Whose branch key an item is under.
enum Source {
    One(String),
    Supplied(Box<dyn BranchKeyIdSupplier>),
}

/// Builds a [`HierarchicalKeyring`].
pub struct HierarchicalKeyringBuilder {
    store: KeyStore,
    source: Source,
    cache: Option<BranchKeyCache>,
    partition: Option<String>,
    timer: Option<Arc<dyn Timer>>,
    ttl: Duration,
    most_age: Option<Duration>,
}

impl HierarchicalKeyring {
    /// Starts a keyring for one branch key.
    pub fn builder(
        store: KeyStore,
        branch_key_id: impl Into<String>,
    ) -> HierarchicalKeyringBuilder {
        HierarchicalKeyringBuilder::new(store, Source::One(branch_key_id.into()))
    }

    /// Starts a keyring that asks `supplier` whose branch key each item is under: one for each tenant, say.
    pub fn with_supplier(
        store: KeyStore,
        supplier: impl BranchKeyIdSupplier + 'static,
    ) -> HierarchicalKeyringBuilder {
        HierarchicalKeyringBuilder::new(store, Source::Supplied(Box::new(supplier)))
    }

    /// How often its cache was of use; of all keyrings that share it.
    pub fn counters(&self) -> BranchKeyCounters {
        self.cache.counters()
    }

    /// Forgets its branch keys, and has them asked for again.
    pub fn forget(&self) {
        self.cache.forget(&self.scope);
    }

    fn branch_key_id(&self, context: &EncryptionContext) -> Result<String> {
        match &self.source {
            Source::One(id) => Ok(id.clone()),
            Source::Supplied(supplier) => {
                let id = supplier.branch_key_id(&item_context::attributes(context)?)?;
                match id.is_empty() {
                    true => Err(Error::misuse("the supplier gave an empty branch key id")),
                    false => Ok(id),
                }
            }
        }
    }

    async fn key(&self, wanted: Wanted) -> Result<Arc<BranchKey>> {
        let ask = || -> KeyringFuture<'_, BranchKey> {
            match &wanted {
                Wanted::Active(id) => Box::pin(self.store.active_key(id)),
                Wanted::Version(id, version) => Box::pin(self.store.version_key(id, *version)),
            }
        };
        self.cache.get(&self.scope, &*self.timer, &wanted, ask).await
    }

    /// A version to read with: the active one that is there already, if it is that one, which saves its own call.
    async fn key_of(&self, id: &str, version: [u8; 16]) -> Result<Arc<BranchKey>> {
        let active = Wanted::Active(id.to_owned());
        if self.cache.has(&self.scope, &*self.timer, &active, &version)
            && let Ok(key) = self.key(active).await
            && *key.version() == version
        {
            return Ok(key);
        }
        self.key(Wanted::Version(id.to_owned(), version)).await
    }

    async fn wrap_now(&self, request: WrapRequest<'_>) -> Result<Vec<Recipient>> {
        let id = self.branch_key_id(request.context)?;
        let key = self.key(Wanted::Active(id)).await?;
        let intermediate = IntermediateKey::random()?;
        let part = key.seal(&intermediate, request.context)?;
        let info = key.id().as_bytes();
        Ok(vec![wrap_data_key(request, &intermediate, PROVIDER_ID, info, &part)?])
    }

    async fn is_active(&self, request: UnwrapRequest<'_>) -> Result<bool> {
        let id = self.branch_key_id(request.context)?;
        let [edk] = request.edks else { return Ok(false) };
        if edk.provider_id() != PROVIDER_ID || edk.provider_info() != id.as_bytes() {
            return Ok(false);
        }
        let Some((_, sealed)) = Sealed::of(edk) else { return Ok(false) };
        let active = self.key(Wanted::Active(id)).await?;
        Ok(active.version() == sealed.version)
    }

    async fn unwrap_first(&self, request: UnwrapRequest<'_>) -> Result<Unwrapped> {
        let id = self.branch_key_id(request.context)?;
        let mut failures = Vec::new();
        for edk in request.edks {
            if edk.provider_id() != PROVIDER_ID || edk.provider_info() != id.as_bytes() {
                continue;
            }
            let Some((part, sealed)) = Sealed::of(edk) else { continue };
            let key = match self.key_of(&id, *sealed.version).await {
                Ok(key) => key,
                Err(error) => {
                    failures.push(error);
                    continue;
                }
            };
            let opened = sealed
                .open(&key, request.context)
                .and_then(|intermediate| unwrap_data_key(request.context, &intermediate, part));
            match opened {
                Ok(unwrapped) => return Ok(unwrapped),
                Err(error) => failures.push(error),
            }
        }
        Err(Error::most_telling_of(failures).unwrap_or_else(Error::authentication))
    }
}

impl HierarchicalKeyringBuilder {
    fn new(store: KeyStore, source: Source) -> Self {
        let timer = store.timer();
        Self { store, source, cache: None, partition: None, timer, ttl: TTL, most_age: None }
    }

    /// How long a branch key is used before it is asked for again; 10 minutes unless given. A rotation is seen
    /// after that time, and that a permission was taken away.
    #[must_use]
    pub fn ttl(mut self, ttl: Duration) -> Self {
        self.ttl = ttl;
        self
    }

    /// How long a branch key is used at most, while KMS or the key store cannot be reached; six times the
    /// [`ttl`](Self::ttl) unless given.
    #[must_use]
    pub fn most_age(mut self, most_age: Duration) -> Self {
        self.most_age = Some(most_age);
        self
    }

    /// Keeps its branch keys in `cache`, which other keyrings may share; one of its own with 1,000 entries
    /// unless given. Keyrings find each other's branch keys if they have the same `partition` and key store name;
    /// give two that must not a partition each.
    #[must_use]
    pub fn cache(mut self, cache: &BranchKeyCache, partition: impl Into<String>) -> Self {
        self.cache = Some(cache.clone());
        self.partition = Some(partition.into());
        self
    }

    /// Measures ages with another timer than the one of the key store's [`KmsAccess`](super::KmsAccess).
    #[must_use]
    pub fn timer(mut self, timer: impl Timer + 'static) -> Self {
        self.timer = Some(Arc::new(timer));
        self
    }

    /// Checks what was given.
    ///
    /// # Errors
    /// [`Misuse`](crate::ErrorKind::Misuse) if the branch key's id is empty, a time is zero or the most age below
    /// the ttl, or there is no timer.
    pub fn build(self) -> Result<HierarchicalKeyring> {
        if matches!(&self.source, Source::One(id) if id.is_empty()) {
            return Err(Error::misuse("the branch key's id is empty"));
        }
        let most_age = self.most_age.unwrap_or(self.ttl.saturating_mul(6));
        if self.ttl.is_zero() || most_age < self.ttl {
            return Err(Error::misuse(
                "a branch key is used for some time: the ttl is above zero, and the most age not below it",
            ));
        }
        let timer = self.timer.ok_or_else(|| {
            Error::misuse("ages cannot be measured: the KMS has no timer; give one with timer(…)")
        })?;
        let name = self.store.logical_name().to_owned();
        let scope = Arc::new(Scope::new(self.partition, name, self.ttl, most_age)?);
        let cache = self.cache.unwrap_or_default();
        Ok(HierarchicalKeyring { store: self.store, source: self.source, cache, scope, timer })
    }
}

impl Keyring for HierarchicalKeyring {
    fn wrap<'a>(&'a self, request: WrapRequest<'a>) -> KeyringFuture<'a, Vec<Recipient>> {
        Box::pin(self.wrap_now(request))
    }

    fn unwrap<'a>(&'a self, request: UnwrapRequest<'a>) -> KeyringFuture<'a, Unwrapped> {
        Box::pin(self.unwrap_first(request))
    }

    fn is_current<'a>(&'a self, request: UnwrapRequest<'a>) -> KeyringFuture<'a, bool> {
        Box::pin(self.is_active(request))
    }

    fn regions(&self) -> Vec<String> {
        self.store.regions()
    }
}

impl fmt::Debug for HierarchicalKeyring {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HierarchicalKeyring").field("store", &self.store).finish_non_exhaustive()
    }
}

impl fmt::Debug for HierarchicalKeyringBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HierarchicalKeyringBuilder")
            .field("store", &self.store)
            .finish_non_exhaustive()
    }
}
