//! The failover keyring on a paused clock: deadlines, circuit breakers, repetitions.

use std::time::Duration;

use crate::scripted::{Behaviour, ScriptedKms, order, with};
use itemseal::failover::RegionOrder;
use itemseal::keyring::{KmsAccess, KmsKeyring, MrkDiscoveryMultiKeyring, MrkMultiKeyring};
use itemseal::{ErrorKind, Item, ItemEncryptor, Keyring, MrkKeyring};
use tokio::time::{Instant, advance};

const US: &str = "us-east-1";
const EU: &str = "eu-west-1";
const AP: &str = "ap-south-1";
const KEY: &str = "arn:aws:kms:us-east-1:111122223333:key/mrk-1";

fn failover(kms: &ScriptedKms, regions: &[&str]) -> ItemEncryptor {
    let keyring = MrkKeyring::builder(KEY).regions(regions.iter().copied());
    with(keyring.build(kms.clone()).unwrap())
}

async fn stored() -> Item {
    let kms = ScriptedKms::new([(US, Behaviour::Works)]);
    failover(&kms, &[US]).encrypt_item(order()).await.unwrap()
}

/// What `future` gives, and the milliseconds that it took.
async fn timed<T>(future: impl Future<Output = T>) -> (T, u128) {
    let start = Instant::now();
    let output = future.await;
    (output, start.elapsed().as_millis())
}

#[tokio::test(start_paused = true)]
async fn a_first_region_that_hangs_is_left_after_800_ms_and_then_passed_over() {
    let kms = ScriptedKms::timed([(US, Behaviour::Hangs), (EU, Behaviour::Works)]);
    let encryptor = failover(&kms, &[US, EU]);
    let (written, took) = timed(encryptor.encrypt_item(order())).await;
    assert_eq!(took, 800);
    assert_eq!(kms.calls(), ["GenerateDataKey us-east-1", "GenerateDataKey eu-west-1"]);
    let (read, took) = timed(encryptor.decrypt_item(written.unwrap())).await;
    assert_eq!((read.unwrap(), took), (order(), 0), "known: not asked again");
    assert_eq!(kms.calls(), ["Decrypt eu-west-1"]);
}

#[tokio::test(start_paused = true)]
async fn a_hung_region_costs_one_caller_a_probe_and_nobody_else_anything() {
    let kms = ScriptedKms::timed([(US, Behaviour::Hangs), (EU, Behaviour::Works)]);
    let encryptor = failover(&kms, &[US, EU]);
    encryptor.encrypt_item(order()).await.unwrap();
    advance(Duration::from_secs(1)).await;
    let (took, others) =
        tokio::join!(async { timed(encryptor.encrypt_item(order())).await.1 }, async {
            timed(encryptor.encrypt_item(order())).await.1
        },);
    assert_eq!((took, others), (100, 0));
}

#[tokio::test(start_paused = true)]
async fn a_region_that_is_back_is_asked_first_again() {
    let kms = ScriptedKms::timed([(US, Behaviour::Fails("")), (EU, Behaviour::Works)]);
    let encryptor = failover(&kms, &[US, EU]);
    encryptor.encrypt_item(order()).await.unwrap();
    kms.set(US, Behaviour::Works);
    kms.calls();
    encryptor.encrypt_item(order()).await.unwrap();
    assert_eq!(kms.calls(), ["GenerateDataKey eu-west-1"]);
    advance(Duration::from_secs(1)).await;
    for _ in 0..2 {
        encryptor.encrypt_item(order()).await.unwrap();
        assert_eq!(kms.calls(), ["GenerateDataKey us-east-1"]);
    }
}

#[tokio::test(start_paused = true)]
async fn a_caller_that_goes_away_in_its_probe_leaves_the_next_one_to_probe() {
    let kms = ScriptedKms::timed([(US, Behaviour::Hangs), (EU, Behaviour::Works)]);
    let encryptor = failover(&kms, &[US, EU]);
    encryptor.encrypt_item(order()).await.unwrap();
    advance(Duration::from_secs(1)).await;
    let gone = tokio::time::timeout(Duration::from_millis(9), encryptor.encrypt_item(order()));
    assert!(gone.await.is_err());
    kms.set(US, Behaviour::Works);
    kms.calls();
    encryptor.encrypt_item(order()).await.unwrap();
    assert_eq!(kms.calls(), ["GenerateDataKey us-east-1"]);
}

#[tokio::test(start_paused = true)]
async fn a_region_that_is_passed_over_is_asked_when_no_other_answers() {
    let kms = ScriptedKms::timed([(US, Behaviour::Fails("")), (EU, Behaviour::Works)]);
    let encryptor = failover(&kms, &[US, EU]);
    encryptor.encrypt_item(order()).await.unwrap();
    kms.set(US, Behaviour::Works);
    kms.set(EU, Behaviour::Fails("KMSInternalException"));
    kms.calls();
    encryptor.encrypt_item(order()).await.unwrap();
    assert_eq!(kms.calls(), ["GenerateDataKey eu-west-1", "GenerateDataKey us-east-1"]);
}

#[tokio::test(start_paused = true)]
async fn while_the_home_region_is_passed_over_a_slow_one_has_the_time_it_needs() {
    let kms = ScriptedKms::timed([(US, Behaviour::Fails("")), (EU, Behaviour::Slow(1500))]);
    let encryptor = failover(&kms, &[US, EU]);
    encryptor.encrypt_item(order()).await.unwrap();
    kms.calls();
    kms.set(US, Behaviour::Hangs);
    advance(Duration::from_millis(1)).await;
    // The home Region's probe is due, and costs the time until the next Region is asked too.
    let (written, took) = timed(encryptor.encrypt_item(order())).await;
    written.unwrap();
    assert_eq!(took, 100 + 1500);
    let (written, took) = timed(encryptor.encrypt_item(order())).await;
    written.unwrap();
    assert_eq!(took, 1500);
}

#[tokio::test(start_paused = true)]
async fn everything_ends_within_the_deadline_however_many_regions_hang() {
    let regions = [US, EU, AP];
    for count in 1..=3 {
        for deadline in [5000, 1000, 200, 1] {
            let kms = ScriptedKms::timed(regions.map(|region| (region, Behaviour::Hangs)));
            let keyring = MrkKeyring::builder(KEY)
                .regions(regions.into_iter().take(count))
                .deadline(Duration::from_millis(deadline))
                .build(kms.clone());
            let encryptor = with(keyring.unwrap());
            let (written, took) = timed(encryptor.encrypt_item(order())).await;
            let error = written.unwrap_err();
            assert_eq!((error.kind(), error.region()), (ErrorKind::KeyUnavailable, Some(US)));
            assert!(took <= u128::from(deadline), "{count} Regions: {took} of {deadline} ms");
            assert!(kms.calls().len() <= 3);
            let (read, took) = timed(encryptor.decrypt_item(stored().await)).await;
            assert_eq!(read.unwrap_err().kind(), ErrorKind::KeyUnavailable);
            assert!(took <= u128::from(deadline), "{count} Regions: {took} of {deadline} ms");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_short_deadline_still_leaves_time_for_every_region() {
    let all = [(US, Behaviour::Hangs), (EU, Behaviour::Hangs), (AP, Behaviour::Slow(50))];
    let kms = ScriptedKms::timed(all);
    let keyring = MrkKeyring::builder(KEY).regions([US, EU, AP]);
    let keyring = keyring.deadline(Duration::from_millis(300)).build(kms).unwrap();
    let (written, took) = timed(with(keyring).encrypt_item(order())).await;
    written.unwrap();
    assert_eq!(took, 100 + 100 + 50);
}

#[tokio::test(start_paused = true)]
async fn throttling_is_repeated_with_pauses_and_at_most_three_calls_are_made() {
    for regions in [&[US][..], &[US, EU], &[US, EU, AP], &[US, EU, AP, "sa-east-1"]] {
        let kms = ScriptedKms::timed(
            regions.iter().map(|r| (*r, Behaviour::Fails("ThrottlingException"))),
        );
        let (written, took) = timed(failover(&kms, regions).encrypt_item(order())).await;
        let error = written.unwrap_err();
        assert_eq!(
            (error.kind(), error.code()),
            (ErrorKind::KeyUnavailable, Some("ThrottlingException"))
        );
        assert_eq!(kms.calls().len(), 3, "{regions:?}");
        let pauses = if regions.len() == 1 { 75..=151 } else { 0..=51 };
        assert!(pauses.contains(&took), "{regions:?}: {took} ms");
    }
}

#[tokio::test(start_paused = true)]
async fn a_throttle_that_passes_costs_a_pause_and_no_error() {
    let kms = ScriptedKms::timed([(US, Behaviour::Fails("ThrottlingException"))]);
    let encryptor = failover(&kms, &[US]);
    let heal = async {
        tokio::time::sleep(Duration::from_millis(10)).await;
        kms.set(US, Behaviour::Works);
    };
    let (written, ()) = tokio::join!(encryptor.encrypt_item(order()), heal);
    written.unwrap();
    assert_eq!(kms.calls().len(), 2);
}

#[tokio::test(start_paused = true)]
async fn every_region_is_asked_once_where_none_can_be_reached() {
    let regions = [US, EU, AP, "sa-east-1", "ca-central-1"];
    let kms = ScriptedKms::timed([("ca-central-1", Behaviour::Works)]);
    failover(&kms, &regions).encrypt_item(order()).await.unwrap();
    assert_eq!(kms.calls().len(), 5);
}

#[tokio::test(start_paused = true)]
async fn the_spec_s_keyrings_have_the_same_deadline() {
    let eu = "arn:aws:kms:eu-west-1:111122223333:key/1";
    let stored = stored().await;
    let kms = ScriptedKms::timed([US, EU].map(|region| (region, Behaviour::Hangs)));
    let access = KmsAccess::new(kms.clone()).deadline(Duration::from_secs(2));
    let keyrings: [Box<dyn Keyring>; 3] = [
        Box::new(KmsKeyring::new(KEY, access.clone()).unwrap()),
        Box::new(MrkMultiKeyring::new([KEY, eu], access.clone()).unwrap()),
        Box::new(MrkDiscoveryMultiKeyring::new([US, EU], access.clone()).unwrap()),
    ];
    for keyring in keyrings {
        let (read, took) = timed(with(keyring).decrypt_item(stored.clone())).await;
        assert_eq!(read.unwrap_err().kind(), ErrorKind::KeyUnavailable);
        assert!((500..=2000).contains(&took), "{took} ms");
    }
    kms.set(EU, Behaviour::Slow(900));
    let multi = MrkDiscoveryMultiKeyring::new([US, EU], access.deadline(Duration::from_secs(4)));
    let (read, took) = timed(with(multi.unwrap()).decrypt_item(stored)).await;
    assert_eq!((read.unwrap(), took), (order(), 2900), "the second Region has its share");
}

/// A std lock's guard is not Send, so that these futures are Send proves that none is held across
/// an await; and that 256 of them advance together on one thread, that nothing blocks it.
#[tokio::test(start_paused = true)]
async fn a_slow_kms_does_not_make_256_operations_wait_for_each_other() {
    fn sent<T: Send + 'static>(future: T) -> T {
        future
    }
    let kms = ScriptedKms::timed([(US, Behaviour::Hangs), (EU, Behaviour::Slow(300))]);
    let encryptor = failover(&kms, &[US, EU]);
    let (written, took) = timed(async {
        let tasks: Vec<_> = (0..256)
            .map(|_| {
                let encryptor = encryptor.clone();
                tokio::spawn(sent(async move {
                    let stored = encryptor.encrypt_item(order()).await?;
                    encryptor.decrypt_item(stored).await
                }))
            })
            .collect();
        let mut opened = 0;
        for task in tasks {
            opened += usize::from(task.await.unwrap().unwrap() == order());
        }
        opened
    })
    .await;
    assert_eq!(written, 256);
    assert_eq!(took, 800 + 300 + 300);
}

#[tokio::test(start_paused = true)]
async fn the_nearest_region_first_if_told() {
    let kms = ScriptedKms::timed([(US, Behaviour::Slow(80)), (EU, Behaviour::Slow(20))]);
    let keyring = MrkKeyring::builder(KEY).regions([US, EU]).order(RegionOrder::Nearest);
    let encryptor = with(keyring.build(kms.clone()).unwrap());
    for region in [US, EU, EU, EU] {
        encryptor.encrypt_item(order()).await.unwrap();
        assert_eq!(kms.calls(), [format!("GenerateDataKey {region}")]);
    }
}
