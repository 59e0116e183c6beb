//! Replication, one change at a time.

use std::fmt;

use super::Tables;
use super::change::{Outcome, PendingChange};
use super::database::RegionDatabase;
use super::error::TableError;
use crate::clock::Micros;

/// How many changes went from Region to Region.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Delivery {
    /// Changes that the receiving Region took over.
    pub applied: u64,
    /// Changes that came too late: the receiving Region had a later write of the item.
    pub superseded: u64,
}

impl Delivery {
    /// All that arrived.
    pub fn delivered(&self) -> u64 {
        self.applied + self.superseded
    }

    fn add(&mut self, other: Self) {
        self.applied += other.applied;
        self.superseded += other.superseded;
    }
}

/// Changes that wait in one Region for another.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// Where the changes were made.
    pub from: String,
    /// Where they are to go.
    pub to: String,
    /// How many there are.
    pub changes: u64,
}

/// Why the Regions did not converge.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq)]
pub enum ReplicationError {
    /// Changes wait for Regions that they cannot reach; all others were delivered.
    CutOff(Vec<Waiting>),
    /// Changes are still on their way; all others were delivered.
    Lagging {
        /// What is on its way.
        waiting: Vec<Waiting>,
        /// When the first of them arrives, in microseconds since the Unix epoch by the lab's clock.
        next: Micros,
    },
    /// A Region could not take a change over; it waits on.
    Table(TableError),
}

impl fmt::Display for ReplicationError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::CutOff(waiting) => {
                f.write_str(
                    "cannot converge, since Regions are cut off from each other (heal them):",
                )?;
                for Waiting { from, to, changes } in waiting {
                    write!(f, " {from} to {to}: {changes} waiting;")?;
                }
                Ok(())
            }
            Self::Lagging { waiting, next } => {
                write!(f, "cannot converge before {next} µs, since changes take time:")?;
                for Waiting { from, to, changes } in waiting {
                    write!(f, " {from} to {to}: {changes} on their way;")?;
                }
                Ok(())
            }
            Self::Table(error) => write!(f, "a change could not be applied: {error}"),
        }
    }
}

impl std::error::Error for ReplicationError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::CutOff(_) | Self::Lagging { .. } => None,
            Self::Table(error) => Some(error),
        }
    }
}

impl From<TableError> for ReplicationError {
    fn from(error: TableError) -> Self {
        Self::Table(error)
    }
}

impl Tables {
    /// Delivers the oldest waiting change between each two Regions that reach each other, in the
    /// order of the Regions' names, if it is due.
    ///
    /// # Errors
    /// That of the Region that could not take a change over, which then waits on.
    pub fn deliver_once(&self) -> Result<Delivery, TableError> {
        let mut sum = Delivery::default();
        for (from, to) in self.pairs() {
            sum.add(self.deliver(&from, &to, 1)?);
        }
        Ok(sum)
    }

    /// Delivers up to `most` changes from one Region to another, oldest first and none that is
    /// not due; none at all if they are cut off from each other.
    ///
    /// # Errors
    /// `UnknownRegion`, and as of [`deliver_once`](Self::deliver_once).
    pub fn deliver(&self, from: &str, to: &str, most: u64) -> Result<Delivery, TableError> {
        let (source, destination) = (self.database(from)?, self.database(to)?);
        // One delivery at a time: a change stays in the log until it has arrived.
        let _pump = self.pump();
        let mut sum = Delivery::default();
        while sum.delivered() < most && self.are_connected(from, to) {
            let Some(one) = self.deliver_next(&source, &destination, true)? else { break };
            sum.add(one);
        }
        Ok(sum)
    }

    /// Delivers all that waits, for a caller that holds the pump, knows of no cut, and does not wait.
    pub(super) fn deliver_all(
        &self,
        source: &RegionDatabase,
        destination: &RegionDatabase,
    ) -> Result<(), TableError> {
        while self.deliver_next(source, destination, false)?.is_some() {}
        Ok(())
    }

    /// Delivers all that waits of one table, for a caller that holds the pump and knows of no cut.
    pub(super) fn deliver_table(
        &self,
        source: &RegionDatabase,
        destination: &RegionDatabase,
        table: &str,
    ) -> Result<(), TableError> {
        loop {
            let change = source.lock().next_change_of(table, &destination.name)?;
            let Some(change) = change else { return Ok(()) };
            destination.lock().apply(&change, self.inner.merge)?;
            source.lock().delivered(change.id)?;
        }
    }

    fn deliver_next(
        &self,
        source: &RegionDatabase,
        destination: &RegionDatabase,
        only_due: bool,
    ) -> Result<Option<Delivery>, TableError> {
        let Some(change) = source.lock().next_change(&destination.name)? else { return Ok(None) };
        if only_due && self.due(source, destination, &change) > self.inner.faults.now() {
            return Ok(None);
        }
        let one = match destination.lock().apply(&change, self.inner.merge)? {
            Outcome::Applied => Delivery { applied: 1, superseded: 0 },
            Outcome::Superseded => Delivery { applied: 0, superseded: 1 },
        };
        // If this is not reached, the change comes again, and changes nothing then.
        source.lock().delivered(change.id)?;
        Ok(Some(one))
    }

    /// Delivers until no change waits: then all replicas are equal, if nobody writes meanwhile. It
    /// waits for nothing, and moves no clock.
    ///
    /// # Errors
    /// [`CutOff`](ReplicationError::CutOff) if changes wait for Regions that they cannot reach, and
    /// what waits where; [`Lagging`](ReplicationError::Lagging) if changes are not due yet;
    /// [`Table`](ReplicationError::Table) if a Region cannot take one over.
    pub fn converge(&self) -> Result<Delivery, ReplicationError> {
        let mut sum = Delivery::default();
        loop {
            let round = self.deliver_once()?;
            if round.delivered() == 0 {
                break;
            }
            sum.add(round);
        }
        // What a Region wrote meanwhile is not cut off: it was only not there to be delivered.
        let waiting = self.waiting()?.into_iter();
        let (late, cut): (Vec<_>, Vec<_>) =
            waiting.partition(|pair| self.are_connected(&pair.from, &pair.to));
        if !cut.is_empty() {
            return Err(ReplicationError::CutOff(cut));
        }
        match self.next_delivery_at()? {
            Some(next) if next > self.inner.faults.now() => {
                Err(ReplicationError::Lagging { waiting: late, next })
            }
            _ => Ok(sum),
        }
    }

    /// The changes of one Region that wait for another, oldest first.
    ///
    /// # Errors
    /// `UnknownRegion`.
    pub fn pending(&self, from: &str, to: &str) -> Result<Vec<PendingChange>, TableError> {
        self.database(to)?;
        self.database(from)?.lock().pending(to)
    }

    /// How many changes wait between which Regions; pairs without any are left out.
    ///
    /// # Errors
    /// `InternalServerError` if a Region's database fails.
    pub fn waiting(&self) -> Result<Vec<Waiting>, TableError> {
        let mut all = Vec::new();
        for (from, to) in self.pairs() {
            let changes = self.database(&from)?.lock().waiting_for(&to)?;
            if changes > 0 {
                all.push(Waiting { from, to, changes });
            }
        }
        Ok(all)
    }

    /// All ordered pairs of Regions, in the order of their names.
    pub(super) fn pairs(&self) -> impl Iterator<Item = (String, String)> {
        let all: Vec<String> = self.regions().collect();
        let to = all.clone();
        all.into_iter().flat_map(move |from| {
            let others = to.clone().into_iter().filter({
                let from = from.clone();
                move |to| *to != from
            });
            others.map(move |to| (from.clone(), to))
        })
    }
}
