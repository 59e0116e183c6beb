//! Time, injected: nothing in the lab reads the machine's clock by itself, and nothing sleeps.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// Microseconds since the Unix epoch (1970-01-01T00:00:00Z), which is what the lab counts time in.
pub type Micros = i64;

/// One day, in microseconds.
pub(crate) const DAY_MICROS: Micros = 86_400 * 1_000_000;

/// Where the lab takes the time from.
pub trait Clock: fmt::Debug + Send + Sync {
    /// The time now, in microseconds since the Unix epoch. It may stand still, and may go back.
    fn now_micros(&self) -> Micros;

    /// The clock as one that is moved by hand; none if it moves by itself.
    fn as_manual(&self) -> Option<&ManualClock> {
        None
    }
}

impl<C: Clock + ?Sized> Clock for Arc<C> {
    fn now_micros(&self) -> Micros {
        (**self).now_micros()
    }

    fn as_manual(&self) -> Option<&ManualClock> {
        (**self).as_manual()
    }
}

/// The machine's clock.
#[derive(Clone, Copy, Debug, Default)]
#[non_exhaustive]
pub struct SystemClock;

impl SystemClock {
    /// The machine's clock.
    pub fn new() -> Self {
        Self
    }
}

impl Clock for SystemClock {
    fn now_micros(&self) -> Micros {
        // A machine whose clock stands before 1970 is at the epoch.
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Micros::try_from(since.as_micros()).unwrap_or(Micros::MAX)
    }
}

/// A clock that moves only when told to. Clones show the same time.
#[derive(Clone, Debug)]
pub struct ManualClock(Arc<AtomicI64>);

impl ManualClock {
    /// A clock that stands at `now`, in microseconds since the Unix epoch.
    pub fn new(now: Micros) -> Self {
        Self(Arc::new(AtomicI64::new(now)))
    }

    /// Sets the time, in microseconds since the Unix epoch; it may be an earlier one.
    pub fn set(&self, now: Micros) {
        self.0.store(now, Ordering::SeqCst);
    }

    /// Moves the time forward.
    pub fn advance(&self, by: Duration) {
        self.0.fetch_add(duration_micros(by), Ordering::SeqCst);
    }
}

impl Default for ManualClock {
    /// Stands at 2026-01-01T00:00:00Z.
    fn default() -> Self {
        Self::new(1_767_225_600 * 1_000_000)
    }
}

impl Clock for ManualClock {
    fn now_micros(&self) -> Micros {
        self.0.load(Ordering::SeqCst)
    }

    fn as_manual(&self) -> Option<&ManualClock> {
        Some(self)
    }
}

/// A clock that runs ahead of another, or behind it.
#[derive(Debug)]
pub(crate) struct SkewedClock {
    base: Arc<dyn Clock>,
    skew_micros: Arc<AtomicI64>,
}

impl SkewedClock {
    pub(crate) fn new(base: Arc<dyn Clock>, skew_micros: Arc<AtomicI64>) -> Self {
        Self { base, skew_micros }
    }
}

impl Clock for SkewedClock {
    fn now_micros(&self) -> Micros {
        self.base.now_micros().saturating_add(self.skew_micros.load(Ordering::SeqCst))
    }
}

pub(crate) fn duration_micros(duration: Duration) -> Micros {
    Micros::try_from(duration.as_micros()).unwrap_or(Micros::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_manual_clock_moves_when_told_and_its_clones_with_it() {
        let clock = ManualClock::new(5);
        let twin = clock.clone();
        assert_eq!((clock.now_micros(), clock.now_micros()), (5, 5));
        clock.advance(Duration::from_millis(2));
        assert_eq!(twin.now_micros(), 2_005);
        twin.set(1);
        assert_eq!(clock.now_micros(), 1);
    }

    #[test]
    fn the_system_clock_counts_microseconds() {
        // Between 2020 and 2200: off by a thousand in either direction fails.
        let now = SystemClock::new().now_micros();
        assert!((1_577_836_800_000_000..7_258_118_400_000_000).contains(&now), "{now}");
    }

    #[test]
    fn skew_is_added() {
        let base = ManualClock::new(100);
        let skew = Arc::new(AtomicI64::new(0));
        let skewed = SkewedClock::new(Arc::new(base.clone()), Arc::clone(&skew));
        skew.store(-30, Ordering::SeqCst);
        assert_eq!(skewed.now_micros(), 70);
        base.set(200);
        assert_eq!(skewed.now_micros(), 170);
    }
}
