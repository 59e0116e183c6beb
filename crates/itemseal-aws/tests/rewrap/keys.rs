//! From one key to another.

use itemseal::{AlgorithmSuite, ItemEncryptor, TableConfig};

use crate::world::*;

#[tokio::test(start_paused = true)]
async fn from_a_raw_key_to_branch_keys_and_on_to_their_next_version() {
    let world = World::new().await;
    let (raw, branch) = (with(raw("a", 1)), with(world.branch()));
    world.fill(&raw, 25).await;
    let before = world.all();
    let mut run = world.rewrap(&raw, &branch).page_items(4).build(&world.config()).await.unwrap();
    let counts = run.run().await.unwrap();
    assert_eq!((counts.read, counts.rewrapped, counts.whole, counts.current), (25, 25, 0, 0));
    assert_eq!((writes(&run), run.take_bad_items().len(), counts.conflicts), (25, 0, 0));
    world.all_are_current(&branch, 25).await;
    // Attributes are the same to the byte, and no others came.
    let after = world.all();
    for (before, after) in before.iter().zip(&after) {
        assert_eq!(before.len(), after.len());
        for (name, value) in after.iter() {
            assert_eq!(before.get(name) == Some(value), !name.starts_with("aws_dbe_"), "{name}");
        }
    }
    // Nothing is left to do.
    let mut run = world.rewrap(&branch, &branch).build(&world.config()).await.unwrap();
    let counts = run.run().await.unwrap();
    assert_eq!((counts.current, counts.rewrapped, writes(&run)), (25, 0, 0));

    world.store().rotate("tenant-1").await.unwrap();
    let rotated = with(world.branch());
    let kms = world.lab.kms().calls(US, "Decrypt");
    let mut run = world.rewrap(&rotated, &rotated).build(&world.config()).await.unwrap();
    assert_eq!(run.run().await.unwrap().rewrapped, 25);
    assert_eq!(world.lab.kms().calls(US, "Decrypt") - kms, 2, "one for each version");
    world.all_are_current(&rotated, 25).await;
    let last = world.all();
    let mut run = world.rewrap(&rotated, &rotated).build(&world.config()).await.unwrap();
    assert_eq!((run.run().await.unwrap().current, writes(&run)), (25, 0));
    assert_eq!(world.all(), last);
}

#[tokio::test(start_paused = true)]
async fn whole_means_new_data_keys_for_what_is_not_current() {
    let world = World::new().await;
    let (old, new) = (with(raw("a", 1)), with(raw("b", 2)));
    world.fill(&old, 5).await;
    let before = world.all();
    let mut run = world.rewrap(&old, &new).whole().build(&world.config()).await.unwrap();
    let counts = run.run().await.unwrap();
    assert_eq!((counts.rewrapped, counts.whole), (5, 5));
    world.all_are_current(&new, 5).await;
    for (before, after) in before.iter().zip(world.all()) {
        assert_ne!(before.get("Card"), after.get("Card"));
        assert_eq!(before.get("Status"), after.get("Status"));
    }
    let mut run = world.rewrap(&old, &new).whole().build(&world.config()).await.unwrap();
    assert_eq!((run.run().await.unwrap().current, writes(&run)), (5, 0));
}

/// Of the same key or of another one: what has the new form is found to have it.
#[tokio::test(start_paused = true)]
async fn to_another_configuration_once() {
    let renamed = TableConfig::builder("Sales").partition_key("OrderID").sign_only(["Status"]);
    let renamed = renamed.unsigned(["Hits"]).build().unwrap();
    let signed = TableConfig::builder("Orders").partition_key("OrderID").sign_only(["Status"]);
    let swapped = TableConfig::builder("Orders").partition_key("OrderID").sign_only(["Card"]);
    let swapped = swapped.unsigned(["Status"]).build().unwrap();
    let context = TableConfig::builder("Orders").partition_key("OrderID").context(["Status"]);
    let context = context.unsigned(["Hits"]).suite(AlgorithmSuite::HmacOnly).build().unwrap();
    for table in [renamed, signed.build().unwrap(), swapped, context] {
        for keyring in [raw("a", 1), raw("b", 2)] {
            let world = World::new().await;
            let (old, new) = (with(raw("a", 1)), ItemEncryptor::new(table.clone(), keyring));
            world.fill(&old, 7).await;
            for (current, whole) in [(0, 7), (7, 0)] {
                let run = world.rewrap(&old, &new).segments(1).page_items(3);
                let mut run = run.build(&world.config()).await.unwrap();
                let counts = run.run().await.unwrap();
                assert_eq!((counts.current, counts.whole), (current, whole), "{table:?}");
                assert_eq!((counts.bad, writes(&run)), (0, whole), "{table:?}");
                world.all_are_current(&new, 7).await;
            }
        }
    }
}

/// Parsed as one of the other configuration an item can seem to have its form: here the legend fits both.
#[tokio::test(start_paused = true)]
async fn what_only_looks_current_is_opened_before_it_is_passed_by() {
    let world = World::new().await;
    let table = |unsigned: &str| {
        let table = TableConfig::builder("Orders").partition_key("OrderID").unsigned([unsigned]);
        ItemEncryptor::new(table.build().unwrap(), raw("a", 1))
    };
    let (from, to) = (table("Status"), table("Card"));
    let item = key(0).with("Card", "4111").with("Status", vec![0, 1, 2]);
    let stored = from.encrypt_item(item.clone()).await.unwrap();
    assert!(to.is_current(&stored, &to).await.unwrap(), "it looks so");
    // Nor does an altered one pass, that the first does not open.
    let altered = stored.clone().with("OrderID", "1");
    world.put(stored);
    world.put(altered);
    let mut run = world.rewrap(&from, &to).build(&world.config()).await.unwrap();
    let counts = run.run().await.unwrap();
    assert_eq!((counts.rewrapped, counts.current, counts.bad), (1, 0, 1));
    assert_eq!(to.decrypt_item(world.get(0).unwrap()).await.unwrap(), item);
}
