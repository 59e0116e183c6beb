//! Faults: what each does, and that a seed decides it.

mod batches;
mod decisions;
mod lag;
mod stale_reads;

use std::time::Duration;

use itemseal::{AttributeValue, ErrorKind, Item};
use serde_json::{Value, json};

use super::*;
use crate::Lab;
use crate::clock::ManualClock;
use crate::tables::Region;

const US: &str = "us-east-1";
const EU: &str = "eu-west-1";
const AP: &str = "ap-northeast-1";
const T: &str = "Orders";

/// A global table `Orders` with partition key `id`, on a clock that stands still.
struct Bench {
    lab: Lab,
    clock: ManualClock,
}

fn bench() -> Bench {
    seeded(1)
}

fn seeded(seed: u64) -> Bench {
    let clock = ManualClock::default();
    let lab = Lab::builder().regions([US, EU, AP]).clock(clock.clone()).seed(seed).build().unwrap();
    lab.tables().create_table(US, T, "id", None).unwrap();
    lab.tables().add_replica(T, EU).unwrap();
    lab.tables().add_replica(T, AP).unwrap();
    Bench { lab, clock }
}

impl Bench {
    fn add(&self, fault: Fault) -> FaultId {
        self.lab.faults().add(fault).unwrap()
    }

    fn region(&self, name: &str) -> Region {
        self.lab.region(name).unwrap()
    }

    fn put(&self, region: &str, id: &str, value: &str) {
        let item = Item::new().with("id", id).with("value", value);
        self.region(region).put(T, item).unwrap();
    }

    fn get(&self, region: &str, id: &str) -> Option<String> {
        let item = self.region(region).get(T, Item::new().with("id", id)).unwrap()?;
        item.get("value").and_then(AttributeValue::as_s).map(str::to_owned)
    }

    fn execute(&self, region: &str, operation: &str, request: Value) -> Value {
        self.region(region).execute(operation, request).unwrap()
    }

    fn advance(&self, millis: u64) {
        self.clock.advance(ms(millis));
    }
}

fn ms(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

fn some(value: &str) -> Option<String> {
    Some(value.to_owned())
}
