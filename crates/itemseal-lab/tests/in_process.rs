//! AWS's own clients of a lab in this process: one thread, no socket, a clock that stands still.

#![allow(clippy::panic, clippy::unwrap_used, reason = "tests fail by panicking")]

use std::collections::BTreeMap;
use std::fmt::Write;
use std::time::Duration;

use aws_sdk_dynamodb as dynamodb;
use aws_sdk_kms as kms;
use aws_smithy_types::timeout::TimeoutConfig;
use dynamodb::error::{ProvideErrorMetadata, SdkError};
use dynamodb::types::{
    AttributeDefinition, AttributeValue, BillingMode, CreateReplicationGroupMemberAction,
    KeySchemaElement, KeyType, ReplicationGroupUpdate, ScalarAttributeType,
};
use itemseal_lab::Lab;
use itemseal_lab::clock::{Clock, ManualClock};
use itemseal_lab::faults::{Fault, OutageMode, Service};
use kms::primitives::Blob;

const US: &str = "us-east-1";
const EU: &str = "eu-west-1";
const T: &str = "Orders";

fn lab(seed: u64) -> (Lab, ManualClock) {
    let clock = ManualClock::default();
    let lab = Lab::builder().regions([US, EU]).clock(clock.clone()).seed(seed).build().unwrap();
    (lab, clock)
}

fn outage(region: &str, service: Service, mode: OutageMode) -> Fault {
    Fault::Outage { region: region.to_owned(), service, mode }
}

async fn create_table(client: &dynamodb::Client) {
    let key = KeySchemaElement::builder().attribute_name("id").key_type(KeyType::Hash);
    let id = AttributeDefinition::builder().attribute_name("id");
    let create = client.create_table().table_name(T).key_schema(key.build().unwrap());
    let create = create
        .attribute_definitions(id.attribute_type(ScalarAttributeType::S).build().unwrap())
        .billing_mode(BillingMode::PayPerRequest);
    create.send().await.unwrap();
    let replica = CreateReplicationGroupMemberAction::builder().region_name(EU).build().unwrap();
    let update = ReplicationGroupUpdate::builder().create(replica).build();
    client.update_table().table_name(T).replica_updates(update).send().await.unwrap();
}

/// Keys, items and faults, and everything that was answered.
async fn history(seed: u64) -> String {
    let mut said = String::new();
    let (lab, clock) = lab(seed);
    let (us, eu) = (lab.sdk_config(US), lab.sdk_config(EU));
    let (kms_us, kms_eu) = (kms::Client::new(&us), kms::Client::new(&eu));
    let (us, eu) = (dynamodb::Client::new(&us), dynamodb::Client::new(&eu));
    let key = kms_us.create_key().multi_region(true).send().await.unwrap();
    writeln!(said, "{key:?}").unwrap();
    let id = key.key_metadata.unwrap().key_id;
    kms_us.replicate_key().key_id(&id).replica_region(EU).send().await.unwrap();
    create_table(&us).await;
    let faults = lab.faults();
    faults.add(Fault::lag(US, EU, Duration::from_millis(30))).unwrap();
    let rate = Fault::Throttle {
        region: US.to_owned(),
        service: Service::DynamoDb,
        operations: vec!["PutItem".to_owned()],
        per_second: 2,
    };
    faults.add(rate).unwrap();
    for n in 0..6 {
        let made = kms_us.generate_data_key().key_id(&id).number_of_bytes(32).send().await.unwrap();
        let blob = made.ciphertext_blob().unwrap().clone();
        writeln!(said, "{blob:?} {:?}", made.plaintext()).unwrap();
        let opened = kms_eu.decrypt().ciphertext_blob(blob.clone()).send().await.unwrap();
        assert_eq!(opened.plaintext(), made.plaintext());
        let put = us.put_item().table_name(T).item("id", AttributeValue::S(n.to_string()));
        let put = put.item("key", AttributeValue::B(blob)).send().await;
        let put = put.map_err(|error| error.into_service_error().code().map(str::to_owned));
        writeln!(said, "{put:?}").unwrap();
        clock.advance(Duration::from_millis(25));
        lab.tables().deliver_once().unwrap();
        let there = eu.scan().table_name(T).send().await.unwrap();
        // The SDK's maps have no order.
        let items = there.items().iter().map(|item| item.iter().collect::<BTreeMap<_, _>>());
        writeln!(said, "{:?} at {}", items.collect::<Vec<_>>(), clock.now_micros()).unwrap();
    }
    said
}

#[tokio::test]
async fn a_seed_gives_the_same_history_to_the_byte() {
    let first = history(7).await;
    for (one, other) in first.lines().zip(history(7).await.lines()) {
        assert_eq!(one, other);
    }
    assert_ne!(first, history(8).await);
    assert!(first.contains("ProvisionedThroughputExceededException"), "{first}");
}

#[tokio::test]
async fn a_refused_connection_is_an_error_of_input_and_output() {
    let (lab, _) = lab(1);
    lab.faults().add(outage(EU, Service::Kms, OutageMode::Refuse)).unwrap();
    let kms = kms::Client::new(&lab.sdk_config(EU));
    let Err(SdkError::DispatchFailure(failure)) = kms.list_keys().send().await else {
        panic!("it was answered");
    };
    assert!(failure.is_io(), "{failure:?}");
    // The outage is KMS's, and that Region's.
    dynamodb::Client::new(&lab.sdk_config(EU)).list_tables().send().await.unwrap();
    kms::Client::new(&lab.sdk_config(US)).list_keys().send().await.unwrap();
}

#[tokio::test]
async fn what_hangs_ends_with_the_clients_timeouts_and_takes_no_time() {
    let (lab, clock) = lab(1);
    lab.faults().add(outage(EU, Service::All, OutageMode::Hang)).unwrap();
    let timeouts = TimeoutConfig::builder().read_timeout(Duration::from_secs(5)).build();
    let config = lab.sdk_config(EU).to_builder().timeout_config(timeouts).build();
    let before = clock.now_micros();
    let Err(SdkError::DispatchFailure(failure)) =
        kms::Client::new(&config).list_keys().send().await
    else {
        panic!("it was answered");
    };
    assert!(failure.is_timeout(), "{failure:?}");
    // Three attempts, which is the SDK's standard.
    assert_eq!(clock.now_micros() - before, 15_000_000);
}

#[tokio::test]
async fn a_timeout_of_the_whole_operation_ends_what_hangs() {
    let (lab, clock) = lab(1);
    lab.faults().add(outage(EU, Service::DynamoDb, OutageMode::Hang)).unwrap();
    let timeouts = TimeoutConfig::builder().operation_timeout(Duration::from_secs(2)).build();
    let config = lab.sdk_config(EU).to_builder().timeout_config(timeouts).build();
    let before = clock.now_micros();
    let ended = dynamodb::Client::new(&config).list_tables().send().await;
    assert!(matches!(ended, Err(SdkError::TimeoutError(_))), "{ended:?}");
    assert_eq!(clock.now_micros() - before, 2_000_000);
}

#[tokio::test]
async fn a_service_that_is_out_of_order_says_so_and_comes_back() {
    let (lab, _) = lab(1);
    let kms = kms::Client::new(&lab.sdk_config(EU));
    let error = lab.faults().add(outage(EU, Service::Kms, OutageMode::Error(500))).unwrap();
    let refused = kms.list_keys().send().await.unwrap_err();
    assert_eq!(refused.as_service_error().unwrap().code(), Some("KMSInternalException"));
    lab.faults().remove(error);
    let sealed = kms.create_key().send().await.unwrap().key_metadata.unwrap();
    let sealed = kms.encrypt().key_id(sealed.key_id).plaintext(Blob::new("a")).send().await;
    assert!(sealed.unwrap().ciphertext_blob().is_some());
}
