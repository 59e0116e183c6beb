use serde_json::{Value, json};

use super::*;
use crate::tables::OPERATIONS;

fn run(b: &Bench, operation: &str, request: Value) -> Value {
    b.region(US).execute(operation, request).unwrap()
}

#[test]
fn every_kind_of_write_is_replicated() {
    let b = bench(&[US, EU]);
    b.put(US, "gone", "0");
    let s = |text: &str| json!({ "S": text });
    for (operation, request) in [
        ("PutItem", json!({"TableName": T, "Item": {"id": s("put"), "value": s("1")}})),
        (
            "UpdateItem",
            json!({"TableName": T, "Key": {"id": s("update")},
                   "UpdateExpression": "SET #v = :v", "ExpressionAttributeNames": {"#v": "value"},
                   "ExpressionAttributeValues": {":v": s("1")}}),
        ),
        (
            "BatchWriteItem",
            json!({"RequestItems": {T: [
                {"PutRequest": {"Item": {"id": s("batch"), "value": s("1")}}},
                {"DeleteRequest": {"Key": {"id": s("gone")}}}]}}),
        ),
        (
            "TransactWriteItems",
            json!({"TransactItems": [
                {"Put": {"TableName": T, "Item": {"id": s("transaction"), "value": s("1")}}},
                {"Delete": {"TableName": T, "Key": {"id": s("put")}}}]}),
        ),
        (
            "ExecuteStatement",
            json!({"Statement": format!("INSERT INTO \"{T}\" VALUE {{'id':'partiql','value':'1'}}")}),
        ),
        (
            "ExecuteTransaction",
            json!({"TransactStatements": [{"Statement":
                format!("UPDATE \"{T}\" SET value='2' WHERE id='update'")}]}),
        ),
        (
            "BatchExecuteStatement",
            json!({"Statements": [{"Statement":
                format!("DELETE FROM \"{T}\" WHERE id='batch'")}]}),
        ),
    ] {
        run(&b, operation, request);
    }
    b.converge();
    for (id, value) in [
        ("put", None),
        ("update", some("2")),
        ("batch", None),
        ("gone", None),
        ("transaction", some("1")),
        ("partiql", some("1")),
    ] {
        assert_eq!(b.everywhere(id), [value.clone(), value], "{id}");
    }
}

#[test]
fn a_write_that_fails_leaves_no_trace() {
    let b = bench(&[US, EU]);
    b.put(US, "a", "1");
    b.converge();
    let version = b.version(US, "a");
    let refused = b.region(US).execute(
        "TransactWriteItems",
        json!({"TransactItems": [
            {"Put": {"TableName": T, "Item": {"id": {"S": "a"}, "value": {"S": "2"}}}},
            {"ConditionCheck": {"TableName": T, "Key": {"id": {"S": "b"}},
                "ConditionExpression": "attribute_exists(id)"}}]}),
    );
    assert_eq!(code(refused), "TransactionCanceledException");
    let refused = b.region(US).execute(
        "PutItem",
        json!({"TableName": T, "Item": {"id": {"S": "a"}, "value": {"S": "3"}},
               "ConditionExpression": "attribute_not_exists(id)"}),
    );
    assert_eq!(code(refused), "ConditionalCheckFailedException");
    assert_eq!((b.get(US, "a"), b.version(US, "a")), (some("1"), version));
    assert_eq!(b.tables.waiting().unwrap(), []);
}

#[test]
fn a_condition_sees_the_regions_own_version() {
    let b = bench(&[US, EU]);
    b.put(US, "a", "1");
    let put_if_new = json!({"TableName": T, "Item": {"id": {"S": "a"}, "value": {"S": "eu"}},
        "ConditionExpression": "attribute_not_exists(id)"});
    b.advance(1);
    b.region(EU).execute("PutItem", put_if_new.clone()).unwrap();
    b.converge();
    assert_eq!(b.everywhere("a"), vec![some("eu"); 2]);
    assert_eq!(
        code(b.region(EU).execute("PutItem", put_if_new)),
        "ConditionalCheckFailedException"
    );
}

#[test]
fn a_transactions_items_arrive_one_by_one() {
    let b = bench(&[US, EU]);
    let put =
        |id: &str| json!({"Put": {"TableName": T, "Item": {"id": {"S": id}, "value": {"S": "1"}}}});
    run(&b, "TransactWriteItems", json!({"TransactItems": [put("a"), put("b")]}));
    b.tables.deliver_once().unwrap();
    assert_eq!((b.get(EU, "a"), b.get(EU, "b")), (some("1"), None));
}

#[test]
fn a_transaction_sent_twice_is_done_once() {
    let b = bench(&[US, EU]);
    let add = |by: &str| {
        json!({"ClientRequestToken": "token-1", "TransactItems": [{"Update": {"TableName": T,
            "Key": {"id": {"S": "a"}}, "UpdateExpression": "ADD n :n",
            "ExpressionAttributeValues": {":n": {"N": by}}}}]})
    };
    let n = || b.region(US).get(T, key("a")).unwrap().unwrap().get("n").cloned();
    let number = |n: &str| Some(AttributeValue::N(n.to_owned()));
    run(&b, "TransactWriteItems", add("1"));
    run(&b, "TransactWriteItems", add("1"));
    assert_eq!(n(), number("1"));
    let other = b.region(US).execute("TransactWriteItems", add("2"));
    assert_eq!(code(other), "IdempotentParameterMismatchException");
    b.advance(10 * 60 * 1_000_000);
    run(&b, "TransactWriteItems", add("1"));
    assert_eq!(n(), number("2"), "the token was good for ten minutes");

    let insert = json!({"ClientRequestToken": "token-1", "TransactStatements": [
        {"Statement": format!("INSERT INTO \"{T}\" VALUE {{'id':'p'}}")}]});
    run(&b, "ExecuteTransaction", insert.clone());
    run(&b, "ExecuteTransaction", insert);
}

#[test]
fn items_expire_by_the_regions_clock_and_that_is_replicated() {
    let b = bench(&[US, EU]);
    let ttl = json!({"TableName": T,
        "TimeToLiveSpecification": {"AttributeName": "until", "Enabled": true}});
    run(&b, "UpdateTimeToLive", ttl);
    let now = b.clock.now_micros() / 1_000_000;
    b.region(US).put(T, item("a", "1").with("until", now + 60)).unwrap();
    b.region(US).put(T, item("b", "1").with("until", now + 600)).unwrap();
    b.converge();
    assert_eq!(b.region(US).expire_items().unwrap(), 0);
    b.tables.set_clock_skew(US, 61_000_000).unwrap();
    assert_eq!(b.region(US).expire_items().unwrap(), 1);
    b.converge();
    assert_eq!((b.everywhere("a"), b.everywhere("b")), (vec![None; 2], vec![some("1"); 2]));
}

#[test]
fn a_scan_goes_over_all_pages() {
    let b = bench(&[US]);
    for n in 0..7 {
        // A page ends at one megabyte.
        b.region(US).put(T, item(&n.to_string(), &"x".repeat(300_000))).unwrap();
    }
    assert_eq!(b.region(US).scan_all(T).unwrap().len(), 7);
}

#[test]
fn operations_are_known_by_name_and_others_are_refused() {
    let b = bench(&[US]);
    assert_eq!(OPERATIONS.len(), 30);
    for operation in OPERATIONS {
        // Whatever it says to an empty request, it is not that it does not know the operation.
        if let Err(error) = b.region(US).execute(operation, json!({})) {
            assert_ne!(error.code(), "UnknownOperationException", "{operation}");
            assert!(!error.message().starts_with("VALIDATION"), "{operation}: {error}");
        }
    }
    let refused = b.region(US).execute("StartBulkPutItems", json!({}));
    assert_eq!(code(refused), "UnknownOperationException");
}

#[test]
fn errors_are_dynamodbs() {
    let b = bench(&[US]);
    let execute = |operation, request| b.region(US).execute(operation, request).unwrap_err();
    let error = execute("GetItem", json!({"TableName": "NoTable", "Key": {"id": {"S": "a"}}}));
    assert_eq!((error.code(), error.status()), ("ResourceNotFoundException", 400));
    assert_eq!(
        error.body()["__type"],
        "com.amazonaws.dynamodb.v20120810#ResourceNotFoundException"
    );
    assert_eq!(execute("PutItem", json!({"TableName": T})).code(), "ValidationException");
    assert_eq!(execute("PutItem", json!({"TableName": 1})).code(), "SerializationException");
    let error = execute(
        "PutItem",
        json!({"TableName": T, "Item": {"id": {"S": "a"}}, "ConditionExpression": "attribute_exists(id)"}),
    );
    assert_eq!(error.message(), "The conditional request failed");
}

#[test]
fn an_error_does_not_print_the_item_it_holds() {
    let b = bench(&[US]);
    b.region(US).put(T, item("a", "secret-value")).unwrap();
    let error = b
        .region(US)
        .execute(
            "PutItem",
            json!({"TableName": T, "Item": {"id": {"S": "a"}},
                   "ConditionExpression": "attribute_not_exists(id)",
                   "ReturnValuesOnConditionCheckFailure": "ALL_OLD"}),
        )
        .unwrap_err();
    assert!(error.body().to_string().contains("secret-value"));
    assert!(!format!("{error:?} {error}").contains("secret-value"));
}
