//! AWS's Java library and ours on global tables of one lab: each reads what the other wrote. The program of
//! `tests/java` is AWS's MRK keyring and its interceptor, as published. `make java` builds it and runs this;
//! without that nothing is run here.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    clippy::unwrap_used,
    unreachable_pub,
    reason = "tests fail by panicking"
)]

mod bench;
mod clients;
mod compare;
mod items;
mod kinds;
mod program;
mod sdk;
mod table;
mod tampered;

use std::collections::BTreeSet;

use itemseal::{AlgorithmSuite, AttributeValue, Item, ItemDescription};

use bench::{Bench, REGIONS, Side, key_of};
use clients::Client;
use compare::same;
use items::{GROUP, Generator};
use kinds::{KINDS, kinds};
use table::{Action, COUNTER, Key, Table};

/// Items of each table: half of them are written in each Region.
const ITEMS: usize = 60;
const WRITES: [&str; 3] = ["put", "batch_write", "transact_write"];
const KEYS: [Key; 3] = [Key::S, Key::N, Key::B];

#[tokio::test]
async fn each_reads_in_both_regions_what_the_other_wrote_in_either() {
    let Some(bench) = Bench::new() else { return };
    let mut seed = 0;
    for version in [1, 2] {
        for suite in [AlgorithmSuite::HmacOnly, AlgorithmSuite::EcdsaP384] {
            for (writer, reader) in [(Side::Ours, Side::Java), (Side::Java, Side::Ours)] {
                let table = Table {
                    name: format!("Orders-{version}-{:04x}-{writer:?}", suite.id()),
                    version,
                    suite,
                    partition: KEYS[(seed + 1) % 3],
                    sort: KEYS[seed % 3],
                };
                seed += 1;
                let given = generate(&table, seed);
                let (reads, changes) = compare_all(&bench, &table, &given, writer, reader).await;
                println!(
                    "version {version}, suite 0x{:04x}, {writer:?} to {reader:?}: {ITEMS} items written in 2 \
                     Regions, {reads} reads in 2 Regions, {changes} changes of each other's, 0 differences",
                    suite.id()
                );
            }
        }
    }
}

/// Items as they are written and as they must be read, which cover every type.
fn generate(table: &Table, seed: usize) -> Vec<(Item, Item)> {
    let mut generator = Generator::new(seed as u64);
    let items: Vec<_> = (0..ITEMS).map(|n| generator.item(table, n)).collect();
    for wanted in [&[Action::Encrypt][..], &[Action::Sign, Action::Context]] {
        let mut found = BTreeSet::new();
        for (name, _) in table.actions().filter(|(_, action)| wanted.contains(action)) {
            let values = items.iter().flat_map(|(given, read)| [given.get(name), read.get(name)]);
            values.flatten().for_each(|value| kinds(value, 0, &mut found));
        }
        assert_eq!(found, KINDS.into(), "what the items of {} cover", table.name);
    }
    items
}

async fn compare_all(
    bench: &Bench,
    table: &Table,
    items: &[(Item, Item)],
    writer: Side,
    reader: Side,
) -> (usize, usize) {
    bench.create(table).await;
    for (n, group) in items.chunks(GROUP).enumerate() {
        // The groups of the first half in the one Region, of the second half in the other.
        let region = REGIONS[n * 2 * GROUP / ITEMS];
        let writes = bench.client(writer, table, region).await;
        write(&writes, WRITES[n % 3], group).await;
        for (given, _) in group {
            check_stored(bench, table, region, given);
        }
    }
    bench.lab.tables().converge().unwrap();
    let expected: Vec<Item> = items.iter().map(|(_, read)| read.clone()).collect();
    let (mut compared, mut changes) = (0, 0);
    for region in REGIONS {
        let calls = bench.lab.kms().calls(region, "Decrypt");
        let reads = bench.client(reader, table, region).await;
        compared += read_all(&reads, region, &expected).await;
        let calls = bench.lab.kms().calls(region, "Decrypt") - calls;
        assert_eq!(calls, 5 * ITEMS as u64, "each reads with the key of its Region, {region}");
    }
    for (region, items) in REGIONS.into_iter().zip(expected.chunks(GROUP / 2)) {
        let writes = bench.client(writer, table, region).await;
        let reads = bench.client(reader, table, region).await;
        for item in items {
            changes += change(&writes, &reads, item).await;
        }
    }
    (compared, changes)
}

async fn write(client: &Client, op: &str, group: &[(Item, Item)]) {
    let given: Vec<Item> = group.iter().map(|(given, _)| given.clone()).collect();
    let one_call = if op == "put" { 1 } else { GROUP };
    for items in given.chunks(one_call) {
        same(op, &client.run(op, items).await.unwrap(), &[]);
    }
}

/// Version, suite and key, and that nothing is in clear that should not be.
fn check_stored(bench: &Bench, table: &Table, region: &str, given: &Item) {
    let stored = bench.stored(table, region, given);
    let description = ItemDescription::of(&stored).unwrap();
    assert_eq!(
        (description.format_version(), description.suite()),
        (table.version, table.suite),
        "{}",
        table.name
    );
    let keys: Vec<_> = description.edks().iter().map(|edk| edk.provider_info().to_vec()).collect();
    assert_eq!(keys, [bench.replica_arn(region).into_bytes()]);
    let encrypted = table.actions().filter(|(_, action)| *action == Action::Encrypt);
    let encrypted: Vec<_> =
        encrypted.map(|(name, _)| name).filter(|name| given.get(name).is_some()).collect();
    assert_eq!(description.encrypted_attributes(), encrypted.len());
    for name in encrypted {
        assert!(stored.get(name).unwrap().as_b().is_some(), "{name:?} is encrypted");
        assert_ne!(stored.get(name), given.get(name));
    }
}

/// Every item by every operation that reads.
async fn read_all(client: &Client, region: &str, expected: &[Item]) -> usize {
    let keys: Vec<Item> = expected.iter().map(key_of).collect();
    for (group, keys) in expected.chunks(GROUP).zip(keys.chunks(GROUP)) {
        for (item, key) in group.iter().zip(keys.chunks(1)) {
            let got = client.run("get", key).await.unwrap();
            same(&format!("get in {region}"), &got, std::slice::from_ref(item));
        }
        for op in ["batch_get", "transact_get", "query"] {
            let got = client.run(op, keys).await.unwrap();
            same(&format!("{op} in {region}"), &got, group);
        }
    }
    let got = client.run("scan", &[]).await.unwrap();
    same(&format!("scan in {region}"), &got, expected);
    5 * expected.len()
}

/// Each changes, replaces or deletes what the other wrote, four times, and the other sees it.
async fn change(writer: &Client, reader: &Client, item: &Item) -> usize {
    let key = [key_of(item)];
    let counted = match item.get(COUNTER) {
        Some(AttributeValue::N(count)) => count.parse::<u64>().unwrap() + 1,
        _ => 1,
    };
    let counted = [item.clone().with(COUNTER, AttributeValue::N(counted.to_string()))];
    same("add", &reader.run("add", &key).await.unwrap(), &counted);
    same("what the other added", &writer.run("get", &key).await.unwrap(), &counted);
    let replaced = [item.clone().with("Card", "5500").with("Status", "Lost")];
    same("put over the other's", &reader.run("put", &replaced).await.unwrap(), &counted);
    same("what the other put", &writer.run("get", &key).await.unwrap(), &replaced);
    same("delete of the other's", &writer.run("delete", &key).await.unwrap(), &replaced);
    same("what the other deleted", &reader.run("get", &key).await.unwrap(), &[]);
    // Back as it was, from the side that wrote it first.
    same("put", &writer.run("put", std::slice::from_ref(item)).await.unwrap(), &[]);
    same("delete", &reader.run("delete", &key).await.unwrap(), std::slice::from_ref(item));
    4
}
