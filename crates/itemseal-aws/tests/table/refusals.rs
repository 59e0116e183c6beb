//! What is refused before anything is sent.

use aws_sdk_dynamodb::operation::batch_execute_statement::builders::BatchExecuteStatementInputBuilder;
use aws_sdk_dynamodb::operation::delete_item::builders::DeleteItemInputBuilder;
use aws_sdk_dynamodb::operation::execute_statement::builders::ExecuteStatementInputBuilder;
use aws_sdk_dynamodb::operation::execute_transaction::builders::ExecuteTransactionInputBuilder;
use aws_sdk_dynamodb::operation::get_item::builders::GetItemInputBuilder;
use aws_sdk_dynamodb::operation::put_item::builders::PutItemInputBuilder;
use aws_sdk_dynamodb::operation::query::builders::QueryInputBuilder;
use aws_sdk_dynamodb::operation::scan::builders::ScanInputBuilder;
use aws_sdk_dynamodb::operation::update_item::builders::UpdateItemInputBuilder;
use aws_sdk_dynamodb::types::{
    AttributeValueUpdate, BatchStatementRequest, ComparisonOperator, Condition,
    ConditionalOperator, ExpectedAttributeValue, ParameterizedStatement, TimeToLiveSpecification,
};
use itemseal::{Error, ErrorKind, TableConfig};
use itemseal_aws::TableShape;

use crate::bench::*;

fn refused<T: std::fmt::Debug>(result: itemseal::Result<T>) -> Error {
    let error = result.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Refused, "{error}");
    error
}

#[tokio::test]
async fn legacy_parameters_are_refused_by_name() {
    let bench = Bench::new().await;
    let orders = bench.orders().await;
    let expected = || ExpectedAttributeValue::builder().exists(false).build();
    let condition = || {
        let condition = Condition::builder().comparison_operator(ComparisonOperator::Eq);
        condition.attribute_value_list(s("x")).build().unwrap()
    };
    let or = ConditionalOperator::Or;
    let put = || PutItemInputBuilder::default().table_name(T).set_item(Some(order("1")));
    let get = || GetItemInputBuilder::default().table_name(T).set_key(Some(key("1")));
    let delete = || DeleteItemInputBuilder::default().table_name(T).set_key(Some(key("1")));
    let update = || UpdateItemInputBuilder::default().table_name(T).set_key(Some(key("1")));
    let query = || QueryInputBuilder::default().table_name(T);
    let scan = || ScanInputBuilder::default().table_name(T);
    let named = |error: Error, name: &str| assert!(error.to_string().starts_with(name), "{error}");
    named(refused(orders.put_item(put().expected("a", expected())).await), "Expected");
    named(
        refused(orders.put_item(put().conditional_operator(or.clone())).await),
        "ConditionalOperator",
    );
    named(refused(orders.get_item(get().attributes_to_get("a")).await), "AttributesToGet");
    named(refused(orders.delete_item(delete().expected("a", expected())).await), "Expected");
    named(
        refused(orders.delete_item(delete().conditional_operator(or.clone())).await),
        "ConditionalOperator",
    );
    let change = AttributeValueUpdate::builder().value(s("x")).build();
    named(
        refused(orders.update_item(update().attribute_updates("Hits", change)).await),
        "AttributeUpdates",
    );
    named(refused(orders.update_item(update().expected("a", expected())).await), "Expected");
    named(
        refused(orders.update_item(update().conditional_operator(or.clone())).await),
        "ConditionalOperator",
    );
    named(refused(orders.query(query().attributes_to_get("a")).await), "AttributesToGet");
    named(refused(orders.query(query().key_conditions("a", condition())).await), "KeyConditions");
    named(refused(orders.query(query().query_filter("a", condition())).await), "QueryFilter");
    named(
        refused(orders.query(query().conditional_operator(or.clone())).await),
        "ConditionalOperator",
    );
    named(refused(orders.scan(scan().attributes_to_get("a")).await), "AttributesToGet");
    named(refused(orders.scan(scan().scan_filter("a", condition())).await), "ScanFilter");
    named(refused(orders.scan(scan().conditional_operator(or)).await), "ConditionalOperator");
    assert_eq!(bench.kms_calls(), 0);
}

#[tokio::test]
async fn conditions_on_encrypted_attributes_are_refused_in_every_write() {
    let bench = Bench::new().await;
    let orders = bench.orders().await;
    let put = PutItemInputBuilder::default().table_name(T).set_item(Some(order("1")));
    let error = refused(orders.put_item(put.condition_expression("Card <> :c")).await);
    assert_eq!(error.attribute(), Some("Card"));
    let delete = DeleteItemInputBuilder::default().table_name(T).set_key(Some(key("1")));
    let error = refused(orders.delete_item(delete.condition_expression("size(Card) > :c")).await);
    assert_eq!(error.attribute(), Some("Card"));
    // AWS's library looks into this one within a transaction only.
    let update = UpdateItemInputBuilder::default().table_name(T).set_key(Some(key("1")));
    let update = update.update_expression("ADD Hits :one").condition_expression("#t > :one");
    let update = update.expression_attribute_names("#t", "Total");
    assert_eq!(refused(orders.update_item(update).await).attribute(), Some("Total"));
    assert_eq!(bench.kms_calls(), 0);
    assert_eq!(bench.stored("1").await, None);
}

#[tokio::test]
async fn updates_of_signed_attributes_are_refused_with_what_to_do() {
    let bench = Bench::new().await;
    let orders = bench.orders().await;
    for (expression, attribute) in [
        ("SET Card = :x", "Card"),
        ("SET OrderStatus = :x", "OrderStatus"),
        ("REMOVE Total", "Total"),
        ("SET Hits = :x, aws_dbe_head = :x", "aws_dbe_head"),
    ] {
        let update = UpdateItemInputBuilder::default().table_name(T).set_key(Some(key("1")));
        let error = refused(orders.update_item(update.update_expression(expression)).await);
        assert_eq!(error.attribute(), Some(attribute));
        if !attribute.starts_with("aws") {
            assert!(error.to_string().contains("update_item_with"), "{error}");
        }
    }
}

#[tokio::test]
async fn partiql_is_for_tables_that_are_not_encrypted() {
    let bench = Bench::new().await;
    let orders = bench.orders().await;
    let statement = |text: &str| ExecuteStatementInputBuilder::default().statement(text);
    for text in [
        "SELECT * FROM Orders",
        "INSERT INTO \"Orders\" VALUE {'OrderID': '1'}",
        "SELECT * FROM /* Audit */ Orders",
        "nonsense",
    ] {
        refused(orders.execute_statement(statement(text)).await);
    }
    let error = orders.execute_statement(statement("SELECT * FROM Others")).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Misuse);
    orders.execute_statement(statement("INSERT INTO Audit VALUE {'OrderID': '1'}")).await.unwrap();
    let read = orders.execute_statement(statement("SELECT * FROM Audit")).await.unwrap();
    assert_eq!(read.items().len(), 1);
}

#[tokio::test]
async fn one_statement_on_an_encrypted_table_refuses_the_batch_and_the_transaction() {
    let bench = Bench::new().await;
    let orders = bench.orders().await;
    let insert = |table: &str, id: &str| format!("INSERT INTO {table} VALUE {{'OrderID': '{id}'}}");
    let batch = |statements: &[String]| {
        let one = |text: &String| BatchStatementRequest::builder().statement(text).build().unwrap();
        let statements = statements.iter().map(one).collect();
        BatchExecuteStatementInputBuilder::default().set_statements(Some(statements))
    };
    let transaction = |statements: &[String]| {
        let one =
            |text: &String| ParameterizedStatement::builder().statement(text).build().unwrap();
        let statements = statements.iter().map(one).collect();
        ExecuteTransactionInputBuilder::default().set_transact_statements(Some(statements))
    };
    let mixed = [insert(AUDIT, "1"), insert(T, "1")];
    refused(orders.batch_execute_statement(batch(&mixed)).await);
    refused(orders.execute_transaction(transaction(&mixed)).await);
    let audit = || bench.raw(US).scan().table_name(AUDIT).send();
    assert_eq!(audit().await.unwrap().count(), 0);
    orders.batch_execute_statement(batch(&[insert(AUDIT, "1")])).await.unwrap();
    orders.execute_transaction(transaction(&[insert(AUDIT, "2")])).await.unwrap();
    assert_eq!(audit().await.unwrap().count(), 2);
}

#[tokio::test]
async fn tables_that_are_not_configured_are_refused_by_name() {
    let bench = Bench::new().await;
    let orders = bench.orders().await;
    for name in ["Others", "arn:aws:dynamodb:us-east-1:111122223333:table/Orders", "", AUDIT] {
        let get = GetItemInputBuilder::default().table_name(name).set_key(Some(key("1")));
        let error = orders.get_item(get).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Misuse);
        let text = error.to_string();
        assert!(
            text.contains("plaintext_table") || text.contains("ARN") || text.contains("no table")
        );
    }
}

#[tokio::test]
async fn a_configuration_must_leave_readable_what_dynamodb_reads() {
    let bench = Bench::new().await;
    let table = || TableConfig::builder(T).partition_key("OrderID").sort_key("CustomerID");
    let misuse = |result: itemseal::Result<_>| {
        let error: Error = result.map(|_: itemseal_aws::GlobalTable| ()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Misuse, "{error}");
        error
    };
    let error = misuse(bench.build(table().build().unwrap()).await);
    assert_eq!(error.attribute(), Some("OrderStatus"));
    assert!(error.to_string().contains("by-status"), "{error}");
    let keys = TableConfig::builder(T).partition_key("OrderID").sign_only(["OrderStatus"]);
    let error = misuse(bench.build(keys.build().unwrap()).await);
    assert!(error.to_string().contains("OrderID and CustomerID"), "{error}");
    let ttl = TimeToLiveSpecification::builder().enabled(true).attribute_name("Expires").build();
    let raw = bench.raw(US);
    let ttl = raw.update_time_to_live().table_name(T).time_to_live_specification(ttl.unwrap());
    ttl.send().await.unwrap();
    assert_eq!(misuse(bench.build(orders()).await).attribute(), Some("Expires"));
    // Given, it is not asked for.
    let shape = TableShape::new(["OrderID", "CustomerID"]);
    let builder = bench.builder(orders(), US).shape(T, shape);
    builder.build(&bench.config(US)).await.unwrap();
    let missing = TableConfig::builder("Others").partition_key("OrderID").build().unwrap();
    let error = bench.build(missing).await.unwrap_err();
    assert_eq!(error.code(), Some("ResourceNotFoundException"));
    assert!(error.to_string().contains("DescribeTable"), "{error}");
}
