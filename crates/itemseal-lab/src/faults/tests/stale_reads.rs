use super::*;

fn consistent(b: &Bench, id: &str) -> Option<String> {
    let request = json!({"TableName": T, "Key": {"id": {"S": id}}, "ConsistentRead": true});
    let got = b.execute(US, "GetItem", request);
    got.pointer("/Item/value/S").and_then(Value::as_str).map(str::to_owned)
}

#[test]
fn an_eventually_consistent_get_sees_what_was_and_a_consistent_one_what_is() {
    let b = bench();
    b.put(US, "a", "0");
    b.advance(1_000);
    b.add(Fault::stale_reads(US, ms(200)));
    b.put(US, "a", "1");
    b.put(US, "new", "1");
    assert_eq!((b.get(US, "a"), b.get(US, "new")), (some("0"), None));
    assert_eq!((consistent(&b, "a"), consistent(&b, "new")), (some("1"), some("1")));
    b.advance(100);
    b.put(US, "a", "2");
    b.region(US).delete(T, Item::new().with("id", "new")).unwrap();
    assert_eq!(b.get(US, "a"), some("0"));
    b.advance(100);
    // 200 ms after the first write that is seen, and the second is not.
    assert_eq!((b.get(US, "a"), b.get(US, "new")), (some("1"), some("1")));
    b.advance(100);
    assert_eq!((b.get(US, "a"), b.get(US, "new")), (some("2"), None));
}

#[test]
fn only_the_region_with_the_fault_is_stale_and_only_while_it_has_it() {
    let b = bench();
    let id = b.add(Fault::stale_reads(US, ms(200)));
    b.put(EU, "a", "1");
    assert_eq!(b.get(EU, "a"), some("1"));
    b.lab.tables().converge().unwrap();
    assert_eq!(b.get(US, "a"), None, "what arrives from another Region is a write as well");
    b.lab.faults().remove(id);
    assert_eq!(b.get(US, "a"), some("1"));
}

#[test]
fn looking_back_changes_nothing() {
    let b = bench();
    b.add(Fault::stale_reads(US, ms(200)));
    b.put(US, "a", "1");
    let key = Item::new().with("id", "a");
    let before = (b.region(US).version(T, &key).unwrap(), b.lab.tables().waiting().unwrap());
    assert_eq!(b.get(US, "a"), None);
    assert_eq!(before, (b.region(US).version(T, &key).unwrap(), b.lab.tables().waiting().unwrap()));
    assert_eq!(consistent(&b, "a"), some("1"));
    // A read that fails leaves nothing behind either.
    b.region(US).get("Missing", key.clone()).unwrap_err();
    b.region(US).get(T, Item::new()).unwrap_err();
    b.put(US, "b", "1");
    assert_eq!(consistent(&b, "b"), some("1"));
}

#[test]
fn batches_queries_and_scans_are_stale_too() {
    let b = bench();
    b.put(US, "a", "0");
    b.add(Fault::stale_reads(US, ms(200)));
    b.put(US, "a", "1");
    b.put(US, "b", "1");
    let keys = json!([{"id": {"S": "a"}}, {"id": {"S": "b"}}]);
    let batch = |consistent: bool| {
        let of = json!({"Keys": keys, "ConsistentRead": consistent, "ProjectionExpression": "id"});
        let got = b.execute(US, "BatchGetItem", json!({"RequestItems": {T: of}}));
        got["Responses"][T].as_array().unwrap().len()
    };
    assert_eq!((batch(false), batch(true)), (1, 2));
    let query = |consistent: bool| {
        let request = json!({"TableName": T, "KeyConditionExpression": "id = :a",
            "ExpressionAttributeValues": {":a": {"S": "a"}}, "ConsistentRead": consistent});
        b.execute(US, "Query", request)["Items"][0]["value"]["S"].as_str().unwrap().to_owned()
    };
    assert_eq!((query(false), query(true)), ("0".to_owned(), "1".to_owned()));
    let scan = |consistent: bool| {
        let request = json!({"TableName": T, "ConsistentRead": consistent});
        b.execute(US, "Scan", request)["Count"].as_u64().unwrap()
    };
    assert_eq!((scan(false), scan(true)), (1, 2));
}

#[test]
fn a_table_made_anew_has_no_past() {
    let b = bench();
    b.add(Fault::stale_reads(US, ms(200)));
    b.put(US, "a", "old");
    b.put(US, "a", "older");
    b.lab.tables().remove_replica(T, US).unwrap();
    b.lab.tables().create_table(US, T, "id", None).unwrap();
    assert_eq!(b.get(US, "a"), None);
}

#[test]
fn a_share_of_the_reads_can_be_stale() {
    let reads = |seed| {
        let b = seeded(seed);
        b.add(Fault::StaleReads { region: US.into(), by: ms(200), share: 0.25 });
        b.put(US, "a", "1");
        (0..400).map(|_| b.get(US, "a").is_none()).collect::<Vec<_>>()
    };
    let stale = reads(1).iter().filter(|stale| **stale).count();
    assert!((70..130).contains(&stale), "{stale}");
    assert_eq!(reads(1), reads(1));
    assert_ne!(reads(1), reads(2));
}

#[test]
fn what_the_longest_of_several_needs_is_kept_though_the_last_counts() {
    let b = bench();
    b.put(US, "a", "1");
    b.add(Fault::stale_reads(US, ms(500)));
    let short = b.add(Fault::stale_reads(US, ms(50)));
    b.advance(1_000);
    b.put(US, "a", "2");
    b.advance(100);
    b.put(US, "b", "1");
    assert_eq!((b.get(US, "a"), b.get(US, "b")), (some("2"), None));
    b.lab.faults().remove(short);
    assert_eq!(b.get(US, "a"), some("1"));
}
