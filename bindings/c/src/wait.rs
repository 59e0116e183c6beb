//! Waiting for what is asynchronous in Rust.

use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};

use itemseal::{Error, ErrorKind};
use tokio::runtime::{Builder, Runtime};

use crate::log;
use crate::process::{Home, PerProcess};
#[cfg(unix)]
use crate::signals::NoSigpipe;

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

/// The process's runtime, made when it is first needed and never ended.
fn runtime() -> itemseal::Result<&'static Runtime> {
    static RUNTIME: PerProcess<Runtime> = PerProcess::new();
    let make = || {
        let mut builder = Builder::new_multi_thread();
        #[cfg(unix)]
        builder.on_thread_start(NoSigpipe::for_ever);
        let made = builder.thread_name("itemseal").enable_all().build();
        made.map_err(|error| {
            Error::new(ErrorKind::Internal, "no threads can be started").with_source(error)
        })
    };
    RUNTIME.get_or_make(make, Runtime::shutdown_background)
}

/// What a future gives; the calling thread waits, and the runtime's threads do the work if `home` says that it needs them.
pub(crate) fn at<T>(
    home: Home,
    future: impl Future<Output = itemseal::Result<T>>,
) -> itemseal::Result<T> {
    if home == Home::Anywhere {
        return here(future);
    }
    home.check()?;
    log::refuse_inside()?;
    let runtime = runtime()?;
    #[cfg(unix)]
    let _kept = NoSigpipe::new();
    runtime.block_on(future)
}
