//! What a thousand items cost: one KMS call in each Region, and one more for a version that was replaced.

use crate::world::*;

const ITEMS: u32 = 1000;

#[tokio::test(start_paused = true)]
async fn a_thousand_items_written_and_opened_in_each_region_cost_one_call_there() {
    let world = World::new().await;
    let before: Vec<u64> = [US, EU, AP].map(|region| world.decrypts(region)).into();
    let mut written = Vec::new();
    for region in [US, EU, AP] {
        let here = with(world.keyring(region, &[region]).build().unwrap());
        let mut all = Vec::new();
        for id in 0..ITEMS {
            all.push(here.encrypt_item(order(id)).await.unwrap());
        }
        for (id, stored) in (0..).zip(&all) {
            assert_eq!(here.decrypt_item(stored.clone()).await.unwrap(), order(id));
        }
        written.push((here, all));
    }
    // What the Region before has written, too: it is the same version.
    for (at, (here, _)) in written.iter().enumerate() {
        let (_, others) = &written[(at + 1) % written.len()];
        for (id, stored) in (0..).zip(others) {
            assert_eq!(here.decrypt_item(stored.clone()).await.unwrap(), order(id));
        }
    }
    for (region, before) in [US, EU, AP].iter().zip(before) {
        assert_eq!(world.decrypts(region) - before, 1, "{region}");
    }
    // A new version, in keyrings that start with it: one call for it and one for the old one.
    world.store(US, &[US]).rotate("tenant-1").await.unwrap();
    world.lab.tables().converge().unwrap();
    for (region, (_, old)) in [US, EU, AP].iter().zip(&written) {
        let before = world.decrypts(region);
        let here = with(world.keyring(region, &[*region]).build().unwrap());
        for (id, stored) in (0..).zip(old) {
            let new = here.encrypt_item(order(id)).await.unwrap();
            assert_ne!(version_of(&new), version_of(stored));
            assert_eq!(here.decrypt_item(new).await.unwrap(), order(id));
            assert_eq!(here.decrypt_item(stored.clone()).await.unwrap(), order(id));
        }
        assert_eq!(world.decrypts(region) - before, 2, "{region}");
    }
}
