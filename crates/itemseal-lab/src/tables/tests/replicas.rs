use super::*;

#[test]
fn a_new_replica_gets_all_items_with_their_versions() {
    let b = bench(&[US]);
    let shared: Arc<dyn Clock> = Arc::new(b.clock.clone());
    let tables = Tables::in_memory([US, EU, AP], &shared).unwrap();
    let b = Bench { tables, clock: b.clock };
    b.tables.create_table(US, T, "id", None).unwrap();
    for n in 0..50 {
        b.region(US).put(T, item(&n.to_string(), "x")).unwrap();
    }
    // Until the table is a global one, its items have no versions.
    assert_eq!(b.region(US).version(T, &key("3")).unwrap(), None);
    b.tables.add_replica(T, AP).unwrap();
    let deleted = b.delete(US, "7");
    b.converge();
    b.tables.add_replica(T, EU).unwrap();
    let ids = |region| {
        let mut ids: Vec<String> = b
            .region(region)
            .scan_all(T)
            .unwrap()
            .iter()
            .filter_map(|item| item.get("id").and_then(AttributeValue::as_s).map(str::to_owned))
            .collect();
        ids.sort();
        ids
    };
    assert_eq!(ids(US).len(), 49);
    assert_eq!(ids(US), ids(EU));
    assert_eq!(b.version(EU, "3"), b.version(US, "3"));
    assert_eq!(b.version(EU, "7"), deleted, "also of what was deleted");
    assert_eq!(b.tables.waiting().unwrap(), [], "copied, not sent back");
    assert_eq!(b.tables.replicas(EU, T).unwrap(), [AP, EU, US]);
    // The first versions are those of the Region that had the table, and later writes win over them.
    assert_eq!(b.version(AP, "3").region, US);
    b.put(EU, "3", "later");
    b.converge();
    assert_eq!(b.everywhere("3"), [some("later"), some("later"), some("later")]);
}

#[test]
fn a_new_replica_gets_what_the_source_has_not_got_yet() {
    let clock = ManualClock::default();
    let shared: Arc<dyn Clock> = Arc::new(clock.clone());
    let b = Bench { tables: Tables::in_memory([US, EU, AP], &shared).unwrap(), clock };
    b.tables.create_table(US, T, "id", None).unwrap();
    b.tables.add_replica(T, EU).unwrap();
    b.put(EU, "a", "on its way to us-east-1");
    b.tables.add_replica_from(US, T, AP).unwrap();
    assert_eq!(b.get(AP, "a"), None);
    b.converge();
    assert_eq!(b.everywhere("a"), vec![some("on its way to us-east-1"); 3]);
    b.put(AP, "b", "1");
    b.put(EU, "c", "1");
    b.converge();
    assert_eq!((b.everywhere("b"), b.everywhere("c")), (vec![some("1"); 3], vec![some("1"); 3]));
}

#[test]
fn a_replica_has_the_keys_and_indexes_of_the_table() {
    let clock = ManualClock::default();
    let shared: Arc<dyn Clock> = Arc::new(clock);
    let tables = Tables::in_memory([US, EU], &shared).unwrap();
    let definition = serde_json::json!({
        "TableName": T, "BillingMode": "PAY_PER_REQUEST",
        "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"},
                      {"AttributeName": "line", "KeyType": "RANGE"}],
        "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"},
            {"AttributeName": "line", "AttributeType": "N"},
            {"AttributeName": "state", "AttributeType": "S"}],
        "GlobalSecondaryIndexes": [{"IndexName": "by-state",
            "KeySchema": [{"AttributeName": "state", "KeyType": "HASH"}],
            "Projection": {"ProjectionType": "ALL"}}],
    });
    let us = tables.region(US).unwrap();
    us.execute("CreateTable", definition).unwrap();
    us.put(T, key("a").with("line", 1_i64).with("state", "new")).unwrap();
    tables.add_replica(T, EU).unwrap();
    us.put(T, key("a").with("line", 2_i64).with("state", "new")).unwrap();
    tables.converge().unwrap();
    let query = serde_json::json!({
        "TableName": T, "IndexName": "by-state", "Limit": 1,
        "KeyConditionExpression": "#s = :s", "ExpressionAttributeNames": {"#s": "state"},
        "ExpressionAttributeValues": {":s": {"S": "new"}},
    });
    let eu = tables.region(EU).unwrap();
    assert_eq!(eu.query_all(query).unwrap().len(), 2, "over two pages");
    us.delete(T, key("a").with("line", 1_i64)).unwrap();
    tables.converge().unwrap();
    assert_eq!(eu.scan_all(T).unwrap().len(), 1);
}

#[test]
fn a_region_that_has_the_table_gets_no_replica() {
    let b = bench(&[US, EU]);
    assert_eq!(code(b.tables.add_replica(T, EU)), "ValidationException");
    assert_eq!(code(b.tables.add_replica("NoTable", EU)), "ResourceNotFoundException");
    assert_eq!(code(b.tables.add_replica_from(US, "NoTable", EU)), "ResourceNotFoundException");
    let again = b.tables.create_table(US, T, "id", None);
    assert_eq!(code(again), "ResourceInUseException");
}

#[test]
fn a_region_that_is_cut_off_gets_no_replica() {
    let clock = ManualClock::default();
    let shared: Arc<dyn Clock> = Arc::new(clock);
    let tables = Tables::in_memory([US, EU], &shared).unwrap();
    tables.create_table(US, T, "id", None).unwrap();
    tables.cut(EU).unwrap();
    assert_eq!(code(tables.add_replica(T, EU)), "ValidationException");
    assert_eq!(tables.replicas(US, T).unwrap(), [US]);
    tables.heal(EU).unwrap();
    tables.add_replica(T, EU).unwrap();
}

#[test]
fn a_removed_replica_is_gone_and_its_writes_are_not() {
    let b = bench(&[US, EU, AP]);
    b.put(EU, "a", "written before it went");
    b.put(US, "b", "1");
    b.tables.remove_replica(T, EU).unwrap();
    assert_eq!(code(b.region(EU).get(T, key("a"))), "ResourceNotFoundException");
    assert_eq!(b.tables.replicas(US, T).unwrap(), [AP, US]);
    b.converge();
    assert_eq!(b.get(US, "a"), some("written before it went"));
    assert_eq!(b.get(AP, "b"), some("1"));
    b.tables.add_replica(T, EU).unwrap();
    b.put(EU, "c", "1");
    b.converge();
    assert_eq!(b.everywhere("a"), vec![some("written before it went"); 3]);
    assert_eq!(b.everywhere("c"), vec![some("1"); 3]);
    assert_eq!(code(b.tables.remove_replica("NoTable", EU)), "ResourceNotFoundException");
}

#[test]
fn tables_without_replicas_stay_where_they_are() {
    let b = bench(&[US, EU]);
    b.tables.create_table(US, "Local", "id", None).unwrap();
    b.region(US).put("Local", item("a", "1")).unwrap();
    assert_eq!(b.tables.waiting().unwrap(), []);
    assert_eq!(code(b.region(EU).get("Local", key("a"))), "ResourceNotFoundException");
}

#[test]
fn what_a_removed_replica_wrote_last_reaches_replicas_that_are_added_later() {
    for come_back in [false, true] {
        let clock = ManualClock::default();
        let shared: Arc<dyn Clock> = Arc::new(clock.clone());
        let b = Bench { tables: Tables::in_memory([US, EU, AP], &shared).unwrap(), clock };
        b.tables.create_table(US, T, "id", None).unwrap();
        b.tables.add_replica(T, EU).unwrap();
        b.put(EU, "a", "the last");
        b.tables.remove_replica(T, EU).unwrap();
        if come_back {
            b.tables.add_replica_from(US, T, EU).unwrap();
            b.converge();
            assert_eq!((b.get(US, "a"), b.get(EU, "a")), (some("the last"), some("the last")));
        } else {
            b.tables.add_replica_from(US, T, AP).unwrap();
            b.converge();
            assert_eq!((b.get(US, "a"), b.get(AP, "a")), (some("the last"), some("the last")));
        }
    }
}

#[test]
fn nothing_is_on_its_way_to_a_table_that_was_deleted() {
    let b = bench(&[US, EU, AP]);
    b.put(EU, "a", "1");
    b.tables.remove_replica(T, EU).unwrap();
    b.tables.remove_replica(T, US).unwrap();
    assert_eq!(b.tables.pending(EU, US).unwrap(), []);
    b.converge();
    assert_eq!(b.get(AP, "a"), some("1"));
    assert_eq!(b.tables.replicas(AP, T).unwrap(), [AP]);
}
