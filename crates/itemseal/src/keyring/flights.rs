//! One question for all who ask the same thing at once.

use std::collections::HashMap;
use std::future::poll_fn;
use std::hash::Hash;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Poll, Waker};

use crate::error::Error;

/// The questions that are out. Its lock is held for a look-up; whoever also locks what the answers are kept
/// in locks that first.
pub(super) struct Flights<K>(Arc<Mutex<HashMap<K, Arc<Flight>>>>);

/// Whose turn it is to ask.
pub(super) enum Turn<K: Copy + Eq + Hash> {
    Lead(Landing<K>),
    Follow(Arc<Flight>),
}

/// A question that is out, and who waits for it.
#[derive(Default)]
pub(super) struct Flight(Mutex<Progress>);

#[derive(Default)]
struct Progress {
    over: bool,
    error: Option<Error>,
    waiting: Vec<Waker>,
}

/// The duty to tell those who wait how it ended; dropped, it ended with its caller, or what they want is where
/// answers are kept.
pub(super) struct Landing<K: Copy + Eq + Hash> {
    key: K,
    flight: Arc<Flight>,
    flights: Arc<Mutex<HashMap<K, Arc<Flight>>>>,
}

impl<K> Default for Flights<K> {
    fn default() -> Self {
        Self(Arc::default())
    }
}

impl<K: Copy + Eq + Hash> Flights<K> {
    /// Joins the question for `key`, or begins it.
    pub(super) fn join(&self, key: K) -> Turn<K> {
        let mut flights = lock(&self.0);
        if let Some(flight) = flights.get(&key) {
            return Turn::Follow(Arc::clone(flight));
        }
        let flight = Arc::<Flight>::default();
        flights.insert(key, Arc::clone(&flight));
        Turn::Lead(Landing { key, flight, flights: Arc::clone(&self.0) })
    }

    /// Whether somebody asks for `key`.
    pub(super) fn has(&self, key: K) -> bool {
        lock(&self.0).contains_key(&key)
    }
}

impl Flight {
    /// Waits for the end: an error, or `None` if it is worth another look.
    pub(super) async fn wait(&self) -> Option<Error> {
        poll_fn(|context| {
            let mut progress = lock(&self.0);
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
}

impl<K: Copy + Eq + Hash> Landing<K> {
    /// All who wait get this error.
    pub(super) fn failed(self, error: Error) {
        self.end(Some(error));
    }

    fn end(&self, error: Option<Error>) {
        let mut flights = lock(&self.flights);
        if flights.get(&self.key).is_some_and(|flight| Arc::ptr_eq(flight, &self.flight)) {
            flights.remove(&self.key);
        }
        drop(flights);
        let mut progress = lock(&self.flight.0);
        if progress.over {
            return;
        }
        progress.over = true;
        progress.error = error;
        let waiting = std::mem::take(&mut progress.waiting);
        drop(progress);
        waiting.into_iter().for_each(Waker::wake);
    }
}

impl<K: Copy + Eq + Hash> Drop for Landing<K> {
    fn drop(&mut self) {
        self.end(None);
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // Each change is whole, so a panic elsewhere leaves nothing half done.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
