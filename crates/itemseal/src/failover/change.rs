use std::time::Duration;

use super::breaker::Health;
use super::budget::Budget;
use super::route::Route;
use super::stop::Stop;

/// What finding out whether a Region is back may cost a change.
const MOST_PROBE: Duration = Duration::from_millis(400);

/// What became of a change that was sent to a Region.
#[derive(Debug)]
#[expect(
    clippy::exhaustive_enums,
    reason = "callers make it; there is nothing else that can happen"
)]
pub enum Sent<T, E> {
    /// It was carried out, or refused for good.
    Answered(Result<T, E>),
    /// It was refused because there were too many: not carried out, and the Region is well.
    Throttled(E),
    /// It certainly did not arrive.
    NotSent(E),
    /// The Region answered that something is wrong with it. It may have been carried out.
    Broken(E),
    /// There was no answer. It may have been carried out.
    Unknown(E),
}

/// A change that is to be made in the first Region that can: how it is sent, and what may be asked of a Region
/// without changing anything.
pub trait Change {
    /// What the answer has.
    type Answer;
    /// What an error is.
    type Error;

    /// Sends the change to a Region; none is the limit of the call if there is no timer.
    fn send(
        &self,
        region: &str,
        limit: Option<Duration>,
    ) -> impl Future<Output = Sent<Self::Answer, Self::Error>> + Send;

    /// Whether a Region answers at all: a change is never what finds that out, since it could not be
    /// told whether it was carried out.
    fn probe(&self, region: &str, limit: Option<Duration>) -> impl Future<Output = bool> + Send;

    /// Whether it may be carried out twice.
    fn is_idempotent(&self) -> bool;
}

impl Route {
    /// Makes a change in the first Region that can: the next one is asked only if the one before it
    /// certainly did not carry it out, or the change may be carried out twice. Throttling is answered by
    /// asking again where it is, later. None if there is no Region.
    ///
    /// # Errors
    /// The error of the last Region that was asked.
    pub async fn change<C: Change>(
        &self,
        budget: &mut Budget,
        change: &C,
    ) -> Option<Result<C::Answer, C::Error>> {
        let mut passed_over = Vec::new();
        let mut last = None;
        for (index, stop) in self.stops().iter().enumerate() {
            let later = self.stops().len() - index - 1;
            let Some(pass) = stop.breaker.admit(budget.now()) else {
                passed_over.push(stop);
                continue;
            };
            if let Some(probe) = pass.probe() {
                let limit = budget.left().map(|left| left.min(probe.limit).min(MOST_PROBE));
                let answers = change.probe(&stop.region, limit).await;
                let health = if answers { Health::Answers } else { Health::Silent };
                pass.report(budget.now(), health);
                if !answers {
                    passed_over.push(stop);
                    continue;
                }
            }
            match self.change_here(stop, later + passed_over.len(), budget, change).await {
                Ok(answer) => return Some(answer),
                Err(error) => last = Some(error),
            }
        }
        // None of those that are well could: one that is passed over may after all.
        let count = passed_over.len();
        for (index, stop) in passed_over.into_iter().enumerate() {
            match self.change_here(stop, count - index - 1, budget, change).await {
                Ok(answer) => return Some(answer),
                Err(error) => last = Some(error),
            }
        }
        last.map(Err)
    }

    /// The outcome if it is final; an error if the change may be made elsewhere.
    async fn change_here<C: Change>(
        &self,
        stop: &Stop,
        later: usize,
        budget: &mut Budget,
        change: &C,
    ) -> Result<Result<C::Answer, C::Error>, C::Error> {
        let mut maybe_done = false;
        loop {
            let limit = budget.share(later, false, self.most_per_region());
            let pass = stop.breaker.pass();
            let sent = change.send(&stop.region, limit).await;
            let throttled = matches!(sent, Sent::Throttled(_));
            maybe_done |= matches!(sent, Sent::Broken(_) | Sent::Unknown(_));
            let (health, error) = match sent {
                Sent::Answered(answer) => {
                    pass.report(budget.now(), Health::Answers);
                    return Ok(answer);
                }
                Sent::Throttled(error) => (Health::Answers, error),
                Sent::Broken(error) => (Health::Errs, error),
                Sent::NotSent(error) | Sent::Unknown(error) => (Health::Silent, error),
            };
            pass.report(budget.now(), health);
            budget.count(throttled);
            // A Region that answers is asked again first, as the SDKs do.
            if health != Health::Silent && !budget.is_spent() && budget.pause().await {
                continue;
            }
            // Throttling alone never moves a change.
            let may_move = !throttled && (!maybe_done || change.is_idempotent());
            return if may_move { Err(error) } else { Ok(Err(error)) };
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::sync::{Arc, Mutex};

    use super::*;
    use crate::error::{Error, ErrorKind, Result};
    use crate::timer::{Sleep, Timer};

    /// Answers by Region, and what was asked in which order.
    struct Script {
        answers: Mutex<BTreeMap<&'static str, Vec<Sent<u8, Error>>>>,
        well: Vec<&'static str>,
        idempotent: bool,
        asked: Mutex<Vec<String>>,
    }

    fn error(text: &'static str) -> Error {
        Error::new(ErrorKind::Service, text).retryable()
    }

    impl Change for Script {
        type Answer = u8;
        type Error = Error;

        async fn send(&self, region: &str, _: Option<Duration>) -> Sent<u8, Error> {
            self.asked.lock().unwrap().push(region.to_owned());
            self.answers.lock().unwrap().get_mut(region).unwrap().remove(0)
        }

        async fn probe(&self, region: &str, _: Option<Duration>) -> bool {
            self.asked.lock().unwrap().push(format!("{region}?"));
            self.well.contains(&region)
        }

        fn is_idempotent(&self) -> bool {
            self.idempotent
        }
    }

    fn script<const N: usize>(answers: [(&'static str, Vec<Sent<u8, Error>>); N]) -> Script {
        Script {
            answers: Mutex::new(answers.into()),
            well: Vec::new(),
            idempotent: false,
            asked: Mutex::default(),
        }
    }

    /// Tokio's clock, paused: it goes on when nothing else can.
    #[derive(Debug)]
    struct Clock(tokio::time::Instant);

    impl Timer for Clock {
        fn now(&self) -> Duration {
            self.0.elapsed()
        }

        fn sleep(&self, duration: Duration) -> Sleep {
            Box::pin(tokio::time::sleep(duration))
        }
    }

    struct World {
        route: Route,
        timer: Arc<Clock>,
    }

    impl World {
        fn new() -> Self {
            let route = Route::new(["a", "b"].map(str::to_owned));
            Self { route, timer: Arc::new(Clock(tokio::time::Instant::now())) }
        }

        async fn change(&self, script: &Script) -> (Result<u8>, String) {
            let timer: Arc<dyn Timer> = Arc::clone(&self.timer) as _;
            let mut budget = Budget::new(Some(timer), Duration::from_secs(5));
            let answer = self.route.change(&mut budget, script).await.unwrap();
            let asked = std::mem::take(&mut *script.asked.lock().unwrap());
            (answer, asked.join(" "))
        }
    }

    #[tokio::test(start_paused = true)]
    async fn what_was_certainly_not_done_is_done_in_the_next_region() {
        let script =
            script([("a", vec![Sent::NotSent(error("a"))]), ("b", vec![Sent::Answered(Ok(7))])]);
        let (answer, asked) = World::new().change(&script).await;
        assert_eq!((answer.unwrap(), &*asked), (7, "a b"));
    }

    #[tokio::test(start_paused = true)]
    async fn what_may_have_been_done_is_not_done_again_unless_it_may_be() {
        let unknown = Sent::Unknown as fn(Error) -> Sent<u8, Error>;
        for (sent, on_a) in [(unknown, "a"), (Sent::Broken, "a a a")] {
            let both = || {
                let first = (0..3).map(|_| sent(error("a"))).collect();
                script([("a", first), ("b", vec![Sent::Answered(Ok(7))])])
            };
            let (answer, asked) = World::new().change(&both()).await;
            assert_eq!((answer.unwrap_err().to_string(), &*asked), ("a".to_owned(), on_a));
            let (answer, asked) = World::new().change(&Script { idempotent: true, ..both() }).await;
            assert_eq!((answer.unwrap(), asked), (7, format!("{on_a} b")));
        }
    }

    #[tokio::test(start_paused = true)]
    async fn throttling_is_waited_for_where_it_is_and_ends_after_three_calls() {
        let throttled = || Sent::Throttled(error("slow down"));
        let world = World::new();
        let script_of =
            |answers| Script { idempotent: true, ..script([("a", answers), ("b", vec![])]) };
        let (answer, asked) =
            world.change(&script_of(vec![throttled(), throttled(), Sent::Answered(Ok(1))])).await;
        assert_eq!((answer.unwrap(), &*asked), (1, "a a a"));
        let (answer, asked) =
            world.change(&script_of(vec![throttled(), throttled(), throttled()])).await;
        assert_eq!((answer.unwrap_err().to_string(), &*asked), ("slow down".to_owned(), "a a a"));
        // It never closes the Region off.
        let (_, asked) = world.change(&script_of(vec![Sent::Answered(Ok(1))])).await;
        assert_eq!(asked, "a");
    }

    #[tokio::test(start_paused = true)]
    async fn a_refusal_is_final() {
        let script = script([("a", vec![Sent::Answered(Err(error("no")))]), ("b", vec![])]);
        let (answer, asked) = World::new().change(&script).await;
        assert_eq!((answer.unwrap_err().to_string(), &*asked), ("no".to_owned(), "a"));
    }

    #[tokio::test(start_paused = true)]
    async fn a_region_that_was_silent_is_asked_something_harmless_first() {
        let world = World::new();
        let (answer, _) = world.change(&script([("a", vec![Sent::Unknown(error("a"))])])).await;
        assert!(answer.is_err());
        let on_b = || script([("a", vec![]), ("b", vec![Sent::Answered(Ok(2))])]);
        assert_eq!(world.change(&on_b()).await.1, "b", "passed over");
        tokio::time::advance(Duration::from_secs(1)).await;
        assert_eq!(world.change(&on_b()).await.1, "a? b", "still silent");
        assert_eq!(world.change(&on_b()).await.1, "b", "passed over again");
        tokio::time::advance(Duration::from_secs(2)).await;
        let back = script([("a", vec![Sent::Answered(Ok(1)), Sent::Answered(Ok(1))])]);
        let back = Script { well: vec!["a"], ..back };
        assert_eq!(world.change(&back).await.1, "a? a");
        assert_eq!(world.change(&back).await.1, "a");
    }

    #[tokio::test(start_paused = true)]
    async fn where_nobody_else_can_a_region_that_is_passed_over_is_asked_after_all() {
        let world = World::new();
        let _ = world.change(&script([("a", vec![Sent::Unknown(error("a"))])])).await;
        let script =
            script([("a", vec![Sent::Answered(Ok(1))]), ("b", vec![Sent::NotSent(error("b"))])]);
        let (answer, asked) = world.change(&script).await;
        assert_eq!((answer.unwrap(), &*asked), (1, "b a"));
    }
}
