//! What a probe of a Region costs the caller who makes it, while there is another Region.

use std::time::Duration;

use itemseal::ErrorKind;
use tokio::time::{advance, sleep};

use crate::scripted::Does::{Answer, Err as Errs, Hang, Refuse, Throttle};
use crate::scripted::{AP, EU, US, World};

#[tokio::test(start_paused = true)]
async fn a_region_that_still_hangs_costs_one_caller_50_ms() {
    let world = World::with_a_probe_due([EU]).await;
    let (probing, others) = tokio::join!(world.ask(), async {
        sleep(Duration::from_millis(10)).await;
        world.ask().await
    });
    assert_eq!(probing, (EU.to_owned(), 50 + 1));
    assert_eq!(others, (EU.to_owned(), 1), "one probe at a time");
    assert_eq!(world.calls(), [US, EU, EU]);
    // The probe has failed though it was dropped: nobody makes another for two seconds.
    for _ in 0..19 {
        advance(Duration::from_millis(100)).await;
        assert_eq!(world.ask().await, (EU.to_owned(), 1));
    }
    advance(Duration::from_millis(100)).await;
    assert_eq!(world.ask().await, (EU.to_owned(), 50 + 1));
}

#[tokio::test(start_paused = true)]
async fn a_region_that_is_back_is_asked_alone_and_closes_its_breaker() {
    let world = World::with_a_probe_due([EU]).await;
    world.set(US, Answer(40));
    assert_eq!(world.ask().await, (US.to_owned(), 40));
    assert_eq!(world.calls(), [US], "no second call");
    assert_eq!(world.ask().await, (US.to_owned(), 40));
}

#[tokio::test(start_paused = true)]
async fn of_two_calls_the_first_answer_counts() {
    let world = World::with_a_probe_due([EU]).await;
    world.set(US, Answer(60));
    world.set(EU, Answer(20));
    assert_eq!(world.ask().await, (US.to_owned(), 60));
    assert_eq!(world.calls(), [US, EU]);
    assert_eq!(world.ask().await, (US.to_owned(), 60), "closed");
}

#[tokio::test(start_paused = true)]
async fn one_probe_in_four_is_waited_for_so_that_a_slow_region_comes_back() {
    let world = World::with_a_probe_due([EU]).await;
    world.set(US, Answer(700));
    for rest in [2, 4, 8] {
        assert_eq!(world.ask().await, (EU.to_owned(), 51));
        assert_eq!(world.ask().await, (EU.to_owned(), 1));
        advance(Duration::from_secs(rest)).await;
    }
    assert_eq!(world.ask().await, (US.to_owned(), 700));
    assert_eq!(world.ask().await, (US.to_owned(), 700), "closed");
}

#[tokio::test(start_paused = true)]
async fn a_probe_that_is_waited_for_in_vain_costs_800_ms_and_no_answer() {
    let world = World::with_a_probe_due([EU]).await;
    for rest in [2, 4, 8] {
        world.ask().await;
        advance(Duration::from_secs(rest)).await;
    }
    assert_eq!(world.ask().await, (EU.to_owned(), 800));
    for _ in 0..3 {
        advance(Duration::from_secs(8)).await;
        assert_eq!(world.ask().await, (EU.to_owned(), 51));
    }
    // Nor does it matter what it answers, when there is an answer.
    advance(Duration::from_secs(8)).await;
    world.set(US, Refuse(700));
    assert_eq!(world.ask().await, (EU.to_owned(), 700));
}

#[tokio::test(start_paused = true)]
async fn a_caller_that_goes_away_after_the_hedge_has_made_its_probe() {
    let world = World::with_a_probe_due([EU]).await;
    world.set(EU, Hang);
    let gone = tokio::time::timeout(Duration::from_millis(60), world.ask());
    assert!(gone.await.is_err());
    world.set(EU, Answer(1));
    world.calls();
    assert_eq!(world.ask().await, (EU.to_owned(), 1));
    assert_eq!(world.calls(), [EU], "not probed again");
}

#[tokio::test(start_paused = true)]
async fn what_is_wrong_with_one_region_leaves_the_answer_to_the_other() {
    // The probed Region's, the next one's, and who answers after how long.
    for (us, eu, region, took) in [
        (Errs(20), Answer(5), EU, 20 + 5),
        (Errs(60), Answer(20), EU, 50 + 20),
        (Answer(90), Errs(20), US, 90),
        (Hang, Errs(20), AP, 200 + 1),
        (Errs(60), Errs(20), AP, 70 + 1),
        (Errs(80), Errs(20), AP, 80 + 1),
        (Hang, Hang, AP, 850 + 1),
    ] {
        let world = World::with_a_probe_due([EU, AP]).await;
        world.set(US, us);
        world.set(EU, eu);
        assert_eq!(world.ask().await, (region.to_owned(), took), "{us:?} and {eu:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_refusal_by_either_ends_the_call() {
    for (us, eu, by, took) in [(Refuse(60), Hang, US, 60), (Hang, Refuse(20), EU, 70)] {
        let world = World::with_a_probe_due([EU, AP]).await;
        world.set(US, us);
        world.set(EU, eu);
        let (answer, waited) = world.try_ask().await;
        let error = answer.unwrap_err();
        assert_eq!((error.kind(), error.region()), (ErrorKind::KeyDenied, Some(by)));
        assert_eq!(waited, took);
        assert_eq!(world.calls(), [US, EU]);
    }
}

#[tokio::test(start_paused = true)]
async fn under_throttling_there_are_three_calls_at_most_though_two_are_made_at_once() {
    let fourth = "sa-east-1";
    let all = [Throttle(60), Throttle(20)];
    for quick in 0..2 {
        let world = World::with_a_probe_due([EU, AP, fourth]).await;
        world.set(US, all[quick]);
        world.set(EU, all[1 - quick]);
        world.set(AP, Throttle(1));
        world.set(fourth, Throttle(1));
        world.try_ask().await.0.unwrap_err();
        assert_eq!(world.calls(), [US, EU, AP]);
    }
}

#[tokio::test(start_paused = true)]
async fn two_calls_are_not_made_at_once_where_one_is_left() {
    let last = "sa-east-1";
    let world = World::new([(EU, Errs(0)), (AP, Errs(0)), (US, Hang), (last, Answer(1))]);
    assert_eq!(world.ask().await, (last.to_owned(), 801), "the third one's silence is known");
    advance(Duration::from_secs(1)).await;
    world.set(EU, Throttle(0));
    world.set(AP, Throttle(0));
    world.calls();
    // Two are throttled before the third one's probe, which has its 200 milliseconds alone.
    assert_eq!(world.ask().await, (last.to_owned(), 201));
    assert_eq!(world.calls(), [EU, AP, US, last]);
}

#[tokio::test(start_paused = true)]
async fn a_region_far_away_gets_the_time_to_connect_up_to_200_ms() {
    for (usual, alone) in [(20, 80), (45, 180), (90, 200)] {
        let world = World::new([(US, Answer(usual)), (EU, Answer(1))]);
        assert_eq!(world.ask().await, (US.to_owned(), usual));
        world.set(US, Hang);
        assert_eq!(world.ask().await, (EU.to_owned(), 801));
        for rest in [1, 2] {
            advance(Duration::from_secs(rest)).await;
            assert_eq!(world.ask().await, (EU.to_owned(), alone + 1), "usually {usual} ms");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_region_that_is_passed_over_itself_is_no_help() {
    let world = World::new([(US, Hang), (EU, Hang)]);
    world.try_ask().await.0.unwrap_err();
    advance(Duration::from_secs(8)).await;
    world.set(EU, Answer(1));
    world.calls();
    // Both are to be probed, for the second time, one after the other.
    assert_eq!(world.ask().await, (EU.to_owned(), 400 + 1));
    assert_eq!(world.calls(), [US, EU]);
}
