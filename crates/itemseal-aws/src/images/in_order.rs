//! Work on several things at a time, with the results in the order in which they were begun.

use std::collections::VecDeque;
use std::future::Future;

use itemseal::{Error, ErrorKind, Result};
use tokio::task::JoinHandle;

/// The most that is worked on at a time.
const MOST_TASKS: usize = 64;
/// The most bytes of input that are worked on at a time; one thing may be larger.
const MOST_BYTES: usize = 16 * 1024 * 1024;

/// Tasks on tokio's runtime, which end when this is dropped.
pub(super) struct InOrder<T> {
    tasks: VecDeque<(usize, Task<T>)>,
    bytes: usize,
}

struct Task<T>(JoinHandle<T>);

impl<T> Drop for Task<T> {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl<T: Send + 'static> InOrder<T> {
    pub(super) fn new() -> Self {
        Self { tasks: VecDeque::with_capacity(MOST_TASKS), bytes: 0 }
    }

    /// Whether a result has to be taken before more is begun, since the next has so many bytes.
    pub(super) fn is_full(&self, next_bytes: usize) -> bool {
        let too_many = self.tasks.len() >= MOST_TASKS;
        too_many || (!self.tasks.is_empty() && self.bytes + next_bytes > MOST_BYTES)
    }

    pub(super) fn begin(&mut self, bytes: usize, work: impl Future<Output = T> + Send + 'static) {
        self.bytes += bytes;
        self.tasks.push_back((bytes, Task(tokio::spawn(work))));
    }

    /// The oldest result, none if nothing is left.
    pub(super) async fn next(&mut self) -> Option<Result<T>> {
        let (bytes, mut task) = self.tasks.pop_front()?;
        self.bytes = self.bytes.saturating_sub(bytes);
        Some(match (&mut task.0).await {
            Ok(result) => Ok(result),
            // A keyring's own panic: as it would be without a task.
            Err(failed) if failed.is_panic() => std::panic::resume_unwind(failed.into_panic()),
            Err(_) => Err(Error::new(ErrorKind::Internal, "the runtime was shut down meanwhile")),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn results_come_in_order_whichever_is_ready_first() {
        let mut work = InOrder::new();
        let (first, waits) = tokio::sync::oneshot::channel::<()>();
        work.begin(1, async move {
            waits.await.unwrap();
            1
        });
        work.begin(1, async move {
            first.send(()).unwrap();
            2
        });
        assert_eq!(work.next().await.unwrap().unwrap(), 1, "the two run side by side");
        assert_eq!(work.next().await.unwrap().unwrap(), 2);
        assert!(work.next().await.is_none());
    }

    #[tokio::test]
    async fn tasks_and_bytes_are_bounded_and_one_large_thing_is_let_in() {
        let mut work = InOrder::new();
        assert!(!work.is_full(MOST_BYTES + 1), "alone");
        work.begin(MOST_BYTES - 1, async {});
        assert!(!work.is_full(1));
        assert!(work.is_full(2));
        work.next().await;
        for _ in 0..MOST_TASKS {
            assert!(!work.is_full(0));
            work.begin(0, async {});
        }
        assert!(work.is_full(0));
    }

    #[tokio::test(start_paused = true)]
    async fn dropped_work_ends() {
        let (kept, mut ended) = tokio::sync::oneshot::channel::<()>();
        let mut work = InOrder::new();
        work.begin(0, async move {
            std::future::pending::<()>().await;
            drop(kept);
        });
        tokio::task::yield_now().await;
        assert!(ended.try_recv().is_err());
        drop(work);
        // The sender goes with its task.
        let ended = tokio::time::timeout(std::time::Duration::from_secs(1), ended).await;
        assert!(ended.expect("the task has ended").is_err());
    }
}
