use std::time::Duration;

use super::breaker::{Breaker, Health, Pass};
use super::budget::Budget;
use crate::error::{Error, ErrorKind, Result};

/// The most that a Region may take while others are left to ask: it decides how soon a Region that
/// hangs is known.
pub const MOST_PER_REGION: Duration = Duration::from_millis(800);

/// Regions in the order in which they are asked, each with its circuit breaker.
#[derive(Debug)]
pub struct Route {
    stops: Vec<Stop>,
    most_per_region: Duration,
}

#[derive(Debug)]
pub(super) struct Stop {
    pub(super) region: String,
    pub(super) breaker: Breaker,
}

impl Route {
    /// Regions in the order in which they are to be asked.
    pub fn new(regions: impl IntoIterator<Item = String>) -> Self {
        let stop = |region| Stop { region, breaker: Breaker::default() };
        Self { stops: regions.into_iter().map(stop).collect(), most_per_region: MOST_PER_REGION }
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

    pub(super) fn stops(&self) -> &[Stop] {
        &self.stops
    }

    pub(crate) fn most_per_region(&self) -> Duration {
        self.most_per_region
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
            let mut passed_over = Vec::new();
            for (index, stop) in self.stops.iter().enumerate() {
                if budget.is_spent() {
                    return Err(exhausted(errors));
                }
                let Some(pass) = stop.breaker.admit(budget.now()) else {
                    passed_over.push(stop);
                    continue;
                };
                let limits = (self.stops.len() - index - 1, !passed_over.is_empty());
                match self.ask_one(stop, pass, limits, budget, &ask).await {
                    Err(error) if error.is_retryable() => errors.push(error),
                    done => return done,
                }
            }
            let count = passed_over.len();
            for (index, stop) in passed_over.into_iter().enumerate() {
                if budget.is_spent() {
                    return Err(exhausted(errors));
                }
                let limits = (count - index - 1, false);
                match self.ask_one(stop, stop.breaker.pass(), limits, budget, &ask).await {
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
        pass: Pass<'_>,
        (later, after): (usize, bool),
        budget: &mut Budget,
        ask: &impl Fn(&'a str, Option<Duration>) -> F,
    ) -> Result<T>
    where
        F: Future<Output = Result<T>>,
    {
        let mut limit = budget.share(later, after, self.most_per_region);
        // A probe alone would only delay; where there is nowhere else to ask it is the call itself.
        if self.stops.len() > 1
            && let Some(probe) = pass.limit()
        {
            limit = limit.map(|limit| limit.min(probe));
        }
        let answer = ask(&stop.region, limit).await;
        let health = health(&answer);
        let throttled = matches!(&answer, Err(error) if error.is_throttling());
        budget.count(throttled);
        // Without a timer nobody could tell when to ask again.
        if limit.is_some() {
            pass.report(budget.now(), health);
        }
        answer
    }
}

fn health<T>(answer: &Result<T>) -> Health {
    match answer {
        Err(error) if error.is_retryable() && error.code().is_none() => Health::Silent,
        Err(error) if error.is_retryable() => Health::Errs,
        _ => Health::Answers,
    }
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
