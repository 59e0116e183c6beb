//! Counts what is allocated.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

/// The system's allocator, and a count for each thread. A program makes it its own with `#[global_allocator]`.
#[derive(Debug, Default)]
#[non_exhaustive]
pub struct Counting;

impl Counting {
    /// The allocator.
    pub const fn new() -> Self {
        Self
    }
}

thread_local! {
    static COUNT: Cell<(u64, u64)> = const { Cell::new((0, 0)) };
}

fn count(bytes: usize) {
    // A thread that ends may free and allocate when its count is gone.
    let _ = COUNT.try_with(|count| {
        let (allocations, total) = count.get();
        count.set((allocations + 1, total + bytes as u64));
    });
}

// SAFETY: every call goes to the system's allocator as it came; counting allocates nothing.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count(layout.size());
        // SAFETY: the caller's promises are those that the system's allocator asks for.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        // SAFETY: as above; the pointer came from the system's allocator.
        unsafe { System.dealloc(pointer, layout) }
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        count(size);
        // SAFETY: as above.
        unsafe { System.realloc(pointer, layout, size) }
    }
}

/// How many allocations `work` makes in this thread, and of how many bytes together.
pub fn of<T>(work: impl FnOnce() -> T) -> (T, u64, u64) {
    let before = COUNT.get();
    let done = work();
    let after = COUNT.get();
    (done, after.0 - before.0, after.1 - before.1)
}
