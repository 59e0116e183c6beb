//! Items that are left as they are, and told.

use itemseal::{ErrorKind, Item};

use crate::world::*;

#[tokio::test(start_paused = true)]
async fn what_does_not_open_is_told_by_its_key_and_the_rest_is_done() {
    let world = World::new().await;
    let (old, new) = (with(raw("a", 1)), with(raw("b", 2)));
    world.fill(&old, 30).await;
    let altered = world.get(11).unwrap().with("Status", "paid");
    let strange = with(raw("c", 3)).encrypt_item(order(12)).await.unwrap();
    let broken = world.get(13).unwrap().with("aws_dbe_head", vec![1, 2, 3]);
    for item in [altered.clone(), strange.clone(), broken.clone(), order(14)] {
        world.put(item);
    }
    let before = world.all();
    let run = world.rewrap(&old, &new).segments(3).page_items(4);
    let mut run = run.build(&world.config()).await.unwrap();
    let counts = run.run().await.unwrap();
    assert_eq!((counts.read, counts.rewrapped, counts.bad), (30, 26, 4));
    let mut bad: Vec<_> = run
        .take_bad_items()
        .iter()
        .map(|bad| {
            assert_eq!((bad.table(), bad.key().len()), ("Orders", 1));
            (bad.key()["OrderID"].as_s().unwrap().clone(), bad.error().kind())
        })
        .collect();
    bad.sort_by(|one, other| one.0.cmp(&other.0));
    let kinds = [
        ErrorKind::Authentication,
        ErrorKind::Authentication,
        ErrorKind::Malformed,
        ErrorKind::NotEncrypted,
    ];
    assert_eq!(bad, (11..).map(|id| id.to_string()).zip(kinds).collect::<Vec<_>>());
    assert!(run.take_bad_items().is_empty());
    for (id, (before, after)) in before.iter().zip(world.all()).enumerate() {
        assert_eq!(*before == after, (11..15).contains(&id), "{id}");
    }
}

#[tokio::test(start_paused = true)]
async fn plaintext_is_encrypted_where_that_is_chosen_and_what_lost_its_header_is_not() {
    let world = World::new().await;
    let (old, new) = (with(raw("a", 1)), with(world.branch()));
    world.fill(&old, 5).await;
    (5..10).for_each(|id| world.put(order(id)));
    let mut lost = old.encrypt_item(order(10)).await.unwrap();
    lost.remove("aws_dbe_head");
    lost.remove("aws_dbe_foot");
    world.put(lost.clone());
    let run = world.rewrap(&old, &new).encrypt_plaintext();
    let mut run = run.build(&world.config()).await.unwrap();
    let counts = run.run().await.unwrap();
    assert_eq!((counts.rewrapped, counts.whole, counts.bad), (10, 5, 1));
    assert_eq!(run.take_bad_items()[0].error().kind(), ErrorKind::Malformed);
    assert_eq!(world.get(10), Some(lost));
    world.lab.region(US).unwrap().delete("Orders", key(10)).unwrap();
    world.all_are_current(&new, 10).await;
    let run = world.rewrap(&new, &new).encrypt_plaintext();
    let mut run = run.build(&world.config()).await.unwrap();
    assert_eq!((run.run().await.unwrap().current, writes(&run)), (10, 0));
}

#[tokio::test(start_paused = true)]
async fn what_one_request_cannot_compare_or_dynamodb_does_not_take_is_told() {
    let world = World::new().await;
    let new = with(raw("b", 2));
    let wide = |count: u32| (0..count).fold(key(0), |item, n| item.with(format!("a{n}"), "x"));
    // 149 and the header's and footer's absence; one more, and there is no such condition.
    for (count, bad) in [(148, 0), (149, 1)] {
        world.put(wide(count));
        let run = world.rewrap(&new, &new).encrypt_plaintext();
        let mut run = run.build(&world.config()).await.unwrap();
        assert_eq!(run.run().await.unwrap().bad, bad, "{count}");
        for bad in run.take_bad_items() {
            assert_eq!(bad.error().kind(), ErrorKind::TooLarge);
            assert!(bad.error().to_string().contains("151 have to be compared"), "{:?}", bad);
        }
        assert_eq!(world.get(0).unwrap().contains("aws_dbe_head"), bad == 0);
    }
    // 400 KB before it has a header.
    world.put(Item::new().with("OrderID", "1").with("Card", "x".repeat(409_500)));
    world.put(order(2));
    let run = world.rewrap(&new, &new).encrypt_plaintext();
    let mut run = run.build(&world.config()).await.unwrap();
    let counts = run.run().await.unwrap();
    assert_eq!((counts.rewrapped, counts.bad), (1, 2));
    assert!(run.take_bad_items().iter().any(|bad| {
        bad.key()["OrderID"].as_s().is_ok_and(|id| id == "1")
            && !bad.error().to_string().contains("xxx")
    }));
}
