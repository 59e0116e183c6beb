//! The lab's time, as the SDKs want it.

use std::sync::Arc;
use std::task::Poll;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use aws_smithy_async::rt::sleep::{AsyncSleep, Sleep};
use aws_smithy_async::time::TimeSource;

use crate::clock::{Clock, ManualClock, duration_micros};

/// The lab's clock.
#[derive(Debug)]
pub(super) struct LabTime(Arc<dyn Clock>);

impl LabTime {
    pub(super) fn new(clock: Arc<dyn Clock>) -> Self {
        Self(clock)
    }
}

impl TimeSource for LabTime {
    fn now(&self) -> SystemTime {
        let micros = u64::try_from(self.0.now_micros()).unwrap_or_default();
        UNIX_EPOCH + Duration::from_micros(micros)
    }
}

/// Waits that move a manual clock to their end.
///
/// Who waits beside something else, such as for a timeout, is asked only while that is not done: so
/// the clock moves when nothing else can happen.
#[derive(Debug)]
pub(super) struct LabSleep(ManualClock);

impl LabSleep {
    pub(super) fn new(clock: ManualClock) -> Self {
        Self(clock)
    }
}

impl AsyncSleep for LabSleep {
    fn sleep(&self, duration: Duration) -> Sleep {
        let clock = self.0.clone();
        let end = clock.now_micros().saturating_add(duration_micros(duration));
        Sleep::new(std::future::poll_fn(move |_| {
            // Another wait may have been longer.
            if clock.now_micros() < end {
                clock.set(end);
            }
            Poll::Ready(())
        }))
    }
}
