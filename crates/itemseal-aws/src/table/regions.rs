//! Which Region a call is sent to.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::config::retry::RetryConfig;
use aws_sdk_dynamodb::config::{Builder, Region};
use aws_sdk_dynamodb::error::{ProvideErrorMetadata, SdkError};
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_types::SdkConfig;
use itemseal::failover::{Budget, RegionOrder, Route};
use itemseal::timer::Timer;
use itemseal::{Error, ErrorKind, Result};

use super::GlobalTable;
use super::errors::{Failed, misuse};
use super::writes::Writes;
use crate::observe::Calls;
use crate::timer::TokioTimer;

/// The clients of a table's Regions, the home Region first.
pub(super) struct Regions {
    home: (String, Client),
    /// All of them. With several, they do not repeat a call: the next Region is asked.
    clients: Vec<(String, Client)>,
    route: Route,
    /// Writes have breakers of their own: what is throttled is well. None if they stay at home.
    pub(super) write_route: Option<Route>,
    pub(super) calls: Calls,
    pub(super) timer: Arc<dyn Timer>,
    pub(super) deadline: Duration,
    /// Whether a consistent read may be another Region's view.
    pub(super) consistent_elsewhere: bool,
}

impl Regions {
    pub(super) fn new(
        config: &SdkConfig,
        mut names: Vec<String>,
        deadline: Duration,
        most_per_region: Option<Duration>,
        writes: Writes,
    ) -> Result<Self> {
        if names.is_empty() {
            names.extend(config.region().map(|region| region.as_ref().to_owned()));
        }
        if names.is_empty() {
            return Err(misuse(
                "the client has no Region; give the table's with regions([…]), home first",
            ));
        }
        for (at, name) in names.iter().enumerate() {
            if names.iter().take(at).any(|earlier| earlier == name) {
                return Err(misuse(format!("the Region {name} is listed twice")));
            }
        }
        let client = |name: &String, repeats: bool| {
            let config = Builder::from(config).region(Region::new(name.clone()));
            let config = match repeats {
                true => config,
                false => config.retry_config(RetryConfig::disabled()),
            };
            (name.clone(), Client::from_conf(config.build()))
        };
        let home = names.first().map(|name| client(name, true));
        let home = home.ok_or_else(|| misuse("the client has no Region"))?;
        let clients = names.iter().map(|name| client(name, names.len() == 1)).collect();
        let new_route = || {
            let route = Route::new(names.clone());
            match most_per_region {
                Some(most) => route.with_most_per_region(most),
                None => route,
            }
        };
        let moves = writes == Writes::Failover && names.len() > 1;
        let (route, write_route) = (new_route(), moves.then(new_route));
        let timer = Arc::new(TokioTimer::new());
        let consistent_elsewhere = false;
        let calls = Calls::new("dynamodb");
        Ok(Self { home, clients, route, write_route, calls, timer, deadline, consistent_elsewhere })
    }

    /// How the Region of a read is chosen, where the answer of each is as good.
    pub(super) fn with_reads(self, order: RegionOrder, hedged: bool) -> Self {
        let route = self.route.with_order(order);
        let route = if hedged { route.with_hedged_calls() } else { route };
        Self { route, ..self }
    }

    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.clients.iter().map(|(name, _)| name.as_str())
    }

    pub(super) fn home(&self) -> (&str, &Client) {
        (&self.home.0, &self.home.1)
    }

    pub(super) fn client(&self, region: &str) -> Option<&Client> {
        self.clients.iter().find(|(name, _)| name == region).map(|(_, client)| client)
    }
}

impl GlobalTable {
    /// Sends what only reads: to the first Region that answers, or to the home Region only if the read
    /// is to be consistent with what was written there.
    pub(super) async fn read<'c, T, E, F>(
        &'c self,
        operation: &'static str,
        consistent: bool,
        send: impl Fn(&'c Client) -> F,
    ) -> Result<(T, String)>
    where
        E: ProvideErrorMetadata + std::error::Error + 'static,
        F: Future<Output = Result<T, SdkError<E, HttpResponse>>> + Send,
    {
        let regions = &self.inner.regions;
        let at_home = consistent && !regions.consistent_elsewhere;
        if at_home || regions.clients.len() == 1 {
            return self.at_home(operation, &send).await.map_err(|failed| {
                let error = failed.into_error();
                if at_home && regions.clients.len() > 1 && error.is_retryable() {
                    return only_here(error);
                }
                error
            });
        }
        let timer = &regions.timer;
        let mut budget = Budget::new(Some(Arc::clone(timer)), regions.deadline);
        let ask = async |region: &'c str, limit: Option<Duration>| {
            self.read_within(region, limit, operation, &send).await
        };
        let answer = match consistent {
            // The first Region's answer is the better one, or a transaction's only one.
            true => regions.route.ask(&mut budget, ask).await?,
            false => regions.route.ask_any(&mut budget, ask).await?,
        };
        self.inner.note_failover(operation, &answer.1);
        Ok(answer)
    }

    /// Sends what only reads to one Region.
    pub(super) async fn read_in<'c, T, E, F>(
        &'c self,
        region: &str,
        operation: &'static str,
        send: impl Fn(&'c Client) -> F,
    ) -> Result<(T, String)>
    where
        E: ProvideErrorMetadata + std::error::Error + 'static,
        F: Future<Output = Result<T, SdkError<E, HttpResponse>>> + Send,
    {
        self.read_within(region, Some(self.inner.regions.deadline), operation, &send).await
    }

    async fn read_within<'c, T, E, F>(
        &'c self,
        region: &str,
        limit: Option<Duration>,
        operation: &'static str,
        send: &impl Fn(&'c Client) -> F,
    ) -> Result<(T, String)>
    where
        E: ProvideErrorMetadata + std::error::Error + 'static,
        F: Future<Output = Result<T, SdkError<E, HttpResponse>>> + Send,
    {
        let client = self.inner.regions.client(region).ok_or_else(|| {
            misuse(format!("{region} is not one of the table's Regions")).with_region(region)
        })?;
        let limit = limit.unwrap_or(self.inner.regions.deadline);
        let call = self.inner.regions.calls.observe(operation, region, send(client));
        match tokio::time::timeout(limit, call).await {
            Ok(Ok(output)) => Ok((output, region.to_owned())),
            Ok(Err(error)) => Err(Failed::new(operation, region, error).into_error()),
            Err(_) => Err(Failed::<E>::late(operation, region).into_error()),
        }
    }
}

fn only_here(error: Error) -> Error {
    let home = error.region().unwrap_or_default().to_owned();
    let message = "the home Region does not answer, and a consistent read elsewhere would be of another \
                   replica; read without ConsistentRead, or accept that with consistent_reads_elsewhere";
    Error::new(ErrorKind::Service, message).with_region(home).with_source(error).retryable()
}
