//! How many calls were made: what tests and demonstrations measure.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

/// Calls by Region and operation.
#[derive(Debug, Default)]
pub(super) struct Counters(Mutex<BTreeMap<(String, &'static str), u64>>);

impl Counters {
    pub(super) fn count(&self, region: &str, operation: &'static str) {
        *self.lock().entry((region.to_owned(), operation)).or_default() += 1;
    }

    pub(super) fn of(&self, region: &str, operation: &str) -> u64 {
        self.lock()
            .iter()
            .filter(|((r, o), _)| r == region && *o == operation)
            .map(|(_, n)| n)
            .sum()
    }

    pub(super) fn total(&self) -> u64 {
        self.lock().values().sum()
    }

    pub(super) fn snapshot(&self) -> BTreeMap<(String, String), u64> {
        let counts = self.lock();
        counts.iter().map(|((r, o), n)| ((r.clone(), (*o).to_owned()), *n)).collect()
    }

    pub(super) fn reset(&self) {
        self.lock().clear();
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, BTreeMap<(String, &'static str), u64>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
