//! Optimistic locking by a version, and reads that do not go back.

use aws_sdk_dynamodb::operation::batch_write_item::builders::BatchWriteItemInputBuilder;
use aws_sdk_dynamodb::operation::get_item::builders::GetItemInputBuilder;
use aws_sdk_dynamodb::operation::put_item::builders::PutItemInputBuilder;
use aws_sdk_dynamodb::operation::transact_write_items::builders::TransactWriteItemsInputBuilder;
use aws_sdk_dynamodb::types::{Put, PutRequest, TransactWriteItem, WriteRequest};
use itemseal::{ErrorKind, TableConfig};
use itemseal_aws::{GlobalTable, GlobalTableBuilder, Writes};
use itemseal_lab::faults::{OutageMode, Service};

use crate::bench::*;
use crate::regions::Regions;

fn versioned() -> TableConfig {
    let table = TableConfig::builder(T).partition_key("OrderID").sort_key("CustomerID");
    table.sign_only(["OrderStatus", "Version"]).unsigned(["Hits"]).build().unwrap()
}

async fn client(bench: &Bench) -> GlobalTable {
    let builder = bench.builder(versioned(), US).version_attribute(T, "Version");
    builder.build(&bench.config(US)).await.unwrap()
}

fn put(item: Attributes) -> PutItemInputBuilder {
    PutItemInputBuilder::default().table_name(T).set_item(Some(item))
}

fn get(id: &str) -> GetItemInputBuilder {
    GetItemInputBuilder::default().table_name(T).set_key(Some(key(id)))
}

fn with_version(id: &str, version: u64) -> Attributes {
    let mut order = order(id);
    order.insert("Version".to_owned(), n(version));
    order
}

#[tokio::test]
async fn a_put_raises_the_version_that_was_read_and_no_other() {
    let bench = Bench::new().await;
    let orders = client(&bench).await;
    assert_eq!(orders.put_item(put(order("1"))).await.unwrap().version(), Some(1));
    assert_eq!(bench.stored("1").await.unwrap()["Version"], n(1));
    // Without a version it is to be new, and it is not.
    let error = orders.put_item(put(order("1"))).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Conflict);
    let read = orders.get_item(get("1")).await.unwrap().into_output().item.unwrap();
    assert_eq!(read, with_version("1", 1));
    assert_eq!(orders.put_item(put(read.clone())).await.unwrap().version(), Some(2));
    let error = orders.put_item(put(read)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Conflict);
    // With a condition of the caller's own, both have to hold.
    let read = orders.get_item(get("1")).await.unwrap().into_output().item.unwrap();
    let own = |status: &str| {
        let put = put(read.clone()).condition_expression("#s = :s");
        let put = put.expression_attribute_names("#s", "OrderStatus");
        put.expression_attribute_values(":s", s(status))
    };
    assert_eq!(orders.put_item(own("Lost")).await.unwrap_err().kind(), ErrorKind::Conflict);
    assert_eq!(orders.put_item(own("Shipped")).await.unwrap().version(), Some(3));
    assert_eq!(orders.put_item(own("Shipped")).await.unwrap_err().kind(), ErrorKind::Conflict);
}

#[tokio::test]
async fn updates_and_transactions_raise_it_too_and_batches_refuse() {
    let bench = Bench::new().await;
    let orders = client(&bench).await;
    let changed = orders.update_item_with(T, key("1"), |_| Ok(Some(order("1")))).await.unwrap();
    assert_eq!(
        (changed.version(), bench.stored("1").await.unwrap()["Version"].clone()),
        (Some(1), n(1))
    );
    // Whatever the change says of it.
    let change = |item: Option<Attributes>| {
        let mut item = item.unwrap();
        item.insert("Version".to_owned(), n(77));
        Ok(Some(item))
    };
    assert_eq!(orders.update_item_with(T, key("1"), change).await.unwrap().version(), Some(2));
    let transaction = |item| {
        let put = Put::builder().table_name(T).set_item(Some(item)).build().unwrap();
        let put = TransactWriteItem::builder().put(put).build();
        TransactWriteItemsInputBuilder::default().transact_items(put)
    };
    orders.transact_write_items(transaction(with_version("1", 2))).await.unwrap();
    assert_eq!(bench.stored("1").await.unwrap()["Version"], n(3));
    let error = orders.transact_write_items(transaction(with_version("1", 2))).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Conflict);
    let one = PutRequest::builder().set_item(Some(order("9"))).build().unwrap();
    let one = WriteRequest::builder().put_request(one).build();
    let batch = BatchWriteItemInputBuilder::default().request_items(T, vec![one]);
    let error = orders.batch_write_item(batch).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Refused);
    assert_eq!(bench.stored("9").await, None);
}

#[tokio::test]
async fn a_version_is_a_signed_number_that_stays_readable() {
    let bench = Bench::new().await;
    let orders = client(&bench).await;
    for bad in [s("1"), n(-1), n(1.5)] {
        let mut item = order("1");
        item.insert("Version".to_owned(), bad);
        let error = orders.put_item(put(item)).await.unwrap_err();
        assert_eq!((error.kind(), error.attribute()), (ErrorKind::Misuse, Some("Version")));
    }
    let misuse = async |builder: GlobalTableBuilder| {
        let error = builder.build(&bench.config(US)).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Misuse, "{error}");
        error
    };
    for attribute in ["Card", "Hits", "OrderID"] {
        let error = misuse(bench.builder(versioned(), US).version_attribute(T, attribute)).await;
        assert_eq!(error.attribute(), Some(attribute));
    }
    let error = misuse(bench.builder(versioned(), US).version_attribute("Others", "Version")).await;
    assert!(error.to_string().contains("Others"), "{error}");
    let unversioned = bench.orders().await;
    let error = unversioned.get_item_not_before(get("1"), 1).await.unwrap_err();
    assert!(error.to_string().contains("version_attribute"), "{error}");
}

fn two_regions(regions: &Regions) -> GlobalTableBuilder {
    let kms = itemseal_aws::AwsKms::new(&regions.lab.sdk_config(US)).unwrap();
    let keyring = itemseal::MrkKeyring::builder(&regions.key_arn).regions([US, EU]).build(kms);
    GlobalTable::builder(versioned(), keyring.unwrap()).version_attribute(T, "Version")
}

#[tokio::test(start_paused = true)]
async fn a_read_does_not_go_back_behind_what_was_seen() {
    let regions = Regions::new();
    let orders = regions.client(two_regions(&regions)).await;
    let seen = orders.put_item(put(with_version("1", 1))).await.unwrap().version().unwrap();
    assert_eq!(seen, 2);
    // The other Region has not got it yet, and is the only one that answers.
    let fault = regions.outage(US, Service::DynamoDb, OutageMode::Refuse);
    let old = orders.get_item(get("1")).await.unwrap();
    assert_eq!((old.region(), old.item().unwrap()["Version"].clone()), (EU, n(1)));
    let error = orders.get_item_not_before(get("1"), seen).await.unwrap_err();
    assert!(error.kind() == ErrorKind::Conflict && error.is_retryable(), "{error}");
    // What it does have is given; and all of it, once it has it.
    assert_eq!(orders.get_item_not_before(get("1"), 1).await.unwrap().version(), Some(1));
    regions.lab.tables().converge().unwrap();
    let new = orders.get_item_not_before(get("1"), seen).await.unwrap();
    assert_eq!((new.region(), new.version()), (EU, Some(2)));
    assert!(new.item().unwrap().contains_key("Card"));
    // Behind again, and home is back: it is read there, projected.
    regions.lab.faults().remove(fault);
    let seen = orders.put_item(put(with_version("1", 2))).await.unwrap().version().unwrap();
    let cut = get("1").projection_expression("Card");
    let new = orders.get_item_not_before(cut, seen).await.unwrap();
    assert_eq!((new.region(), new.version(), new.item().unwrap().len()), (US, Some(3), 1));
    // Read where it is old, then at home, consistently: a half and one.
    let fault = regions.outage(US, Service::DynamoDb, OutageMode::Hang);
    orders.get_item(get("1")).await.unwrap();
    regions.lab.faults().remove(fault);
    let all = aws_sdk_dynamodb::types::ReturnConsumedCapacity::Total;
    let new =
        orders.get_item_not_before(get("1").return_consumed_capacity(all), seen).await.unwrap();
    assert_eq!((new.region(), new.version()), (US, Some(3)));
    assert!(new.item().unwrap().contains_key("Card"));
    assert_eq!(new.consumed_capacity().unwrap().capacity_units, Some(1.5));
}

#[tokio::test(start_paused = true)]
async fn an_old_item_put_back_is_not_given_to_those_who_have_seen_a_later_one() {
    let regions = Regions::new();
    let orders = regions.client(two_regions(&regions)).await;
    let home = regions.lab.region(US).unwrap();
    let at = itemseal::Item::new().with("OrderID", "1").with("CustomerID", "c-1");
    let old = home.get(T, at).unwrap().unwrap();
    orders.put_item(put(with_version("1", 1))).await.unwrap();
    home.put(T, old).unwrap();
    assert_eq!(orders.get_item(get("1")).await.unwrap().item().unwrap()["Version"], n(1));
    let error = orders.get_item_not_before(get("1"), 2).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Conflict);
}

#[tokio::test(start_paused = true)]
async fn that_there_is_no_item_is_believed_of_the_home_region_or_of_all() {
    let regions = Regions::new();
    let orders = regions.client(two_regions(&regions)).await;
    let failing_over = two_regions(&regions).writes(Writes::Failover);
    let failing_over = failing_over.build(&regions.lab.sdk_config(US)).await.unwrap();
    // Deleted at home; the other Region still has it.
    let delete =
        aws_sdk_dynamodb::operation::delete_item::builders::DeleteItemInputBuilder::default();
    orders.delete_item(delete.table_name(T).set_key(Some(key("1")))).await.unwrap();
    let gone = orders.get_item_not_before(get("1"), 2).await.unwrap();
    assert_eq!((gone.region(), gone.item(), gone.version()), (US, None, None));
    // Where writes fail over, what the other has is older than asked for, and not gone.
    let error = failing_over.get_item_not_before(get("1"), 2).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Conflict);
    regions.lab.tables().converge().unwrap();
    assert_eq!(failing_over.get_item_not_before(get("1"), 2).await.unwrap().item(), None);
    // Only the other Region answers, and has nothing.
    regions.outage(US, Service::DynamoDb, OutageMode::Refuse);
    let error = orders.get_item_not_before(get("1"), 2).await.unwrap_err();
    assert!(error.is_retryable(), "{error}");
}
