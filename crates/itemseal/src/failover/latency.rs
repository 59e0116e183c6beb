use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// How many answers it takes to say what is slow.
const FEWEST: u32 = 16;

/// How long a Region takes to answer, from the calls that it answered.
///
/// Two numbers, whatever the number of calls. Its lock is held for a few instructions and never across
/// an await.
#[derive(Debug, Default)]
pub(super) struct Latency(Mutex<State>);

#[derive(Clone, Copy, Debug, Default)]
struct State {
    answers: u32,
    /// It falls by half of the difference and rises by an eighth: a Region is as near as its quick
    /// answers say, since the slow ones have other reasons, such as a connection to be made.
    usual: Option<Duration>,
    /// Rises nineteen times as far as it falls, so that it rests where one answer in twenty is slower.
    slow: Duration,
    /// When somebody set out to measure the Region.
    measured: Option<Duration>,
}

impl Latency {
    /// An answer came after this time.
    pub(super) fn answered(&self, took: Duration) {
        let mut state = self.state();
        state.answers = state.answers.saturating_add(1);
        let Some(usual) = state.usual else {
            (state.usual, state.slow) = (Some(took), took);
            return;
        };
        state.usual = Some(match took < usual {
            true => usual - (usual - took) / 2,
            false => usual + (took - usual) / 8,
        });
        state.slow = match took < state.slow {
            true => (state.slow - state.slow / 320).max(took),
            false => (state.slow + state.slow * 19 / 320).min(took),
        };
    }

    /// Nobody waited any longer than this for the answer: it would have taken more.
    pub(super) fn outlasted(&self, waited: Duration) {
        let mut state = self.state();
        let usual = state.usual.unwrap_or(waited);
        state.usual = Some(usual + waited.saturating_sub(usual) / 8);
        if waited > state.slow && state.answers > 0 {
            state.slow = (state.slow + state.slow * 19 / 320).min(waited);
        }
    }

    /// What an answer usually takes, if there was one.
    pub(super) fn usual(&self) -> Option<Duration> {
        self.state().usual
    }

    /// What about one answer in twenty takes longer than, once there were some.
    pub(super) fn slow(&self) -> Option<Duration> {
        let state = self.state();
        (state.answers >= FEWEST).then_some(state.slow)
    }

    /// Whether the Region is to be measured at the time `now`, which only one caller is told: it has not been for
    /// so long, and `may_again` has nothing against it; or never.
    pub(super) fn is_due(
        &self,
        now: Duration,
        every: Duration,
        may_again: impl FnOnce() -> bool,
    ) -> bool {
        let mut state = self.state();
        let due = match state.measured {
            Some(measured) => now >= measured + every && may_again(),
            None => state.usual.is_none(),
        };
        if due || state.measured.is_none() {
            state.measured = Some(now);
        }
        due
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // Each change is whole, so a panic elsewhere leaves nothing half done.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ms(ms: u64) -> Duration {
        Duration::from_millis(ms)
    }

    #[test]
    fn what_is_usual_falls_fast_and_rises_slowly() {
        let latency = Latency::default();
        assert_eq!(latency.usual(), None);
        for (took, usual) in [(160, 160), (40, 100), (40, 70), (70, 70), (150, 80)] {
            latency.answered(ms(took));
            assert_eq!(latency.usual(), Some(ms(usual)), "after {took} ms");
        }
        latency.outlasted(ms(40));
        assert_eq!(latency.usual(), Some(ms(80)), "that it took longer than 40 ms is nothing new");
        latency.outlasted(ms(160));
        assert_eq!(latency.usual(), Some(ms(90)));
    }

    #[test]
    fn a_measure_is_due_at_once_and_again_when_it_is_old_and_may_be_made() {
        let latency = Latency::default();
        for (now, may, due) in [
            (0, false, true),
            (9, true, false),
            (10, false, false),
            (10, true, true),
            (19, true, false),
        ] {
            assert_eq!(latency.is_due(ms(now), ms(10), || may), due, "at {now}, {may}");
        }
        let latency = Latency::default();
        latency.answered(ms(1));
        assert!(!latency.is_due(ms(0), ms(10), || true), "it was asked as the nearest");
        assert!(latency.is_due(ms(10), ms(10), || true));
    }

    #[test]
    fn about_one_answer_in_twenty_is_slow() {
        let latency = Latency::default();
        let mut slower = 0;
        for n in 0..4000_u64 {
            // From 10 to 109 ms, in an order that jumps.
            let took = ms(10 + n * 37 % 100);
            slower += u32::from(n >= 400 && latency.slow().unwrap() < took);
            latency.answered(took);
            assert_eq!(latency.slow().is_some(), n >= 15);
        }
        assert!((90..=360).contains(&slower), "{slower} of 3600");
    }

    #[test]
    fn a_region_that_always_takes_the_same_is_never_slow() {
        let latency = Latency::default();
        (0..100).for_each(|_| latency.answered(ms(10)));
        assert_eq!(latency.slow(), Some(ms(10)));
        // It has become slower, and nobody waits for it.
        (0..40).for_each(|_| latency.outlasted(ms(50)));
        assert_eq!(latency.slow(), Some(ms(50)));
    }
}
