//! Which Regions can reach which.

use std::collections::BTreeSet;

/// Cuts between Regions. A cut stops replication only: each Region goes on serving its callers.
#[derive(Debug, Default)]
pub(super) struct Links {
    alone: BTreeSet<String>,
    pairs: BTreeSet<(String, String)>,
}

impl Links {
    pub(super) fn cut(&mut self, region: &str) {
        self.alone.insert(region.to_owned());
    }

    pub(super) fn heal(&mut self, region: &str) {
        self.alone.remove(region);
        self.pairs.retain(|(a, b)| a != region && b != region);
    }

    pub(super) fn cut_between(&mut self, a: &str, b: &str) {
        self.pairs.insert(pair(a, b));
    }

    pub(super) fn heal_between(&mut self, a: &str, b: &str) {
        self.pairs.remove(&pair(a, b));
    }

    pub(super) fn heal_all(&mut self) {
        *self = Self::default();
    }

    pub(super) fn connected(&self, a: &str, b: &str) -> bool {
        !(self.alone.contains(a) || self.alone.contains(b) || self.pairs.contains(&pair(a, b)))
    }
}

fn pair(a: &str, b: &str) -> (String, String) {
    if a <= b { (a.to_owned(), b.to_owned()) } else { (b.to_owned(), a.to_owned()) }
}
