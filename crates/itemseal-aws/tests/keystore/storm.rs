//! Many who want one key at once, and a KMS that is away.

use std::time::Duration;

use itemseal::ErrorKind;
use itemseal::keyring::BranchKeyCache;
use itemseal_lab::faults::{OutageMode, Service};

use crate::world::*;

#[tokio::test(start_paused = true)]
async fn many_tasks_and_a_key_that_is_too_old_make_one_call() {
    let world = World::new().await;
    let before = world.decrypts(US);
    let cache = BranchKeyCache::default();
    let keyring = world.keyring(US, &[US]).cache(&cache, "p").most_age(Duration::from_secs(60));
    let encryptor = with(keyring.build().unwrap());
    for round in 1..=3 {
        let tasks: Vec<_> = (0..256)
            .map(|id| {
                let encryptor = encryptor.clone();
                tokio::spawn(async move { encryptor.encrypt_item(order(id)).await })
            })
            .collect();
        for task in tasks {
            task.await.unwrap().unwrap();
        }
        assert_eq!(world.decrypts(US) - before, round);
        tokio::time::sleep(Duration::from_secs(60)).await;
    }
    let counters = cache.counters();
    assert_eq!((counters.misses, counters.hits + counters.waits), (3, 3 * 255 + counters.waits));
    assert_eq!(counters.entries, 1);
}

#[tokio::test(start_paused = true)]
async fn without_kms_the_old_key_serves_until_it_is_too_old_and_then_the_error_says_why() {
    let world = World::new().await;
    let cache = BranchKeyCache::default();
    let keyring = world.keyring(US, &[US]).cache(&cache, "p").most_age(Duration::from_secs(300));
    let encryptor = with(keyring.build().unwrap());
    let stored = encryptor.encrypt_item(order(1)).await.unwrap();
    encryptor.decrypt_item(stored.clone()).await.unwrap();
    for mode in [OutageMode::Refuse, OutageMode::Error(500)] {
        let fault = world.outage(US, Service::Kms, mode);
        // Past the ttl of 60 seconds, up to 300.
        for _ in 0..4 {
            tokio::time::sleep(Duration::from_secs(55)).await;
            encryptor.encrypt_item(order(1)).await.unwrap();
            encryptor.decrypt_item(stored.clone()).await.unwrap();
        }
        assert!(cache.counters().served_old > 0);
        tokio::time::sleep(Duration::from_secs(80)).await;
        let error = encryptor.encrypt_item(order(1)).await.unwrap_err();
        assert_eq!(
            (error.kind(), error.region()),
            (ErrorKind::KeyUnavailable, Some(US)),
            "{error}"
        );
        assert!(encryptor.decrypt_item(stored.clone()).await.is_err());
        world.lab.faults().remove(fault);
        tokio::time::sleep(Duration::from_secs(30)).await;
        encryptor.decrypt_item(stored.clone()).await.unwrap();
        encryptor.encrypt_item(order(1)).await.unwrap();
    }
}

#[tokio::test(start_paused = true)]
async fn a_key_that_was_taken_away_is_not_used_after_its_ttl() {
    let world = World::new().await;
    let encryptor = with(world.keyring(US, &[US]).build().unwrap());
    encryptor.encrypt_item(order(1)).await.unwrap();
    let id = world.key_arn.rsplit('/').next().unwrap();
    world.lab.kms().disable_key(US, id).unwrap();
    encryptor.encrypt_item(order(1)).await.unwrap();
    tokio::time::sleep(Duration::from_secs(60)).await;
    let error = encryptor.encrypt_item(order(1)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::KeyDenied, "{error}");
    // Nor is it by those who come next.
    let error = encryptor.encrypt_item(order(1)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::KeyDenied);
}

#[tokio::test(start_paused = true)]
async fn a_rotation_is_seen_in_other_regions_after_the_ttl() {
    let world = World::new().await;
    let there = with(world.keyring(EU, &[EU]).build().unwrap());
    let old = version_of(&there.encrypt_item(order(1)).await.unwrap());
    world.store(US, &[US]).rotate("tenant-1").await.unwrap();
    world.lab.tables().converge().unwrap();
    assert_eq!(version_of(&there.encrypt_item(order(1)).await.unwrap()), old);
    tokio::time::sleep(Duration::from_secs(60)).await;
    assert_ne!(version_of(&there.encrypt_item(order(1)).await.unwrap()), old);
}

#[tokio::test(start_paused = true)]
async fn keyrings_share_a_cache_by_partition_and_it_keeps_no_more_than_it_may() {
    let world = World::new().await;
    let cache = BranchKeyCache::with_most_entries(2);
    let keyring =
        |partition: &str| world.keyring(US, &[US]).cache(&cache, partition).build().unwrap();
    let (a, b, c) = (with(keyring("one")), with(keyring("one")), with(keyring("two")));
    let calls = || world.decrypts(US);
    let before = calls();
    a.encrypt_item(order(1)).await.unwrap();
    b.encrypt_item(order(1)).await.unwrap();
    assert_eq!(calls() - before, 1, "the same partition");
    c.encrypt_item(order(1)).await.unwrap();
    assert_eq!(calls() - before, 2, "another partition");
    assert_eq!(cache.counters().entries, 2);
    // A third makes the one unused for longest go: that of the first partition.
    with(keyring("three")).encrypt_item(order(1)).await.unwrap();
    assert_eq!((cache.counters().entries, cache.counters().evictions), (2, 1));
    a.encrypt_item(order(1)).await.unwrap();
    assert_eq!(calls() - before, 4);
    cache.clear();
    assert_eq!(cache.counters().entries, 0);
    let none = BranchKeyCache::with_most_entries(0);
    let each = with(world.keyring(US, &[US]).cache(&none, "one").build().unwrap());
    let before = calls();
    for _ in 0..3 {
        each.encrypt_item(order(1)).await.unwrap();
    }
    assert_eq!(calls() - before, 3);
}

#[tokio::test(start_paused = true)]
async fn a_caller_that_goes_away_leaves_its_question_to_the_next() {
    let world = World::new().await;
    let encryptor = with(world.keyring(US, &[US]).build().unwrap());
    let fault = world.outage(US, Service::Kms, OutageMode::Hang);
    let leader = {
        let encryptor = encryptor.clone();
        tokio::spawn(async move { encryptor.encrypt_item(order(1)).await })
    };
    tokio::task::yield_now().await;
    let follower = {
        let encryptor = encryptor.clone();
        tokio::spawn(async move { encryptor.encrypt_item(order(2)).await })
    };
    tokio::time::sleep(Duration::from_millis(10)).await;
    world.lab.faults().remove(fault);
    leader.abort();
    follower.await.unwrap().unwrap();
}
