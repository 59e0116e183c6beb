use std::sync::Arc;
use std::time::Duration;

use crate::timer::Timer;

/// Most calls that are made for one item: after the first round over the Regions, and where
/// throttling is the answer, within it too.
const MOST_CALLS: u32 = 3;
/// The first pause between two rounds; each is twice the one before, less up to half by chance.
const FIRST_PAUSE: Duration = Duration::from_millis(50);

/// What one wrapping or unwrapping may still spend: time and calls.
pub struct Budget {
    timer: Option<Arc<dyn Timer>>,
    ends: Duration,
    calls: u32,
    throttled: u32,
    repeating: bool,
    pause: Duration,
}

impl Budget {
    /// A budget of time from now on. Without a timer there is no limit, and nothing is repeated.
    pub fn new(timer: Option<Arc<dyn Timer>>, deadline: Duration) -> Self {
        let now = timer.as_ref().map(|timer| timer.now()).unwrap_or_default();
        let ends = now.saturating_add(deadline);
        Self { timer, ends, calls: 0, throttled: 0, repeating: false, pause: FIRST_PAUSE }
    }

    /// The time since the timer's own beginning; zero without a timer.
    pub(super) fn now(&self) -> Duration {
        self.timer.as_ref().map(|timer| timer.now()).unwrap_or_default()
    }

    pub(super) fn timer(&self) -> Option<Arc<dyn Timer>> {
        self.timer.clone()
    }

    /// The time left; `None` where there is no limit.
    pub(crate) fn left(&self) -> Option<Duration> {
        self.timer.as_ref().map(|timer| self.ends.saturating_sub(timer.now()))
    }

    /// The time for one call, after which `later` Regions are still to be asked: an equal share of
    /// what is left, at most `most`, so that a Region that hangs leaves time for the next. The last
    /// one gets half of what is left if anything may come `after` it, and else everything.
    pub(super) fn share(&self, later: usize, after: bool, most: Duration) -> Option<Duration> {
        let left = self.left()?;
        Some(match u32::try_from(later).unwrap_or(u32::MAX) {
            0 if after || self.calls + 1 < MOST_CALLS => left / 2,
            0 => left,
            later => (left / later.saturating_add(1)).min(most),
        })
    }

    pub(super) fn count(&mut self, throttled: bool) {
        self.calls += 1;
        self.throttled += u32::from(throttled);
    }

    /// Whether no further call may be made: the time is over, or there were three calls and they
    /// were throttled, or every Region has been asked before.
    pub(super) fn is_spent(&self) -> bool {
        self.spent() >= MOST_CALLS || self.left() == Some(Duration::ZERO)
    }

    /// Whether another call may be made while one is out, whatever becomes of that one.
    pub(super) fn has_room_for_two(&self) -> bool {
        self.spent() + 2 <= MOST_CALLS && self.left() != Some(Duration::ZERO)
    }

    fn spent(&self) -> u32 {
        if self.repeating { self.calls } else { self.throttled }
    }

    /// Waits before another round over the Regions; `false` if there is none.
    pub(super) async fn pause(&mut self) -> bool {
        let Some(timer) = self.timer.clone() else { return false };
        let pause = self.pause.saturating_sub(self.pause.mul_f64(chance() / 2.0));
        if self.calls >= MOST_CALLS || self.left().is_none_or(|left| left <= pause) {
            return false;
        }
        timer.sleep(pause).await;
        self.repeating = true;
        self.pause *= 2;
        true
    }
}

/// From 0 to 1, so that clients that were throttled together do not return together.
fn chance() -> f64 {
    let mut byte = [0];
    match crate::crypto::random(&mut byte) {
        Ok(()) => f64::from(byte[0]) / 255.0,
        Err(_) => 0.0,
    }
}
