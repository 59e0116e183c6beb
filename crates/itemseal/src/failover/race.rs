use std::collections::VecDeque;
use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use super::budget::Budget;
use super::extra::Extra;
use super::stop::{Call, Stop};
use crate::error::{Error, Result};
use crate::timer::{Timer, within};

/// When and why another Region is asked though the first may still answer.
#[derive(Clone, Copy, Debug)]
pub(super) struct Hedge {
    pub(super) why: Why,
    /// How long the first one is alone.
    pub(super) after: Duration,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Why {
    /// The first is asked only to see whether it is back.
    Probe {
        /// It is waited for even when the other one has answered.
        patient: bool,
    },
    /// The first takes longer than it mostly does.
    Slow,
    /// The first is asked only to see how near it is.
    Measure,
}

/// One round over the Regions.
#[derive(Default)]
pub(super) struct Round<'a> {
    /// Those that are still to be asked, in their order.
    pub(super) queue: VecDeque<&'a Stop>,
    pub(super) passed_over: Vec<&'a Stop>,
    /// The first in the queue is asked to measure it, and is alone for so long.
    pub(super) measure: Option<Duration>,
    /// Whether the answer of each is as good.
    pub(super) any: bool,
}

impl<'a> Round<'a> {
    /// Whether there is a Region that is asked as usual.
    pub(super) fn has_another(&self) -> bool {
        self.queue.iter().any(|stop| stop.breaker.is_closed())
    }

    fn take_another(&mut self) -> Option<&'a Stop> {
        let at = self.queue.iter().position(|stop| stop.breaker.is_closed())?;
        self.queue.remove(at)
    }
}

/// What two calls at once need besides.
pub(super) struct Race<'r, 'a> {
    pub(super) timer: Arc<dyn Timer>,
    pub(super) hedge: Hedge,
    pub(super) round: &'r mut Round<'a>,
    pub(super) most_per_region: Duration,
    pub(super) extra: &'r Extra,
    pub(super) errors: &'r mut Vec<Error>,
}

impl<'a> Race<'_, 'a> {
    /// Makes a call, and one to the next Region if there is no answer in time. The first answer that is
    /// final counts, and the other call is dropped. What one of two calls failed by is among the errors.
    pub(super) async fn run<T, F>(
        self,
        mut first: Call<'a>,
        budget: &mut Budget,
        ask: &impl Fn(&'a str, Option<Duration>) -> F,
    ) -> Result<T>
    where
        F: Future<Output = Result<T>>,
    {
        let mut first_answer = pin!(ask(&first.stop.region, first.limit));
        let alone = within(&self.timer, self.hedge.after, first_answer.as_mut()).await;
        if let Some(answer) = alone {
            first.settle(budget, &answer);
            return match answer {
                Err(error) if self.hedge.why == Why::Measure => {
                    let Some(another) = self.round.take_another() else { return Err(error) };
                    self.errors.push(error);
                    let second = self.begin(another, budget);
                    let answer = ask(&another.region, second.limit).await;
                    second.settle(budget, &answer);
                    answer
                }
                answer => answer,
            };
        }
        first.pass.is_late(budget.now());
        let may = budget.has_room_for_two() && (self.hedge.why != Why::Slow || self.extra.spend());
        let another = may.then(|| self.round.take_another()).flatten();
        let Some(another) = another else {
            let answer = first_answer.await;
            first.settle(budget, &answer);
            return answer;
        };
        let second = self.begin(another, budget);
        let mut second_answer = pin!(ask(&another.region, second.limit));

        match either(first_answer.as_mut(), second_answer.as_mut()).await {
            Either::First(answer) => {
                first.settle(budget, &answer);
                match answer {
                    Err(error) if self.hedge.moves_on(&error) => self.errors.push(error),
                    answer => {
                        second.abandon(budget);
                        return answer;
                    }
                }
                let answer = second_answer.await;
                second.settle(budget, &answer);
                answer
            }
            Either::Second(answer) => {
                second.settle(budget, &answer);
                if !self.hedge.waits_after(&answer) {
                    first.abandon(budget);
                    return answer;
                }
                let late = first_answer.await;
                first.settle(budget, &late);
                match late {
                    Err(error) if self.hedge.moves_on(&error) || answer.is_ok() => {
                        self.errors.push(error);
                        answer
                    }
                    late => late,
                }
            }
        }
    }

    fn begin(&self, another: &'a Stop, budget: &Budget) -> Call<'a> {
        let after = !self.round.passed_over.is_empty();
        let limit = budget.share(self.round.queue.len(), after, self.most_per_region);
        Call::new(another, another.breaker.pass(), limit, budget)
    }
}

impl Hedge {
    /// Whether it is the second call's answer that counts after this error of the first.
    fn moves_on(self, first: &Error) -> bool {
        // Without a measure the Region would not have been asked.
        first.is_retryable() || self.why == Why::Measure
    }

    /// Whether the first call is waited for though the second has this answer.
    fn waits_after<T>(self, second: &Result<T>) -> bool {
        match second {
            Ok(_) => self.why == Why::Probe { patient: true },
            // Without the second call it would be the first one's answer that counts.
            Err(error) => error.is_retryable() || self.why == Why::Slow,
        }
    }
}

enum Either<T> {
    First(T),
    Second(T),
}

async fn either<T>(
    mut first: Pin<&mut impl Future<Output = T>>,
    mut second: Pin<&mut impl Future<Output = T>>,
) -> Either<T> {
    poll_fn(|context| {
        if let Poll::Ready(answer) = first.as_mut().poll(context) {
            return Poll::Ready(Either::First(answer));
        }
        second.as_mut().poll(context).map(Either::Second)
    })
    .await
}
