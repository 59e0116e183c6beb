//! Which Regions reach which, and when a change is due.

use super::Tables;
use super::change::Change;
use super::database::RegionDatabase;
use super::error::TableError;
use crate::clock::Micros;

impl Tables {
    /// Cuts a Region off from all others: replication to and from it stops. It goes on serving reads
    /// and writes.
    ///
    /// # Errors
    /// `UnknownRegion`.
    pub fn cut(&self, region: &str) -> Result<(), TableError> {
        self.database(region)?;
        self.inner.faults.cut(region, None);
        Ok(())
    }

    /// Undoes every cut that concerns a Region.
    ///
    /// # Errors
    /// `UnknownRegion`.
    pub fn heal(&self, region: &str) -> Result<(), TableError> {
        self.database(region)?;
        self.inner.faults.heal(region);
        Ok(())
    }

    /// Cuts two Regions off from each other, both ways.
    ///
    /// # Errors
    /// `UnknownRegion`.
    pub fn cut_between(&self, a: &str, b: &str) -> Result<(), TableError> {
        self.database(a)?;
        self.database(b)?;
        self.inner.faults.cut(a, Some(b));
        Ok(())
    }

    /// Undoes [`cut_between`](Self::cut_between); a [`cut`](Self::cut) of either stays.
    ///
    /// # Errors
    /// `UnknownRegion`.
    pub fn heal_between(&self, a: &str, b: &str) -> Result<(), TableError> {
        self.database(a)?;
        self.database(b)?;
        self.inner.faults.heal_between(a, b);
        Ok(())
    }

    /// Undoes all cuts.
    pub fn heal_all(&self) {
        self.inner.faults.heal_all();
    }

    /// Says that more may be due than was, so that what happens by itself looks again.
    pub(crate) fn look_again(&self) {
        self.inner.signal.all();
    }

    /// Whether changes go from one Region to the other.
    pub fn are_connected(&self, a: &str, b: &str) -> bool {
        self.inner.faults.connected(a, b)
    }

    /// When the first of the waiting changes can be delivered, in microseconds since the Unix epoch
    /// by the lab's clock; none if nothing waits but between Regions that are cut off from each
    /// other. It is in the past if a change can be delivered now.
    ///
    /// # Errors
    /// `InternalServerError` if a Region's database fails.
    pub fn next_delivery_at(&self) -> Result<Option<Micros>, TableError> {
        let mut earliest = None;
        for (from, to) in self.pairs() {
            if !self.are_connected(&from, &to) {
                continue;
            }
            let (source, destination) = (self.database(&from)?, self.database(&to)?);
            let next = source.lock().next_change(&to)?;
            if let Some(change) = next {
                let due = self.due(&source, &destination, &change);
                earliest = Some(earliest.map_or(due, |earliest: Micros| earliest.min(due)));
            }
        }
        Ok(earliest)
    }

    /// When a change can be delivered. Each waits for those before it.
    pub(super) fn due(
        &self,
        source: &RegionDatabase,
        destination: &RegionDatabase,
        change: &Change,
    ) -> Micros {
        let lag = self.inner.faults.lag(&source.name, &destination.name, change.id);
        change.logged.saturating_add(lag)
    }
}
