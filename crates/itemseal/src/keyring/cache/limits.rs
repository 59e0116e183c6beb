use std::time::Duration;

/// How much, how long and how often a [`CachingKeyring`](super::CachingKeyring) remembers.
///
/// By default 1,000 entries for 60 seconds, each used 100 times.
#[derive(Clone, Copy, Debug)]
pub struct CacheLimits {
    pub(super) most_age: Duration,
    pub(super) most_uses: u64,
    pub(super) most_entries: usize,
}

impl Default for CacheLimits {
    fn default() -> Self {
        Self { most_age: Duration::from_secs(60), most_uses: 100, most_entries: 1000 }
    }
}

impl CacheLimits {
    /// How long an entry may be used.
    #[must_use]
    pub fn most_age(mut self, most_age: Duration) -> Self {
        self.most_age = most_age;
        self
    }

    /// How many items one unwrapped key may open, the one that it was unwrapped for included.
    #[must_use]
    pub fn most_uses(mut self, most_uses: u64) -> Self {
        self.most_uses = most_uses;
        self
    }

    /// How many entries there may be; the one unused for longest makes way. An entry has 64 secret
    /// bytes, and some 400 bytes in all.
    #[must_use]
    pub fn most_entries(mut self, most_entries: usize) -> Self {
        self.most_entries = most_entries;
        self
    }
}

/// What a [`CachingKeyring`](super::CachingKeyring) has done.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CacheCounters {
    /// Items opened with a remembered key.
    pub hits: u64,
    /// Calls of the keyring.
    pub misses: u64,
    /// Items that waited for a call made for another.
    pub waits: u64,
    /// Entries that left: too old, used up, or to make way.
    pub evictions: u64,
    /// Entries now.
    pub entries: u64,
}
