//! Replication, one change at a time.

use std::fmt;

use super::Tables;
use super::change::{Outcome, PendingChange};
use super::database::RegionDatabase;
use super::error::TableError;

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
            Self::Table(error) => write!(f, "a change could not be applied: {error}"),
        }
    }
}

impl std::error::Error for ReplicationError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::CutOff(_) => None,
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
    /// order of the Regions' names.
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

    /// Delivers up to `most` changes from one Region to another, oldest first; none if they are cut
    /// off from each other.
    ///
    /// # Errors
    /// `UnknownRegion`, and as of [`deliver_once`](Self::deliver_once).
    pub fn deliver(&self, from: &str, to: &str, most: u64) -> Result<Delivery, TableError> {
        let (source, destination) = (self.database(from)?, self.database(to)?);
        // One delivery at a time: a change stays in the log until it has arrived.
        let _pump = self.pump();
        let mut sum = Delivery::default();
        while sum.delivered() < most && self.are_connected(from, to) {
            let Some(one) = self.deliver_next(&source, &destination)? else { break };
            sum.add(one);
        }
        Ok(sum)
    }

    /// Delivers all that waits, for a caller that holds the pump and knows of no cut.
    pub(super) fn deliver_all(
        &self,
        source: &RegionDatabase,
        destination: &RegionDatabase,
    ) -> Result<(), TableError> {
        while self.deliver_next(source, destination)?.is_some() {}
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
    ) -> Result<Option<Delivery>, TableError> {
        let Some(change) = source.lock().next_change(&destination.name)? else { return Ok(None) };
        let one = match destination.lock().apply(&change, self.inner.merge)? {
            Outcome::Applied => Delivery { applied: 1, superseded: 0 },
            Outcome::Superseded => Delivery { applied: 0, superseded: 1 },
        };
        // If this is not reached, the change comes again, and changes nothing then.
        source.lock().delivered(change.id)?;
        Ok(Some(one))
    }

    /// Delivers until no change waits: then all replicas are equal, if nobody writes meanwhile.
    ///
    /// # Errors
    /// [`CutOff`](ReplicationError::CutOff) if changes wait for Regions that they cannot reach, and
    /// what waits where; [`Table`](ReplicationError::Table) if a Region cannot take one over.
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
        let mut waiting = self.waiting()?;
        waiting.retain(|pair| !self.are_connected(&pair.from, &pair.to));
        if waiting.is_empty() { Ok(sum) } else { Err(ReplicationError::CutOff(waiting)) }
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

    /// Cuts a Region off from all others: replication to and from it stops. It goes on serving reads
    /// and writes.
    ///
    /// # Errors
    /// `UnknownRegion`.
    pub fn cut(&self, region: &str) -> Result<(), TableError> {
        self.database(region)?;
        self.links().cut(region);
        Ok(())
    }

    /// Undoes every cut that concerns a Region.
    ///
    /// # Errors
    /// `UnknownRegion`.
    pub fn heal(&self, region: &str) -> Result<(), TableError> {
        self.database(region)?;
        self.links().heal(region);
        self.inner.signal.all();
        Ok(())
    }

    /// Cuts two Regions off from each other, both ways.
    ///
    /// # Errors
    /// `UnknownRegion`.
    pub fn cut_between(&self, a: &str, b: &str) -> Result<(), TableError> {
        self.database(a)?;
        self.database(b)?;
        self.links().cut_between(a, b);
        Ok(())
    }

    /// Undoes [`cut_between`](Self::cut_between); a [`cut`](Self::cut) of either stays.
    ///
    /// # Errors
    /// `UnknownRegion`.
    pub fn heal_between(&self, a: &str, b: &str) -> Result<(), TableError> {
        self.database(a)?;
        self.database(b)?;
        self.links().heal_between(a, b);
        self.inner.signal.all();
        Ok(())
    }

    /// Undoes all cuts.
    pub fn heal_all(&self) {
        self.links().heal_all();
        self.inner.signal.all();
    }

    /// Whether changes go from one Region to the other.
    pub fn are_connected(&self, a: &str, b: &str) -> bool {
        self.links().connected(a, b)
    }

    /// All ordered pairs of Regions, in the order of their names.
    fn pairs(&self) -> impl Iterator<Item = (String, String)> {
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
