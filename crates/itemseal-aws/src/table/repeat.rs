//! Waits between attempts.

use std::hash::{BuildHasher, Hasher, RandomState};
use std::time::Duration;

/// How often what was left undone, or was in conflict, is tried again.
pub(crate) const MOST_ATTEMPTS: u32 = 8;
const FIRST: Duration = Duration::from_millis(25);
const LONGEST: Duration = Duration::from_secs(2);

/// Waits before the next attempt, the first one being 1: each time twice as long, less up to half by
/// chance, so that those who met once do not meet again.
pub(crate) async fn pause(attempt: u32) {
    let whole = FIRST.saturating_mul(2_u32.saturating_pow(attempt.saturating_sub(1))).min(LONGEST);
    // A new hasher's key is random.
    let chance = RandomState::new().build_hasher().finish();
    let less = whole.mul_f64(chance as f64 / u64::MAX as f64 / 2.0);
    tokio::time::sleep(whole.saturating_sub(less)).await;
}
