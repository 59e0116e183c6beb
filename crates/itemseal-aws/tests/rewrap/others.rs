//! Others write between our read and our write.

use itemseal::{AttributeValue, Item, ItemEncryptor, TableConfig};

use crate::world::*;

fn hits(number: &str) -> AttributeValue {
    AttributeValue::N(number.into())
}

/// From `a` to `b`, while `happens` does at each wrap: the read is done, the write is not.
async fn run(
    world: &World,
    whole: bool,
    happens: impl Fn(usize) + Send + Sync + 'static,
) -> itemseal_aws::RewrapCounts {
    let to = with(Before::new(raw("b", 2), happens));
    let run = world.rewrap(&with(raw("a", 1)), &to).segments(1);
    let run = if whole { run.whole() } else { run };
    let mut run = run.build(&world.config()).await.unwrap();
    assert!(run.take_bad_items().is_empty());
    run.run().await.unwrap()
}

#[tokio::test(start_paused = true)]
async fn a_counter_that_is_raised_meanwhile_stays_raised() {
    for whole in [false, true] {
        for begins in [Some("7"), None] {
            let world = World::new().await;
            let old = with(raw("a", 1));
            let mut stored = old.encrypt_item(order(0)).await.unwrap();
            stored.remove("Hits");
            world.put(begins.into_iter().fold(stored, |item, n| item.with("Hits", hits(n))));
            let region = world.lab.region(US).unwrap();
            let counts = run(&world, whole, move |_| {
                let now = region.get("Orders", key(0)).unwrap().unwrap();
                region.put("Orders", now.with("Hits", hits("8"))).unwrap();
            });
            let counts = counts.await;
            assert_eq!((counts.rewrapped, counts.conflicts), (1, 0), "no reason to read again");
            let opened = with(raw("b", 2)).decrypt_item(world.get(0).unwrap()).await.unwrap();
            assert_eq!(opened, order(0).with("Hits", hits("8")), "{whole} {begins:?}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_put_meanwhile_wins_and_is_brought_under_the_new_key_too() {
    for whole in [false, true] {
        // The writer has the old key still, or the new one already.
        for (writer, rewrapped) in [(raw("a", 1), 1), (raw("b", 2), 0)] {
            let world = World::new().await;
            world.fill(&with(raw("a", 1)), 1).await;
            let paid = order(0).with("Status", "paid").with("Card", "none");
            let put = with(writer).encrypt_item(paid.clone()).await.unwrap();
            let region = world.lab.region(US).unwrap();
            let counts = run(&world, whole, move |wrap| {
                if wrap == 1 {
                    region.put("Orders", put.clone()).unwrap();
                }
            });
            let counts = counts.await;
            assert_eq!((counts.conflicts, counts.rewrapped), (1, rewrapped));
            assert_eq!(counts.current, 1 - rewrapped);
            let opened = with(raw("b", 2)).decrypt_item(world.get(0).unwrap()).await.unwrap();
            assert_eq!(opened, paid);
        }
    }
}

#[tokio::test(start_paused = true)]
async fn what_was_deleted_meanwhile_stays_deleted() {
    for whole in [false, true] {
        let world = World::new().await;
        world.fill(&with(raw("a", 1)), 1).await;
        let region = world.lab.region(US).unwrap();
        let counts = run(&world, whole, move |_| region.delete("Orders", key(0)).unwrap()).await;
        assert_eq!((counts.gone, counts.rewrapped), (1, 0));
        assert_eq!(world.get(0), None);
    }
}

#[tokio::test(start_paused = true)]
async fn an_item_that_changes_each_time_is_left_and_told() {
    let world = World::new().await;
    let old = with(raw("a", 1));
    world.fill(&old, 1).await;
    let mut puts = Vec::new();
    for _ in 0..9 {
        puts.push(old.encrypt_item(order(0)).await.unwrap());
    }
    let (region, last) = (world.lab.region(US).unwrap(), puts[7].clone());
    let to = with(Before::new(raw("b", 2), move |wrap| {
        region.put("Orders", puts[wrap - 1].clone()).unwrap();
    }));
    let mut run = world.rewrap(&old, &to).build(&world.config()).await.unwrap();
    let counts = run.run().await.unwrap();
    let bad = run.take_bad_items();
    assert_eq!((counts.rewrapped, counts.conflicts, counts.bad, bad.len()), (0, 8, 1, 1));
    assert_eq!(bad[0].error().kind(), itemseal::ErrorKind::Conflict);
    assert_eq!(world.get(0).unwrap(), last);
}

#[tokio::test(start_paused = true)]
async fn a_write_whose_answer_is_lost_is_seen_to_be_ours() {
    let world = World::new().await;
    let (old, new) = (with(raw("a", 1)), with(raw("b", 2)));
    world.fill(&old, 3).await;
    // The SDK's client repeats the first, which is refused then; of the second all answers are lost.
    let config = world.losing("UpdateItem", &[1, 4, 5, 6]);
    let run = world.rewrap(&old, &new).segments(1).page_items(1);
    let mut run = run.build(&config).await.unwrap();
    let counts = run.run().await.unwrap();
    assert_eq!((counts.rewrapped, counts.current, counts.conflicts), (3, 0, 0));
    world.all_are_current(&new, 3).await;
}

/// What will be signed has to be what was read, and what nobody could compare is added to the signature after.
#[tokio::test(start_paused = true)]
async fn what_is_signed_from_now_on_may_change_until_then() {
    let table = TableConfig::builder("Orders").partition_key("OrderID").sign_only(["Status"]);
    let from = table.clone().unsigned(["Hits"]).unsigned_prefix(":").build().unwrap();
    let from = ItemEncryptor::new(from, raw("a", 1));
    let to = table.unsigned_prefix("~").build().unwrap();
    for (name, value) in [("Hits", hits("8")), (":seen", "yes".into())] {
        let world = World::new().await;
        world.fill(&from, 1).await;
        let region = world.lab.region(US).unwrap();
        let later = (name, value.clone());
        let keyring = Before::new(raw("b", 2), move |_| {
            let now = region.get("Orders", key(0)).unwrap().unwrap();
            // Once: then it is encrypted.
            if !now.get(later.0).is_some_and(|there| there.as_b().is_some() || *there == later.1) {
                region.put("Orders", now.with(later.0, later.1.clone())).unwrap();
            }
        });
        let to = ItemEncryptor::new(to.clone(), keyring);
        let mut run = world.rewrap(&from, &to).build(&world.config()).await.unwrap();
        let counts = run.run().await.unwrap();
        assert_eq!((counts.rewrapped, counts.whole, counts.conflicts, counts.bad), (1, 1, 1, 0));
        let stored = world.get(0).unwrap();
        assert!(stored.get(name).unwrap().as_b().is_some(), "{name} is encrypted");
        assert_eq!(to.decrypt_item(stored).await.unwrap(), order(0).with(name, value));
    }
}

#[tokio::test(start_paused = true)]
async fn a_plaintext_item_that_changes_meanwhile_is_encrypted_as_it_is_then() {
    let secret = |item: Item| item.with("Card", "4222").with("Hits", hits("9"));
    let more = |item: Item| item.with("Note", "x");
    type Change = fn(Item) -> Item;
    for change in [secret as Change, more as Change] {
        let world = World::new().await;
        world.put(order(0));
        let region = world.lab.region(US).unwrap();
        let to = with(Before::new(raw("b", 2), move |wrap| {
            if wrap == 1 {
                region.put("Orders", change(order(0))).unwrap();
            }
        }));
        let run = world.rewrap(&with(raw("a", 1)), &to).encrypt_plaintext();
        let mut run = run.build(&world.config()).await.unwrap();
        let counts = run.run().await.unwrap();
        assert_eq!((counts.rewrapped, counts.conflicts), (1, 1), "{:?}", run.take_bad_items());
        let stored = world.get(0).unwrap();
        assert!(!stored.to_json().contains("4111") && !stored.to_json().contains("4222"));
        assert_eq!(to.decrypt_item(stored).await.unwrap(), change(order(0)));
    }
}

/// Between the first write, whose signature lacks the new attribute, and the second.
#[tokio::test(start_paused = true)]
async fn what_changes_before_the_second_write_is_in_it() {
    let world = World::new().await;
    world.put(order(0));
    let region = world.lab.region(US).unwrap();
    let to = with(Before::new(raw("b", 2), move |wrap| {
        let now = region.get("Orders", key(0)).unwrap().unwrap();
        match wrap {
            1 => region.put("Orders", now.with("Note", "x")).unwrap(),
            2 => region.put("Orders", now.with("Note", "y").with("Hits", hits("9"))).unwrap(),
            _ => {}
        }
    }));
    let run = world.rewrap(&with(raw("a", 1)), &to).encrypt_plaintext();
    let mut run = run.build(&world.config()).await.unwrap();
    let counts = run.run().await.unwrap();
    assert_eq!((counts.rewrapped, counts.conflicts, writes(&run)), (1, 2, 3));
    let opened = to.decrypt_item(world.get(0).unwrap()).await.unwrap();
    assert_eq!(opened, order(0).with("Note", "y").with("Hits", hits("9")));
}

/// Nothing is read from a replica's past: neither a page nor an item that others have written.
#[tokio::test(start_paused = true)]
async fn reads_are_consistent() {
    let world = World::new().await;
    let (old, stale) = (with(raw("a", 1)), std::time::Duration::from_secs(3600));
    world.lab.faults().add(itemseal_lab::faults::Fault::stale_reads(US, stale)).unwrap();
    world.fill(&old, 3).await;
    let put = old.encrypt_item(order(1).with("Status", "paid")).await.unwrap();
    let region = world.lab.region(US).unwrap();
    let counts = run(&world, false, move |wrap| {
        if wrap == 1 {
            region.put("Orders", put.clone()).unwrap();
        }
    });
    let counts = counts.await;
    assert_eq!((counts.read, counts.rewrapped, counts.gone), (3, 3, 0));
    world.lab.faults().clear();
    let opened = with(raw("b", 2)).decrypt_item(world.get(1).unwrap()).await.unwrap();
    assert_eq!(opened, order(1).with("Status", "paid"));
}
