//! Calls that are made twice because the first Region is slow.

use std::time::Duration;

use itemseal::ErrorKind;
use itemseal::failover::Route;
use tokio::time::advance;

use crate::scripted::Does::{Answer, Err as Errs, Hang, Refuse};
use crate::scripted::{AP, EU, US, World};

/// A first Region that has answered a thousand times in 10 milliseconds, and is now asked.
async fn hedging() -> World {
    let regions = [(US, Answer(10)), (EU, Answer(5)), (AP, Answer(5))];
    let world = World::told(regions, Route::with_hedged_calls);
    for _ in 0..1000 {
        assert_eq!(world.ask().await, (US.to_owned(), 10));
    }
    assert_eq!(world.calls().len(), 1000);
    world
}

#[tokio::test(start_paused = true)]
async fn a_region_that_is_slower_than_it_mostly_is_has_the_next_one_asked() {
    let world = hedging().await;
    world.set(US, Answer(300));
    assert_eq!(world.ask().await, (EU.to_owned(), 10 + 5));
    assert_eq!(world.calls(), [US, EU]);
    world.set(US, Answer(12));
    assert_eq!(world.ask().await, (US.to_owned(), 12), "the first answer counts");
    assert_eq!(world.calls(), [US, EU]);
}

#[tokio::test(start_paused = true)]
async fn nothing_is_hedged_unless_told_nor_where_the_regions_are_not_as_good() {
    let world = World::new([(US, Answer(10)), (EU, Answer(5))]);
    for _ in 0..1000 {
        world.ask().await;
    }
    world.set(US, Answer(300));
    assert_eq!(world.ask().await, (US.to_owned(), 300));
    let world = hedging().await;
    world.set(US, Answer(300));
    assert_eq!(world.ask_in_order().await, (US.to_owned(), 300));
}

/// How many of 5000 calls are made twice, where the first Region takes so long for each.
async fn hedged(takes: impl Fn(u64) -> u64) -> usize {
    let regions = [(US, Answer(10)), (EU, Answer(5))];
    let world = World::told(regions, Route::with_hedged_calls);
    for n in 0..5000 {
        world.set(US, Answer(takes(n)));
        world.ask().await;
    }
    let calls = world.calls();
    let first = calls.iter().filter(|region| *region == US).count();
    assert_eq!(first, 5000);
    let share = (calls.len() - first) as f64 / 50.0;
    println!("{share:.2} % more calls");
    calls.len() - first
}

#[tokio::test(start_paused = true)]
async fn at_most_two_calls_in_a_hundred_are_made_twice_however_slow_the_region_is() {
    // Every call is slower than all before it; one in ten is slow; one in three; it is always slow.
    assert!((90..=100).contains(&hedged(|n| 10 + n / 10).await));
    assert!((90..=100).contains(&hedged(|n| if n % 10 == 0 { 200 } else { 10 }).await));
    assert!((90..=100).contains(&hedged(|n| if n % 3 == 0 { 200 } else { 10 }).await));
    assert!(hedged(|_| 700).await <= 100);
}

#[tokio::test(start_paused = true)]
async fn ten_calls_at_once_are_hedged_and_no_more() {
    let world = hedging().await;
    world.set(US, Answer(300));
    let world = std::sync::Arc::new(world);
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..40 {
        let world = std::sync::Arc::clone(&world);
        tasks.spawn(async move { world.ask().await.0 });
    }
    let regions = tasks.join_all().await;
    assert_eq!(regions.iter().filter(|region| *region == EU).count(), 10);
}

#[tokio::test(start_paused = true)]
async fn what_the_second_region_fails_by_is_not_the_answer() {
    let world = hedging().await;
    world.set(US, Answer(100));
    for second in [Refuse(5), Errs(5), Hang] {
        world.set(EU, second);
        assert_eq!(world.ask().await, (US.to_owned(), 100), "{second:?}");
        assert_eq!(world.calls(), [US, EU]);
    }
    // Unless the first one has no answer.
    world.set(US, Errs(100));
    world.set(EU, Refuse(5));
    let error = world.try_ask().await.0.unwrap_err();
    assert_eq!((error.kind(), error.region()), (ErrorKind::KeyDenied, Some(EU)));
    assert_eq!(world.calls(), [US, EU]);
    world.set(EU, Errs(5));
    assert_eq!(world.ask().await, (AP.to_owned(), 100 + 5));
}

#[tokio::test(start_paused = true)]
async fn a_region_that_hangs_is_known_though_calls_are_hedged() {
    let world = hedging().await;
    world.set(US, Hang);
    let mut slow = 0;
    for _ in 0..100 {
        let (region, took) = world.ask().await;
        assert_eq!(region, EU);
        slow += u32::from(took > 100);
    }
    assert_eq!(slow, 1, "the first one after those that were hedged");
    world.calls();
    advance(Duration::from_millis(1)).await;
    world.ask().await;
    assert_eq!(world.calls(), [EU]);
}
