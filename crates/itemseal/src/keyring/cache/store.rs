use std::collections::{BTreeMap, HashMap};
use std::time::Duration;

use super::CacheLimits;
use super::key::CacheKey;

/// Values with an age, a number of uses, and an order of last use. What leaves is dropped, and so
/// wiped.
pub(super) struct Store<V> {
    limits: CacheLimits,
    entries: HashMap<CacheKey, Entry<V>>,
    by_expiry: BTreeMap<(Duration, u64), CacheKey>,
    by_use: BTreeMap<u64, CacheKey>,
    ticks: u64,
    evictions: u64,
}

struct Entry<V> {
    value: V,
    uses_left: u64,
    expiry: (Duration, u64),
    used: u64,
}

impl<V> Store<V> {
    pub(super) fn new(limits: CacheLimits) -> Self {
        let (entries, by_expiry, by_use) = Default::default();
        Self { limits, entries, by_expiry, by_use, ticks: 0, evictions: 0 }
    }

    pub(super) fn len(&self) -> usize {
        self.entries.len()
    }

    pub(super) fn evictions(&self) -> u64 {
        self.evictions
    }

    /// Uses a value once.
    pub(super) fn take_use<T>(
        &mut self,
        key: &CacheKey,
        now: Duration,
        take: impl FnOnce(&V) -> T,
    ) -> Option<T> {
        self.drop_expired(now);
        let tick = self.tick();
        let entry = self.entries.get_mut(key)?;
        let taken = take(&entry.value);
        entry.uses_left -= 1;
        self.by_use.remove(&entry.used);
        self.by_use.insert(tick, *key);
        entry.used = tick;
        if entry.uses_left == 0 {
            self.evict(*key);
        }
        Some(taken)
    }

    /// Adds a value that has been used once already.
    pub(super) fn insert(&mut self, key: CacheKey, now: Duration, value: V) {
        self.drop_expired(now);
        let CacheLimits { most_age, most_uses, most_entries } = self.limits;
        let uses_left = most_uses.saturating_sub(1);
        if uses_left == 0 || most_entries == 0 || most_age.is_zero() {
            return;
        }
        self.remove(key);
        while self.entries.len() >= most_entries {
            let Some((_, &oldest)) = self.by_use.first_key_value() else { break };
            self.evict(oldest);
        }
        let tick = self.tick();
        let expiry = (now.saturating_add(most_age), tick);
        self.by_expiry.insert(expiry, key);
        self.by_use.insert(tick, key);
        self.entries.insert(key, Entry { value, uses_left, expiry, used: tick });
    }

    pub(super) fn clear(&mut self) {
        self.evictions += self.entries.len() as u64;
        self.entries.clear();
        self.by_expiry.clear();
        self.by_use.clear();
    }

    fn drop_expired(&mut self, now: Duration) {
        while let Some((&(expires, _), &key)) = self.by_expiry.first_key_value() {
            if expires > now {
                break;
            }
            self.evict(key);
        }
    }

    fn evict(&mut self, key: CacheKey) {
        self.evictions += u64::from(self.remove(key));
    }

    fn remove(&mut self, key: CacheKey) -> bool {
        let Some(entry) = self.entries.remove(&key) else { return false };
        self.by_expiry.remove(&entry.expiry);
        self.by_use.remove(&entry.used);
        true
    }

    fn tick(&mut self) -> u64 {
        self.ticks += 1;
        self.ticks
    }
}
