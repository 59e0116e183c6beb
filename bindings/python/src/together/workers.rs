//! The cores that work on a batch, and the queue that they take from.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::Sender;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use itemseal::{Item, Result};

use crate::encryptor::{Encryptor, Way};
use crate::runtime::{ended_early, here, runtime};

/// How long a thread that has nothing to do looks for more: to be woken costs the kernel as much as some items.
const PATIENCE: Duration = Duration::from_micros(200);

/// Some of the items, and which they are.
pub(super) struct Chunk {
    pub(super) at: usize,
    pub(super) items: Vec<Item>,
}

/// A chunk's items as they have become.
pub(super) type Answer = (usize, Result<Vec<Item>>);

#[derive(Default)]
struct Queue {
    /// Chunks that nobody has taken yet.
    waiting: VecDeque<Chunk>,
    /// How many workers there are. One that finds nothing to do goes, so that none is left when the batch ends.
    working: usize,
}

pub(super) struct Workers {
    encryptor: Arc<Encryptor>,
    way: Way,
    queue: Mutex<Queue>,
    /// How many chunks are in the queue, for those who only look.
    waiting: AtomicUsize,
    most: usize,
    answers: Sender<Answer>,
}

impl Workers {
    pub(super) fn new(
        encryptor: Arc<Encryptor>,
        way: Way,
        most: usize,
        answers: Sender<Answer>,
    ) -> Arc<Self> {
        Arc::new(Self {
            encryptor,
            way,
            queue: Mutex::default(),
            waiting: AtomicUsize::new(0),
            most,
            answers,
        })
    }

    fn queue(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Gives the workers a chunk, and one worker more if there may be more.
    pub(super) fn add(self: &Arc<Self>, chunk: Chunk) -> Result<()> {
        let wanted = {
            let mut queue = self.queue();
            queue.waiting.push_back(chunk);
            self.waiting.store(queue.waiting.len(), Ordering::Relaxed);
            queue.working < self.most
        };
        if !wanted {
            return Ok(());
        }
        let runtime = runtime()?;
        self.queue().working += 1;
        let worker = Worker { of: Arc::clone(self), counted: true };
        if self.encryptor.waits() {
            runtime.spawn(async move { worker.work().await });
        } else {
            runtime.spawn_blocking(move || here(worker.work()));
        }
        Ok(())
    }

    /// How many chunks nobody has taken yet.
    pub(super) fn waiting(&self) -> usize {
        self.waiting.load(Ordering::Relaxed)
    }

    /// The chunk that was added last, if there are more than `kept`: the workers take the first.
    pub(super) fn take_last(&self, kept: usize) -> Option<Chunk> {
        let mut queue = self.queue();
        let last = if queue.waiting.len() > kept { queue.waiting.pop_back() } else { None };
        self.waiting.store(queue.waiting.len(), Ordering::Relaxed);
        last
    }

    /// Nothing is left to do but what was begun.
    pub(super) fn stop(&self) {
        self.queue().waiting.clear();
        self.waiting.store(0, Ordering::Relaxed);
    }

    pub(super) async fn work_on(&self, chunk: Chunk) -> Answer {
        let mut done = Vec::with_capacity(chunk.items.len());
        for item in chunk.items {
            match self.encryptor.one(self.way, item).await {
                Ok(item) => done.push(item),
                Err(error) => return (chunk.at, Err(error)),
            }
        }
        (chunk.at, Ok(done))
    }
}

/// A thread, or a task where there may be something to wait for.
struct Worker {
    of: Arc<Workers>,
    counted: bool,
}

impl Worker {
    async fn work(mut self) {
        while let Some(chunk) = self.patiently() {
            let mut reply = Reply { at: chunk.at, to: Some(&self.of.answers) };
            reply.send(self.of.work_on(chunk).await);
        }
    }

    /// The first chunk, or the one that comes soon. A task has better things to do than to look for it.
    fn patiently(&mut self) -> Option<Chunk> {
        if !self.of.encryptor.waits() {
            let begun = Instant::now();
            while self.of.waiting() == 0 && begun.elapsed() < PATIENCE {
                std::hint::spin_loop();
            }
        }
        self.next()
    }

    /// The first chunk. Without one the worker is counted out, under the same lock: whoever adds the next sees it.
    fn next(&mut self) -> Option<Chunk> {
        let mut queue = self.of.queue();
        let next = queue.waiting.pop_front();
        self.of.waiting.store(queue.waiting.len(), Ordering::Relaxed);
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
        self.send((self.at, Err(ended_early())));
    }
}
