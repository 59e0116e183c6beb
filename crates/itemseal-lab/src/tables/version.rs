//! When and where a write was made: what decides between two Regions' writes of one item.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::clock::{Clock, Micros, SkewedClock};

/// A write of one item. The order is the one that decides conflicts: the later write wins, and of
/// two in the same microsecond the one whose Region has the greater name.
///
/// DynamoDB's timestamp is internal and undocumented beyond "last writer wins"
/// ([global tables](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/V2globaltables_HowItWorks.html));
/// the unit and the tie-break are the lab's.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Version {
    /// When, by the clock of the Region that wrote, in microseconds since the Unix epoch. No two writes
    /// of a Region share one, so many writes on a clock that stands run ahead of it.
    pub written_micros: Micros,
    /// The Region that wrote.
    pub region: String,
}

impl Version {
    pub(super) fn new(written_micros: Micros, region: impl Into<String>) -> Self {
        Self { written_micros, region: region.into() }
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} µs, {}", self.written_micros, self.region)
    }
}

/// Whether a write that arrives replaces what the Region has.
pub(super) type Merge = fn(arriving: &Version, present: &Version) -> bool;

/// The rule of multi-Region eventual consistency.
pub(super) fn last_writer_wins(arriving: &Version, present: &Version) -> bool {
    arriving > present
}

/// Gives every write of a Region its version.
#[derive(Debug)]
pub(super) struct Stamper {
    region: String,
    clock: Arc<SkewedClock>,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    last: Micros,
    /// Whether the Region wrote since it was last asked.
    wrote: bool,
    /// The version of the write that is being taken over from another Region.
    applying: Option<Version>,
}

impl Stamper {
    pub(super) fn new(region: String, clock: Arc<SkewedClock>) -> Self {
        Self { region, clock, state: Mutex::default() }
    }

    /// Later than all that the Region wrote, and than `present`: a write that replaces a version it
    /// has seen must win over it everywhere, however far behind the Region's clock is.
    pub(super) fn stamp(&self, present: Micros) -> Micros {
        let mut state = self.state();
        if let Some(version) = &state.applying {
            return version.written_micros;
        }
        let earliest = state.last.max(present).saturating_add(1);
        state.last = self.clock.now_micros().max(earliest);
        state.wrote = true;
        state.last
    }

    /// The Region that the write belongs to.
    pub(super) fn writer(&self) -> String {
        self.state().applying.as_ref().map_or_else(|| self.region.clone(), |v| v.region.clone())
    }

    /// Whether the Region wrote, on its own behalf, since this was last called.
    pub(super) fn take_wrote(&self) -> bool {
        std::mem::take(&mut self.state().wrote)
    }

    pub(super) fn is_applying(&self) -> bool {
        self.state().applying.is_some()
    }

    /// After a restart: nothing is stamped at or before `last`.
    pub(super) fn resume_after(&self, last: Micros) {
        let mut state = self.state();
        state.last = state.last.max(last);
    }

    /// Runs `write` so that what it writes keeps `version`, and is not sent on.
    pub(super) fn applying<T>(&self, version: &Version, write: impl FnOnce() -> T) -> T {
        struct Reset<'s>(&'s Stamper);
        impl Drop for Reset<'_> {
            fn drop(&mut self) {
                self.0.state().applying = None;
            }
        }
        self.state().applying = Some(version.clone());
        let _reset = Reset(self);
        write()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
