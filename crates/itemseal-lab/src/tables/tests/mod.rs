//! Global tables: conflicts, cuts, replicas, and what every operation does to them.

mod concurrency;
mod conflicts;
mod history;
mod operations;
mod partitions;
mod replicas;
mod restart;
mod streams;

use std::sync::Arc;

use itemseal::{AttributeValue, Item};

use super::{KeyAttribute, Region, ReplicationError, TableError, Tables, Version, Waiting};
use crate::clock::{Clock, ManualClock};

const US: &str = "us-east-1";
const EU: &str = "eu-west-1";
const AP: &str = "ap-northeast-1";
const T: &str = "Orders";

/// Regions with one global table, partition key `id`, on a clock that stands still.
struct Bench {
    tables: Tables,
    clock: ManualClock,
}

fn bench(regions: &[&str]) -> Bench {
    let clock = ManualClock::default();
    let shared: Arc<dyn Clock> = Arc::new(clock.clone());
    let tables = Tables::in_memory(regions.iter().copied(), &shared).unwrap();
    tables.create_table(regions[0], T, "id", None).unwrap();
    for region in &regions[1..] {
        tables.add_replica(T, region).unwrap();
    }
    Bench { tables, clock }
}

impl Bench {
    fn region(&self, name: &str) -> Region {
        self.tables.region(name).unwrap()
    }

    fn put(&self, region: &str, id: &str, value: &str) -> Version {
        self.region(region).put(T, item(id, value)).unwrap();
        self.version(region, id)
    }

    fn delete(&self, region: &str, id: &str) -> Version {
        self.region(region).delete(T, key(id)).unwrap();
        self.version(region, id)
    }

    fn get(&self, region: &str, id: &str) -> Option<String> {
        let item = self.region(region).get(T, key(id)).unwrap()?;
        item.get("value").and_then(AttributeValue::as_s).map(str::to_owned)
    }

    fn version(&self, region: &str, id: &str) -> Version {
        self.region(region).version(T, &key(id)).unwrap().unwrap()
    }

    /// What each Region has for `id`.
    fn everywhere(&self, id: &str) -> Vec<Option<String>> {
        self.tables.regions().map(|region| self.get(&region, id)).collect()
    }

    fn advance(&self, micros: u64) {
        self.clock.advance(std::time::Duration::from_micros(micros));
    }

    fn converge(&self) {
        self.tables.converge().unwrap();
    }
}

fn key(id: &str) -> Item {
    Item::new().with("id", id)
}

fn item(id: &str, value: &str) -> Item {
    key(id).with("value", value)
}

fn some(value: &str) -> Option<String> {
    Some(value.to_owned())
}

fn code<A: std::fmt::Debug>(result: Result<A, TableError>) -> String {
    result.unwrap_err().code().to_owned()
}
