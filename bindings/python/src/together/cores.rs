//! Items that wait for nothing: all cores work on them.
//!
//! A thread has some items for itself from Python's dict to Python's dict, since what one thread allocates and another
//! frees costs nearly as much as what was gained. It holds the interpreter while it turns items from and into Python's,
//! and the others encrypt meanwhile.

use std::collections::VecDeque;
use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use itemseal::Result;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyIterator, PyList};

use super::places::{self, Places};
use crate::attach::attached;
use crate::convert::{Layer, Names};
use crate::encryptor::{Encryptor, Way};
use crate::errors::raise;
use crate::runtime::{ended_early, here, runtime};

/// How many items a core takes at a time, at most.
const CHUNK: usize = 16;
/// How many chunks there are for each core, so that all end at about the same time.
const CHUNKS: usize = 8;
/// How many chunks wait for each core while the items are still being read.
const AHEAD: usize = 4;

/// Some of the items, and where they belong.
struct Chunk {
    at: usize,
    items: Vec<Py<PyAny>>,
}

type Answer = (usize, PyResult<Vec<Py<PyDict>>>);

pub(super) fn run<'py>(
    encryptor: &Arc<Encryptor>,
    way: Way,
    layer: Layer,
    items: &Bound<'py, PyAny>,
) -> PyResult<Bound<'py, PyList>> {
    let cores = std::thread::available_parallelism().map_or(1, |cores| cores.get());
    let size = match items.len() {
        Ok(items) => (items / (CHUNKS * cores)).clamp(1, CHUNK),
        Err(_) => CHUNK,
    };
    let (sender, answers) = mpsc::channel();
    let shared = Arc::new(Shared {
        encryptor: Arc::clone(encryptor),
        way,
        layer,
        queue: Mutex::default(),
        // This thread is the last one.
        most: cores - 1,
        answers: sender,
    });
    let given = Some(items.try_iter()?);
    Batch { given, size, ahead: AHEAD * cores, shared, answers, places: Places::default() }
        .run(items.py())
}

/// A batch, as the thread sees it that was called.
struct Batch<'py> {
    /// What is left of the items.
    given: Option<Bound<'py, PyIterator>>,
    size: usize,
    ahead: usize,
    shared: Arc<Shared>,
    answers: Receiver<Answer>,
    places: Places,
}

/// Leaves nothing to do to the other threads when the caller goes, in whatever way.
impl Drop for Batch<'_> {
    fn drop(&mut self) {
        self.shared.queue().waiting.clear();
    }
}

impl<'py> Batch<'py> {
    fn run(mut self, py: Python<'py>) -> PyResult<Bound<'py, PyList>> {
        let mut names = Names::kept();
        loop {
            while self.given.is_some() && self.shared.queue().waiting.len() < self.ahead {
                self.read()?;
            }
            let next = self.shared.queue().waiting.pop_front();
            let answer = match next {
                Some(chunk) => Some(self.shared.work_on(py, chunk, &mut names)),
                None if self.places.left() == 0 => break,
                None => places::next(py, &mut self.answers)?,
            };
            for (at, items) in answer.into_iter().chain(self.answers.try_iter()) {
                self.places.put(at, items?);
            }
            py.check_signals()?;
        }
        std::mem::take(&mut self.places).into_list(py)
    }

    /// Gives the next items to whoever takes them.
    fn read(&mut self) -> PyResult<()> {
        let Some(given) = &mut self.given else { return Ok(()) };
        let py = given.py();
        let items = given.take(self.size).map(|item| Ok(item?.unbind()));
        let items = items.collect::<PyResult<Vec<_>>>()?;
        if items.len() < self.size {
            self.given = None;
        }
        if items.is_empty() {
            return Ok(());
        }
        let chunk = Chunk { at: self.places.begin(), items };
        self.shared.add(chunk).map_err(|error| raise(py, &error))
    }
}

#[derive(Default)]
struct Queue {
    /// Chunks that nobody has taken yet.
    waiting: VecDeque<Chunk>,
    /// How many threads there are beside the caller's. One that finds nothing to do goes, so that none is left when
    /// the batch ends.
    working: usize,
}

/// What all threads of a batch know.
struct Shared {
    encryptor: Arc<Encryptor>,
    way: Way,
    layer: Layer,
    queue: Mutex<Queue>,
    most: usize,
    answers: Sender<Answer>,
}

impl Shared {
    fn queue(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds a chunk, and a thread if there may be one more. The caller's takes the first chunk.
    fn add(self: &Arc<Self>, chunk: Chunk) -> Result<()> {
        let wanted = {
            let mut queue = self.queue();
            queue.waiting.push_back(chunk);
            let wanted = queue.working < self.most && queue.waiting.len() > 1;
            queue.working += usize::from(wanted);
            wanted
        };
        if wanted {
            let worker = Worker { of: Arc::clone(self), counted: true };
            runtime()?.spawn_blocking(move || worker.work());
        }
        Ok(())
    }

    fn work_on(&self, py: Python<'_>, chunk: Chunk, names: &mut Names) -> Answer {
        (chunk.at, self.done(py, chunk.items, names))
    }

    fn done(
        &self,
        py: Python<'_>,
        items: Vec<Py<PyAny>>,
        names: &mut Names,
    ) -> PyResult<Vec<Py<PyDict>>> {
        let read = items.iter().map(|item| self.layer.read(item.bind(py)));
        let read = read.collect::<PyResult<Vec<_>>>()?;
        let one = |item| here(self.encryptor.one(self.way, item));
        let done = py.detach(|| read.into_iter().map(one).collect::<Result<Vec<_>>>());
        let done = done.map_err(|error| raise(py, &error))?.into_iter();
        done.map(|item| Ok(self.layer.write_with(py, item, names)?.unbind())).collect()
    }
}

/// A thread beside the caller's.
struct Worker {
    of: Arc<Shared>,
    counted: bool,
}

impl Worker {
    fn work(mut self) {
        let mut names = Names::kept();
        while let Some(chunk) = self.next() {
            let mut reply = Reply { at: chunk.at, to: Some(&self.of.answers) };
            // There is no interpreter any more when the program is being ended.
            attached(|py| reply.send(self.of.work_on(py, chunk, &mut names)));
        }
        attached(|_| drop(names));
    }

    /// The first chunk. Without one the thread is counted out, under the same lock: whoever adds the next sees it.
    fn next(&mut self) -> Option<Chunk> {
        let mut queue = self.of.queue();
        let next = queue.waiting.pop_front();
        if next.is_none() {
            queue.working -= 1;
            self.counted = false;
        }
        next
    }
}

/// A panic, or the end of the runtime, takes a worker that is still counted.
impl Drop for Worker {
    fn drop(&mut self) {
        if self.counted {
            self.of.queue().working -= 1;
        }
    }
}

/// Answers for a chunk, whatever becomes of the work: somebody waits for it.
struct Reply<'a> {
    at: usize,
    to: Option<&'a Sender<Answer>>,
}

impl Reply<'_> {
    fn send(&mut self, answer: Answer) {
        if let Some(to) = self.to.take() {
            // Whoever waited may have gone.
            let _ = to.send(answer);
        }
    }
}

impl Drop for Reply<'_> {
    fn drop(&mut self) {
        if self.to.is_some() {
            let at = self.at;
            attached(|py| self.send((at, Err(raise(py, &ended_early())))));
        }
    }
}
