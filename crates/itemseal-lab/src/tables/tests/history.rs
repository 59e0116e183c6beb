//! Random histories, and a checker of what must hold after each.
//!
//! Three Regions write, are cut off and healed, run fast and slow, and deliver a little. Then all is
//! healed and converges. The checker knows every acknowledged write with the version that its Region
//! gave it at once, before any other Region had a say.

use std::collections::BTreeMap;

use serde_json::json;

use super::*;
use crate::entropy::{Entropy, SeededEntropy};
use crate::faults::Faults;
use crate::tables::Setup;
use crate::tables::version::{Merge, last_writer_wins};

const SEEDS: u64 = 50;
const STEPS: u32 = 200;
const KEYS: u64 = 12;
const REGIONS: [&str; 3] = [AP, EU, US];

/// An acknowledged write: its version, and the value; none for a delete.
type Write = (Version, Option<String>);

struct History {
    bench: Bench,
    random: SeededEntropy,
    writes: BTreeMap<String, Vec<Write>>,
    last: BTreeMap<String, i64>,
    values: u64,
}

impl History {
    fn new(seed: u64, merge: Merge) -> Self {
        let clock = ManualClock::default();
        let shared: Arc<dyn Clock> = Arc::new(clock.clone());
        let setup =
            Setup { merge, stream_records_kept: 100, ..Setup::in_memory(Faults::new(shared, 0)) };
        let tables = Tables::open(REGIONS, setup).unwrap();
        tables.create_table(AP, T, "id", None).unwrap();
        let bench = Bench { tables, clock };
        bench.tables.add_replica(T, EU).unwrap();
        bench.tables.add_replica(T, US).unwrap();
        let random = SeededEntropy::new(seed);
        Self { bench, random, writes: BTreeMap::new(), last: BTreeMap::new(), values: 0 }
    }

    fn below(&self, limit: u64) -> u64 {
        let mut bytes = [0; 8];
        self.random.fill(&mut bytes).unwrap();
        u64::from_be_bytes(bytes) % limit
    }

    fn region(&self) -> &'static str {
        REGIONS[usize::try_from(self.below(3)).unwrap()]
    }

    fn key(&self) -> String {
        format!("k{}", self.below(KEYS))
    }

    fn value(&mut self) -> String {
        self.values += 1;
        format!("v{}", self.values)
    }

    /// Runs a write of one item and notes what was acknowledged.
    fn write(&mut self, region: &str, id: &str, value: Option<String>, run: impl FnOnce(&Bench)) {
        let seen = self.bench.region(region).version(T, &key(id)).unwrap();
        run(&self.bench);
        let version = self.bench.version(region, id);
        assert_eq!(version.region, region);
        assert!(seen.is_none_or(|seen| seen < version), "a write must win over what it has seen");
        let last = self.last.insert(region.to_owned(), version.written_micros);
        assert!(last < Some(version.written_micros), "write times rise in a Region");
        self.writes.entry(id.to_owned()).or_default().push((version, value));
    }

    fn step(&mut self) {
        let (region, id) = (self.region(), self.key());
        match self.below(20) {
            0..=6 => {
                let value = self.value();
                self.write(region, &id, Some(value.clone()), |b| drop(b.put(region, &id, &value)));
            }
            7..=8 => {
                let value = self.value();
                self.write(region, &id, Some(value.clone()), |b| {
                    let request = json!({"TableName": T, "Key": {"id": {"S": id}},
                        "UpdateExpression": "SET #v = :v",
                        "ExpressionAttributeNames": {"#v": "value"},
                        "ExpressionAttributeValues": {":v": {"S": value}}});
                    b.region(region).execute("UpdateItem", request).unwrap();
                });
            }
            9..=11 => {
                // Deleting what is not there is no write.
                if self.bench.get(region, &id).is_some() {
                    self.write(region, &id, None, |b| drop(b.delete(region, &id)));
                }
            }
            12..=14 => drop(self.bench.tables.deliver(region, self.region(), 2).unwrap()),
            15 => self.bench.advance(self.below(50)),
            16 => {
                let skew = i64::try_from(self.below(400)).unwrap() - 200;
                self.bench.tables.set_clock_skew(region, skew).unwrap();
            }
            17 => self.bench.tables.cut(region).unwrap(),
            18 => self.bench.tables.cut_between(region, self.region()).unwrap(),
            _ => self.bench.tables.heal(region).unwrap(),
        }
    }

    fn run(seed: u64, merge: Merge) -> Result<(), String> {
        let mut history = Self::new(seed, merge);
        for _ in 0..STEPS {
            history.step();
        }
        history.bench.tables.heal_all();
        history.bench.converge();
        history.check().map_err(|error| format!("seed {seed}: {error}"))
    }

    /// All Regions are equal, and hold the last write of every item by version: so no acknowledged
    /// write is lost but to a later one of the same item.
    fn check(&self) -> Result<(), String> {
        for (id, writes) in &self.writes {
            let last = writes.iter().max_by(|a, b| a.0.cmp(&b.0)).unwrap();
            for region in REGIONS {
                let (value, version) = (self.bench.get(region, id), self.bench.version(region, id));
                if (&version, &value) != (&last.0, &last.1) {
                    return Err(format!(
                        "{id} in {region} is {value:?} of {version}, not {last:?}"
                    ));
                }
            }
        }
        let expected = self.writes.values().filter(|writes| {
            writes.iter().max_by(|a, b| a.0.cmp(&b.0)).is_some_and(|last| last.1.is_some())
        });
        let expected = expected.count();
        for region in REGIONS {
            let items = self.bench.region(region).scan_all(T).unwrap().len();
            if items != expected {
                return Err(format!("{region} has {items} items, not {expected}"));
            }
        }
        Ok(())
    }
}

#[test]
fn every_history_converges_and_loses_no_write_but_to_a_later_one() {
    for seed in 0..SEEDS {
        History::run(seed, last_writer_wins).unwrap();
    }
}

#[test]
fn a_history_is_the_same_for_the_same_seed() {
    let history = || {
        let mut history = History::new(7, last_writer_wins);
        (0..STEPS).for_each(|_| history.step());
        (history.writes, history.bench.tables.waiting().unwrap())
    };
    assert_eq!(history(), history());
}

#[test]
fn the_checker_catches_broken_merges() {
    let broken: [(&str, Merge); 4] = [
        ("whatever arrives last wins", |_, _| true),
        ("whatever is there first wins", |_, _| false),
        ("the earlier write wins", |arriving, present| arriving < present),
        ("no tie-break", |arriving, present| arriving.written_micros > present.written_micros),
    ];
    for (name, merge) in broken {
        let caught = (0..SEEDS).filter(|seed| History::run(*seed, merge).is_err()).count();
        assert!(caught > 0, "{name} was not caught");
    }
}
