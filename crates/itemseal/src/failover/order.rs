use std::collections::VecDeque;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::time::Duration;

use super::extra::Extra;
use super::stop::Stop;

/// In which order Regions are asked where the answer of each is as good.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RegionOrder {
    /// In the order in which they are given.
    #[default]
    AsGiven,
    /// The nearest first: the one whose answers come soonest. The first call goes to the first Region, the
    /// next ones measure each other Region once. After that one call in fifty, at most one in ten seconds for
    /// each Region, asks a Region that is not the nearest, to see whether it has become that; if its answer takes
    /// longer than 50 to 200 milliseconds, or is an error, the nearest is asked too. Another Region takes the place of the
    /// nearest when its answers take a fifth less, and at least a millisecond.
    Nearest,
}

/// How long a measure is good.
const MEASURED_FOR: Duration = Duration::from_secs(10);
/// What makes a Region nearer: it must not change with every call.
const LEAST_GAIN: Duration = Duration::from_millis(1);

/// Which Region is the nearest.
#[derive(Debug, Default)]
pub(super) struct Nearest(AtomicUsize);

impl Nearest {
    /// The Regions, the nearest first, and those of which nothing is known last. If it is time to measure
    /// one, that one comes first of all, with how long it is to be alone.
    pub(super) fn queue<'a>(
        &self,
        stops: &'a [Stop],
        now: Duration,
        extra: &Extra,
    ) -> (VecDeque<&'a Stop>, Option<Duration>) {
        let usual: Vec<_> = stops.iter().map(|stop| stop.latency.usual()).collect();
        let nearest = self.choose(&usual);
        let mut order: Vec<_> = stops.iter().zip(usual).enumerate().collect();
        // A stable sort: where nothing else decides it is the order that was given.
        order.sort_by_key(|(at, (_, usual))| (*at != nearest, usual.is_none(), *usual));
        let known = order.first().is_some_and(|(_, (_, usual))| usual.is_some());
        let mut queue: VecDeque<&Stop> = order.into_iter().map(|(_, (stop, _))| stop).collect();
        let is_due = |stop: &&Stop| {
            stop.breaker.is_closed() && stop.latency.is_due(now, MEASURED_FOR, || extra.spend())
        };
        let due = known.then(|| queue.iter().skip(1).position(is_due)).flatten();
        let Some(due) = due else { return (queue, None) };
        let alone = queue.front().map(|nearest| nearest.patience());
        if let Some(stop) = queue.remove(due + 1) {
            queue.push_front(stop);
        }
        (queue, alone)
    }

    fn choose(&self, usual: &[Option<Duration>]) -> usize {
        let chosen = self.0.load(Relaxed);
        let known = usual.iter().enumerate().filter_map(|(at, usual)| Some(((*usual)?, at)));
        let Some((least, at)) = known.min() else { return chosen };
        if let Some(Some(present)) = usual.get(chosen)
            && least + (*present / 5).max(LEAST_GAIN) > *present
        {
            return chosen;
        }
        self.0.store(at, Relaxed);
        at
    }
}

#[cfg(test)]
mod tests {
    use super::super::breaker::Health;
    use super::*;

    #[test]
    fn a_region_that_is_passed_over_is_not_measured() {
        let (zero, ms) = (Duration::ZERO, Duration::from_millis(1));
        let stops = ["a", "b"].map(|region| Stop::new(region.to_owned()));
        let [a, b] = &stops;
        a.latency.answered(ms);
        b.breaker.pass().report(zero, Health::Silent);
        let nearest = Nearest::default();
        let first = |(queue, measure): (VecDeque<&Stop>, _)| (queue[0].region.clone(), measure);
        let queue = nearest.queue(&stops, zero, &Extra::default());
        assert_eq!(first(queue), ("a".to_owned(), None));
        b.breaker.pass().report(zero, Health::Answers);
        let queue = nearest.queue(&stops, zero, &Extra::default());
        assert_eq!(first(queue), ("b".to_owned(), Some(a.patience())));
    }

    #[test]
    fn a_region_must_be_nearer_by_a_fifth_and_a_millisecond() {
        let ms = |ms: u64| Some(Duration::from_millis(ms));
        let nearest = Nearest::default();
        for (usual, expected) in [
            ([None, None, None], 0),
            ([ms(100), None, None], 0),
            ([ms(100), ms(81), ms(90)], 0),
            ([ms(100), ms(80), ms(90)], 1),
            ([ms(70), ms(80), ms(90)], 1),
            ([ms(2), ms(2), ms(1)], 2),
            ([ms(1), ms(2), ms(1)], 2),
            ([ms(0), ms(2), ms(1)], 0),
            ([None, None, ms(9)], 2),
        ] {
            assert_eq!(nearest.choose(&usual), expected, "{usual:?}");
        }
    }
}
