//! Six tasks that read and two that write, until they are told to stop; and a ruler.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use itemseal_aws::GlobalTable;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::{Instant, timeout};

use crate::world::{get, order, put, query};

const READERS: usize = 6;
const WRITERS: usize = 2;
/// How many orders the readers' customer has.
pub(crate) const ORDERS: usize = 20;
/// The readers' customer.
pub(crate) const READ: &str = "read";
/// How long a writer waits for an answer. A write stays in its Region, and waits there.
const PATIENCE: Duration = Duration::from_secs(1);

/// A read: when it began, since the load did, how long it took, and who answered.
#[derive(Clone, Debug)]
pub(crate) struct Read {
    pub(crate) begun: Duration,
    pub(crate) took: Duration,
    pub(crate) region: String,
}

/// A write: when it began, and what became of it.
#[derive(Clone, Debug)]
pub(crate) struct Write {
    pub(crate) begun: Duration,
    pub(crate) took: Duration,
    pub(crate) customer: String,
    pub(crate) order: usize,
    pub(crate) end: End,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    Acknowledged,
    /// An error that can be repeated.
    Failed,
    /// There was no answer within [`PATIENCE`].
    Waited,
}

#[derive(Debug, Default)]
struct Seen {
    reads: Mutex<Vec<Read>>,
    ruler: Mutex<Vec<Read>>,
    writes: Mutex<Vec<Write>>,
    /// How many reads have ended; [`STOP`] when the load is to end.
    count: watch::Sender<usize>,
}

const STOP: usize = usize::MAX;

impl Seen {
    fn goes_on(&self) -> bool {
        *self.count.borrow() != STOP
    }

    fn add(&self, read: Read, is_ruler: bool) {
        if is_ruler {
            return self.ruler.lock().unwrap().push(read);
        }
        self.reads.lock().unwrap().push(read);
        self.count.send_if_modified(|count| {
            *count = count.saturating_add(1);
            true
        });
    }

    /// Waits until so many reads have ended, or the load is to end.
    async fn wait_for(&self, reads: usize) {
        self.count
            .subscribe()
            .wait_for(|count| *count >= reads)
            .await
            .expect("this has the sender");
    }
}

pub(crate) struct Load {
    seen: Arc<Seen>,
    start: Instant,
    tasks: JoinSet<()>,
}

impl Load {
    /// The ruler is a client of another Region alone, which shows how busy the machine is.
    pub(crate) fn start(client: &GlobalTable, ruler: &GlobalTable) -> Self {
        let (seen, start) = (Arc::new(Seen::default()), Instant::now());
        let mut tasks = JoinSet::new();
        for task in 0..READERS {
            tasks.spawn(read(client.clone(), Arc::clone(&seen), start, task, false));
        }
        tasks.spawn(read(ruler.clone(), Arc::clone(&seen), start, READERS, true));
        for task in 0..WRITERS {
            tasks.spawn(write(client.clone(), Arc::clone(&seen), start, format!("writer {task}")));
        }
        Self { seen, start, tasks }
    }

    pub(crate) fn now(&self) -> Duration {
        self.start.elapsed()
    }

    /// How many reads that began since then have ended.
    pub(crate) fn count_since(&self, since: Duration) -> usize {
        self.seen.reads.lock().unwrap().iter().filter(|read| read.begun >= since).count()
    }

    /// Waits until so many reads more have ended, and gives those. A task that fails fails here.
    pub(crate) async fn reads(&mut self, count: usize) -> Vec<Read> {
        let from = self.seen.reads.lock().unwrap().len();
        tokio::select! {
            () = self.seen.wait_for(from + count) => {}
            Some(ended) = self.tasks.join_next() => ended.expect("a task of the load"),
        }
        self.seen.reads.lock().unwrap()[from..].to_vec()
    }

    /// Ends the load when what has begun has ended, and gives all of it.
    pub(crate) async fn stop(self) -> Done {
        self.seen.count.send_replace(STOP);
        self.tasks.join_all().await;
        let all = |reads: &Mutex<Vec<Read>>| reads.lock().unwrap().clone();
        let writes = self.seen.writes.lock().unwrap().clone();
        Done { reads: all(&self.seen.reads), ruler: all(&self.seen.ruler), writes }
    }
}

/// All that was done.
#[derive(Debug)]
pub(crate) struct Done {
    pub(crate) reads: Vec<Read>,
    pub(crate) ruler: Vec<Read>,
    pub(crate) writes: Vec<Write>,
}

/// Nine items, and then a page. A read must never fail.
async fn read(client: GlobalTable, seen: Arc<Seen>, start: Instant, task: usize, is_ruler: bool) {
    let mut count = task;
    while seen.goes_on() {
        count += 1;
        let begun = Instant::now();
        let region = if count.is_multiple_of(10) {
            let answer = client.query(query(READ)).await.expect("no read fails");
            assert_eq!(answer.items(), [order(READ, 0)]);
            answer.region().to_owned()
        } else {
            let number = count % ORDERS;
            let answer = client.get_item(get(READ, number)).await.expect("no read fails");
            assert_eq!(answer.item(), Some(&order(READ, number)));
            answer.region().to_owned()
        };
        let (begun, took) = (begun.duration_since(start), begun.elapsed());
        seen.add(Read { begun, took, region }, is_ruler);
    }
}

/// Orders with numbers that go up by one, whatever becomes of them.
async fn write(client: GlobalTable, seen: Arc<Seen>, start: Instant, customer: String) {
    for order in 0.. {
        // One write for ten reads.
        seen.wait_for(order * 10 * WRITERS).await;
        if !seen.goes_on() {
            break;
        }
        let begun = Instant::now();
        let end = match timeout(PATIENCE, client.put_item(put(&customer, order))).await {
            Ok(Ok(_)) => End::Acknowledged,
            Ok(Err(error)) => {
                assert!(error.is_retryable(), "a write may be repeated: {error}");
                assert!(error.region().is_some(), "an error names its Region: {error}");
                End::Failed
            }
            Err(_) => End::Waited,
        };
        let (begun, took, customer) =
            (begun.duration_since(start), begun.elapsed(), customer.clone());
        seen.writes.lock().unwrap().push(Write { begun, took, customer, order, end });
    }
}
