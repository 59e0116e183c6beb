//! What is counted and traced: names, codes and numbers, never a value of an item.

use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use aws_sdk_dynamodb::error::{ProvideErrorMetadata, SdkError};
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use tracing::Instrument;

/// The calls of one operation to one Region, since the client was made. A call that the SDK's client repeats
/// by itself is one.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallCounts {
    /// The operation, as AWS names it: `GetItem`.
    pub operation: &'static str,
    /// The Region that was asked.
    pub region: String,
    /// How many calls were made.
    pub calls: u64,
    /// How many of them ended in an error.
    pub errors: u64,
    /// How many were given up before they ended.
    pub given_up: u64,
}

/// The items of a client, since it was made.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ItemCounts {
    /// How many were encrypted.
    pub sealed: u64,
    /// Their bytes as they are stored, as DynamoDB counts them.
    pub sealed_bytes: u64,
    /// How many were verified and opened.
    pub opened: u64,
    /// Their bytes as they were stored.
    pub opened_bytes: u64,
    /// How many did not open.
    pub unopened: u64,
    /// How many answers came from another Region than the home Region.
    pub failovers: u64,
}

/// Counts calls to one service, and makes a span for each.
#[derive(Debug)]
pub(crate) struct Calls {
    service: &'static str,
    counts: Mutex<BTreeMap<&'static str, BTreeMap<String, Count>>>,
}

/// A call on its way.
pub(crate) type Observed<'a, T, E> =
    Pin<Box<dyn Future<Output = Result<T, SdkError<E, HttpResponse>>> + Send + 'a>>;

#[derive(Clone, Copy, Debug, Default)]
struct Count {
    calls: u64,
    ended: u64,
    errors: u64,
}

impl Calls {
    pub(crate) fn new(service: &'static str) -> Self {
        Self { service, counts: Mutex::default() }
    }

    /// What `call` gives, counted. Boxed: the SDK's futures have some kilobytes each, and those of its
    /// callers would hold them all.
    pub(crate) fn observe<'a, T, E>(
        &'a self,
        operation: &'static str,
        region: &'a str,
        call: impl Future<Output = Result<T, SdkError<E, HttpResponse>>> + Send + 'a,
    ) -> Observed<'a, T, E>
    where
        T: 'a,
        E: ProvideErrorMetadata + 'a,
    {
        let call: Observed<'a, T, E> = Box::pin(call);
        Box::pin(async move {
            self.count(operation, region, |count| count.calls += 1);
            let service = self.service;
            let span = tracing::debug_span!(
                target: "itemseal", "call", service, operation, region, code = tracing::field::Empty
            );
            let answer = call.instrument(span.clone()).await;
            let code = answer.as_ref().err().map(|error| error.code().unwrap_or("unanswered"));
            if let Some(code) = code {
                span.record("code", code);
            }
            self.count(operation, region, |count| {
                count.ended += 1;
                count.errors += u64::from(code.is_some());
            });
            tracing::event!(
                target: "itemseal::metrics", tracing::Level::TRACE,
                monotonic_counter.itemseal_calls = 1_u64,
                service, operation, region, code = code.unwrap_or("ok")
            );
            answer
        })
    }

    /// The lock is held for a look-up, never across a call.
    fn count(&self, operation: &'static str, region: &str, count: impl FnOnce(&mut Count)) {
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        let regions = counts.entry(operation).or_default();
        match regions.get_mut(region) {
            Some(counted) => count(counted),
            None => count(regions.entry(region.to_owned()).or_default()),
        }
    }

    pub(crate) fn counts(&self) -> Vec<CallCounts> {
        let counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        let all = counts.iter().flat_map(|(operation, regions)| {
            regions.iter().map(|(region, count)| CallCounts {
                operation,
                region: region.clone(),
                calls: count.calls,
                errors: count.errors,
                given_up: count.calls - count.ended,
            })
        });
        all.collect()
    }
}

/// Counts items.
#[derive(Debug, Default)]
pub(crate) struct Items {
    sealed: AtomicU64,
    sealed_bytes: AtomicU64,
    opened: AtomicU64,
    opened_bytes: AtomicU64,
    unopened: AtomicU64,
    failovers: AtomicU64,
}

impl Items {
    pub(crate) fn sealed(&self, bytes: usize) {
        self.sealed.fetch_add(1, Ordering::Relaxed);
        self.sealed_bytes.fetch_add(bytes as u64, Ordering::Relaxed);
    }

    pub(crate) fn opened(&self, bytes: usize) {
        self.opened.fetch_add(1, Ordering::Relaxed);
        self.opened_bytes.fetch_add(bytes as u64, Ordering::Relaxed);
    }

    pub(crate) fn unopened(&self) {
        self.unopened.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn failover(&self, operation: &'static str, home: &str, region: &str) {
        self.failovers.fetch_add(1, Ordering::Relaxed);
        tracing::debug!(target: "itemseal", operation, home, region, "another Region answered");
        tracing::event!(
            target: "itemseal::metrics", tracing::Level::TRACE, monotonic_counter.itemseal_failovers = 1_u64, operation, region
        );
    }

    pub(crate) fn counts(&self) -> ItemCounts {
        let of = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        ItemCounts {
            sealed: of(&self.sealed),
            sealed_bytes: of(&self.sealed_bytes),
            opened: of(&self.opened),
            opened_bytes: of(&self.opened_bytes),
            unopened: of(&self.unopened),
            failovers: of(&self.failovers),
        }
    }
}
