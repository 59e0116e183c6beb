//! What becomes of a call before its service sees it.

use super::fault::{Fault, OutageMode, Service};
use super::{Faults, State};
use crate::clock::Micros;

/// What is to be done with a call.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It is done.
    Proceed,
    /// The connection is closed without an answer.
    Refuse,
    /// There is never an answer.
    Hang,
    /// It is not done, and answered with this error.
    Answer {
        /// The HTTP status.
        status: u16,
        /// The error's name, such as `ThrottlingException`.
        code: String,
        /// The error's text.
        message: String,
    },
}

impl Faults {
    /// Decides about a call of `operation`, such as `PutItem`, and counts it against the rates that
    /// concern it. An outage comes before a rate; of several outages, the one set first counts.
    pub fn before(&self, service: Service, region: &str, operation: &str) -> Verdict {
        let now = self.now();
        let mut state = self.lock();
        if let Some(mode) = outage(&state, service, region) {
            return match mode {
                OutageMode::Refuse => Verdict::Refuse,
                OutageMode::Hang => Verdict::Hang,
                OutageMode::Error(status) => unavailable(service, region, status),
            };
        }
        if within_rates(&mut state, service, region, operation, now) {
            Verdict::Proceed
        } else {
            throttled(service, operation)
        }
    }
}

fn outage(state: &State, called: Service, at: &str) -> Option<OutageMode> {
    state.active.values().find_map(|active| match &active.fault {
        Fault::Outage { region, service, mode } if region == at && service.covers(called) => {
            Some(*mode)
        }
        _ => None,
    })
}

/// Every rate counts the call, also if another one refuses it: it was sent to all of them.
fn within_rates(
    state: &mut State,
    called: Service,
    at: &str,
    operation: &str,
    now: Micros,
) -> bool {
    let mut within = true;
    for active in state.active.values_mut() {
        if let Fault::Throttle { region, service, operations, per_second } = &active.fault
            && region == at
            && service.covers(called)
            && (operations.is_empty() || operations.iter().any(|name| name == operation))
        {
            within &= active.bucket.take(*per_second, now);
        }
    }
    within
}

/// Source: the error lists of
/// [DynamoDB](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html)
/// and [KMS](https://docs.aws.amazon.com/kms/latest/APIReference/CommonErrors.html).
fn unavailable(service: Service, region: &str, status: u16) -> Verdict {
    let code = match (service, status) {
        (_, 503) => "ServiceUnavailable",
        (Service::Kms, _) => "KMSInternalException",
        _ => "InternalServerError",
    };
    let message = format!("The lab was told that {region} is out of service.");
    Verdict::Answer { status, code: code.to_owned(), message }
}

/// The operations on items; what manages tables has rates of its own.
const ON_ITEMS: [&str; 10] = [
    "BatchGetItem",
    "BatchWriteItem",
    "DeleteItem",
    "GetItem",
    "PutItem",
    "Query",
    "Scan",
    "TransactGetItems",
    "TransactWriteItems",
    "UpdateItem",
];

fn throttled(service: Service, operation: &str) -> Verdict {
    let (code, message) = if service == Service::Kms {
        (
            "ThrottlingException",
            "You have exceeded the rate at which you may call KMS. Reduce the frequency of your \
             calls.",
        )
    } else if ON_ITEMS.contains(&operation) {
        (
            "ProvisionedThroughputExceededException",
            "The level of configured provisioned throughput for the table was exceeded. Consider \
             increasing your provisioning level with the UpdateTable API.",
        )
    } else {
        ("ThrottlingException", "Rate of requests exceeds the allowed throughput.")
    };
    Verdict::Answer { status: 400, code: code.to_owned(), message: message.to_owned() }
}

/// Marks an HTTP answer, as an extension of it, that is none: the connection is to be closed. What
/// turns [`Refuse`](Verdict::Refuse) into an answer sets it; a server and a client in this process
/// look for it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Unanswered;
