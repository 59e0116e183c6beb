//! Replication that happens by itself.

use std::sync::Weak;
use std::time::Duration;

use super::error::TableError;
use super::signal::Work;
use super::{Inner, Tables};

/// How many changes go from one Region to another before the next pair has its turn.
const TURN: u64 = 64;
/// After a change could not be taken over: how long until it is tried again, unless something is
/// written before.
const RETRY: Duration = Duration::from_millis(500);

impl Tables {
    /// Delivers changes from now on as soon as they are made, and links allow; without this they
    /// wait to be [delivered](Self::deliver). Ends with the last handle on these tables. Asking
    /// again changes nothing.
    ///
    /// # Errors
    /// `InternalServerError` if no thread can be started.
    pub fn replicate_automatically(&self) -> Result<(), TableError> {
        if !self.inner.signal.listen() {
            return Ok(());
        }
        let signal = std::sync::Arc::clone(&self.inner.signal);
        let tables = std::sync::Arc::downgrade(&self.inner);
        let run = move || {
            let mut most = None;
            loop {
                let work = signal.wait(most);
                if work == Work::Closed {
                    return;
                }
                match delivered(&tables, work) {
                    None => return,
                    Some(done) => most = if done.is_ok() { None } else { Some(RETRY) },
                }
            }
        };
        let thread = std::thread::Builder::new().name("itemseal-lab-replication".to_owned());
        thread.spawn(run).map(drop).map_err(|error| {
            TableError::internal(format!("replication's thread does not start: {error}"))
        })
    }

    /// Delivers what one Region has for the others, in turns.
    ///
    /// # Errors
    /// That of the first Region that could not take a change over; the others got theirs.
    fn deliver_from(&self, from: &str) -> Result<(), TableError> {
        let mut failed = None;
        let mut destinations = self.database(from)?.lock().destinations()?;
        while !destinations.is_empty() {
            destinations.retain(|to| match self.deliver(from, to, TURN) {
                Ok(turn) => turn.delivered() == TURN,
                Err(error) => {
                    failed.get_or_insert(error);
                    false
                }
            });
        }
        failed.map_or(Ok(()), Err)
    }
}

/// One round of deliveries; none if the tables are gone.
fn delivered(tables: &Weak<Inner>, work: Work) -> Option<Result<(), TableError>> {
    // Held for the round only, so that a lab that is dropped meanwhile is gone after it.
    let tables = Tables { inner: tables.upgrade()? };
    let regions: Vec<String> = match work {
        Work::Changed(regions) => regions.into_iter().collect(),
        Work::All => tables.regions().collect(),
        Work::Closed => return None,
    };
    let rounds = regions.iter().map(|region| tables.deliver_from(region));
    Some(rounds.fold(Ok(()), Result::and))
}
