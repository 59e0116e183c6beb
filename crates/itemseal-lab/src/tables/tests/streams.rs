use serde_json::json;

use super::*;
use crate::faults::Faults;
use crate::tables::Setup;

const KEPT: u32 = 20;

fn bench_keeping(records: u32) -> Bench {
    let clock = ManualClock::default();
    let shared: Arc<dyn Clock> = Arc::new(clock.clone());
    let setup = Setup { stream_records_kept: records, ..Setup::in_memory(Faults::new(shared, 0)) };
    let tables = Tables::open([US, EU], setup).unwrap();
    tables.create_table(US, T, "id", None).unwrap();
    Bench { tables, clock }
}

fn count(b: &Bench, region: &str, table: &str) -> i64 {
    let database = b.tables.database(region).unwrap();
    let database = database.lock();
    let sql = format!("SELECT COUNT(*) FROM {table}");
    database.storage.conn().query_row(&sql, [], |row| row.get(0)).unwrap()
}

#[test]
fn stream_records_are_trimmed_so_that_a_write_costs_the_same_however_many_came_before() {
    let b = bench_keeping(KEPT);
    b.tables.add_replica(T, EU).unwrap();
    for n in 0..200 {
        b.put(US, "a", &n.to_string());
        b.converge();
    }
    assert_eq!(count(&b, US, "_stream_records"), i64::from(KEPT));
    assert_eq!(count(&b, EU, "_stream_records"), i64::from(KEPT));
    assert_eq!(count(&b, US, "lab$waiting"), 0);
    assert_eq!(count(&b, US, "lab$versions"), 1);
}

#[test]
fn the_engines_search_for_the_last_stream_record_uses_our_index() {
    let b = bench_keeping(KEPT);
    let database = b.tables.database(US).unwrap();
    let database = database.lock();
    let plan: String = database
        .storage
        .conn()
        .query_row(
            "EXPLAIN QUERY PLAN
             SELECT COALESCE(MAX(CAST(sequence_number AS INTEGER)), 0) + 1
             FROM _stream_records WHERE table_name = ?1",
            [T],
            |row| row.get(3),
        )
        .unwrap();
    assert!(plan.starts_with("SEARCH") && plan.contains("lab$stream_order"), "{plan}");
}

#[test]
fn stream_records_are_kept_for_a_day() {
    let b = bench_keeping(1_000);
    b.tables.add_replica(T, EU).unwrap();
    b.put(US, "a", "1");
    b.advance(86_400 * 1_000_000);
    b.put(US, "a", "2");
    assert_eq!(count(&b, US, "_stream_records"), 2);
    b.advance(1_000_000);
    b.put(US, "a", "3");
    assert_eq!(count(&b, US, "_stream_records"), 2);
}

#[test]
fn a_global_tables_streams_are_on_in_every_region_and_show_what_arrived() {
    let b = bench_keeping(1_000);
    assert_eq!(count(&b, US, "_tables WHERE stream_enabled"), 0);
    b.tables.add_replica(T, EU).unwrap();
    b.put(US, "a", "1");
    b.converge();
    let eu = b.region(EU);
    let streams = eu.execute("ListStreams", json!({"TableName": T})).unwrap();
    let arn = streams["Streams"][0]["StreamArn"].as_str().unwrap().to_owned();
    let described = eu.execute("DescribeStream", json!({"StreamArn": arn})).unwrap();
    let shard = &described["StreamDescription"]["Shards"][0]["ShardId"];
    let start = json!({"StreamArn": arn, "ShardId": shard, "ShardIteratorType": "TRIM_HORIZON"});
    let iterator = eu.execute("GetShardIterator", start).unwrap();
    let records = eu.execute("GetRecords", iterator).unwrap();
    assert_eq!(records["Records"][0]["dynamodb"]["NewImage"]["value"]["S"], "1");
}

#[test]
fn replication_does_not_need_a_stream() {
    let b = bench_keeping(KEPT);
    b.tables.add_replica(T, EU).unwrap();
    // Behind the back of the global table, which refuses this.
    let off = json!({"TableName": T, "StreamSpecification": {"StreamEnabled": false}});
    b.region(US).update_table(serde_json::from_value(off.clone()).unwrap()).unwrap();
    assert_eq!(code(b.region(US).execute("UpdateTable", off)), "ValidationException");
    b.put(US, "a", "1");
    b.converge();
    assert_eq!(b.get(EU, "a"), some("1"));
}
