//! How many calls a second.

use crate::clock::Micros;

/// A millionth of a call is what accrues in a microsecond at one call a second.
const CALL: i128 = 1_000_000;

/// A token bucket that holds one second's calls, and is full at first.
#[derive(Debug, Default)]
pub(super) struct Bucket(Option<Level>);

#[derive(Debug)]
struct Level {
    credit: i128,
    at: Micros,
}

impl Bucket {
    /// Whether one more call may be made.
    pub(super) fn take(&mut self, per_second: u32, now: Micros) -> bool {
        let full = i128::from(per_second) * CALL;
        let level = self.0.get_or_insert(Level { credit: full, at: now });
        // A clock that goes back gives nothing, and takes nothing.
        let elapsed = i128::from(now.saturating_sub(level.at).max(0));
        level.credit = (level.credit + elapsed * i128::from(per_second)).min(full);
        level.at = now;
        if level.credit < CALL {
            return false;
        }
        level.credit -= CALL;
        true
    }
}
