//! How many items are written in a second.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

/// A turn every so often: who comes earlier waits, and turns that nobody took are gone.
#[derive(Debug)]
pub(super) struct Rate {
    every: Option<Duration>,
    next: Mutex<Option<Instant>>,
}

impl Rate {
    /// At most so many a second.
    pub(super) fn new(per_second: Option<u32>) -> Self {
        let every = per_second.and_then(|count| Duration::from_secs(1).checked_div(count));
        Self { every, next: Mutex::new(None) }
    }

    /// Waits for a turn.
    pub(super) async fn turn(&self) {
        let Some(every) = self.every else { return };
        let at = {
            let now = Instant::now();
            let mut next = self.next.lock().unwrap_or_else(PoisonError::into_inner);
            let at = next.map_or(now, |next| next.max(now));
            *next = Some(at + every);
            at
        };
        tokio::time::sleep_until(at).await;
    }
}
