//! Tells what delivers changes that there are some.

use std::collections::BTreeSet;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// The Regions that wrote since somebody last waited.
#[derive(Debug, Default)]
pub(super) struct Signal {
    state: Mutex<State>,
    raised: Condvar,
}

#[derive(Debug, Default)]
struct State {
    changed: BTreeSet<String>,
    /// Links changed, so what waits anywhere may go on.
    all: bool,
    closed: bool,
    listening: bool,
}

/// What there is to do.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Work {
    /// These Regions wrote.
    Changed(BTreeSet<String>),
    /// Every Region may have something to send.
    All,
    /// Nothing more, ever.
    Closed,
}

impl Signal {
    /// A Region wrote.
    pub(super) fn changed(&self, region: &str) {
        let mut state = self.state();
        if state.listening && !state.changed.contains(region) {
            state.changed.insert(region.to_owned());
            self.raised.notify_one();
        }
    }

    /// What was held up may go on.
    pub(super) fn all(&self) {
        self.state().all = true;
        self.raised.notify_one();
    }

    pub(super) fn close(&self) {
        self.state().closed = true;
        self.raised.notify_all();
    }

    /// Says that somebody waits from now on; false if somebody did already.
    pub(super) fn listen(&self) -> bool {
        let mut state = self.state();
        // What was written before counts.
        state.all = true;
        !std::mem::replace(&mut state.listening, true)
    }

    /// Waits until there is something to do, or for `most`; then all Regions are looked at.
    pub(super) fn wait(&self, most: Option<Duration>) -> Work {
        let idle = |state: &mut State| !state.closed && !state.all && state.changed.is_empty();
        let state = self.state();
        let mut state = match most {
            None => self.raised.wait_while(state, idle).unwrap_or_else(PoisonError::into_inner),
            Some(most) => {
                let waited = self.raised.wait_timeout_while(state, most, idle);
                waited.unwrap_or_else(PoisonError::into_inner).0
            }
        };
        if state.closed {
            return Work::Closed;
        }
        let changed = std::mem::take(&mut state.changed);
        if std::mem::take(&mut state.all) || changed.is_empty() {
            Work::All
        } else {
            Work::Changed(changed)
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
