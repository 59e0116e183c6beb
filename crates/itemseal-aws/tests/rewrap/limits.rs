//! How fast, how far, and what is refused before it begins.

use std::time::Duration;

use itemseal::{ErrorKind, ItemEncryptor, TableConfig};
use tokio::time::Instant;

use crate::world::*;

#[tokio::test(start_paused = true)]
async fn no_more_items_are_written_in_a_second_than_were_allowed() {
    let world = World::new().await;
    let (old, new) = (with(raw("a", 1)), with(raw("b", 2)));
    world.fill(&old, 60).await;
    let run = world.rewrap(&old, &new).rate(10).segments(3).page_items(7);
    let mut run = run.build(&world.config()).await.unwrap();
    let start = Instant::now();
    assert_eq!(run.run().await.unwrap().rewrapped, 60);
    // The first at once, each other a tenth of a second after the one before.
    let took = start.elapsed();
    assert!((5_900..6_200).contains(&took.as_millis()), "{took:?}");
    // What is current takes no time.
    let run = world.rewrap(&old, &new).rate(1);
    let mut run = run.build(&world.config()).await.unwrap();
    let start = Instant::now();
    assert_eq!(run.run().await.unwrap().current, 60);
    assert!(start.elapsed() < Duration::from_secs(1));
}

#[tokio::test(start_paused = true)]
async fn a_dry_run_counts_and_writes_nothing() {
    let world = World::new().await;
    let (old, new) = (with(raw("a", 1)), with(raw("b", 2)));
    world.fill(&old, 10).await;
    world.put(order(10));
    let before = world.all();
    let run = world.rewrap(&old, &new).dry_run().page_items(2);
    let mut run = run.build(&world.config()).await.unwrap();
    assert_eq!(run.approximate_items().await.unwrap(), 11);
    let counts = run.run().await.unwrap();
    assert_eq!((counts.read, counts.rewrapped, counts.bad), (11, 10, 1));
    assert_eq!((writes(&run), world.all()), (0, before));
}

#[tokio::test(start_paused = true)]
async fn what_cannot_be_right_is_refused_before_anything_is_read() {
    let world = World::new().await;
    let (old, new) = (with(raw("a", 1)), with(raw("b", 2)));
    let config = world.config();
    let run = || world.rewrap(&old, &new);
    for (run, says) in [
        (run().segments(0), "segments are from 1"),
        (run().page_items(0), "items of a page are from 1"),
        (run().page_items(10_001), "to 10000, not 10001"),
        (run().rate(0), "items a second are from 1"),
        (itemseal_aws::Rewrap::builder("", old.clone(), new.clone()), "no name"),
    ] {
        let error = run.build(&config).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Misuse);
        assert!(error.to_string().contains(says), "{error}");
    }
    let other = TableConfig::builder("Orders").partition_key("Order").build().unwrap();
    let other = ItemEncryptor::new(other, raw("b", 2));
    for (from, to) in [(&old, &other), (&other, &new)] {
        let error = world.rewrap(from, to).build(&config).await.unwrap_err();
        assert!(error.to_string().contains("key attributes are OrderID"), "{error}");
    }
    let missing = itemseal_aws::Rewrap::builder("Missing", old.clone(), new.clone());
    let error = missing.build(&config).await.unwrap_err();
    assert_eq!(error.code(), Some("ResourceNotFoundException"));
    let nowhere = config.into_builder().region(None).build();
    let error = run().build(&nowhere).await.unwrap_err();
    assert!(error.to_string().contains("region(…)"), "{error}");
}
