//! Many items at a time: one thread turns them from and into Python's, all cores encrypt.

use std::collections::VecDeque;
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::sync::{Arc, Mutex, PoisonError};

use itemseal::{Item, Result};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList};
use tokio::sync::Semaphore;

use crate::convert::Layer;
use crate::encryptor::{Encryptor, Way};
use crate::errors::raise;
use crate::runtime::{SIGNALS, ended_early, here, runtime};

/// How many items a core takes at a time.
const CHUNK: usize = 16;
/// How many items may wait for their keys at the same time.
const MOST_WAITING: usize = 16;

/// Some of the items, and which they are.
struct Chunk {
    at: usize,
    items: Vec<Item>,
}

struct Batch {
    encryptor: Arc<Encryptor>,
    way: Way,
    /// Chunks that nobody has taken yet.
    waiting: Mutex<VecDeque<Chunk>>,
    permits: Semaphore,
}

impl Batch {
    fn queue(&self) -> std::sync::MutexGuard<'_, VecDeque<Chunk>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn work(&self, chunk: Chunk) -> (usize, Result<Vec<Item>>) {
        let mut done = Vec::with_capacity(chunk.items.len());
        for item in chunk.items {
            match self.encryptor.one(self.way, item).await {
                Ok(item) => done.push(item),
                Err(error) => return (chunk.at, Err(error)),
            }
        }
        (chunk.at, Ok(done))
    }

    /// Works on a chunk, if one is left.
    async fn take_one(self: Arc<Self>, done: Sender<(usize, Result<Vec<Item>>)>) {
        let Ok(_permit) = self.permits.acquire().await else { return };
        let chunk = self.queue().pop_front();
        if let Some(chunk) = chunk {
            let mut reply = Reply { at: chunk.at, done: Some(done) };
            reply.send(self.work(chunk).await);
        }
    }
}

/// Answers for a chunk, whatever becomes of the work: somebody waits for it.
struct Reply {
    at: usize,
    done: Option<Sender<(usize, Result<Vec<Item>>)>>,
}

impl Reply {
    fn send(&mut self, answer: (usize, Result<Vec<Item>>)) {
        if let Some(done) = self.done.take() {
            // Whoever waited may have gone.
            let _ = done.send(answer);
        }
    }
}

impl Drop for Reply {
    fn drop(&mut self) {
        self.send((self.at, Err(ended_early())));
    }
}

/// Leaves nothing to do to the workers when the caller goes, in whatever way.
struct Stop<'a>(&'a Batch);

impl Drop for Stop<'_> {
    fn drop(&mut self) {
        self.0.queue().clear();
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
    let py = items.py();
    let waits = encryptor.waits();
    let size = if waits { 1 } else { CHUNK };
    let workers = if waits { MOST_WAITING } else { other_cores() };
    // As many as keep the workers busy: what is on its way stays in the processor's caches.
    let most = if waits { 2 * MOST_WAITING } else { 2 * workers + 2 };
    let encryptor = Arc::clone(encryptor);
    let permits = Semaphore::new(workers);
    let batch = Arc::new(Batch { encryptor, way, waiting: Mutex::default(), permits });
    let _stop = Stop(&batch);
    let (sender, mut receiver) = mpsc::channel();
    let mut given = items.try_iter()?;
    let mut done: Vec<Option<Vec<Bound<'py, PyDict>>>> = Vec::new();
    let (mut left, mut more) = (0, true);
    while more || left > 0 {
        if let Ok(next) = receiver.try_recv() {
            finish(py, layer, next, &mut done)?;
            left -= 1;
        } else if more && left < most {
            let some = given.by_ref().take(size).map(|item| layer.read(&item?));
            let items = some.collect::<PyResult<Vec<_>>>()?;
            more = items.len() == size;
            if items.is_empty() {
                continue;
            }
            batch.queue().push_back(Chunk { at: done.len(), items });
            done.push(None);
            left += 1;
            // A single chunk is done here.
            if waits || done.len() > 1 {
                let runtime = runtime().map_err(|error| raise(py, &error))?;
                runtime.spawn(Arc::clone(&batch).take_one(sender.clone()));
            }
        } else {
            // Nothing is finished and enough is on its way: this thread works on one too. The lock is not held
            // for that.
            let chunk = if waits { None } else { batch.queue().pop_back() };
            if let Some(chunk) = chunk {
                finish(py, layer, py.detach(|| here(batch.work(chunk))), &mut done)?;
                left -= 1;
                continue;
            }
            let waiting = &mut receiver;
            match py.detach(move || waiting.recv_timeout(SIGNALS)) {
                Ok(next) => {
                    finish(py, layer, next, &mut done)?;
                    left -= 1;
                }
                Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => {
                    py.check_signals()?;
                }
            }
        }
    }
    PyList::new(py, done.into_iter().flatten().flatten().collect::<Vec<_>>())
}

/// Puts a chunk's items in their place, as Python has them.
fn finish<'py>(
    py: Python<'py>,
    layer: Layer,
    (at, items): (usize, Result<Vec<Item>>),
    done: &mut [Option<Vec<Bound<'py, PyDict>>>],
) -> PyResult<()> {
    let items = items.map_err(|error| raise(py, &error))?;
    let items = items.into_iter().map(|item| layer.write(py, item));
    if let Some(place) = done.get_mut(at) {
        *place = Some(items.collect::<PyResult<_>>()?);
    }
    Ok(())
}
