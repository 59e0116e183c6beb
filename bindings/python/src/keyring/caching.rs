//! A cache around another keyring.

use std::sync::{Arc, Mutex, PoisonError, Weak};

use itemseal::Result;
use itemseal::keyring::{self, CacheCounters, CacheLimits};
use itemseal_aws::TokioTimer;
use pyo3::prelude::*;
use pyo3::types::PyDict;

use super::{Keyring, Recipe};
use crate::per_process::PerProcess;
use crate::seconds::some_seconds;
use crate::services::Services;

/// The caches of a process, one for each encryptor: two may call AWS with different permissions.
type Caches = Mutex<Vec<Weak<keyring::CachingKeyring>>>;

struct Caching {
    keyring: Arc<dyn Recipe>,
    limits: CacheLimits,
    caches: PerProcess<Caches>,
}

impl Caching {
    fn all(&self) -> Vec<Arc<keyring::CachingKeyring>> {
        let Some(caches) = self.caches.get() else { return Vec::new() };
        let mut caches = caches.lock().unwrap_or_else(PoisonError::into_inner);
        caches.retain(|cache| cache.strong_count() > 0);
        caches.iter().filter_map(Weak::upgrade).collect()
    }
}

impl Recipe for Caching {
    fn build(&self, services: &dyn Services) -> Result<Arc<dyn itemseal::Keyring>> {
        let keyring = self.keyring.build(services)?;
        let cache = keyring::CachingKeyring::new(keyring, self.limits, TokioTimer::new());
        let cache = Arc::new(cache);
        let caches = self.caches.get_or_make(|| -> Result<_> { Ok(Caches::default()) })?;
        caches.lock().unwrap_or_else(PoisonError::into_inner).push(Arc::downgrade(&cache));
        Ok(cache)
    }

    fn waits(&self) -> bool {
        self.keyring.waits()
    }
}

/// Remembers the data keys that another keyring has unwrapped: an item that is read again costs no call. Each item
/// that is written has a data key of its own, and costs one.
///
/// most_age is how long a key may be used, 60 seconds unless given (seconds or a timedelta): for that time it has no
/// effect that a permission was taken away. most_uses is how many items one key may open, 100 unless given, and
/// most_entries how many keys there may be, 1,000 unless given; each encryptor has as many.
#[pyclass(frozen, extends = Keyring, module = "itemseal")]
pub(crate) struct CachingKeyring {
    caching: Arc<Caching>,
    keyring: String,
}

/// The same for the base class.
struct Shared(Arc<Caching>);

impl Recipe for Shared {
    fn build(&self, services: &dyn Services) -> Result<Arc<dyn itemseal::Keyring>> {
        self.0.build(services)
    }

    fn waits(&self) -> bool {
        self.0.waits()
    }
}

#[pymethods]
impl CachingKeyring {
    #[new]
    #[pyo3(signature = (keyring, *, most_age=None, most_uses=None, most_entries=None))]
    fn new(
        keyring: &Bound<'_, Keyring>,
        most_age: Option<&Bound<'_, PyAny>>,
        most_uses: Option<u64>,
        most_entries: Option<usize>,
    ) -> PyResult<PyClassInitializer<Self>> {
        let mut limits = CacheLimits::default();
        if let Some(most_age) = some_seconds("most_age", most_age)? {
            limits = limits.most_age(most_age);
        }
        if let Some(most_uses) = most_uses {
            limits = limits.most_uses(most_uses);
        }
        if let Some(most_entries) = most_entries {
            limits = limits.most_entries(most_entries);
        }
        let recipe = Arc::clone(&keyring.get().recipe);
        let caching = Arc::new(Caching { keyring: recipe, limits, caches: PerProcess::new() });
        let base = Keyring::new(Shared(Arc::clone(&caching)));
        let keyring = keyring.repr()?.to_string();
        Ok(PyClassInitializer::from(base).add_subclass(Self { caching, keyring }))
    }

    /// What the caches of this process have done, over the encryptors that are in use: hits, items opened with a
    /// remembered key; misses, calls of the keyring; waits, items that waited for a call made for another;
    /// evictions, keys that left; entries, keys now.
    fn counters<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let mut all = CacheCounters::default();
        for cache in self.caching.all() {
            let one = cache.counters();
            all.hits += one.hits;
            all.misses += one.misses;
            all.waits += one.waits;
            all.evictions += one.evictions;
            all.entries += one.entries;
        }
        let counters = PyDict::new(py);
        counters.set_item("hits", all.hits)?;
        counters.set_item("misses", all.misses)?;
        counters.set_item("waits", all.waits)?;
        counters.set_item("evictions", all.evictions)?;
        counters.set_item("entries", all.entries)?;
        Ok(counters)
    }

    /// Forgets, and wipes, every key in this process.
    fn clear(&self) {
        for cache in self.caching.all() {
            cache.clear();
        }
    }

    fn __repr__(&self) -> String {
        format!("CachingKeyring({})", self.keyring)
    }
}
