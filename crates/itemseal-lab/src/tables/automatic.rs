//! Replication that happens by itself.

use std::sync::Weak;
use std::time::Duration;

use super::error::TableError;
use super::signal::Work;
use super::{Inner, Tables};

/// How many changes go from one Region to another before the next pair has its turn.
const TURN: u64 = 64;
/// How often changes that are on their way are looked at while the lab's clock is moved by hand: it
/// tells nobody that it was.
const LOOK: Duration = Duration::from_millis(5);
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
                    Some(next) => most = next,
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

/// One round of deliveries, and how long until the next at most; none if the tables are gone.
#[allow(clippy::option_option, reason = "gone, and no next round by itself, are different")]
fn delivered(tables: &Weak<Inner>, work: Work) -> Option<Option<Duration>> {
    // Held for the round only, so that a lab that is dropped meanwhile is gone after it.
    let tables = Tables { inner: tables.upgrade()? };
    let regions: Vec<String> = match work {
        Work::Changed(regions) => regions.into_iter().collect(),
        Work::All => tables.regions().collect(),
        Work::Closed => return None,
    };
    let rounds = regions.iter().map(|region| tables.deliver_from(region));
    let next = rounds.fold(Ok(()), Result::and).and_then(|()| tables.next_round());
    Some(next.unwrap_or(Some(RETRY)))
}

impl Tables {
    /// How long until a change that is on its way arrives; none if none is.
    fn next_round(&self) -> Result<Option<Duration>, TableError> {
        let faults = &self.inner.faults;
        if !faults.any_lag() {
            return Ok(None);
        }
        let next = self.next_delivery_at()?.map(|due| {
            let micros = u64::try_from(due.saturating_sub(faults.now())).unwrap_or_default();
            let wait = Duration::from_micros(micros);
            if faults.is_manual() { wait.min(LOOK) } else { wait }
        });
        Ok(next)
    }
}
