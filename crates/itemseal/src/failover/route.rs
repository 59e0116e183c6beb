use std::time::Duration;

use super::breaker::Pass;
use super::budget::Budget;
use super::extra::Extra;
use super::order::{Nearest, RegionOrder};
use super::race::{Hedge, Race, Round, Why};
use super::stop::{Call, Stop};
use crate::error::{Error, ErrorKind, Result};

/// The most that a Region may take while others are left to ask: it decides how soon a Region that
/// hangs is known.
pub const MOST_PER_REGION: Duration = Duration::from_millis(800);
/// The shortest time after which a Region is slow.
const LEAST_SLOW: Duration = Duration::from_millis(1);

/// Regions in the order in which they are asked, each with its circuit breaker.
///
/// What is asked must be harmless to ask twice: while a Region is asked only to see whether it is back,
/// the next one is asked too if that takes longer than usual, and the first answer counts. So a Region
/// that hangs costs those who probe it 200 milliseconds at most; one probe in four is waited for, up to
/// the most that a Region may take.
#[derive(Debug)]
pub struct Route {
    stops: Vec<Stop>,
    most_per_region: Duration,
    order: RegionOrder,
    nearest: Nearest,
    hedges: bool,
    extra: Extra,
}

impl Route {
    /// Regions in the order in which they are to be asked.
    pub fn new(regions: impl IntoIterator<Item = String>) -> Self {
        let stops = regions.into_iter().map(Stop::new).collect();
        Self {
            stops,
            most_per_region: MOST_PER_REGION,
            order: RegionOrder::AsGiven,
            nearest: Nearest::default(),
            hedges: false,
            extra: Extra::default(),
        }
    }

    /// The most that a Region may take while others are left to ask; [`MOST_PER_REGION`] without this.
    #[must_use]
    pub fn with_most_per_region(self, most_per_region: Duration) -> Self {
        Self { most_per_region, ..self }
    }

    /// In which order [`ask_any`](Self::ask_any) asks; as they are given without this.
    #[must_use]
    pub fn with_order(self, order: RegionOrder) -> Self {
        Self { order, ..self }
    }

    /// Has [`ask_any`](Self::ask_any) ask the next Region too when the first one takes longer than it does
    /// for nineteen answers in twenty. At most two calls in a hundred are made twice.
    #[must_use]
    pub fn with_hedged_calls(self) -> Self {
        Self { hedges: true, ..self }
    }

    /// The Regions, in their order.
    pub fn regions(&self) -> impl Iterator<Item = &str> {
        self.stops.iter().map(|stop| &*stop.region)
    }

    pub(super) fn stops(&self) -> &[Stop] {
        &self.stops
    }

    pub(crate) fn most_per_region(&self) -> Duration {
        self.most_per_region
    }

    /// Asks the Regions in the order in which they were given until one gives an answer that is final.
    /// If none does, the first error is told, with the others as its source.
    /// `ask` gets a Region and the most that the call may take; none if there is no timer.
    ///
    /// # Errors
    /// The first error that cannot be repeated, or the first of all if every one could be.
    pub async fn ask<'a, T, F>(
        &'a self,
        budget: &mut Budget,
        ask: impl Fn(&'a str, Option<Duration>) -> F,
    ) -> Result<T>
    where
        F: Future<Output = Result<T>>,
    {
        self.ask_round_by_round(false, budget, ask).await
    }

    /// As [`ask`](Self::ask), where the answer of each Region is as good: the [order](Self::with_order) is
    /// another one and calls are [hedged](Self::with_hedged_calls), if this was said.
    ///
    /// # Errors
    /// As of [`ask`](Self::ask).
    pub async fn ask_any<'a, T, F>(
        &'a self,
        budget: &mut Budget,
        ask: impl Fn(&'a str, Option<Duration>) -> F,
    ) -> Result<T>
    where
        F: Future<Output = Result<T>>,
    {
        self.extra.earn();
        self.ask_round_by_round(true, budget, ask).await
    }

    async fn ask_round_by_round<'a, T, F>(
        &'a self,
        any: bool,
        budget: &mut Budget,
        ask: impl Fn(&'a str, Option<Duration>) -> F,
    ) -> Result<T>
    where
        F: Future<Output = Result<T>>,
    {
        let mut errors = Vec::new();
        loop {
            let (queue, measure) = match self.order {
                RegionOrder::Nearest if any => {
                    self.nearest.queue(&self.stops, budget.now(), &self.extra)
                }
                _ => (self.stops.iter().collect(), None),
            };
            let mut round = Round { queue, measure, any, passed_over: Vec::new() };
            while let Some(stop) = round.queue.pop_front() {
                if budget.is_spent() {
                    return Err(exhausted(errors));
                }
                let Some(pass) = stop.breaker.admit(budget.now()) else {
                    round.passed_over.push(stop);
                    continue;
                };
                match self.ask_one(stop, pass, &mut round, &mut errors, budget, &ask).await {
                    Err(error) if error.is_retryable() => errors.push(error),
                    done => return done,
                }
            }
            round.queue = round.passed_over.drain(..).collect();
            while let Some(stop) = round.queue.pop_front() {
                if budget.is_spent() {
                    return Err(exhausted(errors));
                }
                let pass = stop.breaker.pass();
                match self.ask_one(stop, pass, &mut round, &mut errors, budget, &ask).await {
                    Err(error) if error.is_retryable() => errors.push(error),
                    done => return done,
                }
            }
            if !budget.pause().await {
                return Err(exhausted(errors));
            }
        }
    }

    async fn ask_one<'a, T, F>(
        &'a self,
        stop: &'a Stop,
        pass: Pass<'a>,
        round: &mut Round<'a>,
        errors: &mut Vec<Error>,
        budget: &mut Budget,
        ask: &impl Fn(&'a str, Option<Duration>) -> F,
    ) -> Result<T>
    where
        F: Future<Output = Result<T>>,
    {
        let after = !round.passed_over.is_empty();
        let mut limit = budget.share(round.queue.len(), after, self.most_per_region);
        // A probe alone would only delay; where there is nowhere else to ask it is the call itself.
        if self.stops.len() > 1
            && let Some(probe) = pass.probe()
        {
            limit = limit.map(|limit| limit.min(probe.limit));
        }
        let hedge = self.hedge(stop, &pass, round);
        let call = Call::new(stop, pass, limit, budget);
        if let (Some(hedge), Some(timer)) = (hedge, budget.timer()) {
            let most_per_region = self.most_per_region;
            let extra = &self.extra;
            let race = Race { timer, hedge, round, most_per_region, extra, errors };
            return race.run(call, budget, ask).await;
        }
        let answer = ask(&stop.region, limit).await;
        call.settle(budget, &answer);
        answer
    }

    /// Whether another Region is to be asked too, if this one does not answer soon.
    fn hedge(&self, stop: &Stop, pass: &Pass<'_>, round: &mut Round<'_>) -> Option<Hedge> {
        let measure = round.measure.take();
        if !round.has_another() {
            return None;
        }
        if let Some(probe) = pass.probe() {
            let why = Why::Probe { patient: probe.patient };
            return Some(Hedge { why, after: stop.patience() });
        }
        if let Some(after) = measure {
            return Some(Hedge { why: Why::Measure, after });
        }
        if !(self.hedges && round.any) {
            return None;
        }
        let after = stop.latency.slow()?.max(LEAST_SLOW);
        Some(Hedge { why: Why::Slow, after })
    }
}

fn exhausted(errors: Vec<Error>) -> Error {
    let nobody = || {
        Error::new(
            ErrorKind::KeyUnavailable,
            "the deadline passed before a Region could be asked; give it more time",
        )
    };
    Error::first_of(errors).unwrap_or_else(nobody)
}
