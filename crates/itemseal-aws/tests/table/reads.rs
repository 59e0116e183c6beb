//! Which Region is asked first, and which one besides, by how long their answers take.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use aws_sdk_dynamodb::operation::query::builders::QueryInputBuilder;
use aws_sdk_dynamodb::operation::transact_get_items::builders::TransactGetItemsInputBuilder;
use aws_sdk_dynamodb::types::{Get, TransactGetItem};
use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient,
    SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use itemseal::failover::RegionOrder;
use itemseal_aws::{GlobalTable, GlobalTableBuilder};
use itemseal_lab::faults::{OutageMode, Service};
use tokio::time::Instant;

use crate::bench::{EU, T, US, key, s};
use crate::regions::{Regions, get, put, read};

/// What DynamoDB's answers take besides, in milliseconds, and the calls that were made, by Region.
#[derive(Clone, Debug, Default)]
struct Distances(Arc<Mutex<BTreeMap<&'static str, (u64, usize)>>>);

impl Distances {
    fn set(&self, region: &'static str, ms: u64) {
        self.0.lock().unwrap().entry(region).or_default().0 = ms;
    }

    fn calls(&self, region: &str) -> usize {
        self.0.lock().unwrap()[region].1
    }

    fn of(&self, request: &HttpRequest) -> u64 {
        let is_dynamodb = |target: &str| target.starts_with("DynamoDB_");
        if !request.headers().get("x-amz-target").is_some_and(is_dynamodb) {
            return 0;
        }
        let scope = request.headers().get("authorization").unwrap().to_owned();
        let mut all = self.0.lock().unwrap();
        let region = all.iter_mut().find(|(region, _)| scope.contains(&format!("/{region}/")));
        region.map_or(0, |(_, (ms, calls))| {
            *calls += 1;
            *ms
        })
    }
}

#[derive(Debug)]
struct Far {
    client: SharedHttpClient,
    distances: Distances,
}

impl HttpClient for Far {
    fn http_connector(
        &self,
        settings: &HttpConnectorSettings,
        components: &RuntimeComponents,
    ) -> SharedHttpConnector {
        SharedHttpConnector::new(FarConnector {
            connector: self.client.http_connector(settings, components),
            distances: self.distances.clone(),
        })
    }
}

#[derive(Debug)]
struct FarConnector {
    connector: SharedHttpConnector,
    distances: Distances,
}

impl HttpConnector for FarConnector {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let ms = self.distances.of(&request);
        let answer = self.connector.call(request);
        HttpConnectorFuture::new(async move {
            tokio::time::sleep(Duration::from_millis(ms)).await;
            answer.await
        })
    }
}

/// A client of Regions that are 20 and 5 milliseconds away.
async fn client(
    regions: &Regions,
    tell: impl FnOnce(GlobalTableBuilder) -> GlobalTableBuilder,
) -> (GlobalTable, Distances) {
    let distances = Distances::default();
    distances.set(US, 20);
    distances.set(EU, 5);
    let client = regions.lab.http_client();
    let config = regions.lab.sdk_config(US).into_builder();
    let config = config
        .sleep_impl(aws_smithy_async::rt::sleep::TokioSleep::new())
        .http_client(SharedHttpClient::new(Far { client, distances: distances.clone() }))
        .build();
    let client = tell(regions.builder()).build(&config).await.unwrap();
    client.put_item(put("1")).await.unwrap();
    regions.lab.tables().converge().unwrap();
    (client, distances)
}

fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

#[tokio::test(start_paused = true)]
async fn a_slow_read_is_sent_to_the_next_region_too_two_in_a_hundred_at_most() {
    let regions = Regions::new();
    let (client, distances) = client(&regions, GlobalTableBuilder::hedged_reads).await;
    for _ in 0..500 {
        assert_eq!(read(&client).await, (US.to_owned(), ms(20)));
    }
    distances.set(US, 300);
    assert_eq!(read(&client).await, (EU.to_owned(), ms(20 + 5)));
    let query = QueryInputBuilder::default().table_name(T).key_condition_expression("OrderID = :o");
    let query = query.expression_attribute_values(":o", s("1"));
    assert_eq!(client.query(query).await.unwrap().region(), EU);
    let first = distances.calls(US);
    for n in 0..1000 {
        distances.set(US, if n % 9 == 0 { 300 } else { 20 });
        read(&client).await;
    }
    let (reads, more) = (distances.calls(US) - first, distances.calls(EU));
    assert_eq!(reads, 1000);
    println!("{more} of {} reads were sent twice", reads + 502);
    assert!((20..=30).contains(&more), "{more}");
}

#[tokio::test(start_paused = true)]
async fn a_read_that_is_to_be_consistent_and_a_transaction_are_sent_once() {
    let regions = Regions::new();
    let tell = |b: GlobalTableBuilder| {
        b.hedged_reads().read_order(RegionOrder::Nearest).consistent_reads_elsewhere()
    };
    let (client, distances) = client(&regions, tell).await;
    for _ in 0..500 {
        read(&client).await;
    }
    assert_eq!(read(&client).await.0, EU);
    let elsewhere = distances.calls(EU);
    distances.set(US, 300);
    let answer = client.get_item(get().consistent_read(true)).await.unwrap();
    assert_eq!(answer.region(), US);
    let keys = Get::builder().table_name(T).set_key(Some(key("1"))).build().unwrap();
    let item = TransactGetItem::builder().get(keys).build();
    let transaction = TransactGetItemsInputBuilder::default().transact_items(item);
    assert_eq!(client.transact_get_items(transaction).await.unwrap().region(), US);
    assert_eq!(distances.calls(EU), elsewhere);
}

#[tokio::test(start_paused = true)]
async fn reads_go_to_the_nearest_region_and_writes_home() {
    let regions = Regions::new();
    let tell = |b: GlobalTableBuilder| b.read_order(RegionOrder::Nearest);
    let (client, distances) = client(&regions, tell).await;
    assert_eq!(read(&client).await.0, US, "nothing is known yet");
    for _ in 0..50 {
        assert_eq!(read(&client).await, (EU.to_owned(), ms(5)));
    }
    assert_eq!(client.put_item(put("1")).await.unwrap().region(), US);
    let fault = regions.outage(EU, Service::DynamoDb, OutageMode::Hang);
    assert_eq!(read(&client).await, (US.to_owned(), ms(820)));
    assert_eq!(read(&client).await, (US.to_owned(), ms(20)));
    regions.lab.faults().remove(fault);
    tokio::time::sleep(Duration::from_secs(2)).await;
    assert_eq!(read(&client).await, (EU.to_owned(), ms(5)));
    // Now the other one is nearer.
    distances.set(EU, 50);
    let begun = Instant::now();
    while read(&client).await.0 == EU {
        assert!(begun.elapsed() < Duration::from_secs(60), "the other one is never measured");
    }
    for _ in 0..40 {
        read(&client).await;
    }
    assert_eq!(read(&client).await, (US.to_owned(), ms(20)));
}
