use std::future::Future;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use aws_smithy_async::rt::sleep::SharedAsyncSleep;
use aws_smithy_runtime_api::client::http::HttpConnector;
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_types::body::SdkBody;

use super::connector::LabConnector;
use super::*;
use crate::clock::{Clock, ManualClock};
use crate::faults::{Fault, OutageMode, Service};

const EU: &str = "eu-west-1";

fn lab() -> (Lab, ManualClock) {
    let clock = ManualClock::default();
    let lab = Lab::builder().regions([EU]).clock(clock.clone()).seed(1).build().unwrap();
    (lab, clock)
}

fn request() -> HttpRequest {
    let request = http::Request::get("http://x.invalid/_lab/faults").header("x-lab-region", EU);
    request.body(SdkBody::empty()).unwrap().try_into().unwrap()
}

fn connector(lab: &Lab, read_timeout: Option<Duration>) -> LabConnector {
    let clock = lab.clock().as_manual().unwrap().clone();
    let sleep = Some(SharedAsyncSleep::new(LabSleep::new(clock)));
    LabConnector { lab: lab.clone(), read_timeout, sleep }
}

/// Polls once: nothing here needs a runtime.
fn once(connector: &LabConnector) -> Poll<Result<HttpResponse, ConnectorError>> {
    let future = pin!(connector.call(request()));
    future.poll(&mut Context::from_waker(Waker::noop()))
}

#[test]
fn a_request_is_answered_at_once() {
    let (lab, clock) = lab();
    let before = clock.now_micros();
    let connector = connector(&lab, Some(Duration::from_secs(5)));
    let Poll::Ready(Ok(response)) = once(&connector) else { panic!("no answer") };
    assert_eq!(response.status().as_u16(), 200);
    assert_eq!(response.body().bytes().unwrap(), br#"{"faults":[]}"#);
    assert_eq!(clock.now_micros(), before, "nothing was waited for");
}

#[test]
fn a_refused_connection_is_an_error_of_input_and_output() {
    let (lab, _) = lab();
    lab.faults().add(Fault::outage(EU)).unwrap();
    let Poll::Ready(Err(error)) = once(&connector(&lab, None)) else { panic!("an answer") };
    assert!(error.is_io(), "{error:?}");
}

#[test]
fn what_hangs_ends_with_the_read_timeout_on_the_labs_clock() {
    let (lab, clock) = lab();
    let (region, service, mode) = (EU.to_owned(), Service::All, OutageMode::Hang);
    lab.faults().add(Fault::Outage { region, service, mode }).unwrap();
    assert!(once(&connector(&lab, None)).is_pending());
    let before = clock.now_micros();
    let waiting = connector(&lab, Some(Duration::from_secs(5)));
    let Poll::Ready(Err(error)) = once(&waiting) else { panic!("no timeout") };
    assert!(error.is_timeout(), "{error:?}");
    assert_eq!(clock.now_micros() - before, 5_000_000);
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
