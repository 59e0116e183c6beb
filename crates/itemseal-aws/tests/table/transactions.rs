//! TransactWriteItems and TransactGetItems.

use aws_sdk_dynamodb::operation::transact_get_items::builders::TransactGetItemsInputBuilder;
use aws_sdk_dynamodb::operation::transact_write_items::builders::TransactWriteItemsInputBuilder;
use aws_sdk_dynamodb::types::{
    ConditionCheck, Delete, Get, Put, TransactGetItem, TransactWriteItem, Update,
};
use itemseal::ErrorKind;

use crate::bench::*;

fn put(id: &str) -> TransactWriteItem {
    let put = Put::builder().table_name(T).set_item(Some(order(id))).build().unwrap();
    TransactWriteItem::builder().put(put).build()
}

fn update(id: &str, expression: &str) -> TransactWriteItem {
    let update = Update::builder().table_name(T).set_key(Some(key(id)));
    let update = update.update_expression(expression).expression_attribute_values(":one", n(1));
    TransactWriteItem::builder().update(update.build().unwrap()).build()
}

fn check(id: &str, expression: &str) -> TransactWriteItem {
    let check = ConditionCheck::builder().table_name(T).set_key(Some(key(id)));
    let check =
        check.condition_expression(expression).expression_attribute_values(":s", s("Shipped"));
    TransactWriteItem::builder().condition_check(check.build().unwrap()).build()
}

fn write(parts: Vec<TransactWriteItem>) -> TransactWriteItemsInputBuilder {
    TransactWriteItemsInputBuilder::default().set_transact_items(Some(parts))
}

fn read(ids: &[&str]) -> TransactGetItemsInputBuilder {
    ids.iter().fold(TransactGetItemsInputBuilder::default(), |input, id| {
        let get = Get::builder().table_name(T).set_key(Some(key(id))).build().unwrap();
        input.transact_items(TransactGetItem::builder().get(get).build())
    })
}

#[tokio::test]
async fn each_part_of_a_transaction_has_its_operations_rule() {
    let bench = Bench::new().await;
    let orders = bench.orders().await;
    orders.transact_write_items(write(vec![put("1"), put("2")])).await.unwrap();
    assert!(bench.stored("1").await.unwrap().contains_key("aws_dbe_head"));
    let delete = Delete::builder().table_name(T).set_key(Some(key("2"))).build().unwrap();
    let delete = TransactWriteItem::builder().delete(delete).build();
    let note = Put::builder().table_name(AUDIT).item("OrderID", s("1")).build().unwrap();
    let note = TransactWriteItem::builder().put(note).build();
    let parts = vec![update("1", "ADD Hits :one"), delete, note, put("3")];
    orders.transact_write_items(write(parts)).await.unwrap();
    let got = orders.transact_get_items(read(&["1", "2", "3"])).await.unwrap();
    let items: Vec<_> = got.responses().iter().map(|response| response.item().cloned()).collect();
    let mut first = order("1");
    first.insert("Hits".to_owned(), n(1));
    assert_eq!(items, [Some(first), None, Some(order("3"))]);
    let parts = vec![check("1", "OrderStatus = :s"), put("4")];
    orders.transact_write_items(write(parts)).await.unwrap();
}

#[tokio::test]
async fn what_an_operation_refuses_is_refused_in_a_transaction() {
    let bench = Bench::new().await;
    let orders = bench.orders().await;
    orders.transact_write_items(write(vec![put("1")])).await.unwrap();
    for (part, attribute) in [
        (update("1", "SET Card = :one"), "Card"),
        (check("1", "Card = :s"), "Card"),
        (check("1", "begins_with(aws_dbe_head, :s)"), "aws_dbe_head"),
    ] {
        let error = orders.transact_write_items(write(vec![put("2"), part])).await.unwrap_err();
        assert_eq!((error.kind(), error.attribute()), (ErrorKind::Refused, Some(attribute)));
    }
    let nothing = TransactWriteItem::builder().build();
    let error = orders.transact_write_items(write(vec![put("2"), nothing])).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Misuse);
    // An update makes no item.
    let parts = vec![put("2"), update("new", "SET Hits = :one")];
    let error = orders.transact_write_items(write(parts)).await.unwrap_err();
    assert_eq!(
        (error.kind(), error.code()),
        (ErrorKind::Conflict, Some("TransactionCanceledException"))
    );
    assert_eq!((bench.stored("2").await, bench.stored("new").await), (None, None));
}

#[tokio::test]
async fn a_transaction_that_is_repeated_with_its_token_is_the_same_to_the_byte() {
    let bench = Bench::new().await;
    let orders = bench.orders().await;
    let with_token = |parts| write(parts).client_request_token("token-1");
    orders.transact_write_items(with_token(vec![put("1")])).await.unwrap();
    let stored = bench.stored("1").await;
    orders.transact_write_items(with_token(vec![put("1")])).await.unwrap();
    assert_eq!(bench.stored("1").await, stored);
    let error = orders.transact_write_items(with_token(vec![put("2")])).await.unwrap_err();
    assert_eq!(error.code(), Some("IdempotentParameterMismatchException"));
    // Without a token each is one of its own.
    orders.transact_write_items(write(vec![put("1")])).await.unwrap();
    assert_ne!(bench.stored("1").await, stored);
}

#[tokio::test]
async fn one_item_that_does_not_open_fails_the_whole_transaction() {
    let bench = Bench::new().await;
    let orders = bench.orders().await;
    orders.transact_write_items(write(vec![put("1")])).await.unwrap();
    let raw = bench.raw(US);
    raw.put_item().table_name(T).set_item(Some(order("plain"))).send().await.unwrap();
    let error = orders.transact_get_items(read(&["1", "plain"])).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotEncrypted);
}

#[tokio::test]
async fn why_a_transaction_was_cancelled_is_told_part_by_part_with_its_items_opened() {
    use std::error::Error as _;

    let bench = Bench::new().await;
    let orders = bench.orders().await;
    orders.transact_write_items(write(vec![put("1")])).await.unwrap();
    let old = aws_sdk_dynamodb::types::ReturnValuesOnConditionCheckFailure::AllOld;
    let again = Put::builder().table_name(T).set_item(Some(order("1")));
    let again = again.condition_expression("attribute_not_exists(OrderID)");
    let again = again.return_values_on_condition_check_failure(old).build().unwrap();
    let again = TransactWriteItem::builder().put(again).build();
    let error = orders.transact_write_items(write(vec![put("2"), again])).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Conflict);
    let cancelled = error.source().unwrap().downcast_ref::<itemseal_aws::TransactionCancelled>();
    let [first, second] = cancelled.unwrap().reasons() else { panic!("two parts") };
    assert_eq!((first.code(), first.item()), (None, None));
    assert_eq!(second.code(), Some("ConditionalCheckFailed"));
    assert_eq!(second.item(), Some(&order("1")));
    assert!(!format!("{error:?}").contains("4111"), "{error:?}");
    assert_eq!(bench.stored("2").await, None);
}
