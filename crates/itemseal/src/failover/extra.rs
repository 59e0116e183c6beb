use std::sync::atomic::{AtomicU32, Ordering::Relaxed};

/// What a call adds, in hundredths of an extra call.
const PER_CALL: u32 = 2;
const ONE: u32 = 100;
/// The most that is kept: a Region that becomes slow meets ten extra calls at once, and then their share.
const MOST: u32 = 10 * ONE;

/// What may be asked besides: two calls in a hundred, saved up to ten. It begins with none.
#[derive(Debug, Default)]
pub(super) struct Extra(AtomicU32);

impl Extra {
    /// A call is made that had to be.
    pub(super) fn earn(&self) {
        let more = |hundredths| (hundredths < MOST).then(|| MOST.min(hundredths + PER_CALL));
        let _ = self.0.fetch_update(Relaxed, Relaxed, more);
    }

    /// Whether one more call may be made; if so it is counted.
    pub(super) fn spend(&self) -> bool {
        self.0.fetch_update(Relaxed, Relaxed, |hundredths| hundredths.checked_sub(ONE)).is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fifty_calls_are_worth_another_and_ten_are_kept() {
        let extra = Extra::default();
        for _ in 0..3 {
            (0..49).for_each(|_| extra.earn());
            assert!(!extra.spend());
            extra.earn();
            assert!(extra.spend());
        }
        (0..10_000).for_each(|_| extra.earn());
        assert_eq!((0..100).filter(|_| extra.spend()).count(), 10);
    }
}
