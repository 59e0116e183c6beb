//! The nearest Region, by measure.

use std::time::Duration;

use itemseal::failover::{RegionOrder, Route};
use tokio::time::advance;

use crate::scripted::Does::{self, Answer, Err as Errs, Hang, Refuse};
use crate::scripted::{AP, EU, US, World};

fn nearest<const N: usize>(regions: [(&str, Does); N]) -> World {
    World::told(regions, |route: Route| route.with_order(RegionOrder::Nearest))
}

async fn asked(world: &World, times: usize) -> Vec<String> {
    let mut regions = Vec::new();
    for _ in 0..times {
        regions.push(world.ask().await.0);
    }
    regions
}

#[tokio::test(start_paused = true)]
async fn the_first_calls_measure_and_the_others_go_to_the_nearest() {
    let world = nearest([(US, Answer(80)), (EU, Answer(40)), (AP, Answer(20))]);
    assert_eq!(asked(&world, 6).await, [US, EU, AP, AP, AP, AP]);
    assert_eq!(world.calls().len(), 6, "no call is made twice");
    assert_eq!(world.ask_in_order().await.0, US, "where it matters who answers");
}

#[tokio::test(start_paused = true)]
async fn as_given_nothing_is_measured() {
    let world = World::new([(US, Answer(80)), (EU, Answer(1))]);
    assert!(asked(&world, 200).await.iter().all(|region| region == US));
    assert_eq!(world.calls().len(), 200);
}

#[tokio::test(start_paused = true)]
async fn a_measure_of_a_region_that_is_far_or_hangs_costs_one_caller_50_ms() {
    for far in [Answer(400), Hang] {
        let world = nearest([(US, Answer(10)), (EU, far)]);
        assert_eq!(world.ask().await, (US.to_owned(), 10));
        assert_eq!(world.ask().await, (US.to_owned(), 50 + 10));
        assert_eq!(world.calls(), [US, EU, US]);
        for _ in 0..500 {
            assert_eq!(world.ask().await, (US.to_owned(), 10));
        }
    }
}

#[tokio::test(start_paused = true)]
async fn measures_are_few_one_call_in_fifty_and_one_in_ten_seconds() {
    let world = nearest([(US, Answer(10)), (EU, Answer(30)), (AP, Answer(40))]);
    asked(&world, 3).await;
    world.calls();
    // Four hundred seconds, in which a call takes 10 milliseconds or 10 seconds.
    for (pause, calls, most) in [(0, 40_000, 80), (9_990, 40, 1)] {
        let mut elsewhere = 0;
        for _ in 0..calls {
            advance(Duration::from_millis(pause)).await;
            elsewhere += usize::from(world.ask().await.0 != US);
        }
        // What was saved during the many calls is enough for ten of the few.
        let most = if pause > 0 { most + 10 } else { most };
        assert!((most / 2..=most).contains(&elsewhere), "{elsewhere} of {calls}");
        assert_eq!(world.calls().len(), calls);
    }
}

#[tokio::test(start_paused = true)]
async fn a_region_that_has_become_nearer_is_found_and_one_that_is_not_does_not_flap() {
    let world = nearest([(US, Answer(100)), (EU, Answer(150))]);
    asked(&world, 2).await;
    world.set(EU, Answer(90));
    let regions = asked(&world, 2000).await;
    let changes = regions.windows(2).filter(|pair| pair[0] != pair[1]).count();
    assert!(regions.iter().filter(|region| *region == EU).count() < 40, "not a fifth nearer");
    assert!(changes < 80, "{changes}");
    world.set(EU, Answer(40));
    asked(&world, 1000).await;
    let regions = asked(&world, 1000).await;
    assert!(regions.iter().filter(|region| *region == EU).count() > 980);
}

#[tokio::test(start_paused = true)]
async fn a_call_that_was_dropped_early_does_not_make_its_region_nearer() {
    let told = |route: Route| route.with_order(RegionOrder::Nearest).with_hedged_calls();
    let world = World::told([(US, Answer(10)), (EU, Answer(30))], told);
    asked(&world, 600).await;
    world.set(US, Answer(14));
    world.calls();
    let regions = asked(&world, 10).await;
    assert!(regions.iter().filter(|region| *region == US).count() >= 9, "{regions:?}");
    assert!(world.calls().len() > 12, "the other one was asked, and dropped after 4 ms");
}

#[tokio::test(start_paused = true)]
async fn a_nearest_region_that_fails_is_replaced_by_the_next_nearest_until_it_is_back() {
    let world = nearest([(US, Answer(60)), (EU, Answer(20)), (AP, Answer(40))]);
    asked(&world, 4).await;
    for fault in [Hang, Errs(1)] {
        world.set(EU, fault);
        assert!(asked(&world, 20).await.iter().all(|region| region == AP));
        world.set(EU, Answer(20));
        advance(Duration::from_secs(4)).await;
        assert_eq!(asked(&world, 2).await, [EU, EU]);
    }
}

#[tokio::test(start_paused = true)]
async fn a_region_that_refuses_what_it_is_measured_by_does_not_make_the_call_fail() {
    for refusal in [Refuse(5), Refuse(90)] {
        let world = nearest([(US, Answer(20)), (EU, refusal), (AP, Answer(30))]);
        assert_eq!(asked(&world, 4).await, [US, US, AP, US]);
    }
    // As the nearest it is believed.
    let world = nearest([(US, Answer(20)), (EU, Answer(30))]);
    asked(&world, 2).await;
    world.set(US, Refuse(1));
    world.try_ask().await.0.unwrap_err();
}
