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
            // Whoever waited may have gone.
            let _ = done.send(self.work(chunk).await);
        }
    }
}

/// Leaves nothing to do to the workers when the caller goes, in whatever way.
struct Stop<'a>(&'a Batch);

impl Drop for Stop<'_> {
    fn drop(&mut self) {
        self.0.queue().clear();
    }
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
    let permits = Semaphore::new(if waits { MOST_WAITING } else { Semaphore::MAX_PERMITS });
    let encryptor = Arc::clone(encryptor);
    let batch = Arc::new(Batch { encryptor, way, waiting: Mutex::default(), permits });
    let _stop = Stop(&batch);
    let (sender, mut receiver) = mpsc::channel();
    let mut given = items.try_iter()?;
    let (mut chunks, mut done): (usize, Vec<Option<Vec<Bound<'py, PyDict>>>>) = (0, Vec::new());
    loop {
        let some = given.by_ref().take(size).map(|item| layer.read(&item?));
        let items = some.collect::<PyResult<Vec<_>>>()?;
        if items.is_empty() {
            break;
        }
        batch.queue().push_back(Chunk { at: chunks, items });
        chunks += 1;
        // A single chunk is done here.
        if waits || chunks > 1 {
            let runtime = runtime().map_err(|error| raise(py, &error))?;
            runtime.spawn(Arc::clone(&batch).take_one(sender.clone()));
        }
    }
    drop(sender);
    done.resize_with(chunks, || None);
    let mut left = chunks;
    while left > 0 {
        let next = receiver.try_recv().ok().or_else(|| {
            // No worker has finished one: this thread works on one too. The lock is not held for that.
            let chunk = if waits { None } else { batch.queue().pop_back() };
            chunk.map(|chunk| py.detach(|| here(batch.work(chunk))))
        });
        let next = match next {
            Some(next) => next,
            None => {
                let waiting = &mut receiver;
                match py.detach(move || waiting.recv_timeout(SIGNALS)) {
                    Ok(next) => next,
                    Err(RecvTimeoutError::Timeout) => {
                        py.check_signals()?;
                        continue;
                    }
                    Err(RecvTimeoutError::Disconnected) => return Err(raise(py, &ended_early())),
                }
            }
        };
        let (at, items) = next;
        let items = items.map_err(|error| raise(py, &error))?;
        let items = items.into_iter().map(|item| layer.write(py, item));
        if let Some(place) = done.get_mut(at) {
            *place = Some(items.collect::<PyResult<_>>()?);
        }
        left -= 1;
    }
    PyList::new(py, done.into_iter().flatten().flatten().collect::<Vec<_>>())
}
