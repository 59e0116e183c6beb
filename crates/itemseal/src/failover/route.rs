use std::time::Duration;

use super::breaker::Pass;
use super::budget::Budget;
use super::race::{Hedge, Race, Round, Why};
use super::stop::{Call, Stop};
use crate::error::{Error, ErrorKind, Result};

/// The most that a Region may take while others are left to ask: it decides how soon a Region that
/// hangs is known.
pub const MOST_PER_REGION: Duration = Duration::from_millis(800);

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
}

impl Route {
    /// Regions in the order in which they are to be asked.
    pub fn new(regions: impl IntoIterator<Item = String>) -> Self {
        let stops = regions.into_iter().map(Stop::new).collect();
        Self { stops, most_per_region: MOST_PER_REGION }
    }

    /// The most that a Region may take while others are left to ask; [`MOST_PER_REGION`] without this.
    #[must_use]
    pub fn with_most_per_region(self, most_per_region: Duration) -> Self {
        Self { most_per_region, ..self }
    }

    /// The Regions, in their order.
    pub fn regions(&self) -> impl Iterator<Item = &str> {
        self.stops.iter().map(|stop| &*stop.region)
    }

    /// Asks the Regions in their order until one gives an answer that is final. If none does, the
    /// first error is told, with the others as its source.
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
        let mut errors = Vec::new();
        loop {
            let mut round = Round { queue: self.stops.iter().collect(), ..Round::default() };
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
        let hedge = hedge(stop, &pass, round);
        let call = Call::new(stop, pass, limit, budget);
        if let (Some(hedge), Some(timer)) = (hedge, budget.timer()) {
            let most_per_region = self.most_per_region;
            let race = Race { timer, hedge, round, most_per_region, errors };
            return race.run(call, budget, ask).await;
        }
        let answer = ask(&stop.region, limit).await;
        call.settle(budget, &answer);
        answer
    }
}

/// Whether another Region is to be asked too, if this one does not answer soon.
fn hedge(stop: &Stop, pass: &Pass<'_>, round: &Round<'_>) -> Option<Hedge> {
    if !round.has_another() {
        return None;
    }
    let probe = pass.probe()?;
    Some(Hedge { why: Why::Probe { patient: probe.patient }, after: stop.patience() })
}

fn exhausted(errors: Vec<Error>) -> Error {
    let nobody = || {
        Error::new(
            ErrorKind::KeyUnavailable,
            "the keyring's deadline passed before a Region could be asked; give it more time",
        )
    };
    Error::first_of(errors).unwrap_or_else(nobody)
}
