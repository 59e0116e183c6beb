//! A decrypt cache: one wrapper around a keyring, a store with limits, and one call for all who wait.

mod key;
mod limits;
mod store;
#[cfg(test)]
mod tests;

use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

pub use limits::{CacheCounters, CacheLimits};

use self::key::CacheKey;
use self::store::Store;
use super::flights::{Flights, Landing, Turn};
use super::{Keyring, KeyringFuture};
use crate::error::Result;
use crate::materials::{Recipient, UnwrapRequest, Unwrapped, WrapRequest};
use crate::timer::{Timer, within};

/// The longest that one waits for a call made for another.
const LONGEST_WAIT: Duration = Duration::from_secs(5);

/// Remembers the data keys that another keyring has unwrapped, so that an item that is read again
/// costs no call. It writes through: every item has a data key of its own.
///
/// An entry is found by everything that the keyring would be asked: the encrypted data keys, the whole
/// encryption context, the algorithm suite and the commitment policy. So it is never found for another item,
/// nor for the same one under a weaker suite, and what it gives is verified with the item as always.
/// While an entry lives, taking away the permission to decrypt has no effect on it: keep
/// [`most_age`](CacheLimits::most_age) short.
///
/// Keys are wiped when they leave the cache. When many ask for the same one at once, one call is made.
///
/// ```
/// # use std::sync::Arc;
/// # use std::time::Duration;
/// # use itemseal::keyring::{CacheLimits, CachingKeyring, Keyring};
/// # fn cached(keyring: impl Keyring + 'static, timer: impl itemseal::timer::Timer + 'static) {
/// let limits = CacheLimits::default().most_age(Duration::from_secs(30)).most_entries(10_000);
/// let keyring = Arc::new(CachingKeyring::new(keyring, limits, timer));
/// println!("{} calls spared", keyring.counters().hits);
/// # }
/// ```
pub struct CachingKeyring {
    keyring: Box<dyn Keyring>,
    timer: Box<dyn Timer>,
    shared: Mutex<Shared>,
}

/// Behind one lock, which is held for a look-up and never across an await.
struct Shared {
    store: Store<Unwrapped>,
    flights: Flights<CacheKey>,
    counters: CacheCounters,
}

impl CachingKeyring {
    /// A cache in front of `keyring`. Ages, and waits of at most 5 seconds, are measured with `timer`.
    pub fn new(
        keyring: impl Keyring + 'static,
        limits: CacheLimits,
        timer: impl Timer + 'static,
    ) -> Self {
        let store = Store::new(limits);
        let shared =
            Shared { store, flights: Flights::default(), counters: CacheCounters::default() };
        Self { keyring: Box::new(keyring), timer: Box::new(timer), shared: Mutex::new(shared) }
    }

    /// How often the cache was of use since it was made.
    pub fn counters(&self) -> CacheCounters {
        let shared = lock(&self.shared);
        CacheCounters {
            entries: shared.store.len() as u64,
            evictions: shared.store.evictions(),
            ..shared.counters
        }
    }

    /// Forgets, and wipes, every key.
    pub fn clear(&self) {
        lock(&self.shared).store.clear();
    }

    async fn unwrap_cached(&self, request: UnwrapRequest<'_>) -> Result<Unwrapped> {
        let key = CacheKey::of(request)?;
        loop {
            match self.turn(key) {
                Ok(unwrapped) => return Ok(unwrapped),
                Err(Turn::Lead(landing)) => return self.lead(key, landing, request).await,
                Err(Turn::Follow(flight)) => {
                    match within(&*self.timer, LONGEST_WAIT, flight.wait()).await {
                        Some(Some(error)) => return Err(error),
                        Some(None) => {}
                        // Whoever makes the call is not being polled: nobody has to wait for that.
                        None => return self.ask_alone(key, request).await,
                    }
                }
            }
        }
    }

    async fn ask_alone(&self, key: CacheKey, request: UnwrapRequest<'_>) -> Result<Unwrapped> {
        lock(&self.shared).counters.misses += 1;
        let unwrapped = self.keyring.unwrap(request).await?;
        let now = self.timer.now();
        lock(&self.shared).store.insert(key, now, unwrapped.copy());
        Ok(unwrapped)
    }

    /// A remembered key, or whose turn it is to ask.
    fn turn(&self, key: CacheKey) -> Result<Unwrapped, Turn<CacheKey>> {
        let now = self.timer.now();
        let mut shared = lock(&self.shared);
        if let Some(unwrapped) = shared.store.take_use(&key, now, Unwrapped::copy) {
            shared.counters.hits += 1;
            return Ok(unwrapped);
        }
        let turn = shared.flights.join(key);
        match &turn {
            Turn::Lead(_) => shared.counters.misses += 1,
            Turn::Follow(_) => shared.counters.waits += 1,
        }
        Err(turn)
    }

    async fn lead(
        &self,
        key: CacheKey,
        landing: Landing<CacheKey>,
        request: UnwrapRequest<'_>,
    ) -> Result<Unwrapped> {
        let unwrapped = match self.keyring.unwrap(request).await {
            Ok(unwrapped) => unwrapped,
            Err(error) => {
                landing.failed(error.repeat());
                return Err(error);
            }
        };
        let now = self.timer.now();
        lock(&self.shared).store.insert(key, now, unwrapped.copy());
        // Those who wait find it there.
        drop(landing);
        Ok(unwrapped)
    }
}

fn lock(shared: &Mutex<Shared>) -> MutexGuard<'_, Shared> {
    // Each change is whole, so a panic elsewhere leaves nothing half done.
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

impl fmt::Debug for CachingKeyring {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CachingKeyring").field("keyring", &self.keyring).finish_non_exhaustive()
    }
}

impl Keyring for CachingKeyring {
    fn wrap<'a>(&'a self, request: WrapRequest<'a>) -> KeyringFuture<'a, Vec<Recipient>> {
        self.keyring.wrap(request)
    }

    fn unwrap<'a>(&'a self, request: UnwrapRequest<'a>) -> KeyringFuture<'a, Unwrapped> {
        Box::pin(self.unwrap_cached(request))
    }

    fn is_current<'a>(&'a self, request: UnwrapRequest<'a>) -> KeyringFuture<'a, bool> {
        self.keyring.is_current(request)
    }

    fn regions(&self) -> Vec<String> {
        self.keyring.regions()
    }
}
