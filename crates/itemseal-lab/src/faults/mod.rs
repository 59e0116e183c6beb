//! Faults: what a test or a user lets go wrong, and how the lab decides about each call and change.
//!
//! A [`Faults`] is a handle on the lab's list of [`Fault`]s. Every decision follows from the list,
//! the lab's clock and a seed that the lab's randomness gave at the start: the same calls meet the
//! same fate in every run with that seed. Nothing here waits.
//!
//! ```
//! use std::time::Duration;
//! use itemseal_lab::Lab;
//! use itemseal_lab::clock::ManualClock;
//! use itemseal_lab::faults::{Fault, Service, Verdict};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let clock = ManualClock::default();
//! let lab = Lab::builder().regions(["eu-west-1", "us-east-1"]).clock(clock.clone()).build()?;
//! let tables = lab.tables();
//! tables.create_table("eu-west-1", "Orders", "OrderID", None)?;
//! tables.add_replica("Orders", "us-east-1")?;
//!
//! lab.faults().add(Fault::lag("eu-west-1", "us-east-1", Duration::from_millis(800)))?;
//! lab.region("eu-west-1")?.put("Orders", itemseal::Item::new().with("OrderID", "1"))?;
//! assert!(tables.converge().is_err()); // it says what is still on its way
//! clock.advance(Duration::from_millis(800));
//! assert_eq!(tables.converge()?.applied, 1);
//!
//! let outage = lab.faults().add(Fault::outage("us-east-1"))?;
//! assert_eq!(lab.faults().before(Service::Kms, "us-east-1", "Decrypt"), Verdict::Refuse);
//! lab.faults().remove(outage);
//! # Ok(())
//! # }
//! ```

mod delay;
mod fault;
mod links;
mod millis;
mod random;
#[cfg(test)]
mod tests;
mod throttle;
mod verdict;

use std::collections::BTreeMap;
use std::fmt;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;

use itemseal::Result;
use serde::{Deserialize, Serialize};

pub use delay::Delay;
pub use fault::{Fault, OutageMode, Service};
pub use verdict::{Unanswered, Verdict};

use crate::clock::{Clock, Micros, SkewedClock};
use throttle::Bucket;

/// The name of a fault that was set; no two of a lab have the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct FaultId(u64);

impl FaultId {
    /// The id that an earlier answer gave as a number.
    pub fn new(number: u64) -> Self {
        Self(number)
    }
}

impl fmt::Display for FaultId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A fault that is set. In JSON: the fault's fields and its `id`.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ActiveFault {
    /// What [`Faults::remove`] takes.
    pub id: FaultId,
    /// What goes wrong.
    #[serde(flatten)]
    pub fault: Fault,
}

/// The faults of a lab. Clones are handles on the same list.
#[derive(Clone)]
pub struct Faults {
    inner: Arc<Inner>,
}

struct Inner {
    clock: Arc<dyn Clock>,
    seed: u64,
    /// Held for moments only, and no other lock is taken meanwhile.
    state: Mutex<State>,
    /// Whoever waits because of a fault is told that the list has changed.
    changed: OnceLock<Box<dyn Fn() + Send + Sync>>,
}

#[derive(Default)]
struct State {
    /// In the order in which they were set.
    active: BTreeMap<FaultId, Active>,
    last_id: u64,
    draws: u64,
    /// What each Region's clock adds to the lab's, in microseconds.
    skews: BTreeMap<String, Arc<AtomicI64>>,
}

struct Active {
    fault: Fault,
    /// What is left of a rate; of no use to other faults.
    bucket: Bucket,
}

impl Faults {
    /// No faults, on a lab's clock. What is random follows from `seed`.
    pub fn new(clock: Arc<dyn Clock>, seed: u64) -> Self {
        Self {
            inner: Arc::new(Inner {
                clock,
                seed,
                state: Mutex::default(),
                changed: OnceLock::new(),
            }),
        }
    }

    /// Sets a fault. It lasts until it is removed.
    ///
    /// # Errors
    /// [`Misuse`](itemseal::ErrorKind::Misuse) for a Region's name that cannot be one, a share
    /// outside of 0 to 1, a status outside of 500 to 599, or a delay whose bounds are swapped.
    pub fn add(&self, fault: Fault) -> Result<FaultId> {
        fault.check()?;
        let id = self.lock().add(fault);
        self.tell();
        Ok(id)
    }

    /// Removes a fault, and says whether there was one.
    pub fn remove(&self, id: FaultId) -> bool {
        let mut state = self.lock();
        let found = state.active.remove(&id).is_some();
        state.set_skews();
        drop(state);
        self.tell();
        found
    }

    /// Removes all faults, cuts and skews made through [`Tables`](crate::tables::Tables) included.
    pub fn clear(&self) {
        self.remove_where(|_| true);
    }

    /// All faults, in the order in which they were set.
    pub fn list(&self) -> Vec<ActiveFault> {
        let state = self.lock();
        let active = state.active.iter();
        active.map(|(id, active)| ActiveFault { id: *id, fault: active.fault.clone() }).collect()
    }

    /// Whether the lab's clock moves only by hand.
    pub(crate) fn is_manual(&self) -> bool {
        self.inner.clock.as_manual().is_some()
    }

    /// The lab's time, without any Region's skew.
    pub(crate) fn now(&self) -> Micros {
        self.inner.clock.now_micros()
    }

    /// A Region's clock, which follows the skews that are set.
    pub(crate) fn clock_of(&self, region: &str) -> SkewedClock {
        let mut state = self.lock();
        let skew = Arc::clone(state.skews.entry(region.to_owned()).or_default());
        state.set_skews();
        SkewedClock::new(Arc::clone(&self.inner.clock), skew)
    }

    /// How far back the oldest read in a Region may look, in microseconds; 0 without stale reads.
    pub(crate) fn reads_back(&self, region: &str) -> Micros {
        let state = self.lock();
        let stale = state.of(|fault| match fault {
            Fault::StaleReads { region: at, by, .. } if at == region => Some(*by),
            _ => None,
        });
        stale.map(crate::clock::duration_micros).max().unwrap_or_default()
    }

    /// How stale the next eventually consistent read in a Region is; not, if none.
    pub(crate) fn next_read_is_stale(&self, region: &str) -> Option<Duration> {
        let mut state = self.lock();
        let stale = state.of(|fault| match fault {
            Fault::StaleReads { region: at, by, share } if at == region => Some((*by, *share)),
            _ => None,
        });
        let (by, share) = stale.last()?;
        self.draw(&mut state, share).then_some(by)
    }

    /// Whether a batch in a Region leaves the next of its requests undone.
    pub(crate) fn next_is_unprocessed(&self, region: &str) -> bool {
        let mut state = self.lock();
        let shares = state.of(|fault| match fault {
            Fault::Unprocessed { region: at, share } if at == region => Some(*share),
            _ => None,
        });
        let Some(share) = shares.last() else { return false };
        self.draw(&mut state, share)
    }

    /// True for a `share` of the calls.
    fn draw(&self, state: &mut State, share: f64) -> bool {
        state.draws += 1;
        random::unit(self.inner.seed, &[b"draw", &state.draws.to_be_bytes()]) < share
    }

    fn remove_where(&self, matches: impl Fn(&Fault) -> bool) {
        let mut state = self.lock();
        state.active.retain(|_, active| !matches(&active.fault));
        state.set_skews();
        drop(state);
        self.tell();
    }

    /// Has `tell` called after every change of the list. Only the first caller is heard.
    pub(crate) fn on_change(&self, tell: impl Fn() + Send + Sync + 'static) {
        let _ = self.inner.changed.set(Box::new(tell));
    }

    /// No lock is held meanwhile.
    fn tell(&self) {
        if let Some(tell) = self.inner.changed.get() {
            tell();
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.inner.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn add(&mut self, fault: Fault) -> FaultId {
        self.last_id += 1;
        let id = FaultId(self.last_id);
        self.active.insert(id, Active { fault, bucket: Bucket::default() });
        self.set_skews();
        id
    }

    fn of<'s, T>(
        &'s self,
        pick: impl Fn(&'s Fault) -> Option<T> + 's,
    ) -> impl Iterator<Item = T> + 's {
        self.active.values().filter_map(move |active| pick(&active.fault))
    }

    fn set_skews(&self) {
        for (region, skew) in &self.skews {
            let set = self.of(|fault| match fault {
                Fault::Skew { region: at, micros } if at == region => Some(*micros),
                _ => None,
            });
            skew.store(set.last().unwrap_or_default(), Ordering::SeqCst);
        }
    }
}

impl fmt::Debug for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.list()).finish()
    }
}
