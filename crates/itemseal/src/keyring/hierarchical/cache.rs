use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::future::Future;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::BranchKey;
use super::entry::{Entry, EntryId, Scope, Wanted};
use crate::error::Result;
use crate::keyring::flights::{Flight, Flights, Landing, Turn};
use crate::timer::{Timer, within};

/// Most entries of a cache, unless given.
const MOST_ENTRIES: usize = 1000;
/// How long the old key serves before a key store that could not be reached is asked again.
const RETRY: Duration = Duration::from_secs(1);
/// The longest that one waits for what is being asked for another.
const LONGEST_WAIT: Duration = Duration::from_secs(10);

/// Branch keys, kept for as long as their keyrings allow. Cheap to clone: clones are one cache, and
/// keyrings can share it.
///
/// When several want the same key at once, one asks the key store. Keys are wiped when they leave.
#[derive(Clone)]
pub struct BranchKeyCache {
    shared: Arc<Mutex<Shared>>,
}

/// How often a [`BranchKeyCache`] was of use.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct BranchKeyCounters {
    /// Data keys wrapped or unwrapped with a branch key that was there.
    pub hits: u64,
    /// How often a key store was asked: one KMS call each, if it has the key.
    pub misses: u64,
    /// How often one waited for what was being asked for another.
    pub waits: u64,
    /// How often an old key served because the key store could not be reached.
    pub served_old: u64,
    /// Branch keys that made way or grew too old.
    pub evictions: u64,
    /// Branch keys that are there.
    pub entries: u64,
}

/// Behind one lock, which is held for a look-up and never across an await.
struct Shared {
    most_entries: usize,
    entries: HashMap<EntryId, Entry>,
    by_use: BTreeMap<u64, EntryId>,
    uses: u64,
    flights: Flights<EntryId>,
    counters: BranchKeyCounters,
}

enum Step {
    Use(Arc<BranchKey>),
    /// Ask; meanwhile, and if it cannot be reached, this one may serve.
    Ask(Landing<EntryId>, Option<Arc<BranchKey>>),
    Wait(Arc<Flight>),
}

impl Default for BranchKeyCache {
    fn default() -> Self {
        Self::with_most_entries(MOST_ENTRIES)
    }
}

impl BranchKeyCache {
    /// A cache of at most so many branch key versions; the one unused for longest makes way. None are kept if it
    /// is zero: then each item costs a KMS call.
    pub fn with_most_entries(most_entries: usize) -> Self {
        let shared = Shared {
            most_entries,
            entries: HashMap::new(),
            by_use: BTreeMap::new(),
            uses: 0,
            flights: Flights::default(),
            counters: BranchKeyCounters::default(),
        };
        Self { shared: Arc::new(Mutex::new(shared)) }
    }

    /// How often it was of use.
    pub fn counters(&self) -> BranchKeyCounters {
        let shared = lock(&self.shared);
        BranchKeyCounters { entries: shared.entries.len() as u64, ..shared.counters }
    }

    /// Forgets, and wipes, every branch key.
    pub fn clear(&self) {
        let mut shared = lock(&self.shared);
        shared.counters.evictions += shared.entries.len() as u64;
        shared.entries.clear();
        shared.by_use.clear();
    }

    pub(super) fn forget(&self, scope: &Scope) {
        let mut shared = lock(&self.shared);
        let of_scope =
            |entry: &&EntryId| shared.entries.get(*entry).is_some_and(|e| e.scope == scope.id);
        let ids: Vec<EntryId> = shared.entries.keys().filter(of_scope).copied().collect();
        for id in ids {
            shared.remove(id);
        }
    }

    /// Whether what is wanted is here, not too old to serve, and of this version.
    pub(super) fn has(
        &self,
        scope: &Scope,
        timer: &dyn Timer,
        wanted: &Wanted,
        version: &[u8; 16],
    ) -> bool {
        let (id, now) = (scope.entry(wanted), timer.now());
        lock(&self.shared).entries.get(&id).is_some_and(|entry| {
            now.saturating_sub(entry.since) < scope.most_age && entry.key.version() == version
        })
    }

    /// The branch key that is wanted, from here or from `ask`.
    pub(super) async fn get<F>(
        &self,
        scope: &Scope,
        timer: &dyn Timer,
        wanted: &Wanted,
        ask: impl Fn() -> F,
    ) -> Result<Arc<BranchKey>>
    where
        F: Future<Output = Result<BranchKey>>,
    {
        let id = scope.entry(wanted);
        loop {
            match self.step(scope, timer.now(), id) {
                Step::Use(key) => return Ok(key),
                Step::Ask(landing, old) => {
                    return self.ask(scope, timer, id, landing, old, ask().await);
                }
                Step::Wait(flight) => match within(timer, LONGEST_WAIT, flight.wait()).await {
                    Some(Some(error)) => return Err(error),
                    Some(None) => {}
                    // Whoever asks is not being polled: nobody has to wait for that.
                    None => {
                        lock(&self.shared).counters.misses += 1;
                        return ask().await.map(Arc::new);
                    }
                },
            }
        }
    }

    fn step(&self, scope: &Scope, now: Duration, id: EntryId) -> Step {
        let mut guard = lock(&self.shared);
        let shared = &mut *guard;
        let mut old = None;
        if let Some(entry) = shared.entries.get(&id) {
            let age = now.saturating_sub(entry.since);
            let key = Arc::clone(&entry.key);
            if age < scope.ttl {
                shared.counters.hits += 1;
                shared.touch(id);
                return Step::Use(key);
            }
            if age >= scope.most_age {
                shared.remove(id);
            } else if now < entry.not_before || shared.flights.has(id) {
                shared.counters.hits += 1;
                shared.counters.served_old += 1;
                shared.touch(id);
                return Step::Use(key);
            } else {
                old = Some(key);
            }
        }
        match shared.flights.join(id) {
            Turn::Follow(flight) => {
                shared.counters.waits += 1;
                Step::Wait(flight)
            }
            Turn::Lead(landing) => {
                shared.counters.misses += 1;
                Step::Ask(landing, old)
            }
        }
    }

    fn ask(
        &self,
        scope: &Scope,
        timer: &dyn Timer,
        id: EntryId,
        landing: Landing<EntryId>,
        old: Option<Arc<BranchKey>>,
        answer: Result<BranchKey>,
    ) -> Result<Arc<BranchKey>> {
        let now = timer.now();
        match answer {
            Ok(key) => {
                let key = Arc::new(key);
                lock(&self.shared).insert(id, scope.id, now, Arc::clone(&key));
                // Those who wait find it there.
                drop(landing);
                Ok(key)
            }
            Err(error) if error.is_retryable() && old.is_some() => {
                let mut shared = lock(&self.shared);
                if let Some(entry) = shared.entries.get_mut(&id) {
                    entry.not_before = now.saturating_add(RETRY);
                }
                shared.counters.served_old += 1;
                drop(shared);
                drop(landing);
                old.ok_or(error)
            }
            Err(error) => {
                // It may not be used any more, or has never been.
                lock(&self.shared).remove(id);
                landing.failed(error.repeat());
                Err(error)
            }
        }
    }
}

impl Shared {
    fn touch(&mut self, id: EntryId) {
        let Some(entry) = self.entries.get_mut(&id) else { return };
        self.uses += 1;
        self.by_use.remove(&entry.used);
        self.by_use.insert(self.uses, id);
        entry.used = self.uses;
    }

    fn insert(&mut self, id: EntryId, scope: EntryId, now: Duration, key: Arc<BranchKey>) {
        if let Some(old) = self.entries.remove(&id) {
            self.by_use.remove(&old.used);
        }
        if self.most_entries == 0 {
            return;
        }
        while self.entries.len() >= self.most_entries {
            let Some((_, &oldest)) = self.by_use.first_key_value() else { break };
            self.remove(oldest);
        }
        self.uses += 1;
        self.by_use.insert(self.uses, id);
        let entry = Entry { key, scope, since: now, not_before: now, used: self.uses };
        self.entries.insert(id, entry);
    }

    fn remove(&mut self, id: EntryId) {
        if let Some(entry) = self.entries.remove(&id) {
            self.by_use.remove(&entry.used);
            self.counters.evictions += 1;
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // Each change is whole, so a panic elsewhere leaves nothing half done.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl fmt::Debug for BranchKeyCache {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BranchKeyCache").field("counters", &self.counters()).finish_non_exhaustive()
    }
}
