//! Time, given from outside: the core has no clock and no runtime of its own.

use std::fmt;
use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::task::Poll;
use std::time::Duration;

/// What [`Timer::sleep`] returns.
pub type Sleep = Pin<Box<dyn Future<Output = ()> + Send>>;

/// A clock and a way to wait on it.
///
/// `itemseal-aws` implements it over tokio; a test implements it with a clock that it moves itself.
pub trait Timer: fmt::Debug + Send + Sync {
    /// The time since a moment that is fixed for this timer. It never goes back.
    fn now(&self) -> Duration;

    /// Waits for at least `duration`.
    fn sleep(&self, duration: Duration) -> Sleep;
}

impl<T: Timer + ?Sized> Timer for std::sync::Arc<T> {
    fn now(&self) -> Duration {
        (**self).now()
    }

    fn sleep(&self, duration: Duration) -> Sleep {
        (**self).sleep(duration)
    }
}

/// What `future` gives within `limit`, or `None`: then it is dropped. A limit of zero polls it once.
pub(crate) async fn within<F: Future>(
    timer: &dyn Timer,
    limit: Duration,
    future: F,
) -> Option<F::Output> {
    let (mut future, mut sleep) = (pin!(future), timer.sleep(limit));
    poll_fn(|context| {
        // The answer first: one that is there in time counts.
        if let Poll::Ready(output) = future.as_mut().poll(context) {
            return Poll::Ready(Some(output));
        }
        sleep.as_mut().poll(context).map(|()| None)
    })
    .await
}
