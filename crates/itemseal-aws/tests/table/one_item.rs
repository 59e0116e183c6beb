//! PutItem, GetItem, DeleteItem, UpdateItem.

use std::error::Error as _;

use aws_sdk_dynamodb::operation::delete_item::builders::DeleteItemInputBuilder;
use aws_sdk_dynamodb::operation::get_item::builders::GetItemInputBuilder;
use aws_sdk_dynamodb::operation::put_item::builders::PutItemInputBuilder;
use aws_sdk_dynamodb::operation::update_item::builders::UpdateItemInputBuilder;
use aws_sdk_dynamodb::primitives::Blob;
use aws_sdk_dynamodb::types::{AttributeValue, ReturnValue, ReturnValuesOnConditionCheckFailure};
use itemseal::ErrorKind;
use itemseal_aws::{ConditionFailed, GlobalTable};

use crate::bench::*;

fn put(item: Attributes) -> PutItemInputBuilder {
    PutItemInputBuilder::default().table_name(T).set_item(Some(item))
}

fn get(id: &str) -> GetItemInputBuilder {
    GetItemInputBuilder::default().table_name(T).set_key(Some(key(id)))
}

fn delete(id: &str) -> DeleteItemInputBuilder {
    DeleteItemInputBuilder::default().table_name(T).set_key(Some(key(id)))
}

fn update(id: &str, expression: &str) -> UpdateItemInputBuilder {
    let update = UpdateItemInputBuilder::default().table_name(T).set_key(Some(key(id)));
    update.update_expression(expression)
}

async fn read(orders: &GlobalTable, id: &str) -> Option<Attributes> {
    orders.get_item(get(id)).await.unwrap().into_output().item
}

#[tokio::test]
async fn an_item_is_stored_encrypted_and_read_as_it_was_in_both_regions() {
    let bench = Bench::new().await;
    let orders = bench.orders().await;
    let answer = orders.put_item(put(order("1"))).await.unwrap();
    assert_eq!(answer.region(), US);
    let stored = bench.stored("1").await.unwrap();
    assert!(!format!("{stored:?}").contains("4111") && !format!("{stored:?}").contains("book"));
    assert!(matches!(stored["Card"], AttributeValue::B(_)));
    assert_eq!(stored["OrderStatus"], s("Shipped"));
    assert!(stored.contains_key("aws_dbe_head") && stored.contains_key("aws_dbe_foot"));
    let got = orders.get_item(get("1")).await.unwrap();
    assert_eq!((got.region(), got.item()), (US, Some(&order("1"))));
    bench.lab.tables().converge().unwrap();
    let there = bench.orders_in(EU).await;
    let got = there.get_item(get("1")).await.unwrap();
    assert_eq!((got.region(), got.item()), (EU, Some(&order("1"))));
    assert_eq!(read(&orders, "2").await, None);
}

#[tokio::test]
async fn a_projection_is_made_after_the_item_is_verified() {
    let bench = Bench::new().await;
    let orders = bench.orders().await;
    orders.put_item(put(order("1"))).await.unwrap();
    let projected =
        get("1").projection_expression("#c, Lines[1]").expression_attribute_names("#c", "Card");
    let item = orders.get_item(projected).await.unwrap().into_output().item.unwrap();
    let lines = AttributeValue::L(vec![s("pen")]);
    let expected = [("Card", s("4111 1111 1111 1111")), ("Lines", lines)];
    assert_eq!(item, expected.map(|(name, value)| (name.to_owned(), value)).into());
}

#[tokio::test]
async fn what_was_there_before_comes_back_opened() {
    let bench = Bench::new().await;
    let orders = bench.orders().await;
    orders.put_item(put(order("1"))).await.unwrap();
    let mut second = order("1");
    second.insert("Card".to_owned(), s("5500"));
    let old =
        orders.put_item(put(second.clone()).return_values(ReturnValue::AllOld)).await.unwrap();
    assert_eq!(old.attributes(), Some(&order("1")));
    let old = orders.delete_item(delete("1").return_values(ReturnValue::AllOld)).await.unwrap();
    assert_eq!(old.attributes(), Some(&second));
    assert_eq!(bench.stored("1").await, None);
}

#[tokio::test]
async fn the_item_that_failed_a_condition_comes_back_opened() {
    let bench = Bench::new().await;
    let orders = bench.orders().await;
    orders.put_item(put(order("1"))).await.unwrap();
    let all = ReturnValuesOnConditionCheckFailure::AllOld;
    let again = put(order("1")).condition_expression("attribute_not_exists(OrderID)");
    let error = orders
        .put_item(again.return_values_on_condition_check_failure(all.clone()))
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Conflict);
    assert_eq!((error.code(), error.region()), (Some("ConditionalCheckFailedException"), Some(US)));
    assert!(error.request_id().is_some());
    let failed: &ConditionFailed = error.source().unwrap().downcast_ref().unwrap();
    assert_eq!(failed.item(), &order("1"));
    assert!(!format!("{error:?}").contains("4111"));
    let one = delete("1").condition_expression("OrderStatus = :s");
    let one = one.expression_attribute_values(":s", s("Lost"));
    let error = orders
        .delete_item(one.return_values_on_condition_check_failure(all.clone()))
        .await
        .unwrap_err();
    let failed: &ConditionFailed = error.source().unwrap().downcast_ref().unwrap();
    assert_eq!(failed.item(), &order("1"));
    let one = update("1", "ADD Hits :one").condition_expression("Hits > :one");
    let one = one.expression_attribute_values(":one", n(1));
    let error =
        orders.update_item(one.return_values_on_condition_check_failure(all)).await.unwrap_err();
    let failed: &ConditionFailed = error.source().unwrap().downcast_ref().unwrap();
    assert_eq!(failed.item(), &order("1"));
}

#[tokio::test]
async fn what_is_unsigned_can_be_updated_in_place() {
    let bench = Bench::new().await;
    let orders = bench.orders().await;
    orders.put_item(put(order("1"))).await.unwrap();
    let count = || update("1", "ADD Hits :one").expression_attribute_values(":one", n(1));
    let new = orders.update_item(count().return_values(ReturnValue::UpdatedNew)).await.unwrap();
    assert_eq!(new.attributes(), Some(&[("Hits".to_owned(), n(1))].into()));
    let new = orders.update_item(count().return_values(ReturnValue::AllNew)).await.unwrap();
    let mut expected = order("1");
    expected.insert("Hits".to_owned(), n(2));
    assert_eq!(new.attributes(), Some(&expected));
    assert_eq!(read(&orders, "1").await, Some(expected));
}

#[tokio::test]
async fn an_update_makes_no_item_that_could_not_be_read() {
    let bench = Bench::new().await;
    let orders = bench.orders().await;
    let one = update("new", "SET Hits = :one").expression_attribute_values(":one", n(1));
    let error = orders.update_item(one).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Conflict);
    assert_eq!(bench.stored("new").await, None);
}

#[tokio::test]
async fn an_update_of_what_is_signed_reads_changes_and_writes_the_whole_item() {
    let bench = Bench::new().await;
    let orders = bench.orders().await;
    orders.put_item(put(order("1"))).await.unwrap();
    let changed = orders
        .update_item_with(T, key("1"), |item| {
            let mut item = item.unwrap();
            item.insert("Card".to_owned(), s("5500"));
            Ok(Some(item))
        })
        .await
        .unwrap();
    assert_eq!(changed.as_ref().unwrap()["Card"], s("5500"));
    assert_eq!(read(&orders, "1").await.unwrap()["Card"], s("5500"));
    // One that is not there is made, and one that is left as it is not written.
    let made = orders.update_item_with(T, key("2"), |item| {
        assert_eq!(item, None);
        Ok(Some(order("2")))
    });
    made.await.unwrap();
    let before = bench.stored("2").await;
    let left = orders.update_item_with(T, key("2"), |_| Ok(None)).await.unwrap();
    assert_eq!(left.as_ref(), Some(&order("2")));
    assert_eq!(bench.stored("2").await, before);
    let moved = orders.update_item_with(T, key("2"), |_| Ok(Some(order("3")))).await.unwrap_err();
    assert_eq!(moved.kind(), ErrorKind::Misuse);
}

#[tokio::test]
async fn no_update_is_lost_among_several_at_once() {
    let bench = Bench::new().await;
    let orders = bench.orders().await;
    orders.put_item(put(order("1"))).await.unwrap();
    let workers: Vec<_> = (0..4)
        .map(|_| {
            let orders = orders.clone();
            tokio::spawn(async move {
                for _ in 0..3 {
                    let add = |item: Option<Attributes>| {
                        let mut item = item.unwrap();
                        let total: u32 = item["Total"].as_n().unwrap().parse().unwrap();
                        item.insert("Total".to_owned(), n(total + 1));
                        Ok(Some(item))
                    };
                    // Eight conflicts in a row are possible, and told.
                    while let Err(error) = orders.update_item_with(T, key("1"), add).await {
                        assert_eq!(error.kind(), ErrorKind::Conflict);
                    }
                }
            })
        })
        .collect();
    for worker in workers {
        worker.await.unwrap();
    }
    assert_eq!(read(&orders, "1").await.unwrap()["Total"], n(99 + 12));
}

#[tokio::test]
async fn what_is_stored_in_the_clear_or_was_altered_does_not_open() {
    let bench = Bench::new().await;
    let orders = bench.orders().await;
    let raw = bench.raw(US);
    raw.put_item().table_name(T).set_item(Some(order("plain"))).send().await.unwrap();
    let error = orders.get_item(get("plain")).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotEncrypted);
    orders.put_item(put(order("1"))).await.unwrap();
    for (name, value) in [
        ("OrderStatus", s("Returned")),
        ("Total", AttributeValue::B(Blob::new([0; 30]))),
        ("Extra", s("x")),
    ] {
        let mut altered = bench.stored("1").await.unwrap();
        altered.insert(name.to_owned(), value);
        raw.put_item().table_name(T).set_item(Some(altered)).send().await.unwrap();
        let error = orders.get_item(get("1")).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Authentication, "{name}");
        orders.put_item(put(order("1"))).await.unwrap();
    }
}

#[tokio::test]
async fn an_item_that_would_be_too_large_is_not_sent_and_the_error_has_its_sizes() {
    let bench = Bench::new().await;
    let orders = bench.orders().await;
    let mut large = order("1");
    large.insert("Card".to_owned(), s("x".repeat(409_300)));
    let error = orders.put_item(put(large)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::TooLarge);
    let text = error.to_string();
    assert!(text.contains("409600") && text.contains("4093"), "{text}");
    assert_eq!(bench.stored("1").await, None);
}

/// Services spawn these on runtimes with many threads.
#[tokio::test]
async fn every_operations_future_can_move_between_threads() {
    fn moves<T: Send>(_: T) {}
    let bench = Bench::new().await;
    let orders = bench.orders().await;
    moves(orders.put_item(put(order("1"))));
    moves(orders.get_item(get("1")));
    moves(orders.delete_item(delete("1")));
    moves(orders.update_item(update("1", "ADD Hits :one")));
    moves(orders.update_item_with(T, key("1"), Ok));
    moves(orders.query(Default::default()));
    moves(orders.scan(Default::default()));
    moves(orders.batch_get_item(Default::default()));
    moves(orders.batch_write_item(Default::default()));
    moves(orders.transact_get_items(Default::default()));
    moves(orders.transact_write_items(Default::default()));
    moves(orders.execute_statement(Default::default()));
    moves(orders.batch_execute_statement(Default::default()));
    moves(orders.execute_transaction(Default::default()));
    moves(orders.get_item_not_before(get("1"), 1));
    moves(orders.query_items(Default::default()));
}
