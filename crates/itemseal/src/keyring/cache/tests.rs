use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use super::*;
use crate::error::{Error, ErrorKind};
use crate::timer::Sleep;
use crate::{AlgorithmSuite, Item, ItemEncryptor, RawAesKeyring, TableConfig};

/// A clock in milliseconds, moved by hand.
#[derive(Clone, Debug, Default)]
struct Clock(Arc<AtomicU64>);

impl Clock {
    fn advance(&self, ms: u64) {
        self.0.fetch_add(ms, Ordering::SeqCst);
    }
}

impl Timer for Clock {
    fn now(&self) -> Duration {
        Duration::from_millis(self.0.load(Ordering::SeqCst))
    }

    /// Over when everybody else has had many turns.
    fn sleep(&self, _: Duration) -> Sleep {
        Box::pin(async {
            for _ in 0..100 {
                tokio::task::yield_now().await;
            }
        })
    }
}

/// Counts calls; fails while told to, and lets others run before it answers.
#[derive(Debug)]
struct Counting {
    keyring: RawAesKeyring,
    calls: Arc<AtomicU64>,
    fails: Arc<AtomicU64>,
}

impl Keyring for Counting {
    fn wrap<'a>(&'a self, request: WrapRequest<'a>) -> KeyringFuture<'a, Vec<Recipient>> {
        self.keyring.wrap(request)
    }

    fn unwrap<'a>(&'a self, request: UnwrapRequest<'a>) -> KeyringFuture<'a, Unwrapped> {
        Box::pin(async move {
            self.calls.fetch_add(1, Ordering::SeqCst);
            tokio::task::yield_now().await;
            if self.fails.load(Ordering::SeqCst) > 0 {
                return Err(Error::new(ErrorKind::KeyUnavailable, "scripted").with_region("r"));
            }
            self.keyring.unwrap(request).await
        })
    }
}

struct Bench {
    clock: Clock,
    calls: Arc<AtomicU64>,
    fails: Arc<AtomicU64>,
    cache: Arc<CachingKeyring>,
    encryptor: ItemEncryptor,
}

fn bench(limits: CacheLimits) -> Bench {
    let (clock, calls, fails) = (Clock::default(), Arc::default(), Arc::default());
    let keyring = RawAesKeyring::new("ns", "n", [7; 32]).unwrap();
    let keyring = Counting { keyring, calls: Arc::clone(&calls), fails: Arc::clone(&fails) };
    let cache = Arc::new(CachingKeyring::new(keyring, limits, clock.clone()));
    let table = TableConfig::builder("Orders").partition_key("OrderID").build().unwrap();
    let encryptor = ItemEncryptor::new(table, cache.clone());
    Bench { clock, calls, fails, cache, encryptor }
}

impl Bench {
    fn calls(&self) -> u64 {
        self.calls.load(Ordering::SeqCst)
    }

    async fn read(&self, stored: &Item) {
        assert_eq!(self.encryptor.decrypt_item(stored.clone()).await.unwrap(), order());
    }

    async fn stored(&self) -> Item {
        self.encryptor.encrypt_item(order()).await.unwrap()
    }
}

fn order() -> Item {
    Item::new().with("OrderID", "1").with("Card", "4111")
}

#[tokio::test]
async fn an_item_read_again_costs_no_call_until_it_is_too_old() {
    let bench = bench(CacheLimits::default().most_age(Duration::from_millis(10)));
    let stored = bench.stored().await;
    bench.read(&stored).await;
    bench.clock.advance(9);
    bench.read(&stored).await;
    assert_eq!(bench.calls(), 1);
    bench.clock.advance(1);
    bench.read(&stored).await;
    assert_eq!(bench.calls(), 2);
    let counters = bench.cache.counters();
    assert_eq!(
        (counters.hits, counters.misses, counters.evictions, counters.entries),
        (1, 2, 1, 1)
    );
}

#[tokio::test]
async fn a_key_opens_as_many_items_as_it_may() {
    for (most_uses, expected) in [(0, 6), (1, 6), (2, 3), (3, 2), (6, 1)] {
        let bench = bench(CacheLimits::default().most_uses(most_uses));
        let stored = bench.stored().await;
        for _ in 0..6 {
            bench.read(&stored).await;
        }
        assert_eq!(bench.calls(), expected, "{most_uses} uses");
    }
}

#[tokio::test]
async fn the_entry_unused_for_longest_makes_way() {
    let bench = bench(CacheLimits::default().most_entries(2));
    let items = [bench.stored().await, bench.stored().await, bench.stored().await];
    bench.read(&items[0]).await;
    bench.read(&items[1]).await;
    bench.read(&items[0]).await;
    bench.read(&items[2]).await;
    assert_eq!((bench.calls(), bench.cache.counters().entries), (3, 2));
    bench.read(&items[0]).await;
    assert_eq!(bench.calls(), 3, "still there");
    bench.read(&items[1]).await;
    assert_eq!(bench.calls(), 4, "made way");
}

#[tokio::test]
async fn cleared_it_asks_again() {
    let bench = bench(CacheLimits::default());
    let stored = bench.stored().await;
    bench.read(&stored).await;
    bench.cache.clear();
    assert_eq!(bench.cache.counters().entries, 0);
    bench.read(&stored).await;
    assert_eq!(bench.calls(), 2);
}

#[tokio::test]
async fn a_thousand_who_ask_at_once_make_one_call() {
    let bench = bench(CacheLimits::default().most_uses(10_000));
    let stored = bench.stored().await;
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..1000 {
        let (encryptor, stored) = (bench.encryptor.clone(), stored.clone());
        tasks.spawn(async move { encryptor.decrypt_item(stored).await.unwrap() });
    }
    assert!(tasks.join_all().await.into_iter().all(|opened| opened == order()));
    assert_eq!(bench.calls(), 1);
    let counters = bench.cache.counters();
    assert_eq!((counters.hits, counters.misses, counters.waits), (999, 1, 999));
}

#[tokio::test]
async fn a_failure_is_told_to_all_who_wait_and_is_not_remembered() {
    let bench = bench(CacheLimits::default());
    let stored = bench.stored().await;
    bench.fails.store(1, Ordering::SeqCst);
    let read = || bench.encryptor.decrypt_item(stored.clone());
    let (first, second) = tokio::join!(read(), read());
    for error in [first.unwrap_err(), second.unwrap_err()] {
        assert_eq!((error.kind(), error.region()), (ErrorKind::KeyUnavailable, Some("r")));
    }
    assert_eq!(bench.calls(), 1);
    bench.fails.store(0, Ordering::SeqCst);
    bench.read(&stored).await;
    assert_eq!(bench.calls(), 2);
}

#[tokio::test]
async fn when_the_one_who_asks_goes_away_another_asks() {
    let bench = bench(CacheLimits::default());
    let stored = bench.stored().await;
    let mut first = Box::pin(bench.encryptor.decrypt_item(stored.clone()));
    let polled = std::future::poll_fn(|context| {
        std::task::Poll::Ready(first.as_mut().poll(context).is_pending())
    });
    assert!(polled.await, "the call is out");
    let second = bench.read(&stored);
    let gone = async { drop(first) };
    tokio::join!(second, gone);
    assert_eq!(bench.calls(), 2);
}

#[tokio::test]
async fn nobody_waits_for_a_call_that_is_not_polled() {
    let bench = bench(CacheLimits::default());
    let stored = bench.stored().await;
    let mut parked = Box::pin(bench.encryptor.decrypt_item(stored.clone()));
    let polled = std::future::poll_fn(|context| {
        std::task::Poll::Ready(parked.as_mut().poll(context).is_pending())
    });
    assert!(polled.await, "the call is out");
    bench.read(&stored).await;
    assert_eq!((bench.calls(), bench.cache.counters().waits), (2, 1));
    assert_eq!(parked.await.unwrap(), order());
}

#[tokio::test]
async fn a_tampered_item_is_refused_though_its_key_is_remembered() {
    let bench = bench(CacheLimits::default());
    let stored = bench.stored().await;
    bench.read(&stored).await;
    let mut card = stored.get("Card").unwrap().as_b().unwrap().to_vec();
    *card.last_mut().unwrap() ^= 1;
    let tampered = stored.clone().with("Card", card);
    let error = bench.encryptor.decrypt_item(tampered).await.unwrap_err();
    assert_eq!((error.kind(), bench.calls()), (ErrorKind::Authentication, 1));
}

#[test]
fn every_part_of_the_question_is_in_the_key() {
    let edk = |id: &str, info: &str, ciphertext: &str| {
        crate::materials::EncryptedDataKey::new(id, info, ciphertext).unwrap()
    };
    let context = |entries: &[(&str, &str)]| entries.iter().copied().collect();
    let key = |suite, context: &crate::EncryptionContext, edks: &[_]| {
        CacheKey::of(UnwrapRequest { suite, context, edks }).unwrap()
    };
    let (signed, weaker) = (AlgorithmSuite::EcdsaP384, AlgorithmSuite::HmacOnly);
    let (empty, one, other) = (context(&[]), context(&[("a", "bc")]), context(&[("ab", "c")]));
    let keys = [
        key(signed, &one, &[edk("a", "b", "c")]),
        key(weaker, &one, &[edk("a", "b", "c")]),
        key(signed, &other, &[edk("a", "b", "c")]),
        key(signed, &empty, &[edk("a", "b", "c")]),
        key(signed, &one, &[edk("ab", "", "c")]),
        key(signed, &one, &[edk("a", "bc", "")]),
        key(signed, &one, &[edk("a", "b", "d")]),
        key(signed, &one, &[edk("a", "b", "c"), edk("a", "b", "c")]),
        key(signed, &one, &[]),
    ];
    let different: std::collections::BTreeSet<_> = keys.iter().collect();
    assert_eq!(different.len(), keys.len());
}

/// A million random steps beside a list that does the same naively.
#[test]
fn no_entry_is_used_past_a_limit() {
    let limits = CacheLimits::default().most_age(Duration::from_millis(50)).most_uses(5);
    let limits = limits.most_entries(4);
    let mut store = Store::new(limits);
    // Key, value, inserted at, uses; the one used last is last.
    let mut model: Vec<(u8, u64, u64, u64)> = Vec::new();
    let (mut now, mut seed) = (0u64, 1u64);
    for step in 0..1_000_000u64 {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let (choice, number) = (seed >> 40 & 7, (seed >> 50) as u8 % 8);
        let (key, at) = (CacheKey::numbered(number), Duration::from_millis(now));
        model.retain(|entry| entry.2 + 50 > now);
        let position = model.iter().position(|entry| entry.0 == number);
        match choice {
            0 => now += seed >> 60,
            1 | 2 => {
                store.insert(key, at, step);
                position.map(|index| model.remove(index));
                if model.len() == 4 {
                    model.remove(0);
                }
                model.push((number, step, now, 1));
            }
            _ => {
                let used = position.map(|index| {
                    let (number, value, inserted, uses) = model.remove(index);
                    if uses + 1 < 5 {
                        model.push((number, value, inserted, uses + 1));
                    }
                    value
                });
                assert_eq!(store.take_use(&key, at, |value| *value), used, "step {step}");
            }
        }
        assert!(store.len() <= 4);
    }
    assert!(store.evictions() > 10_000);
}

#[test]
fn what_leaves_the_cache_is_wiped() {
    fn wiped_on_drop<T: zeroize::ZeroizeOnDrop>() {}
    wiped_on_drop::<crate::secret::Secret<32>>();
    let dropped = Arc::new(());
    let mut store = Store::new(CacheLimits::default().most_entries(1).most_uses(2));
    let value = || Arc::downgrade(&dropped).upgrade().unwrap();
    let held = || Arc::strong_count(&dropped) - 1;
    let (one, two, at) = (CacheKey::numbered(1), CacheKey::numbered(2), Duration::from_secs(0));
    store.insert(one, at, value());
    store.insert(two, at, value());
    assert_eq!(held(), 1, "one made way");
    store.take_use(&two, at, |_| ());
    assert_eq!(held(), 0, "used up");
    store.insert(one, at, value());
    store.take_use(&two, at + Duration::from_secs(60), |_| ());
    assert_eq!(held(), 0, "too old, though nobody asked for it");
}
