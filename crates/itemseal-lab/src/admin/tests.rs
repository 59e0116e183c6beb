use itemseal::Item;

use super::*;
use crate::clock::ManualClock;
use crate::faults::{Fault, Service, Verdict};

const US: &str = "us-east-1";
const EU: &str = "eu-west-1";

fn lab() -> Lab {
    let clock = ManualClock::new(1_000_000);
    let lab = Lab::builder().regions([US, EU]).clock(clock).seed(1).build().unwrap();
    lab.tables().create_table(US, "Orders", "id", None).unwrap();
    lab.tables().add_replica("Orders", EU).unwrap();
    lab
}

fn call(lab: &Lab, request: &str, body: Value) -> (u16, Value) {
    let (method, path) = request.split_once(' ').unwrap();
    let body = if body.is_null() { Vec::new() } else { serde_json::to_vec(&body).unwrap() };
    admin(lab, method, path, &body)
}

#[test]
fn status_shows_what_is_there() {
    let lab = lab();
    lab.kms().create_key(EU, true, "").unwrap();
    lab.tables().create_table(EU, "Local", "id", None).unwrap();
    lab.faults().add(Fault::lag(US, EU, std::time::Duration::from_millis(5))).unwrap();
    lab.region(US).unwrap().put("Orders", Item::new().with("id", "1")).unwrap();
    let (status, body) = call(&lab, "GET /_lab/status?pretty", Value::Null);
    assert_eq!(status, 200);
    let expected = json!({
        "regions": [
            {"name": EU, "tables": [
                {"name": "Local", "replicas": [EU]}, {"name": "Orders", "replicas": [EU, US]},
            ]},
            {"name": US, "tables": [{"name": "Orders", "replicas": [EU, US]}]},
        ],
        "waiting": [{"from": US, "to": EU, "changes": 1}],
        "next_delivery_at_us": 1_005_000,
        "kms_calls": [{"region": EU, "operation": "CreateKey", "calls": 1}],
        "faults": [{"id": 1, "fault": "lag", "from": US, "to": EU, "delay": {"fixed_ms": 5}}],
        "clock": {"now_us": 1_000_000, "manual": true},
        "dir": null,
    });
    assert_eq!(body, expected);
}

#[test]
fn faults_are_set_listed_and_ended() {
    let lab = lab();
    let decrypt = || lab.faults().before(Service::Kms, US, "Decrypt");
    let outage = json!({"fault": "outage", "region": US});
    assert_eq!(call(&lab, "POST /_lab/faults", outage), (201, json!({"id": 1})));
    let skew = json!({"fault": "skew", "region": EU, "by_ms": 3});
    assert_eq!(call(&lab, "POST /_lab/faults", skew), (201, json!({"id": 2})));
    assert_eq!(decrypt(), Verdict::Refuse);
    let (_, listed) = call(&lab, "GET /_lab/faults", Value::Null);
    assert_eq!(listed["faults"][1], json!({"id": 2, "fault": "skew", "region": EU, "by_ms": 3}));
    assert_eq!(call(&lab, "DELETE /_lab/faults/1", Value::Null), (200, json!({})));
    assert_eq!(decrypt(), Verdict::Proceed);
    assert_eq!(call(&lab, "DELETE /_lab/faults/1", Value::Null).0, 404);
    assert_eq!(call(&lab, "DELETE /_lab/faults", Value::Null), (200, json!({})));
    assert_eq!(lab.faults().list(), []);
}

#[test]
fn replication_is_driven_and_says_what_holds_it_up() {
    let lab = lab();
    let put = |id: &str| lab.region(US).unwrap().put("Orders", Item::new().with("id", id)).unwrap();
    put("1");
    put("2");
    put("3");
    let one = (200, json!({"applied": 1, "superseded": 0}));
    assert_eq!(call(&lab, "POST /_lab/deliver", Value::Null), one);
    let two = json!({"from": US, "to": EU, "most": 9});
    assert_eq!(call(&lab, "POST /_lab/deliver", two).1["applied"], 2);
    assert_eq!(call(&lab, "POST /_lab/deliver", json!({"from": US})).0, 400);
    assert_eq!(call(&lab, "POST /_lab/deliver", json!({"from": US, "to": "x"})).0, 400);
    call(&lab, "POST /_lab/faults", json!({"fault": "partition", "region": US}));
    put("4");
    let (status, body) = call(&lab, "POST /_lab/converge", Value::Null);
    assert_eq!((status, &body["cut_off"][0]["changes"]), (409, &json!(1)));
    call(&lab, "DELETE /_lab/faults", Value::Null);
    let lag = json!({"fault": "lag", "delay": {"fixed_ms": 200}});
    call(&lab, "POST /_lab/faults", lag);
    let (status, body) = call(&lab, "POST /_lab/converge", Value::Null);
    assert_eq!((status, &body["next_delivery_at_us"]), (409, &json!(1_200_000)));
    let advanced = call(&lab, "POST /_lab/clock/advance", json!({"by_ms": 200}));
    assert_eq!(advanced, (200, json!({"now_us": 1_200_000})));
    assert_eq!(call(&lab, "POST /_lab/converge", Value::Null).1["applied"], 1);
}

#[test]
fn reset_leaves_an_empty_lab_with_its_keys() {
    let lab = lab();
    let key = lab.kms().create_key(EU, true, "").unwrap();
    lab.region(US).unwrap().put("Orders", Item::new().with("id", "1")).unwrap();
    let protect = json!({"TableName": "Orders", "DeletionProtectionEnabled": true});
    lab.region(US).unwrap().execute("UpdateTable", protect).unwrap();
    lab.faults().add(Fault::outage(US)).unwrap();
    assert_eq!(call(&lab, "POST /_lab/reset", Value::Null), (200, json!({})));
    assert_eq!(lab.region(US).unwrap().table_names().unwrap(), [""; 0]);
    assert_eq!(lab.region(EU).unwrap().table_names().unwrap(), [""; 0]);
    assert_eq!(lab.tables().waiting().unwrap(), []);
    assert_eq!((lab.faults().list().len(), lab.kms().total_calls()), (0, 0));
    lab.kms().describe_key(EU, &key.key_id).unwrap();
    // The name is free, and has no past.
    lab.tables().create_table(EU, "Orders", "id", None).unwrap();
    let version = lab.region(EU).unwrap().version("Orders", &Item::new().with("id", "1")).unwrap();
    assert_eq!(version, None);
}

#[test]
fn what_is_not_understood_is_said() {
    let lab = lab();
    let message = |request: &str, body| {
        let (status, body) = call(&lab, request, body);
        (status, body["message"].as_str().unwrap().to_owned())
    };
    assert_eq!(message("GET /_lab/nothing", Value::Null).0, 404);
    assert_eq!(message("GET /", Value::Null).0, 404);
    assert_eq!(message("PUT /_lab/faults", Value::Null).0, 405);
    assert_eq!(message("GET /_lab/clock/advance", Value::Null).0, 405);
    let (status, says) = message("POST /_lab/faults", json!({"fault": "flood"}));
    assert!(status == 400 && says.contains("unknown variant `flood`"), "{says}");
    let wrong = json!({"fault": "outage", "region": "US East"});
    let (status, says) = message("POST /_lab/faults", wrong);
    assert!(status == 400 && says.contains("US East"), "{says}");
    assert_eq!(message("DELETE /_lab/faults/x", Value::Null).0, 400);
    let machine = Lab::builder().regions([US]).build().unwrap();
    let (status, _) = call(&machine, "POST /_lab/clock/advance", json!({"by_ms": 1}));
    assert_eq!(status, 409);
}

#[test]
fn items_expire_in_one_region_or_in_all() {
    let lab = lab();
    let ttl = json!({"TableName": "Orders",
        "TimeToLiveSpecification": {"AttributeName": "until", "Enabled": true}});
    lab.region(US).unwrap().execute("UpdateTimeToLive", ttl).unwrap();
    lab.region(US).unwrap().put("Orders", Item::new().with("id", "1").with("until", 1)).unwrap();
    lab.tables().converge().unwrap();
    call(&lab, "POST /_lab/clock/advance", json!({"by_ms": 60_000}));
    let expire = "POST /_lab/expire";
    assert_eq!(call(&lab, expire, json!({"region": EU})), (200, json!({"expired": 1})));
    assert_eq!(call(&lab, expire, Value::Null), (200, json!({"expired": 1})));
    assert_eq!(call(&lab, expire, Value::Null), (200, json!({"expired": 0})));
    assert_eq!(call(&lab, expire, json!({"region": "eu-west-3"})).0, 400);
    assert_eq!(call(&lab, "GET /_lab/expire", Value::Null).0, 405);
}

#[test]
fn a_write_is_under_way_until_it_is_ended() {
    let lab = lab();
    let key = json!({"id": {"S": "1"}});
    let begin = |region: &str| json!({"region": region, "table": "Orders", "key": key});
    let writes = "POST /_lab/writes";
    assert_eq!(call(&lab, writes, begin(US)), (201, json!({"id": 1})));
    assert_eq!(call(&lab, writes, begin(EU)).0, 400, "it is another Region's");
    assert_eq!(call(&lab, "DELETE /_lab/writes/1", Value::Null), (200, json!({})));
    assert_eq!(call(&lab, "DELETE /_lab/writes/1", Value::Null).0, 404);
    assert_eq!(call(&lab, "DELETE /_lab/writes/x", Value::Null).0, 400);
    assert_eq!(call(&lab, writes, begin(EU)), (201, json!({"id": 2})));
    call(&lab, "POST /_lab/reset", Value::Null);
    assert_eq!(call(&lab, "DELETE /_lab/writes/2", Value::Null).0, 404);
    assert_eq!(call(&lab, writes, json!({"region": US, "table": "Orders", "key": 1})).0, 400);
}
