//! Which Region answers, while one does not. The SDK's clients call the lab in this process, and time
//! is tokio's, which goes on when nothing else can: so what hangs takes none.

use std::time::Duration;

use aws_sdk_dynamodb::operation::get_item::builders::GetItemInputBuilder;
use aws_sdk_dynamodb::operation::put_item::builders::PutItemInputBuilder;
use aws_sdk_dynamodb::operation::transact_get_items::builders::TransactGetItemsInputBuilder;
use aws_sdk_dynamodb::types::{Get, TransactGetItem};
use itemseal::{ErrorKind, MrkKeyring};
use itemseal_aws::{AwsKms, GlobalTable, GlobalTableBuilder};
use itemseal_lab::Lab;
use itemseal_lab::clock::ManualClock;
use itemseal_lab::faults::{Fault, FaultId, OutageMode, Service};
use tokio::time::Instant;

use crate::bench::{EU, T, US, key, order, orders};

pub(crate) struct Regions {
    pub(crate) lab: Lab,
    pub(crate) key_arn: String,
}

impl Regions {
    pub(crate) fn new() -> Self {
        let lab = Lab::builder().every_region().clock(ManualClock::default()).build().unwrap();
        let arn = lab.kms().create_key(US, true, "").unwrap().arn;
        let id = arn.rsplit('/').next().unwrap().to_owned();
        lab.kms().replicate_key(US, &id, EU, "").unwrap();
        let sort = itemseal_lab::tables::KeyAttribute::s("CustomerID");
        lab.tables().create_table(US, T, "OrderID", Some(sort)).unwrap();
        lab.tables().add_replica(T, EU).unwrap();
        Self { lab, key_arn: arn }
    }

    pub(crate) fn builder(&self) -> GlobalTableBuilder {
        let kms = AwsKms::new(&self.lab.sdk_config(US)).unwrap();
        let keyring = MrkKeyring::builder(&self.key_arn).regions([US, EU]).build(kms).unwrap();
        GlobalTable::builder(orders(), keyring).regions([US, EU])
    }

    /// A client, and an order that both Regions have.
    pub(crate) async fn client(&self, builder: GlobalTableBuilder) -> GlobalTable {
        // Time is tokio's here, also for the SDK.
        let config = self.lab.sdk_config(US).into_builder();
        let config = config.sleep_impl(aws_smithy_async::rt::sleep::TokioSleep::new()).build();
        let client = builder.build(&config).await.unwrap();
        client.put_item(put("1")).await.unwrap();
        self.lab.tables().converge().unwrap();
        client
    }

    pub(crate) fn outage(&self, region: &str, service: Service, mode: OutageMode) -> FaultId {
        let region = region.to_owned();
        self.lab.faults().add(Fault::Outage { region, service, mode }).unwrap()
    }
}

pub(crate) fn put(id: &str) -> PutItemInputBuilder {
    PutItemInputBuilder::default().table_name(T).set_item(Some(order(id)))
}

pub fn get() -> GetItemInputBuilder {
    GetItemInputBuilder::default().table_name(T).set_key(Some(key("1")))
}

/// The Region that answers, and how long that takes.
pub async fn read(client: &GlobalTable) -> (String, Duration) {
    let start = Instant::now();
    let answer = client.get_item(get()).await.unwrap();
    assert_eq!(answer.item(), Some(&order("1")));
    (answer.region().to_owned(), start.elapsed())
}

#[tokio::test(start_paused = true)]
async fn reads_go_on_in_the_next_region_however_the_first_fails() {
    let regions = Regions::new();
    let client = regions.client(regions.builder()).await;
    assert_eq!(read(&client).await.0, US);
    for mode in [OutageMode::Refuse, OutageMode::Hang, OutageMode::Error(500)] {
        for service in [Service::DynamoDb, Service::Kms, Service::All] {
            let fault = regions.outage(US, service, mode);
            for _ in 0..5 {
                let (region, took) = read(&client).await;
                let expected = if service == Service::Kms { US } else { EU };
                assert_eq!(region, expected, "{mode:?} of {service:?}");
                assert!(took < Duration::from_secs(2), "{mode:?} of {service:?}: {took:?}");
            }
            regions.lab.faults().remove(fault);
            // After a while the home Region is asked again, and found to be back.
            tokio::time::sleep(Duration::from_secs(30)).await;
            assert_eq!(read(&client).await.0, US, "{mode:?} of {service:?}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_region_that_hangs_is_known_after_one_read_and_costs_the_next_ones_nothing() {
    let regions = Regions::new();
    let client = regions.client(regions.builder()).await;
    regions.outage(US, Service::DynamoDb, OutageMode::Hang);
    let (region, took) = read(&client).await;
    assert_eq!((region.as_str(), took), (EU, Duration::from_millis(800)));
    for _ in 0..20 {
        assert_eq!(read(&client).await, (EU.to_owned(), Duration::ZERO));
    }
}

#[tokio::test(start_paused = true)]
async fn a_throttled_region_is_passed_by_and_a_refusal_is_final() {
    let regions = Regions::new();
    let client = regions.client(regions.builder()).await;
    let fault = regions.lab.faults().add(Fault::throttle(US, Service::DynamoDb, 0)).unwrap();
    assert_eq!(read(&client).await.0, EU);
    regions.lab.faults().remove(fault);
    tokio::time::sleep(Duration::from_secs(30)).await;
    // A key that is none is refused by the first Region, and no other is asked.
    let wrong = GetItemInputBuilder::default().table_name(T).key("Nothing", crate::bench::s("x"));
    let error = client.get_item(wrong).await.unwrap_err();
    assert_eq!((error.region(), error.code()), (Some(US), Some("ValidationException")));
}

#[tokio::test(start_paused = true)]
async fn without_any_region_the_read_ends_within_its_deadline_and_can_be_repeated() {
    let regions = Regions::new();
    let client = regions.client(regions.builder().deadline(Duration::from_secs(2))).await;
    regions.outage(US, Service::All, OutageMode::Hang);
    regions.outage(EU, Service::All, OutageMode::Hang);
    let start = Instant::now();
    let error = client.get_item(get()).await.unwrap_err();
    assert!(start.elapsed() <= Duration::from_secs(2), "{:?}", start.elapsed());
    assert!(error.is_retryable() && error.kind() == ErrorKind::Service, "{error:?}");
}

#[tokio::test(start_paused = true)]
async fn writes_stay_in_the_home_region() {
    let regions = Regions::new();
    let client = regions.client(regions.builder()).await;
    let fault = regions.outage(US, Service::DynamoDb, OutageMode::Refuse);
    let error = client.put_item(put("2")).await.unwrap_err();
    assert_eq!((error.kind(), error.region()), (ErrorKind::Service, Some(US)));
    assert!(error.is_retryable());
    let there = itemseal::Item::new().with("OrderID", "2").with("CustomerID", "c-1");
    assert_eq!(regions.lab.region(EU).unwrap().get(T, there).unwrap(), None);
    regions.lab.faults().remove(fault);
    // Keys are another matter: a replica of the key is as good.
    regions.outage(US, Service::Kms, OutageMode::Refuse);
    assert_eq!(client.put_item(put("2")).await.unwrap().region(), US);
}

#[tokio::test(start_paused = true)]
async fn a_consistent_read_is_not_taken_elsewhere_unless_that_is_accepted() {
    let regions = Regions::new();
    let client = regions.client(regions.builder()).await;
    let accepting = regions.client(regions.builder().consistent_reads_elsewhere()).await;
    let fault = regions.outage(US, Service::DynamoDb, OutageMode::Refuse);
    let error = client.get_item(get().consistent_read(true)).await.unwrap_err();
    assert!(error.to_string().contains("consistent_reads_elsewhere"), "{error}");
    assert!(error.is_retryable());
    let one = Get::builder().table_name(T).set_key(Some(key("1"))).build().unwrap();
    let one = TransactGetItem::builder().get(one).build();
    let transaction = || TransactGetItemsInputBuilder::default().transact_items(one.clone());
    let error = client.transact_get_items(transaction()).await.unwrap_err();
    assert!(error.to_string().contains("consistent_reads_elsewhere"), "{error}");
    assert_eq!(accepting.transact_get_items(transaction()).await.unwrap().region(), EU);
    let answer = accepting.get_item(get().consistent_read(true)).await.unwrap();
    assert_eq!((answer.region(), answer.item()), (EU, Some(&order("1"))));
    regions.lab.faults().remove(fault);
    let answer = client.get_item(get().consistent_read(true)).await.unwrap();
    assert_eq!(answer.region(), US);
}

#[tokio::test(start_paused = true)]
async fn regions_are_listed_once() {
    let regions = Regions::new();
    let twice = regions.builder().regions([US, EU, US]).build(&regions.lab.sdk_config(US)).await;
    let error = twice.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Misuse);
    assert!(error.to_string().contains("us-east-1 is listed twice"), "{error}");
}
