//! Many items at a time, on all cores; where keys have to be waited for, more of them.

use std::panic::resume_unwind;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;

use itemseal::{Error, Item};

use crate::encryptor::{Encryptor, Way};
use crate::wipe;

/// How many items a thread takes at a time.
const CHUNK: usize = 16;
/// How many threads there are if they wait for keys, and take one item at a time.
const WAITING: usize = 16;

struct Batch<'a> {
    encryptor: &'a Encryptor,
    way: Way,
    items: &'a [&'a Item],
    /// How many items a thread takes at a time.
    chunk: usize,
    /// The first chunk that nobody has taken.
    next: AtomicUsize,
    failed: AtomicBool,
}

/// What a thread did: chunks, with their numbers, until an item failed.
type Done = (Vec<(usize, Vec<Item>)>, Option<(usize, Error)>);

impl Batch<'_> {
    fn work(&self) -> Done {
        let mut chunks = Vec::new();
        // A chunk that was begun is done to its end, so what failed first in order is always found.
        while !self.failed.load(Ordering::Relaxed) {
            let number = self.next.fetch_add(1, Ordering::Relaxed);
            let Some(chunk) = self.items.chunks(self.chunk).nth(number) else { break };
            let mut done = Vec::with_capacity(chunk.len());
            for (index, item) in chunk.iter().enumerate() {
                match self.encryptor.one(self.way, (*item).clone()) {
                    Ok(item) => done.push(item),
                    Err(error) => {
                        self.failed.store(true, Ordering::Relaxed);
                        chunks.push((number, done));
                        return (chunks, Some((number * self.chunk + index, error)));
                    }
                }
            }
            chunks.push((number, done));
        }
        (chunks, None)
    }
}

/// Encrypts or decrypts all, in order; or says which is the first that failed.
pub(crate) fn together(
    encryptor: &Encryptor,
    way: Way,
    items: &[&Item],
) -> Result<Vec<Item>, (usize, Error)> {
    let (most, chunk) = if encryptor.waits() {
        (WAITING, 1)
    } else {
        (thread::available_parallelism().map_or(1, usize::from), CHUNK)
    };
    let (next, failed) = (AtomicUsize::new(0), AtomicBool::new(false));
    let batch = Batch { encryptor, way, items, chunk, next, failed };
    let others = most.min(items.len().div_ceil(chunk)).saturating_sub(1);
    let done: Vec<Done> = thread::scope(|scope| {
        let spawn = |_| thread::Builder::new().spawn_scoped(scope, || batch.work());
        // Where no thread can be had, this one does more.
        let threads: Vec<_> = (0..others).map(spawn).filter_map(Result::ok).collect();
        let own = batch.work();
        let joined = threads
            .into_iter()
            .map(|thread| thread.join().unwrap_or_else(|panic| resume_unwind(panic)));
        std::iter::once(own).chain(joined).collect()
    });
    let (mut chunks, mut failures) = (Vec::new(), Vec::new());
    for (some, failure) in done {
        chunks.extend(some);
        failures.extend(failure);
    }
    if let Some(first) = failures.into_iter().min_by_key(|(index, _)| *index) {
        chunks.iter_mut().flat_map(|(_, items)| items).for_each(wipe::item);
        return Err(first);
    }
    chunks.sort_by_key(|(number, _)| *number);
    Ok(chunks.into_iter().flat_map(|(_, items)| items).collect())
}
