use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// How long a Region that failed is passed over at first; doubled by each failed probe.
const FIRST_REST: Duration = Duration::from_secs(1);
/// The longest that a Region is passed over between two probes.
const LONGEST_REST: Duration = Duration::from_secs(8);
/// How long the first probe may take. Doubled with the rest, since a Region far away may need longer
/// to connect.
const FIRST_PROBE: Duration = Duration::from_millis(200);
/// After how many probes that were given up for another Region's answer one is waited for.
const IMPATIENT: u32 = 3;
/// How many errors in a row close a Region off that answers, only not with what was asked for.
const TOLERATED_ERRORS: u32 = 3;

/// A Region's circuit breaker: closed (asked as usual), open (passed over), half open (one caller
/// asks, to see whether the Region is back). It changes the order in which Regions are asked, and never
/// refuses: when no other Region answers, one that is passed over is asked after all.
///
/// Its lock is held for a few instructions and never across an await.
#[derive(Debug, Default)]
pub(super) struct Breaker(Mutex<State>);

#[derive(Clone, Copy, Debug, Default)]
struct State {
    errors: u32,
    /// Since the breaker opened: no failed probes yet is 0.
    failed_probes: u32,
    /// Passed over until then, by the timer; `None` while closed.
    until: Option<Duration>,
    /// A probe is out, and until then nobody else is to make one.
    probe: Option<Duration>,
}

/// How a call ended, as far as it tells something about the Region.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Health {
    /// It answered, if only to refuse.
    Answers,
    /// It answered that it cannot now: throttled, or an internal error.
    Errs,
    /// It did not answer.
    Silent,
}

/// Leave to ask a Region. Dropped without a [`report`](Self::report), it changes nothing: the caller
/// went away. A probe that was [late](Self::is_late) by then has failed: if it had not, a Region that
/// hangs would be probed by one caller after the other.
#[derive(Debug)]
pub(super) struct Pass<'a> {
    breaker: &'a Breaker,
    probe: Option<Probe>,
    late: Option<Duration>,
}

/// What a probe may cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Probe {
    /// The most that it may take.
    pub(super) limit: Duration,
    /// Whether it is waited for though another Region has answered: once in a while, or a Region that
    /// has become slow would never be found to be back.
    pub(super) patient: bool,
}

impl Breaker {
    /// Leave to ask at the time `now`; `None` while the Region is to be passed over.
    pub(super) fn admit(&self, now: Duration) -> Option<Pass<'_>> {
        let mut state = self.state();
        let Some(until) = state.until else { return Some(self.pass()) };
        // A probe whose caller does not poll it must not keep the Region closed off.
        if now < until || state.probe.is_some_and(|ends| now < ends) {
            return None;
        }
        let limit = FIRST_PROBE * 2u32.saturating_pow(state.failed_probes.min(8));
        let patient = state.failed_probes % (IMPATIENT + 1) == IMPATIENT;
        state.probe = Some(now + LONGEST_REST.max(limit));
        Some(Pass { breaker: self, probe: Some(Probe { limit, patient }), late: None })
    }

    /// Whether the Region is asked as usual.
    pub(super) fn is_closed(&self) -> bool {
        self.state().until.is_none()
    }

    /// Leave to ask in any state, for when there is no better Region.
    pub(super) fn pass(&self) -> Pass<'_> {
        Pass { breaker: self, probe: None, late: None }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // Each change is whole, so a panic elsewhere leaves nothing half done.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Pass<'_> {
    /// What this call may cost, if it is a probe.
    pub(super) fn probe(&self) -> Option<Probe> {
        self.probe
    }

    /// The Region has not answered in the time that it should, and another one is asked.
    pub(super) fn is_late(&mut self, now: Duration) {
        self.late = Some(now);
    }

    pub(super) fn report(mut self, now: Duration, health: Health) {
        let was_probe = self.probe.take().is_some();
        let mut state = self.breaker.state();
        if was_probe {
            state.probe = None;
        }
        match health {
            Health::Answers => *state = State { probe: state.probe, ..State::default() },
            _ => state.failed(now, health, was_probe),
        }
    }
}

impl State {
    fn failed(&mut self, now: Duration, health: Health, was_probe: bool) {
        self.errors = self.errors.saturating_add(1);
        match self.until {
            // Calls that began before the breaker opened say nothing new.
            Some(_) if !was_probe => return,
            Some(_) => self.failed_probes = self.failed_probes.saturating_add(1),
            None if health == Health::Errs && self.errors < TOLERATED_ERRORS => return,
            None => {}
        }
        let rest = FIRST_REST * 2u32.saturating_pow(self.failed_probes.min(8));
        self.until = Some(now + rest.min(LONGEST_REST));
    }
}

impl Drop for Pass<'_> {
    fn drop(&mut self) {
        if self.probe.is_none() {
            return;
        }
        let mut state = self.breaker.state();
        state.probe = None;
        // Another caller may have found the Region to be back meanwhile.
        if let (Some(late), Some(_)) = (self.late, state.until) {
            state.failed(late, Health::Silent, true);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(ms: u64) -> Duration {
        Duration::from_millis(ms)
    }

    fn opened() -> Breaker {
        let breaker = Breaker::default();
        breaker.admit(at(0)).unwrap().report(at(0), Health::Silent);
        breaker
    }

    #[test]
    fn silence_opens_it_at_once_and_three_errors_in_a_row_do() {
        assert!(opened().admit(at(999)).is_none());
        let breaker = Breaker::default();
        for health in [Health::Errs, Health::Errs, Health::Answers, Health::Errs, Health::Errs] {
            breaker.admit(at(0)).expect("closed").report(at(0), health);
        }
        breaker.admit(at(0)).expect("closed").report(at(0), Health::Errs);
        assert!(breaker.admit(at(0)).is_none());
    }

    #[test]
    fn one_probe_at_a_time_and_its_success_closes() {
        let breaker = opened();
        let probe = breaker.admit(at(1000)).expect("half open");
        assert_eq!(probe.probe(), Some(Probe { limit: at(200), patient: false }));
        assert!(breaker.admit(at(1000)).is_none(), "one probe at a time");
        probe.report(at(1001), Health::Answers);
        let pass = breaker.admit(at(1001)).expect("closed");
        assert_eq!(pass.probe(), None);
    }

    #[test]
    fn failed_probes_come_rarer_and_may_take_longer_up_to_eight_seconds_apart() {
        let breaker = opened();
        let mut now = 1000;
        for (limit, rest) in [(200, 2000), (400, 4000), (800, 8000), (1600, 8000), (3200, 8000)] {
            let probe = breaker.admit(at(now)).expect("half open");
            let patient = limit == 1600;
            assert_eq!(probe.probe(), Some(Probe { limit: at(limit), patient }), "one in four");
            probe.report(at(now), Health::Silent);
            assert!(breaker.admit(at(now + rest - 1)).is_none());
            now += rest;
        }
    }

    #[test]
    fn a_probe_whose_caller_went_away_lets_the_next_one_probe() {
        let breaker = opened();
        drop(breaker.admit(at(1000)));
        assert!(breaker.admit(at(1000)).is_some());
    }

    #[test]
    fn a_probe_that_was_late_when_its_caller_went_away_has_failed() {
        let breaker = opened();
        let mut probe = breaker.admit(at(1000)).expect("half open");
        probe.is_late(at(1050));
        drop(probe);
        assert!(breaker.admit(at(3049)).is_none(), "two seconds more");
        assert_eq!(breaker.admit(at(3050)).unwrap().probe().unwrap().limit, at(400));
    }

    #[test]
    fn a_late_probe_does_not_open_what_another_one_has_closed() {
        let breaker = opened();
        let mut parked = breaker.admit(at(1000)).expect("half open");
        parked.is_late(at(1050));
        breaker.admit(at(9000)).expect("half open again").report(at(9001), Health::Answers);
        drop(parked);
        assert!(breaker.is_closed());
    }

    #[test]
    fn a_probe_that_is_not_polled_keeps_the_region_closed_off_for_eight_seconds_only() {
        let breaker = opened();
        let parked = breaker.admit(at(1000)).expect("half open");
        assert!(breaker.admit(at(8999)).is_none());
        let probe = breaker.admit(at(9000)).expect("half open again");
        probe.report(at(9001), Health::Answers);
        assert!(breaker.admit(at(9001)).is_some());
        drop(parked);
    }

    #[test]
    fn a_late_failure_from_before_does_not_prolong_the_rest_nor_end_a_probe() {
        let breaker = Breaker::default();
        let (first, late) = (breaker.admit(at(0)).unwrap(), breaker.admit(at(0)).unwrap());
        first.report(at(0), Health::Silent);
        let probe = breaker.admit(at(1000)).unwrap();
        late.report(at(1000), Health::Silent);
        assert!(breaker.admit(at(1000)).is_none(), "the probe is still out");
        probe.report(at(1000), Health::Answers);
        assert!(breaker.admit(at(1000)).is_some());
    }
}
