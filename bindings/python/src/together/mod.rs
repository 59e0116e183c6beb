//! Many items at a time: one thread turns them from and into Python's, all cores encrypt.

mod workers;

use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};

use pyo3::prelude::*;
use pyo3::types::{PyDict, PyIterator, PyList};

use crate::convert::{Layer, Names};
use crate::encryptor::{Encryptor, Way};
use crate::errors::raise;
use crate::runtime::{SIGNALS, here};
use workers::{Answer, Chunk, Workers};

/// How many items a core takes at a time, at most: what is on its way stays in the processor's caches.
const CHUNK: usize = 32;
/// How many chunks keep the workers from running out of them while this thread does something else.
const ENOUGH: usize = 2;
/// How many items may wait for their keys at the same time.
const MOST_WAITING: usize = 16;

/// A batch, as the thread sees it that was called.
struct Batch<'py> {
    py: Python<'py>,
    layer: Layer,
    given: Bound<'py, PyIterator>,
    /// How many items a chunk has.
    size: usize,
    /// How many chunks may be on their way.
    most: usize,
    /// Whether the items wait for something, and not for a core.
    waits: bool,
    workers: Arc<Workers>,
    answers: Receiver<Answer>,
    done: Vec<Option<Vec<Bound<'py, PyDict>>>>,
    left: usize,
    names: Names,
}

/// Leaves nothing to do to the workers when the caller goes, in whatever way.
impl Drop for Batch<'_> {
    fn drop(&mut self) {
        self.workers.stop();
    }
}

/// The other cores than the one that this thread is on.
fn other_cores() -> usize {
    std::thread::available_parallelism().map_or(1, |cores| cores.get().saturating_sub(1).max(1))
}

pub(crate) fn together<'py>(
    encryptor: &Arc<Encryptor>,
    way: Way,
    layer: Layer,
    items: &Bound<'py, PyAny>,
) -> PyResult<Bound<'py, PyList>> {
    let waits = encryptor.waits();
    let workers = if waits { MOST_WAITING } else { other_cores() };
    let size = match items.len() {
        _ if waits => 1,
        // Some chunks for each core, so that they end at about the same time.
        Ok(items) => (items / (8 * (workers + 1))).clamp(1, CHUNK),
        Err(_) => CHUNK / 2,
    };
    let most = 2 * workers + 2;
    let (sender, answers) = mpsc::channel();
    let workers = Workers::new(Arc::clone(encryptor), way, workers, sender);
    let (py, given, done) = (items.py(), items.try_iter()?, Vec::new());
    Batch {
        py,
        layer,
        given,
        size,
        most,
        waits,
        workers,
        answers,
        done,
        left: 0,
        names: Names::kept(),
    }
    .run()
}

impl<'py> Batch<'py> {
    fn run(mut self) -> PyResult<Bound<'py, PyList>> {
        let mut more = true;
        while more || self.left > 0 {
            let room = more && self.left < self.most;
            if room && self.workers.waiting() < ENOUGH {
                more = self.begin()?;
            } else if let Ok(answer) = self.answers.try_recv() {
                self.finish(answer)?;
            } else if !self.waits
                && let Some(chunk) = self.workers.take_last(if more { 1 } else { 0 })
            {
                self.help(chunk)?;
            } else if room {
                more = self.begin()?;
            } else {
                self.wait()?;
            }
        }
        let done = std::mem::take(&mut self.done);
        PyList::new(self.py, done.into_iter().flatten().flatten().collect::<Vec<_>>())
    }

    /// Reads the next items, and says whether there may be more.
    fn begin(&mut self) -> PyResult<bool> {
        let (layer, size) = (self.layer, self.size);
        let some = self.given.by_ref().take(size).map(|item| layer.read(&item?));
        let items = some.collect::<PyResult<Vec<_>>>()?;
        let more = items.len() == size;
        if !items.is_empty() {
            let chunk = Chunk { at: self.done.len(), items };
            self.workers.add(chunk).map_err(|error| raise(self.py, &error))?;
            self.done.push(None);
            self.left += 1;
        }
        Ok(more)
    }

    /// Enough is on its way: this thread works on a chunk too. Other Python threads run meanwhile.
    fn help(&mut self, chunk: Chunk) -> PyResult<()> {
        let workers = &self.workers;
        let answer = self.py.detach(|| here(workers.work_on(chunk)));
        self.finish(answer)
    }

    /// Nothing is finished, and there is nothing for this thread to work on.
    fn wait(&mut self) -> PyResult<()> {
        self.py.check_signals()?;
        let answers = &mut self.answers;
        match self.py.detach(move || answers.recv_timeout(SIGNALS)) {
            Ok(answer) => self.finish(answer),
            Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => Ok(()),
        }
    }

    /// Puts a chunk's items in their place, as Python has them.
    fn finish(&mut self, (at, items): Answer) -> PyResult<()> {
        self.left -= 1;
        let items = items.map_err(|error| raise(self.py, &error))?;
        let (py, layer, names) = (self.py, self.layer, &mut self.names);
        let items = items.into_iter().map(|item| layer.write_with(py, item, names));
        let items = items.collect::<PyResult<_>>()?;
        if let Some(place) = self.done.get_mut(at) {
            *place = Some(items);
        }
        Ok(())
    }
}
