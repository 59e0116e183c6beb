//! One call for all who ask for the same thing at once.

use std::collections::HashMap;
use std::future::poll_fn;
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::task::{Poll, Waker};

use super::key::CacheKey;
use super::{Shared, lock};
use crate::error::Error;

/// The calls that are out.
#[derive(Default)]
pub(super) struct Flights(HashMap<CacheKey, Arc<Flight>>);

/// Whose turn it is to ask.
pub(super) enum Turn {
    Lead(Landing),
    Follow(Arc<Flight>),
}

/// A call that is out, and who waits for it.
#[derive(Default)]
pub(super) struct Flight(Mutex<Progress>);

#[derive(Default)]
struct Progress {
    over: bool,
    error: Option<Error>,
    waiting: Vec<Waker>,
}

/// The duty to tell those who wait how the call ended; dropped, it ended with its caller.
pub(super) struct Landing {
    key: CacheKey,
    flight: Arc<Flight>,
    shared: Weak<Mutex<Shared>>,
}

impl Flights {
    /// Joins the call for `key`, or begins it.
    pub(super) fn join(&mut self, key: CacheKey, shared: &Arc<Mutex<Shared>>) -> Turn {
        if let Some(flight) = self.0.get(&key) {
            return Turn::Follow(flight.clone());
        }
        let flight = Arc::<Flight>::default();
        self.0.insert(key, flight.clone());
        Turn::Lead(Landing { key, flight, shared: Arc::downgrade(shared) })
    }
}

impl Flight {
    /// Waits for the end of the call: its error, or `None` if it is worth another look.
    pub(super) async fn wait(&self) -> Option<Error> {
        poll_fn(|context| {
            let mut progress = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            if progress.over {
                return Poll::Ready(progress.error.as_ref().map(Error::repeat));
            }
            if !progress.waiting.iter().any(|waker| waker.will_wake(context.waker())) {
                progress.waiting.push(context.waker().clone());
            }
            Poll::Pending
        })
        .await
    }

    fn end(&self, error: Option<Error>) {
        let mut progress = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        progress.over = true;
        progress.error = error;
        let waiting = std::mem::take(&mut progress.waiting);
        drop(progress);
        waiting.into_iter().for_each(Waker::wake);
    }
}

impl Landing {
    /// The value is in the store.
    pub(super) fn landed(self) {}

    pub(super) fn failed(self, error: Error) {
        self.take_off_the_list();
        self.flight.end(Some(error));
    }

    fn take_off_the_list(&self) {
        if let Some(shared) = self.shared.upgrade() {
            let mut shared = lock(&shared);
            let flights = &mut shared.flights.0;
            if flights.get(&self.key).is_some_and(|flight| Arc::ptr_eq(flight, &self.flight)) {
                flights.remove(&self.key);
            }
        }
    }
}

impl Drop for Landing {
    fn drop(&mut self) {
        let over = self.flight.0.lock().unwrap_or_else(PoisonError::into_inner).over;
        if !over {
            self.take_off_the_list();
            self.flight.end(None);
        }
    }
}
