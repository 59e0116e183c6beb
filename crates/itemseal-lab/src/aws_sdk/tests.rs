use std::future::Future;
use std::pin::pin;
use std::task::{Context, Waker};

use super::*;
use crate::clock::{Clock, ManualClock};

const EU: &str = "eu-west-1";

fn lab() -> (Lab, ManualClock) {
    let clock = ManualClock::default();
    let lab = Lab::builder().regions([EU]).clock(clock.clone()).seed(1).build().unwrap();
    (lab, clock)
}

#[test]
fn two_waits_at_once_take_as_long_as_the_longer_one() {
    use aws_smithy_async::rt::sleep::AsyncSleep;
    let clock = ManualClock::new(0);
    let sleep = LabSleep::new(clock.clone());
    let (long, short) = (sleep.sleep(Duration::from_secs(3)), sleep.sleep(Duration::from_secs(1)));
    let mut context = Context::from_waker(Waker::noop());
    assert!(pin!(long).poll(&mut context).is_ready());
    assert!(pin!(short).poll(&mut context).is_ready());
    assert_eq!(clock.now_micros(), 3_000_000);
}

#[test]
fn a_config_has_all_that_a_client_needs() {
    let (lab, clock) = lab();
    let config = lab.sdk_config(EU);
    assert_eq!(config.region().unwrap().as_ref(), EU);
    let now = config.time_source().unwrap().now();
    let micros = now.duration_since(std::time::UNIX_EPOCH).unwrap().as_micros();
    assert_eq!(micros, u128::try_from(clock.now_micros()).unwrap());
    assert!(config.http_client().is_some() && config.credentials_provider().is_some());
    assert!(config.sleep_impl().is_some() && config.endpoint_url().is_some());
    // On the machine's clock nothing here may wait by moving it.
    let lab = Lab::builder().regions([EU]).build().unwrap();
    assert!(lab.sdk_config(EU).sleep_impl().is_none());
}
