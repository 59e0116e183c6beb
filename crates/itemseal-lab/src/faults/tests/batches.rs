use super::*;

fn puts(count: usize) -> Value {
    let put = |n| json!({"PutRequest": {"Item": {"id": {"S": format!("{n:02}")}}}});
    json!({"RequestItems": {T: (0..count).map(put).collect::<Vec<_>>()}})
}

fn unprocessed(answer: &Value) -> usize {
    answer["UnprocessedItems"][T].as_array().map_or(0, Vec::len)
}

#[test]
fn what_is_left_undone_can_be_sent_again_until_all_is_done() {
    let b = bench();
    b.add(Fault::unprocessed(US, 0.5));
    let mut request = puts(25);
    let mut left = Vec::new();
    while request["RequestItems"].as_object().is_some_and(|tables| !tables.is_empty()) {
        match b.region(US).execute("BatchWriteItem", request.clone()) {
            Ok(answer) => {
                left.push(unprocessed(&answer));
                let items = b.region(US).scan_all(T).unwrap().len();
                assert_eq!(items, 25 - left.last().unwrap(), "neither lost nor done");
                request = json!({"RequestItems": answer["UnprocessedItems"]});
            }
            Err(error) => assert_eq!(error.code(), "ProvisionedThroughputExceededException"),
        }
    }
    assert!(left.len() > 2 && (5..20).contains(&left[0]), "{left:?}");
}

#[test]
fn a_batch_that_reads_keeps_its_options_with_what_is_left() {
    let b = bench();
    b.execute(US, "BatchWriteItem", puts(20));
    b.add(Fault::unprocessed(US, 0.5));
    let keys: Vec<Value> = (0..20).map(|n| json!({"id": {"S": format!("{n:02}")}})).collect();
    let of = json!({"Keys": keys, "ConsistentRead": true, "ProjectionExpression": "#i",
        "ExpressionAttributeNames": {"#i": "id"}});
    let answer = b.execute(US, "BatchGetItem", json!({"RequestItems": {T: of}}));
    let left = &answer["UnprocessedKeys"][T];
    let (left_keys, got) = (left["Keys"].as_array().unwrap(), answer["Responses"][T].as_array());
    assert!(!left_keys.is_empty());
    assert_eq!(left_keys.len() + got.unwrap().len(), 20);
    assert_eq!(left["ConsistentRead"], json!(true));
    assert_eq!(left["ProjectionExpression"], json!("#i"));
    assert_eq!(left["ExpressionAttributeNames"], json!({"#i": "id"}));
}

#[test]
fn a_batch_of_which_nothing_can_be_done_is_refused() {
    let b = bench();
    b.add(Fault::unprocessed(US, 1.0));
    let error = b.region(US).execute("BatchWriteItem", puts(3)).unwrap_err();
    assert_eq!(error.code(), "ProvisionedThroughputExceededException");
    assert_eq!(b.region(US).scan_all(T).unwrap().len(), 0);
    assert_eq!(unprocessed(&b.execute(EU, "BatchWriteItem", puts(3))), 0, "another Region");
}

#[test]
fn a_batch_that_is_wrong_is_called_wrong() {
    let b = bench();
    b.add(Fault::unprocessed(US, 0.9));
    for wrong in [puts(26), puts(0), json!({"RequestItems": {}})] {
        let error = b.region(US).execute("BatchWriteItem", wrong).unwrap_err();
        assert_eq!(error.code(), "ValidationException");
    }
}

#[test]
fn the_seed_decides_what_is_left() {
    let left = |seed| {
        let b = seeded(seed);
        b.add(Fault::unprocessed(US, 0.5));
        let answers = (0..5).map(|_| b.region(US).execute("BatchWriteItem", puts(25)));
        format!("{:?}", answers.collect::<Vec<_>>())
    };
    assert_eq!(left(1), left(1));
    assert_ne!(left(1), left(2));
}
