//! Which Regions reach which, and how fast.

use super::{Fault, Faults, random};
use crate::clock::Micros;

impl Faults {
    /// Whether changes go from one Region to the other at all.
    pub(crate) fn connected(&self, a: &str, b: &str) -> bool {
        let state = self.lock();
        let mut cuts = state.of(|fault| match fault {
            Fault::Partition { region, from: None } => Some(region == a || region == b),
            Fault::Partition { region, from: Some(from) } => Some(is_pair((region, from), (a, b))),
            _ => None,
        });
        !cuts.any(|cut| cut)
    }

    /// How long the change with this number takes from one Region to the other, in microseconds. It
    /// is drawn from the change, not from a sequence: so it is the same whenever it is asked for.
    pub(crate) fn lag(&self, from: &str, to: &str, change: i64) -> Micros {
        let state = self.lock();
        let is = |fault: &Option<String>, region| fault.as_deref().is_none_or(|r| r == region);
        let delays = state.of(|fault| match fault {
            Fault::Lag { from: a, to: b, delay } if is(a, from) && is(b, to) => Some(*delay),
            _ => None,
        });
        let Some(delay) = delays.last() else { return 0 };
        let about = [b"lag", from.as_bytes(), to.as_bytes(), &change.to_be_bytes()];
        delay.at(random::unit(self.inner.seed, &about))
    }

    /// Whether changes take time between any Regions.
    pub(crate) fn any_lag(&self) -> bool {
        let state = self.lock();
        state.of(|fault| matches!(fault, Fault::Lag { .. }).then_some(())).next().is_some()
    }

    /// Cuts a Region off from all others, or from one. Twice is once.
    pub(crate) fn cut(&self, region: &str, from: Option<&str>) {
        let mut state = self.lock();
        let is_there = |fault: &Fault| match (fault, from) {
            (Fault::Partition { region: a, from: None }, None) => a == region,
            (Fault::Partition { region: a, from: Some(b) }, Some(from)) => {
                is_pair((a, b), (region, from))
            }
            _ => false,
        };
        if !state.active.values().any(|active| is_there(&active.fault)) {
            let (region, from) = (region.to_owned(), from.map(str::to_owned));
            state.add(Fault::Partition { region, from });
        }
    }

    /// Undoes every cut that was made for a Region, or is between it and another.
    pub(crate) fn heal(&self, region: &str) {
        self.remove_where(|fault| match fault {
            Fault::Partition { region: a, from } => a == region || from.as_deref() == Some(region),
            _ => false,
        });
    }

    /// Undoes the cut between two Regions only.
    pub(crate) fn heal_between(&self, a: &str, b: &str) {
        self.remove_where(|fault| match fault {
            Fault::Partition { region, from: Some(from) } => is_pair((region, from), (a, b)),
            _ => false,
        });
    }

    /// Undoes all cuts.
    pub(crate) fn heal_all(&self) {
        self.remove_where(|fault| matches!(fault, Fault::Partition { .. }));
    }

    /// Replaces a Region's skew, in microseconds.
    pub(crate) fn set_skew(&self, region: &str, micros: Micros) {
        self.remove_where(|fault| matches!(fault, Fault::Skew { region: at, .. } if at == region));
        if micros != 0 {
            self.lock().add(Fault::skew(region, micros));
        }
    }
}

fn is_pair((a, b): (&String, &String), (c, d): (&str, &str)) -> bool {
    (a == c && b == d) || (a == d && b == c)
}
