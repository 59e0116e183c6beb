//! Random histories, and a checker of what must hold after each.
//!
//! Three Regions write, are out of service, are cut off and healed, run fast and slow, lag, deliver a
//! little, and crash: they go on from what is in their files at that moment. Then all is healed and
//! converges. The checker knows every acknowledged write with the version that its Region gave it at
//! once, before any other Region had a say.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use serde_json::json;

use super::*;
use crate::durable::Dir;
use crate::entropy::{Entropy, SeededEntropy};
use crate::faults::{Delay, Fault, Faults, Service, Verdict};
use crate::tables::Setup;
use crate::tables::version::{Merge, last_writer_wins};

/// Histories with files, and crashes.
const SEEDS: u64 = 200;
/// Histories in memory, for each broken merge.
const BROKEN_SEEDS: u64 = 50;
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
    home: Option<Home>,
    merge: Merge,
    /// Every step, and what came of it.
    log: String,
}

/// Where a history's files are: a directory for each life, deleted with this.
struct Home {
    path: PathBuf,
    life: u32,
}

impl Home {
    fn new(name: &str) -> Self {
        // Files that need not outlive the machine, where there is a place for them: the crash is
        // simulated, so the disk would prove nothing.
        let memory = Path::new("/dev/shm");
        let base = if memory.is_dir() { memory.to_owned() } else { std::env::temp_dir() };
        let path = base.join(format!("itemseal-history-{}-{name}", std::process::id()));
        let _ = std::fs::remove_dir_all(&path);
        Self { path, life: 0 }
    }

    fn dir(&self) -> PathBuf {
        self.path.join(self.life.to_string())
    }

    /// What a crash leaves: the files as they are, while they are open.
    fn crash(&mut self) {
        let before = self.dir();
        self.life += 1;
        std::fs::create_dir_all(self.dir()).unwrap();
        for entry in std::fs::read_dir(before).unwrap() {
            let entry = entry.unwrap();
            let name = entry.file_name().into_string().unwrap();
            if name.ends_with(".sqlite") || name.ends_with(".sqlite-wal") {
                std::fs::copy(entry.path(), self.dir().join(name)).unwrap();
            }
        }
    }
}

impl Drop for Home {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.path);
    }
}

impl History {
    fn new(seed: u64, merge: Merge, home: Option<Home>) -> Self {
        let clock = ManualClock::default();
        let tables = Self::open(&clock, merge, home.as_ref());
        tables.create_table(AP, T, "id", None).unwrap();
        let bench = Bench { tables, clock };
        bench.tables.add_replica(T, EU).unwrap();
        bench.tables.add_replica(T, US).unwrap();
        let random = SeededEntropy::new(seed);
        let (writes, last, log) = (BTreeMap::new(), BTreeMap::new(), String::new());
        Self { bench, random, writes, last, values: 0, home, merge, log }
    }

    fn open(clock: &ManualClock, merge: Merge, home: Option<&Home>) -> Tables {
        let home = home.map(|home| Dir::open(home.dir()).unwrap());
        let faults = Faults::new(Arc::new(clock.clone()), 0);
        let setup = Setup { merge, home, stream_records_kept: 100, ..Setup::in_memory(faults) };
        Tables::open(REGIONS, setup).unwrap()
    }

    /// All Regions at once; faults do not outlive it.
    fn crash(&mut self) {
        let Some(home) = &mut self.home else { return };
        home.crash();
        self.bench.tables = Self::open(&self.bench.clock, self.merge, self.home.as_ref());
        // A Region's own last write can be gone under a later one of another Region: only what it
        // has is what it goes on from.
        self.last.clear();
    }

    fn faults(&self) -> &Faults {
        &self.bench.tables.inner.faults
    }

    fn end_outages(&self) {
        for active in self.faults().list() {
            if matches!(active.fault, Fault::Outage { .. }) {
                self.faults().remove(active.id);
            }
        }
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
        if self.faults().before(Service::DynamoDb, region, "PutItem") != Verdict::Proceed {
            writeln!(self.log, "{region} {id}: out of service").unwrap();
            return;
        }
        let seen = self.bench.region(region).version(T, &key(id)).unwrap();
        run(&self.bench);
        let version = self.bench.version(region, id);
        assert_eq!(version.region, region);
        assert!(seen.is_none_or(|seen| seen < version), "a write must win over what it has seen");
        let last = self.last.insert(region.to_owned(), version.written_micros);
        assert!(last < Some(version.written_micros), "write times rise in a Region");
        writeln!(self.log, "{region} {id}: {value:?} at {version}").unwrap();
        self.writes.entry(id.to_owned()).or_default().push((version, value));
    }

    fn step(&mut self) {
        let (region, id) = (self.region(), self.key());
        match self.below(26) {
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
            12..=14 => {
                let delivery = self.bench.tables.deliver(region, self.region(), 2).unwrap();
                writeln!(self.log, "{region}: {delivery:?}").unwrap();
            }
            15 => self.bench.advance(self.below(50)),
            16 => {
                let skew = i64::try_from(self.below(400)).unwrap() - 200;
                self.bench.tables.set_clock_skew(region, skew).unwrap();
            }
            17 => self.bench.tables.cut(region).unwrap(),
            18 => self.bench.tables.cut_between(region, self.region()).unwrap(),
            19 => self.bench.tables.heal(region).unwrap(),
            20 => drop(self.faults().add(Fault::outage(region)).unwrap()),
            21..=22 => self.end_outages(),
            23 => {
                let most = std::time::Duration::from_micros(self.below(100));
                let delay = Delay::Uniform { min: std::time::Duration::ZERO, max: most };
                let (from, to) = (Some(region.to_owned()), None);
                self.faults().add(Fault::Lag { from, to, delay }).unwrap();
            }
            24 => self.crash(),
            _ => {
                let converged = self.bench.tables.converge();
                writeln!(self.log, "{converged:?}").unwrap();
            }
        }
    }

    fn run(seed: u64, merge: Merge, home: Option<Home>) -> Result<Self, String> {
        let mut history = Self::new(seed, merge, home);
        for _ in 0..STEPS {
            history.step();
        }
        history.faults().clear();
        history.bench.converge();
        history.check().map_err(|error| format!("seed {seed}: {error}"))?;
        Ok(history)
    }

    /// All that happened, and all that there is.
    fn transcript(&self) -> String {
        let mut text = self.log.clone();
        for region in REGIONS {
            for item in self.bench.region(region).scan_all(T).unwrap() {
                writeln!(text, "{region} {}", item.to_json()).unwrap();
            }
        }
        text
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
    // The histories are not idle ones: how often what they are about happened.
    let events = [": Some(", ": None", "out of service", "superseded: 1", "CutOff", "Lagging"];
    let mut happened = events.map(|event| (event, 0));
    let mut crashes = 0;
    for seed in 0..SEEDS {
        let home = Home::new(&format!("seed-{seed}"));
        let history = History::run(seed, last_writer_wins, Some(home)).unwrap();
        crashes += history.home.as_ref().unwrap().life;
        for (event, count) in &mut happened {
            *count += history.log.matches(*event).count();
        }
    }
    println!("{crashes} crashes, {happened:?}");
    assert!(crashes > 1_000, "{crashes}");
    assert!(happened.iter().all(|(_, count)| *count > 50), "{happened:?}");
}

#[test]
fn a_history_is_the_same_for_the_same_seed() {
    let history = |seed, name: &str| {
        History::run(seed, last_writer_wins, Some(Home::new(name))).unwrap().transcript()
    };
    for seed in [7, 8, 9] {
        let (one, other) = (history(seed, "one"), history(seed, "other"));
        assert!(one == other, "seed {seed}:\n{one}\n{other}");
        assert_ne!(one, history(seed + 100, "another"));
    }
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
        let caught = (0..BROKEN_SEEDS).filter(|seed| History::run(*seed, merge, None).is_err());
        assert!(caught.count() > 0, "{name} was not caught");
    }
}
