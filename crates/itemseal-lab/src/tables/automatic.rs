//! What happens by itself: replication, and deletes by time to live.

use std::ops::Range;
use std::sync::Weak;
use std::time::Duration;

use super::error::TableError;
use super::signal::Work;
use super::{Inner, Tables};
use crate::clock::{Micros, duration_micros};

/// How many changes go from one Region to another before the next pair has its turn.
const TURN: u64 = 64;
/// How often changes that are on their way are looked at while the lab's clock is moved by hand: it
/// tells nobody that it was.
const LOOK: Duration = Duration::from_millis(5);
/// After a change could not be taken over: how long until it is tried again, unless something is
/// written before.
const RETRY: Duration = Duration::from_millis(500);
/// How often items are looked for whose time to live, which is in seconds, is over.
const SWEEP: Duration = Duration::from_secs(1);
/// Looking through large tables takes long, so it is done less often: it is put off by this many
/// times what it took.
const SWEEP_PAUSE: Micros = 20;

impl Tables {
    /// Delivers changes from now on as soon as they are made, and links allow, and deletes items
    /// whose time to live is over; without this they wait to be [delivered](Self::deliver) and
    /// [deleted](Self::sweep_ttl). Ends with the last handle on these tables. Asking again changes
    /// nothing.
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
            let mut sweeps = Sweeps::default();
            let mut most = None;
            loop {
                let work = signal.wait(most);
                if work == Work::Closed {
                    return;
                }
                match round(&tables, &mut sweeps, work) {
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

/// One round of deletes and deliveries, and how long until the next at most; none if the tables are
/// gone.
#[allow(clippy::option_option, reason = "gone, and no next round by itself, are different")]
fn round(tables: &Weak<Inner>, sweeps: &mut Sweeps, work: Work) -> Option<Option<Duration>> {
    // Held for the round only, so that a lab that is dropped meanwhile is gone after it.
    let tables = Tables { inner: tables.upgrade()? };
    let swept = sweeps.run(&tables, &work);
    let regions: Vec<String> = match work {
        Work::Changed(regions) => regions.into_iter().collect(),
        Work::All => tables.regions().collect(),
        Work::Closed => return None,
    };
    let rounds = regions.iter().map(|region| tables.deliver_from(region));
    let next = rounds.fold(swept, Result::and).and_then(|()| tables.next_round());
    let next = next.unwrap_or(Some(RETRY));
    Some(next.into_iter().chain(sweeps.any.then_some(SWEEP)).min())
}

/// The deletes by time to live.
#[derive(Default)]
struct Sweeps {
    /// Whether any table has a time to live.
    any: bool,
    /// While the lab's clock is in this, items are not looked at again.
    done: Range<Micros>,
}

impl Sweeps {
    fn run(&mut self, tables: &Tables, work: &Work) -> Result<(), TableError> {
        if *work == Work::All {
            self.any = tables.any_ttl()?;
        }
        let now = tables.inner.faults.now();
        if !self.any || self.done.contains(&now) {
            return Ok(());
        }
        tables.sweep_ttl()?;
        let after = tables.inner.faults.now();
        let pause = after.saturating_sub(now).saturating_mul(SWEEP_PAUSE);
        self.done = now..after.saturating_add(pause.max(duration_micros(SWEEP)));
        Ok(())
    }
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

    /// Whether items of any table have a time to live.
    fn any_ttl(&self) -> Result<bool, TableError> {
        for region in self.regions() {
            if !self.database(&region)?.lock().storage.list_ttl_enabled_tables()?.is_empty() {
                return Ok(true);
            }
        }
        Ok(false)
    }
}
