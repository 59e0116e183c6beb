//! The same client, asked differently.

use std::sync::Arc;

use super::GlobalTable;

/// What holds for the calls of one [`GlobalTable`], and not for those of its clones.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Mode {
    pub(super) idempotent: bool,
    pub(super) report_bad_items: bool,
}

impl GlobalTable {
    /// This client for writes that may be carried out twice, the second time later and in another Region:
    /// `client.idempotent().put_item(…)`. It matters to clients whose [writes fail over](super::Writes::Failover)
    /// only: they send such a write to the next Region also when the one before it may have carried it out.
    #[must_use]
    pub fn idempotent(&self) -> Self {
        let mode = Mode { idempotent: true, ..self.mode };
        Self { inner: Arc::clone(&self.inner), mode }
    }

    /// This client for reads of many items (`query`, `scan`, `batch_get_item`) that give the good ones, and
    /// report those that do not open in [`Answer::bad_items`](super::Answer::bad_items) with their keys. Without
    /// it one bad item is the error of the call. A key service that does not answer is so in any case.
    #[must_use]
    pub fn reporting_bad_items(&self) -> Self {
        let mode = Mode { report_bad_items: true, ..self.mode };
        Self { inner: Arc::clone(&self.inner), mode }
    }
}
