//! What is encrypted or opened for one call, and what is done with it then.

use std::sync::Arc;

use itemseal::{Item, Result};
use itemseal_aws::rules::{Projection, together};
use pyo3::prelude::*;

use super::answer::Answer;
use super::tables::Table;

/// One item's way.
pub(super) struct Job {
    table: Arc<Table>,
    item: Item,
    way: Way,
}

enum Way {
    Seal,
    Open(Option<Arc<Projection>>),
    /// Beside these keys.
    Image(Option<Item>),
}

impl Job {
    pub(super) fn seal(table: &Arc<Table>, item: Item) -> Self {
        Self { table: Arc::clone(table), item, way: Way::Seal }
    }

    pub(super) fn open(
        table: &Arc<Table>,
        item: Item,
        projection: Option<&Arc<Projection>>,
    ) -> Self {
        Self { table: Arc::clone(table), item, way: Way::Open(projection.cloned()) }
    }

    /// The image of a stream's record.
    pub(super) fn image(table: &Arc<Table>, item: Item, keys: Option<Item>) -> Self {
        Self { table: Arc::clone(table), item, way: Way::Image(keys) }
    }

    async fn done(self) -> Result<Item> {
        match self.way {
            Way::Seal => self.table.seal(self.item).await,
            Way::Open(projection) => self.table.open(self.item, projection.as_deref()).await,
            Way::Image(keys) => self.table.open_image(self.item, keys.as_ref()).await,
        }
    }
}

type Finish = Box<dyn FnOnce(Python<'_>, Vec<Result<Item>>) -> PyResult<()> + Send>;

/// Jobs, and what is done with their results, which come in the order of the jobs.
pub(super) struct Work {
    pub(super) jobs: Vec<Job>,
    /// The first error is the call's.
    pub(super) all_or_none: bool,
    pub(super) finish: Finish,
}

impl Work {
    pub(super) fn none() -> Self {
        Self::new(Vec::new(), |_, _| Ok(()))
    }

    pub(super) fn new(
        jobs: Vec<Job>,
        finish: impl FnOnce(Python<'_>, Vec<Result<Item>>) -> PyResult<()> + Send + 'static,
    ) -> Self {
        Self { jobs, all_or_none: true, finish: Box::new(finish) }
    }

    /// One error does not keep the others' results back.
    pub(super) fn one_by_one(self) -> Self {
        Self { all_or_none: false, ..self }
    }

    /// Whether it may have to wait for something outside of the process.
    pub(super) fn waits(&self) -> bool {
        self.jobs.iter().any(|job| job.table.waits())
    }
}

/// What the jobs give.
pub(super) async fn all(jobs: Vec<Job>, all_or_none: bool) -> Result<Vec<Result<Item>>> {
    let one = |job: Job| async move {
        match job.done().await {
            Err(error) if all_or_none => Err(error),
            done => Ok(done),
        }
    };
    match <[Job; 1]>::try_from(jobs) {
        // Most calls are about one item.
        Ok([job]) => Ok(vec![one(job).await?]),
        Err(jobs) => together(jobs.into_iter().map(one)).await,
    }
}

/// What is done before a request, and what is kept for its answer.
pub(super) struct Before {
    pub(super) work: Work,
    /// None if nothing that comes back is an item.
    pub(super) answer: Option<Box<dyn Answer>>,
}
