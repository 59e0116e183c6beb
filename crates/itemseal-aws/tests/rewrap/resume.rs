//! Runs that end early, and go on.

use std::future::Future;

use itemseal::ErrorKind;
use itemseal_aws::{Rewrap, RewrapCheckpoint};
use itemseal_lab::faults::Service;

use crate::world::*;

#[tokio::test(start_paused = true)]
async fn interrupted_after_every_page_all_items_are_done_and_none_twice() {
    for whole in [false, true] {
        let world = World::new().await;
        let (old, new) = (with(raw("a", 1)), with(world.branch()));
        world.fill(&old, 23).await;
        let (mut saved, mut written, mut runs) = (None::<String>, 0, 0);
        loop {
            let run = world.rewrap(&old, &new).segments(2).page_items(3);
            let run = if whole { run.whole() } else { run };
            let mut run = run.build(&world.config()).await.unwrap();
            if let Some(saved) = &saved {
                run = run.resume(&RewrapCheckpoint::from_json(saved).unwrap()).unwrap();
            }
            let more = run.next_pages().await.unwrap();
            saved = Some(run.checkpoint().to_json());
            (written, runs) = (written + writes(&run), runs + 1);
            assert_eq!(run.counts().rewrapped, written);
            if !more {
                assert_eq!((run.counts().read, run.counts().current), (23, 0));
                break;
            }
        }
        assert_eq!(written, 23);
        assert!(runs >= 4, "{runs}");
        world.all_are_current(&new, 23).await;
    }
}

#[tokio::test(start_paused = true)]
async fn without_a_checkpoint_the_rest_is_done() {
    let world = World::new().await;
    let (old, new) = (with(raw("a", 1)), with(world.branch()));
    world.fill(&old, 23).await;
    let run = || world.rewrap(&old, &new).segments(2).page_items(3);
    run().build(&world.config()).await.unwrap().next_pages().await.unwrap();
    let mut last = run().build(&world.config()).await.unwrap();
    let counts = last.run().await.unwrap();
    assert_eq!((counts.current, counts.rewrapped, writes(&last)), (6, 17, 17));
    world.all_are_current(&new, 23).await;
}

#[tokio::test(start_paused = true)]
async fn dropped_in_the_middle_of_a_page_it_begins_that_page_again() {
    let world = World::new().await;
    let (old, new) = (with(raw("a", 1)), with(world.branch()));
    world.fill(&old, 20).await;
    let run = world.rewrap(&old, &new).segments(1).page_items(10).rate(1);
    let mut run = run.build(&world.config()).await.unwrap();
    let late = std::time::Duration::from_millis(14_500);
    let begun = run.checkpoint();
    tokio::time::timeout(late, run.run()).await.unwrap_err();
    // Ten of the first page at once a second each, and then some of the second.
    assert_eq!((run.counts().read, writes(&run)), (10, 15));
    assert_ne!(run.checkpoint(), begun);
    let counts = run.run().await.unwrap();
    assert_eq!((counts.read, counts.current, counts.bad), (20, 5, 0));
    world.all_are_current(&new, 20).await;
}

#[tokio::test(start_paused = true)]
async fn a_service_that_goes_away_ends_the_run_and_it_goes_on_after() {
    for service in [Service::Kms, Service::DynamoDb] {
        let world = World::new().await;
        let old = with(raw("a", 1));
        world.fill(&old, 20).await;
        let key = world.lab.kms().create_key(US, true, "").unwrap().arn;
        let mrk = || {
            let kms = itemseal_aws::AwsKms::new(&world.config()).unwrap();
            itemseal::MrkKeyring::builder(&key).regions([US]).build(kms).unwrap()
        };
        let lab = world.lab.clone();
        let to = with(Before::new(mrk(), move |wrap| {
            if wrap == 7 {
                let (region, mode) = (US.to_owned(), itemseal_lab::faults::OutageMode::Error(503));
                let outage = itemseal_lab::faults::Fault::Outage { region, service, mode };
                lab.faults().add(outage).unwrap();
            }
        }));
        // One at a time: six are done before.
        let run = world.rewrap(&old, &to).segments(1).page_items(5).rate(1);
        let mut run = run.build(&world.config()).await.unwrap();
        assert!(run.next_pages().await.unwrap());
        let error = run.next_pages().await.unwrap_err();
        assert!(error.is_retryable(), "{service:?}: {error}");
        let counts = run.counts();
        assert_eq!((counts.read, counts.bad), (5, 0), "{service:?}");
        assert!((5..10).contains(&counts.rewrapped), "{service:?}");
        let done = counts.rewrapped;
        let checkpoint = RewrapCheckpoint::from_json(run.checkpoint().to_json()).unwrap();
        assert_eq!(checkpoint, run.checkpoint());
        world.lab.faults().clear();
        let to = with(mrk());
        let run = world.rewrap(&old, &to).segments(1).page_items(5);
        let run = run.build(&world.config()).await.unwrap();
        let mut run = run.resume(&checkpoint).unwrap();
        let counts = run.run().await.unwrap();
        assert_eq!((counts.read, counts.rewrapped, counts.bad), (20, 20, 0));
        assert_eq!(writes(&run), 20 - done);
        world.all_are_current(&to, 20).await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_short_outage_is_waited_for() {
    let world = World::new().await;
    let (old, new) = (with(raw("a", 1)), with(raw("b", 2)));
    world.fill(&old, 10).await;
    let mut run = world.rewrap(&old, &new).build(&world.config()).await.unwrap();
    let fault = world.outage(Service::DynamoDb);
    let lab = world.lab.clone();
    let mends = tokio::spawn(async move {
        tokio::time::sleep(std::time::Duration::from_millis(500)).await;
        lab.faults().remove(fault);
    });
    assert_eq!(run.run().await.unwrap().rewrapped, 10);
    mends.await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_checkpoint_of_another_run_is_refused() {
    let world = World::new().await;
    world.lab.tables().create_table(US, "Others", "OrderID", None).unwrap();
    let (old, new) = (with(raw("a", 1)), with(raw("b", 2)));
    world.fill(&old, 9).await;
    let run = world.rewrap(&old, &new).segments(2).page_items(2);
    let mut run = run.build(&world.config()).await.unwrap();
    run.next_pages().await.unwrap();
    let checkpoint = run.checkpoint();
    assert!(!format!("{checkpoint:?}").contains("OrderID"));
    let others = Rewrap::builder("Others", old.clone(), new.clone()).segments(2);
    for (other, says) in [
        (others, "the table \"Orders\", and this run is of \"Others\""),
        (world.rewrap(&old, &new).segments(3), "2 segments, and this one has 3"),
    ] {
        let other = other.build(&world.config()).await.unwrap();
        let error = other.resume(&checkpoint).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Misuse);
        assert!(error.to_string().contains(says), "{error}");
    }
    let json = checkpoint.to_json();
    let elsewhere = RewrapCheckpoint::from_json(json.replace(US, "eu-west-1")).unwrap();
    let same = world.rewrap(&old, &new).segments(2).build(&world.config()).await.unwrap();
    let error = same.resume(&elsewhere).unwrap_err();
    assert!(error.to_string().contains("the Region \"eu-west-1\""), "{error}");
    for other in [
        "{}".to_owned(),
        json.replace("\"format\":1", "\"format\":2"),
        json.replace("\"S\":", "\"Q\":"),
        json.replace("\"counts\"", "\"more\":1,\"counts\""),
    ] {
        assert_ne!(other, json);
        let error = RewrapCheckpoint::from_json(other).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Malformed, "{error}");
    }
}

/// Runs may be spawned.
#[allow(dead_code, reason = "it has to compile")]
fn runs_are_send(run: &mut Rewrap) -> impl Future<Output = itemseal::Result<bool>> + Send {
    run.next_pages()
}
