use super::*;
use crate::tables::ReplicationError;

#[test]
fn a_change_arrives_when_its_lag_is_over_and_not_before() {
    let b = bench();
    b.add(Fault::lag(US, EU, ms(800)));
    b.put(US, "a", "1");
    let due = b.clock.now_micros() + 800_000;
    b.advance(100);
    b.put(US, "b", "1");
    let tables = b.lab.tables();
    // To where there is no lag it goes at once.
    assert_eq!(tables.next_delivery_at().unwrap(), Some(due - 800_000));
    let error = tables.converge().unwrap_err();
    let ReplicationError::Lagging { waiting, next } = &error else { panic!("{error}") };
    assert_eq!((waiting.len(), waiting[0].changes, *next), (1, 2, due));
    assert!(error.to_string().contains("us-east-1 to eu-west-1: 2 on their way"), "{error}");
    assert_eq!((b.get(AP, "b"), b.get(EU, "a")), (some("1"), None));
    assert_eq!(tables.next_delivery_at().unwrap(), Some(due));
    b.advance(699);
    assert_eq!(tables.deliver(US, EU, 9).unwrap().delivered(), 0);
    b.advance(1);
    assert_eq!(tables.deliver(US, EU, 9).unwrap().delivered(), 1, "the second is not due");
    b.clock.set(due + 100_000);
    tables.converge().unwrap();
    assert_eq!(b.get(EU, "b"), some("1"));
    assert_eq!(tables.next_delivery_at().unwrap(), None);
}

#[test]
fn lag_counts_from_the_labs_time_whatever_the_regions_clock_says() {
    let b = bench();
    b.add(Fault::lag(US, EU, ms(10)));
    b.add(Fault::skew(US, 3_600_000_000));
    b.put(US, "a", "1");
    b.advance(10);
    assert_eq!(b.lab.tables().deliver(US, EU, 1).unwrap().applied, 1);
}

#[test]
fn the_last_of_several_lags_counts_and_without_any_all_is_due() {
    let b = bench();
    let (from, to) = (None, None);
    b.add(Fault::Lag { from, to, delay: ms(5_000).into() });
    let short = b.add(Fault::lag(US, EU, ms(10)));
    b.put(US, "a", "1");
    b.advance(10);
    assert_eq!(b.lab.tables().deliver(US, AP, 1).unwrap().applied, 0);
    assert_eq!(b.lab.tables().deliver(US, EU, 1).unwrap().applied, 1);
    b.put(US, "b", "1");
    b.lab.faults().remove(short);
    b.advance(10);
    assert_eq!(b.lab.tables().deliver(US, EU, 1).unwrap().applied, 0);
    // The last, and not the shortest.
    b.add(Fault::lag(US, EU, ms(5)));
    b.add(Fault::lag(US, EU, ms(60)));
    b.advance(10);
    assert_eq!(b.lab.tables().deliver(US, EU, 1).unwrap().applied, 0);
    b.lab.faults().clear();
    b.lab.tables().converge().unwrap();
    assert_eq!((b.get(EU, "b"), b.get(AP, "b")), (some("1"), some("1")));
}

#[test]
fn a_cut_is_named_before_a_lag_and_hides_when_the_next_arrives() {
    let b = bench();
    b.add(Fault::lag(US, EU, ms(10)));
    b.put(US, "a", "1");
    b.lab.tables().deliver(US, AP, 1).unwrap();
    b.add(Fault::partition_between(US, EU));
    assert!(matches!(b.lab.tables().converge(), Err(ReplicationError::CutOff(_))));
    assert_eq!(b.lab.tables().next_delivery_at().unwrap(), None);
}

/// How long each of `count` changes takes from us-east-1 to eu-west-1, in milliseconds.
fn lags(seed: u64, delay: Delay, count: i64) -> Vec<f64> {
    let b = seeded(seed);
    b.add(Fault::lag(US, EU, delay));
    (0..count).map(|change| b.lab.faults().lag(US, EU, change) as f64 / 1_000.0).collect()
}

#[test]
fn distributions_have_their_bounds_and_means_and_follow_the_seed() {
    let uniform = Delay::Uniform { min: ms(10), max: ms(30) };
    let exponential = Delay::Exponential(ms(50));
    let mean = |lags: &[f64]| lags.iter().sum::<f64>() / lags.len() as f64;
    let drawn = lags(1, uniform, 4_000);
    assert!(drawn.iter().all(|lag| (10.0..=30.0).contains(lag)));
    assert!(drawn.iter().any(|lag| *lag < 11.0) && drawn.iter().any(|lag| *lag > 29.0));
    assert!((19.5..20.5).contains(&mean(&drawn)), "{}", mean(&drawn));
    let drawn = lags(1, exponential, 4_000);
    assert!((46.0..54.0).contains(&mean(&drawn)), "{}", mean(&drawn));
    // Of an exponential distribution 1 in 20 is above three means.
    let long = drawn.iter().filter(|lag| **lag > 150.0).count();
    assert!((150..250).contains(&long), "{long}");
    assert_eq!(lags(1, exponential, 50), lags(1, exponential, 50));
    assert_ne!(lags(1, exponential, 50), lags(2, exponential, 50));
}
