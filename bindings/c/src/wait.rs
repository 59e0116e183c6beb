//! Waiting for what is asynchronous in Rust.

use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};

struct Unpark(Thread);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}

/// What a future gives, in this thread. Futures that wait for nothing outside of the process are done at once; should one
/// wait after all, so does the thread.
pub(crate) fn here<T>(future: impl Future<Output = T>) -> T {
    let mut future = pin!(future);
    let ready = future.as_mut().poll(&mut Context::from_waker(Waker::noop()));
    if let Poll::Ready(done) = ready {
        return done;
    }
    let waker = Waker::from(Arc::new(Unpark(thread::current())));
    let mut context = Context::from_waker(&waker);
    loop {
        if let Poll::Ready(done) = future.as_mut().poll(&mut context) {
            return done;
        }
        thread::park();
    }
}
