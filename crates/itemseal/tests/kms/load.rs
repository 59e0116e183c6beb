//! A Region's KMS hangs and comes back under a load of 8 tasks, on a paused clock.

use std::time::Duration;

use itemseal::{AlgorithmSuite, ItemEncryptor, MrkKeyring, TableConfig};
use tokio::time::{Instant, sleep};

use crate::scripted::{Behaviour, ScriptedKms, order};

const HOME: &str = "eu-west-1";
const AWAY: &str = "us-east-1";
const KEY: &str = "arn:aws:kms:eu-west-1:111122223333:key/mrk-1";
/// KMS's own time for a call, in milliseconds.
const CALL_MS: u64 = 10;
/// The home Region hangs between these seconds; the load goes on to the third.
const HANGS: u64 = 2;
const HEALS: u64 = 12;
const ENDS: u64 = 30;

/// When an operation began and how long it took, in milliseconds.
type Sample = (u64, u64);

#[tokio::test(start_paused = true)]
async fn a_region_that_hangs_is_known_within_a_second_and_used_again_when_it_is_back() {
    let kms =
        ScriptedKms::timed([(HOME, Behaviour::Slow(CALL_MS)), (AWAY, Behaviour::Slow(CALL_MS))]);
    let keyring = MrkKeyring::builder(KEY).regions([HOME, AWAY]).build(kms.clone()).unwrap();
    let table = TableConfig::builder("Orders").partition_key("OrderID");
    let table = table.suite(AlgorithmSuite::HmacOnly).build().unwrap();
    let encryptor = ItemEncryptor::new(table, keyring);

    let start = Instant::now();
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..8 {
        let encryptor = encryptor.clone();
        tasks.spawn(async move {
            let mut samples = Vec::new();
            while start.elapsed() < Duration::from_secs(ENDS) {
                let begun = Instant::now();
                encryptor.encrypt_item(order()).await.expect("no write is lost");
                let at = begun.duration_since(start).as_millis() as u64;
                samples.push((at, begun.elapsed().as_millis() as u64));
            }
            samples
        });
    }
    let outage = async {
        sleep(Duration::from_secs(HANGS)).await;
        kms.set(HOME, Behaviour::Hangs);
        sleep(Duration::from_secs(HEALS - HANGS)).await;
        kms.set(HOME, Behaviour::Slow(CALL_MS));
        sleep(Duration::from_secs(9)).await;
        kms.calls();
    };
    outage.await;
    let samples: Vec<Sample> = tasks.join_all().await.into_iter().flatten().collect();

    let healthy = told("before", &samples, 0, HANGS * 1000);
    let first = told("first second", &samples, HANGS * 1000, HANGS * 1000 + 1000);
    let known = told("known", &samples, HANGS * 1000 + 1000, HEALS * 1000);
    let healed = told("healed", &samples, (HEALS + 9) * 1000, ENDS * 1000);
    assert_eq!((healthy.p999, healed.p999), (CALL_MS, CALL_MS));
    assert_eq!(first.longest, 800 + CALL_MS);
    assert!(known.p999 <= CALL_MS + 250, "a hung Region adds {} ms", known.p999 - CALL_MS);
    assert_eq!(known.longest, CALL_MS + 50, "what a probe costs the one who makes it");
    let calls = kms.calls();
    assert!(calls.iter().all(|call| call.ends_with(HOME)), "the breaker has closed");
    assert!(!calls.is_empty());
}

struct Told {
    p999: u64,
    longest: u64,
}

fn told(phase: &str, samples: &[Sample], from: u64, to: u64) -> Told {
    let within = samples.iter().filter(|(at, _)| (from..to).contains(at));
    let mut took: Vec<u64> = within.map(|(_, took)| *took).collect();
    took.sort_unstable();
    let at = |share: f64| took[((took.len() - 1) as f64 * share) as usize];
    let (p50, p99, p999, longest) = (at(0.5), at(0.99), at(0.999), at(1.0));
    let count = took.len();
    println!(
        "{phase:>12}: {count:>5} writes, p50 {p50} ms, p99 {p99}, p99.9 {p999}, all {longest}"
    );
    Told { p999, longest }
}
