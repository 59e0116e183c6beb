//! What does not outlive a fork: the runtime's threads, connections, caches.

use std::sync::{Arc, OnceLock};

/// A value that each process makes for itself. After a fork the parent's is left as it is: its threads do not run in
/// the child, and a lock that one of them held would never open.
pub(crate) struct PerProcess<T>(OnceLock<Box<Node<T>>>);

struct Node<T> {
    process: u32,
    /// Taken out only to be leaked.
    value: Option<Arc<T>>,
    next: PerProcess<T>,
}

impl<T> PerProcess<T> {
    pub(crate) const fn new() -> Self {
        Self(OnceLock::new())
    }

    /// This process's value, if it has been made.
    pub(crate) fn get(&self) -> Option<Arc<T>> {
        let mut place = self;
        while let Some(node) = place.0.get() {
            match &node.value {
                Some(value) if node.process == std::process::id() => {
                    return Some(Arc::clone(value));
                }
                _ => place = &node.next,
            }
        }
        None
    }

    /// This process's value. Two threads that come first may both make one; one is kept.
    pub(crate) fn get_or_make<E>(&self, make: impl FnOnce() -> Result<T, E>) -> Result<Arc<T>, E> {
        let process = std::process::id();
        let mut place = self;
        while let Some(node) = place.0.get() {
            match &node.value {
                Some(value) if node.process == process => return Ok(Arc::clone(value)),
                _ => place = &node.next,
            }
        }
        // Made before the cell is touched: a fork meanwhile leaves the child an empty cell.
        let value = Arc::new(make()?);
        let mut node =
            Box::new(Node { process, value: Some(Arc::clone(&value)), next: Self::new() });
        loop {
            let Err(back) = place.0.set(node) else { return Ok(value) };
            node = back;
            match place.0.get() {
                Some(first) if first.process == process => match &first.value {
                    Some(first) => return Ok(Arc::clone(first)),
                    None => return Ok(value),
                },
                Some(other) => place = &other.next,
                None => return Ok(value),
            }
        }
    }
}

impl<T> Drop for Node<T> {
    fn drop(&mut self) {
        // Another process's: dropping it could wait for its threads.
        if self.process != std::process::id() {
            std::mem::forget(self.value.take());
        }
    }
}
