//! Regions that do what a test says, on tokio's clock, which the tests pause.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use itemseal::failover::{Budget, Route};
use itemseal::timer::{Sleep, Timer};
use itemseal::{Error, ErrorKind, Result};
use tokio::time::{Instant, advance, sleep};

pub(crate) const US: &str = "us-east-1";
pub(crate) const EU: &str = "eu-west-1";
pub(crate) const AP: &str = "ap-south-1";

/// What a Region does when it is asked.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Does {
    /// Answers after this many milliseconds.
    Answer(u64),
    Hang,
    /// Answers after this many milliseconds that it cannot now.
    Err(u64),
    /// Answers after this many milliseconds that there were too many calls.
    Throttle(u64),
    /// Refuses after this many milliseconds, for good.
    Refuse(u64),
}

use Does::{Answer, Err as Errs, Hang, Refuse, Throttle};

pub(crate) struct World {
    route: Route,
    regions: Mutex<BTreeMap<String, Does>>,
    calls: Mutex<Vec<String>>,
    timer: Arc<dyn Timer>,
}

/// Who answered, after how many milliseconds.
pub(crate) type Told = (Result<String>, u64);

impl World {
    pub(crate) fn new<const N: usize>(regions: [(&str, Does); N]) -> Self {
        Self::over(Route::new(regions.map(|(region, _)| region.to_owned())), regions)
    }

    /// The same, on a route that was told something more.
    pub(crate) fn told<const N: usize>(
        regions: [(&str, Does); N],
        tell: impl FnOnce(Route) -> Route,
    ) -> Self {
        Self::over(tell(Route::new(regions.map(|(region, _)| region.to_owned()))), regions)
    }

    pub(crate) fn over<const N: usize>(route: Route, regions: [(&str, Does); N]) -> Self {
        let regions = regions.map(|(region, does)| (region.to_owned(), does));
        Self {
            route,
            regions: Mutex::new(BTreeMap::from(regions)),
            calls: Mutex::default(),
            timer: Arc::new(TokioTimer(Instant::now())),
        }
    }

    /// A first Region that answered in a millisecond, as did the others, and was then passed over
    /// because it was silent: its probe is due.
    pub(crate) async fn with_a_probe_due<const N: usize>(others: [&str; N]) -> Self {
        let regions = [US].into_iter().chain(others).map(str::to_owned);
        let world = Self::over(Route::new(regions), []);
        for region in [US].into_iter().chain(others) {
            world.set(region, Answer(1));
        }
        assert_eq!(world.ask().await, (US.to_owned(), 1));
        world.set(US, Hang);
        assert_eq!(world.ask().await, (EU.to_owned(), 801));
        assert_eq!(world.ask().await, (EU.to_owned(), 1));
        advance(Duration::from_secs(1)).await;
        world.calls();
        world
    }

    pub(crate) fn set(&self, region: &str, does: Does) {
        self.regions.lock().unwrap().insert(region.to_owned(), does);
    }

    /// The Regions that were called since the last time.
    pub(crate) fn calls(&self) -> Vec<String> {
        std::mem::take(&mut self.calls.lock().unwrap())
    }

    pub(crate) async fn ask(&self) -> (String, u64) {
        let (answer, took) = self.try_ask().await;
        (answer.unwrap(), took)
    }

    pub(crate) async fn try_ask(&self) -> Told {
        self.try_ask_as(true).await
    }

    /// Where the answers of the Regions are not as good as each other.
    pub(crate) async fn ask_in_order(&self) -> (String, u64) {
        let (answer, took) = self.try_ask_as(false).await;
        (answer.unwrap(), took)
    }

    async fn try_ask_as(&self, any: bool) -> Told {
        let mut budget = Budget::new(Some(Arc::clone(&self.timer)), Duration::from_secs(5));
        let begun = Instant::now();
        let call = async |region: &str, limit: Option<Duration>| self.call(region, limit).await;
        let answer = match any {
            true => self.route.ask_any(&mut budget, call).await,
            false => self.route.ask(&mut budget, call).await,
        };
        assert!(begun.elapsed() <= Duration::from_secs(5), "past the deadline");
        (answer, begun.elapsed().as_millis() as u64)
    }

    async fn call(&self, region: &str, limit: Option<Duration>) -> Result<String> {
        self.calls.lock().unwrap().push(region.to_owned());
        let does = self.regions.lock().unwrap()[region];
        let limit = limit.unwrap();
        let error = |kind| Error::new(kind, "scripted").with_region(region);
        let (takes, answer) = match does {
            Answer(takes) => (takes, Ok(region.to_owned())),
            Hang => (u64::MAX, Ok(region.to_owned())),
            Errs(takes) => {
                (takes, Err(error(ErrorKind::Service).with_code("Internal").retryable()))
            }
            Throttle(takes) => {
                let error = error(ErrorKind::Service).with_code("ThrottlingException");
                (takes, Err(error.retryable()))
            }
            Refuse(takes) => (takes, Err(error(ErrorKind::KeyDenied).with_code("Denied"))),
        };
        if Duration::from_millis(takes) > limit {
            sleep(limit).await;
            return Err(error(ErrorKind::Service).retryable());
        }
        sleep(Duration::from_millis(takes)).await;
        answer
    }
}

/// Tokio's clock.
#[derive(Debug)]
struct TokioTimer(Instant);

impl Timer for TokioTimer {
    fn now(&self) -> Duration {
        self.0.elapsed()
    }

    fn sleep(&self, duration: Duration) -> Sleep {
        Box::pin(sleep(duration))
    }
}
