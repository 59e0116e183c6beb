//! What can be seen of calls from outside: names, codes and numbers.

use std::fmt;
use std::sync::{Arc, Mutex};

use aws_sdk_dynamodb::operation::get_item::builders::GetItemInputBuilder;
use aws_sdk_dynamodb::operation::scan::builders::ScanInputBuilder;
use itemseal_lab::faults::{OutageMode, Service};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes as SpanAttributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

use crate::bench::*;
use crate::regions::{Regions, put};

/// Every span and event of itemseal as text; nothing is filtered.
#[derive(Clone, Default)]
struct Seen(Arc<Mutex<String>>);

struct Text<'a>(&'a mut String);

impl Visit for Text<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.0.push_str(&format!(" {}={value:?}", field.name()));
    }
}

impl Subscriber for Seen {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target().starts_with("itemseal")
    }

    fn new_span(&self, span: &SpanAttributes<'_>) -> Id {
        let mut seen = self.0.lock().unwrap();
        seen.push_str(span.metadata().name());
        span.record(&mut Text(&mut seen));
        seen.push('\n');
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, values: &Record<'_>) {
        values.record(&mut Text(&mut self.0.lock().unwrap()));
    }

    fn event(&self, event: &Event<'_>) {
        let mut seen = self.0.lock().unwrap();
        event.record(&mut Text(&mut seen));
        seen.push('\n');
    }

    fn record_follows_from(&self, _: &Id, _: &Id) {}
    fn enter(&self, _: &Id) {}
    fn exit(&self, _: &Id) {}
}

#[tokio::test(start_paused = true)]
async fn calls_are_counted_and_traced_by_operation_and_region_without_a_value() {
    let seen = Seen::default();
    // While there is one subscriber, tracing asks only the thread that first comes to a span whether anyone wants
    // it, and another test's thread says no for all. With two it asks both.
    let _second = tracing::Dispatch::new(Seen::default());
    let _guard = tracing::subscriber::set_default(seen.clone());
    let regions = Regions::new();
    let client = regions.client(regions.builder()).await;
    let get = |id: &str| GetItemInputBuilder::default().table_name(T).set_key(Some(key(id)));
    client.get_item(get("1")).await.unwrap();
    let wrong = put("2").condition_expression("attribute_exists(OrderID)");
    client.put_item(wrong).await.unwrap_err();
    regions.outage(US, Service::DynamoDb, OutageMode::Hang);
    client.get_item(get("1")).await.unwrap();
    client.scan(ScanInputBuilder::default().table_name(T)).await.unwrap();
    let counts = client.call_counts();
    let of = |operation: &str, region: &str| {
        let found = counts.iter().find(|c| c.operation == operation && c.region == region);
        found.map(|c| (c.calls, c.errors, c.given_up))
    };
    assert_eq!(of("PutItem", US), Some((2, 1, 0)));
    assert_eq!(of("GetItem", US), Some((2, 0, 1)));
    assert_eq!(of("GetItem", EU), Some((1, 0, 0)));
    assert_eq!(of("Scan", EU), Some((1, 0, 0)));
    assert_eq!(of("Scan", US), None);
    let items = client.item_counts();
    assert_eq!((items.sealed, items.opened, items.unopened, items.failovers), (2, 3, 0, 2));
    let text = seen.0.lock().unwrap().clone();
    for expected in [
        "service=\"dynamodb\" operation=\"PutItem\" region=\"us-east-1\"",
        "service=\"dynamodb\" operation=\"GetItem\" region=\"eu-west-1\"",
        "service=\"kms\" operation=\"Decrypt\" region=\"us-east-1\"",
        "code=\"ConditionalCheckFailedException\"",
        "monotonic_counter.itemseal_failovers=1",
    ] {
        assert!(text.contains(expected), "{expected}\n{text}");
    }
    for value in ["4111", "Shipped", "c-1", "book"] {
        assert!(!text.contains(value), "{value}\n{text}");
    }
}

#[tokio::test]
async fn kms_calls_are_counted_and_bytes_are_those_that_are_stored() {
    let bench = Bench::new().await;
    let kms = itemseal_aws::AwsKms::new(&bench.config(US)).unwrap();
    let keyring = itemseal::MrkKeyring::builder(&bench.key_arn).regions([US]);
    let keyring = keyring.build(kms.clone()).unwrap();
    let client = itemseal_aws::GlobalTable::builder(orders(), keyring);
    let client = client.build(&bench.config(US)).await.unwrap();
    client.put_item(put("1")).await.unwrap();
    let get = GetItemInputBuilder::default().table_name(T).set_key(Some(key("1")));
    client.get_item(get).await.unwrap();
    let calls: Vec<_> = kms.call_counts().into_iter().map(|c| (c.operation, c.calls)).collect();
    assert_eq!(calls, [("Decrypt", 1), ("GenerateDataKey", 1)]);
    let items = client.item_counts();
    assert_eq!(items.sealed_bytes, items.opened_bytes);
    let stored = bench.stored("1").await.unwrap();
    let header = stored["aws_dbe_head"].as_b().unwrap().as_ref().len() as u64;
    assert!(items.sealed_bytes > header && items.sealed_bytes < 2_000, "{items:?}");
}
