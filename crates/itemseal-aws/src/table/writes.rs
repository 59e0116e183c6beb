//! Where changes are sent.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::error::{ProvideErrorMetadata, SdkError};
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use itemseal::failover::{Budget, Change, Sent};
use itemseal::timer::Timer;

use super::GlobalTable;
use super::errors::Failed;
use super::regions::Regions;
use super::repeat::pause;
use crate::sdk_items::dynamodb::Attributes;

/// How often a write that met another one to the same item, in another Region of a strongly consistent
/// table, is sent.
const CONFLICT_ATTEMPTS: u32 = 5;
const CONFLICT: &str = "ReplicatedWriteConflictException";

/// Which Region writes are sent to.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Writes {
    /// The home Region only: while it does not answer, writes fail. Of two writes to one item in two Regions
    /// the later one wins and the other is lost; this cannot happen to writes of one Region.
    #[default]
    Home,
    /// The first Region that answers, the home Region first. Conditions, updates and transactions
    /// with either stay at home, since each Region evaluates them on what it has. Throttling never moves a
    /// write, and one that may have been carried out is moved only if it is said to be
    /// [idempotent](GlobalTable::idempotent).
    Failover,
}

/// A write that may be made in another Region, and the key of one of its items: before a Region that was silent
/// gets a write again, it is asked for that item.
pub(super) struct MayMove<'k> {
    pub(super) table: &'k str,
    pub(super) key: Attributes,
}

impl GlobalTable {
    /// Sends what changes items to the home Region.
    pub(super) async fn write<'c, T, E, F>(
        &'c self,
        operation: &'static str,
        send: impl Fn(&'c Client) -> F,
    ) -> Result<(T, String), Failed<E>>
    where
        E: ProvideErrorMetadata,
        F: Future<Output = Result<T, SdkError<E, HttpResponse>>> + Send,
    {
        let mut attempt = 1;
        loop {
            match self.at_home(operation, &send).await {
                Err(failed) if failed.code() == Some(CONFLICT) && attempt < CONFLICT_ATTEMPTS => {
                    pause(attempt).await;
                    attempt += 1;
                }
                sent => return sent.map_err(Failed::of_change),
            }
        }
    }

    /// Sends what changes items to the home Region, or to another one if that is allowed and the home Region
    /// does not answer.
    pub(super) async fn write_anywhere<'c, T, E, S, F>(
        &'c self,
        operation: &'static str,
        may_move: Option<MayMove<'_>>,
        send: S,
    ) -> Result<(T, String), Failed<E>>
    where
        T: Send,
        E: ProvideErrorMetadata + Send,
        S: Fn(&'c Client) -> F + Sync,
        F: Future<Output = Result<T, SdkError<E, HttpResponse>>> + Send,
    {
        let regions = &self.inner.regions;
        let (Some(may_move), Some(route)) = (may_move, &regions.write_route) else {
            return self.write(operation, send).await;
        };
        let sending =
            Sending { regions, operation, send: &send, may_move, idempotent: self.mode.idempotent };
        let mut attempt = 1;
        loop {
            let timer: Arc<dyn Timer> = Arc::clone(&regions.timer);
            let mut budget = Budget::new(Some(timer), regions.deadline);
            // Boxed: the compiler cannot see otherwise that callers' futures can move between threads.
            let sent: Boxed<'_, _> = Box::pin(route.change(&mut budget, &sending));
            match sent.await {
                Some(Err(failed))
                    if failed.code() == Some(CONFLICT) && attempt < CONFLICT_ATTEMPTS =>
                {
                    pause(attempt).await;
                    attempt += 1;
                }
                Some(sent) => {
                    if let Ok((_, region)) = &sent {
                        self.inner.note_failover(operation, region);
                    }
                    return sent.map_err(Failed::of_change);
                }
                // There always is one.
                None => return self.write(operation, &send).await,
            }
        }
    }

    /// Sends a call to the home Region, once; its client repeats it.
    pub(super) async fn at_home<'c, T, E, F>(
        &'c self,
        operation: &'static str,
        send: &impl Fn(&'c Client) -> F,
    ) -> Result<(T, String), Failed<E>>
    where
        E: ProvideErrorMetadata,
        F: Future<Output = Result<T, SdkError<E, HttpResponse>>> + Send,
    {
        let regions = &self.inner.regions;
        let (region, client) = regions.home();
        let call = regions.calls.observe(operation, region, send(client));
        match tokio::time::timeout(regions.deadline, call).await {
            Ok(Ok(output)) => Ok((output, region.to_owned())),
            Ok(Err(error)) => Err(Failed::new(operation, region, error)),
            Err(_) => Err(Failed::late(operation, region)),
        }
    }
}

type Boxed<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// A write on its way.
struct Sending<'c, 's, S> {
    regions: &'c Regions,
    operation: &'static str,
    send: &'s S,
    may_move: MayMove<'s>,
    idempotent: bool,
}

impl<'c, T, E, S, F> Change for Sending<'c, '_, S>
where
    T: Send,
    E: ProvideErrorMetadata + Send,
    S: Fn(&'c Client) -> F + Sync,
    F: Future<Output = Result<T, SdkError<E, HttpResponse>>> + Send,
{
    type Answer = (T, String);
    type Error = Failed<E>;

    async fn send(&self, region: &str, limit: Option<Duration>) -> Sent<(T, String), Failed<E>> {
        let late = || Failed::late(self.operation, region);
        let Some(client) = self.regions.client(region) else { return Sent::NotSent(late()) };
        let limit = limit.unwrap_or(self.regions.deadline);
        let call = self.regions.calls.observe(self.operation, region, (self.send)(client));
        match tokio::time::timeout(limit, call).await {
            Ok(Ok(output)) => Sent::Answered(Ok((output, region.to_owned()))),
            Ok(Err(error)) => Failed::new(self.operation, region, error).sent(),
            Err(_) => Sent::Unknown(late()),
        }
    }

    async fn probe(&self, region: &str, limit: Option<Duration>) -> bool {
        let Some(client) = self.regions.client(region) else { return false };
        let (table, key) = (self.may_move.table, self.may_move.key.clone());
        let get = client.get_item().table_name(table).set_key(Some(key)).send();
        let limit = limit.unwrap_or(self.regions.deadline);
        let get = self.regions.calls.observe("GetItem", region, get);
        match tokio::time::timeout(limit, get).await {
            Ok(Ok(_)) => true,
            Ok(Err(error)) => error.raw_response().is_some_and(|r| r.status().as_u16() < 500),
            Err(_) => false,
        }
    }

    fn is_idempotent(&self) -> bool {
        self.idempotent
    }
}
