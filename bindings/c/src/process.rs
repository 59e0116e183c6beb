//! What does not outlive a fork: the runtime's threads, connections, locks that other threads held.

use std::mem::ManuallyDrop;
use std::ptr;
use std::sync::atomic::{AtomicPtr, Ordering};

use itemseal::{Error, ErrorKind, Result};

/// Where something can be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Home {
    /// In every process: it waits for nothing outside of the calling thread.
    Anywhere,
    /// In the process of this id: it needs that process's threads.
    Process(u32),
}

impl Home {
    pub(crate) fn this_process() -> Self {
        Self::Process(std::process::id())
    }

    /// The home of what is made of two.
    pub(crate) fn and(self, other: Self) -> Self {
        match self {
            Self::Anywhere => other,
            Self::Process(_) => self,
        }
    }

    fn is_here(self) -> bool {
        self == Self::Anywhere || self == Self::this_process()
    }

    pub(crate) fn check(self) -> Result<()> {
        if self.is_here() {
            return Ok(());
        }
        let message = "this handle was made before a fork, and its threads and connections are the parent's; \
                       make another one in this process";
        Err(Error::new(ErrorKind::Misuse, message))
    }
}

/// A value with its home. In another process it is left as it is when it is freed: dropping it could wait for threads
/// that are not there.
pub(crate) struct Homed<T> {
    value: ManuallyDrop<T>,
    home: Home,
}

impl<T> Homed<T> {
    pub(crate) fn new(value: T, home: Home) -> Self {
        Self { value: ManuallyDrop::new(value), home }
    }

    /// A value that needs this process's threads.
    pub(crate) fn here(value: T) -> Self {
        Self::new(value, Home::this_process())
    }

    pub(crate) fn home(&self) -> Home {
        self.home
    }

    /// The value, if it may be used in this process.
    pub(crate) fn get(&self) -> Result<&T> {
        self.home.check()?;
        Ok(&self.value)
    }

    pub(crate) fn get_mut(&mut self) -> Result<&mut T> {
        self.home.check()?;
        Ok(&mut self.value)
    }
}

impl<T> Drop for Homed<T> {
    fn drop(&mut self) {
        if self.home.is_here() {
            // SAFETY: it is dropped here only, and not used afterwards.
            unsafe { ManuallyDrop::drop(&mut self.value) }
        }
    }
}

/// A value that each process makes for itself when it is first needed, without a lock, and keeps for ever.
pub(crate) struct PerProcess<T: 'static>(AtomicPtr<Made<T>>);

struct Made<T> {
    process: u32,
    value: T,
}

impl<T> PerProcess<T> {
    pub(crate) const fn new() -> Self {
        Self(AtomicPtr::new(ptr::null_mut()))
    }

    /// This process's value. Two threads that come first may both make one; one is kept.
    pub(crate) fn get_or_make<E>(
        &self,
        make: impl FnOnce() -> std::result::Result<T, E>,
        discard: impl FnOnce(T),
    ) -> std::result::Result<&'static T, E> {
        let process = std::process::id();
        let before = self.0.load(Ordering::Acquire);
        // SAFETY: what is stored here was leaked, so it lives for ever, and nobody changes it.
        let found = unsafe { before.as_ref() };
        if let Some(made) = found.filter(|made| made.process == process) {
            return Ok(&made.value);
        }
        let made = Box::into_raw(Box::new(Made { process, value: make()? }));
        let stored = self.0.compare_exchange(before, made, Ordering::AcqRel, Ordering::Acquire);
        let kept = match stored {
            Ok(_) => made,
            Err(first) => {
                // SAFETY: it was made above and stored nowhere.
                discard(unsafe { Box::from_raw(made) }.value);
                first
            }
        };
        // SAFETY: both were leaked. `first` was stored by another thread of this process: a fork leaves one thread, and
        // it took `before` after it.
        Ok(unsafe { &(*kept).value })
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicUsize;

    use super::*;

    #[test]
    fn what_another_process_made_is_refused_and_not_dropped() {
        struct Counted<'a>(&'a AtomicUsize);
        impl Drop for Counted<'_> {
            fn drop(&mut self) {
                self.0.fetch_add(1, Ordering::Relaxed);
            }
        }
        let dropped = AtomicUsize::new(0);
        let foreign = Homed::new(Counted(&dropped), Home::Process(0));
        assert_eq!(foreign.get().map(drop).unwrap_err().kind(), ErrorKind::Misuse);
        drop(foreign);
        assert_eq!(dropped.load(Ordering::Relaxed), 0);
        drop(Homed::here(Counted(&dropped)));
        assert_eq!(dropped.load(Ordering::Relaxed), 1);
    }

    #[test]
    fn a_process_keeps_one_value() {
        static VALUE: PerProcess<usize> = PerProcess::new();
        static MADE: AtomicUsize = AtomicUsize::new(0);
        let get = || {
            let make = || Ok::<_, ()>(MADE.fetch_add(1, Ordering::Relaxed));
            ptr::from_ref(VALUE.get_or_make(make, drop).unwrap()) as usize
        };
        let threads: Vec<_> = (0..8).map(|_| std::thread::spawn(get)).collect();
        let first = get();
        assert!(threads.into_iter().all(|thread| thread.join().unwrap() == first));
    }
}
