use std::time::Duration;

use super::breaker::{Breaker, Health, Pass};
use super::budget::Budget;
use super::latency::Latency;
use crate::error::Result;

/// A probe gets this many times what the Region's answers usually take before another Region is asked:
/// a connection has to be made anew, which is three ways there and back.
const TO_CONNECT: u32 = 4;
const LEAST_PATIENCE: Duration = Duration::from_millis(50);
/// What a probe of a Region that hangs can cost one caller.
const MOST_PATIENCE: Duration = Duration::from_millis(200);
/// Of a Region that has not answered yet.
const FIRST_PATIENCE: Duration = Duration::from_millis(100);

/// A Region of a route, and what is known of it.
#[derive(Debug)]
pub(super) struct Stop {
    pub(super) region: String,
    pub(super) breaker: Breaker,
    pub(super) latency: Latency,
}

impl Stop {
    pub(super) fn new(region: String) -> Self {
        Self { region, breaker: Breaker::default(), latency: Latency::default() }
    }

    /// How long a probe is alone.
    pub(super) fn patience(&self) -> Duration {
        let usual = self.latency.usual().map(|usual| usual.saturating_mul(TO_CONNECT));
        usual.map_or(FIRST_PATIENCE, |usual| usual.clamp(LEAST_PATIENCE, MOST_PATIENCE))
    }
}

/// A call to a Region that is out.
pub(super) struct Call<'a> {
    pub(super) stop: &'a Stop,
    pub(super) pass: Pass<'a>,
    /// The most that it may take; none without a timer.
    pub(super) limit: Option<Duration>,
    begun: Duration,
}

impl<'a> Call<'a> {
    pub(super) fn new(
        stop: &'a Stop,
        pass: Pass<'a>,
        limit: Option<Duration>,
        budget: &Budget,
    ) -> Self {
        Self { stop, pass, limit, begun: budget.now() }
    }

    /// Counts the call, and has its answer known of the Region.
    pub(super) fn settle<T>(self, budget: &mut Budget, answer: &Result<T>) {
        budget.count(matches!(answer, Err(error) if error.is_throttling()));
        // Without a timer nobody could tell when to ask again.
        if self.limit.is_none() {
            return;
        }
        let now = budget.now();
        if answer.is_ok() {
            self.stop.latency.answered(now.saturating_sub(self.begun));
        }
        self.pass.report(now, health(answer));
    }

    /// Counts the call that nobody waits for any longer, since another Region has answered.
    pub(super) fn abandon(self, budget: &mut Budget) {
        budget.count(false);
        // That a Region is not back says nothing of how it answers.
        if self.pass.probe().is_none() {
            self.stop.latency.outlasted(budget.now().saturating_sub(self.begun));
        }
    }
}

fn health<T>(answer: &Result<T>) -> Health {
    match answer {
        Err(error) if error.is_retryable() && error.code().is_none() => Health::Silent,
        Err(error) if error.is_retryable() => Health::Errs,
        _ => Health::Answers,
    }
}
