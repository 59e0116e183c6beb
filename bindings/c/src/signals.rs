//! SIGPIPE. A socket that the other side has closed sends it to the thread that writes, and unless the program handles it,
//! it ends the process: in a library a lost connection is an error of the call.

use std::mem::MaybeUninit;

/// Keeps SIGPIPE from this thread until it is dropped.
pub(crate) struct NoSigpipe {
    before: libc::sigset_t,
    was_pending: bool,
}

fn only_sigpipe() -> libc::sigset_t {
    let mut set = MaybeUninit::uninit();
    // SAFETY: sigemptyset writes the whole set, and sigaddset gets one that is written.
    unsafe {
        libc::sigemptyset(set.as_mut_ptr());
        libc::sigaddset(set.as_mut_ptr(), libc::SIGPIPE);
        set.assume_init()
    }
}

fn is_pending() -> bool {
    let mut set = only_sigpipe();
    // SAFETY: both get a set that is written.
    unsafe {
        libc::sigpending(&raw mut set) == 0 && libc::sigismember(&raw const set, libc::SIGPIPE) == 1
    }
}

impl NoSigpipe {
    pub(crate) fn new() -> Self {
        let (set, mut before, was_pending) = (only_sigpipe(), only_sigpipe(), is_pending());
        // SAFETY: both sets are written; it changes this thread's mask only.
        unsafe { libc::pthread_sigmask(libc::SIG_BLOCK, &raw const set, &raw mut before) };
        Self { before, was_pending }
    }

    /// Keeps it from this thread for ever.
    pub(crate) fn for_ever() {
        std::mem::forget(Self::new());
    }
}

impl Drop for NoSigpipe {
    fn drop(&mut self) {
        if !self.was_pending && is_pending() {
            let (set, mut signal) = (only_sigpipe(), 0);
            // SAFETY: the signal is pending, so this takes it away and does not wait.
            unsafe { libc::sigwait(&raw const set, &raw mut signal) };
        }
        // SAFETY: `before` is what this thread's mask was.
        unsafe {
            libc::pthread_sigmask(libc::SIG_SETMASK, &raw const self.before, std::ptr::null_mut());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Writes where nobody reads; without `NoSigpipe` it ends the process.
    fn write_to_nobody() {
        let mut ends = [0; 2];
        // SAFETY: `ends` has place for both.
        unsafe {
            assert_eq!(libc::pipe(ends.as_mut_ptr()), 0);
            libc::close(ends[0]);
            assert_eq!(libc::write(ends[1], [0_u8].as_ptr().cast(), 1), -1);
            libc::close(ends[1]);
        }
    }

    #[test]
    fn a_lost_connection_ends_no_process() {
        // SAFETY: as in a C program; Rust's own programs ignore it.
        unsafe { libc::signal(libc::SIGPIPE, libc::SIG_DFL) };
        let kept = NoSigpipe::new();
        write_to_nobody();
        assert!(is_pending());
        drop(kept);
        assert!(!is_pending());
        // And so on the threads that calls are made with.
        let home = crate::process::Home::this_process();
        crate::wait::at(home, async {
            write_to_nobody();
            tokio::spawn(async { write_to_nobody() }).await.unwrap();
            tokio::task::spawn_blocking(write_to_nobody).await.unwrap();
            Ok(())
        })
        .unwrap();
        assert!(!is_pending());
    }
}
