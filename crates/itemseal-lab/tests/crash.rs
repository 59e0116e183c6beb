//! A lab that is killed (`SIGKILL`) while it writes, opened again, and checked: what it acknowledged
//! is there, in every Region.
//!
//! `ITEMSEAL_CRASHES` says how often; 20 times unless given. The process that writes is this test
//! itself, started again.

#![cfg(unix)]
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "tests fail by panicking"
)]

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use itemseal::{AttributeValue, Item};
use itemseal_lab::Lab;
use itemseal_lab::durable::Dir;
use itemseal_lab::entropy::{Entropy, SeededEntropy};

const REGIONS: [&str; 3] = ["ap-northeast-1", "eu-west-1", "us-east-1"];
const T: &str = "Orders";
const DIR: &str = "ITEMSEAL_CRASH_DIR";
const IDS: u64 = 40;

fn key(id: &str) -> Item {
    Item::new().with("id", id)
}

/// The process that is killed. It writes until then, and prints what was acknowledged, when it was.
#[test]
#[ignore = "started by the other tests here, as a process of its own"]
fn writer() {
    let dir = PathBuf::from(std::env::var_os(DIR).expect("started by the crash test"));
    let lab = Lab::builder().regions(REGIONS).dir(dir.join("lab")).build().unwrap();
    let keys = Dir::open(dir.join("keys")).unwrap().key_file();
    if lab.region(REGIONS[0]).unwrap().scan_all(T).is_err() {
        lab.tables().create_table(REGIONS[0], T, "id", None).unwrap();
        lab.tables().add_replica(T, REGIONS[1]).unwrap();
        lab.tables().add_replica(T, REGIONS[2]).unwrap();
    }
    let pumping = lab.tables().clone();
    std::thread::spawn(move || while pumping.deliver_once().is_ok() {});
    let mut out = std::io::stdout();
    writeln!(out, "\nready").unwrap();
    for n in first_number(&lab).. {
        let id = n % IDS;
        // Each item has a Region that writes it, so its last write is the one that counts.
        let region = REGIONS[usize::try_from(id % 3).unwrap()];
        let region = lab.region(region).unwrap();
        let id = format!("i{id}");
        let item = key(&id).with("n", AttributeValue::N(n.to_string()));
        if let Err(error) = region.put(T, item.with("text", "x".repeat(300))) {
            writeln!(out, "refused {id} {n} {}", error.status()).unwrap();
            return;
        }
        writeln!(out, "put {id} {n}").unwrap();
        if n % 10 == 0 {
            match keys.store(&vec![u8::try_from(n / 10 % 256).unwrap(); 50_000]) {
                Ok(()) => writeln!(out, "key {}", n / 10).unwrap(),
                Err(_) => return,
            }
        }
        out.flush().unwrap();
    }
}

fn first_number(lab: &Lab) -> u64 {
    REGIONS.into_iter().flat_map(|region| numbers(lab, region).into_values()).max().unwrap_or(0) + 1
}

fn numbers(lab: &Lab, region: &str) -> BTreeMap<String, u64> {
    let items = lab.region(region).unwrap().scan_all(T).unwrap();
    let read = |item: &Item| {
        let id = item.get("id").and_then(AttributeValue::as_s).unwrap().to_owned();
        let AttributeValue::N(n) = item.get("n").unwrap() else { panic!("not a number") };
        assert_eq!(item.get("text").and_then(AttributeValue::as_s).unwrap().len(), 300);
        (id, n.parse().unwrap())
    };
    items.iter().map(read).collect()
}

/// What the writer acknowledged, over all its lives.
#[derive(Default)]
struct Acknowledged {
    last: BTreeMap<String, u64>,
    key: u64,
    count: u64,
}

impl Acknowledged {
    fn read(&mut self, line: &str) -> bool {
        let words: Vec<&str> = line.split_whitespace().collect();
        match words[..] {
            ["put", id, n] => {
                self.last.insert(id.to_owned(), n.parse().unwrap());
                self.count += 1;
                true
            }
            ["key", n] => {
                self.key = n.parse().unwrap();
                self.count += 1;
                true
            }
            _ => false,
        }
    }

    /// All of it is there. What was not acknowledged may be there too: one write of each kind.
    fn check(&mut self, dir: &Path, killed: bool) {
        let keys = Dir::open(dir.join("keys")).unwrap().key_file();
        if self.key > 0 {
            let snapshot = keys.load().unwrap().expect("keys.cbor is there");
            assert_eq!(snapshot.len(), 50_000);
            let kept = u64::from(snapshot[0]);
            assert!(snapshot.iter().all(|byte| u64::from(*byte) == kept), "half a snapshot");
            let next = u64::from(killed);
            assert!((0..=next).any(|more| (self.key + more) % 256 == kept), "{kept}");
        }
        let lab = Lab::builder().regions(REGIONS).dir(dir.join("lab")).build().unwrap();
        let last = self.last.values().max().copied().unwrap_or(0);
        for (id, n) in &self.last {
            let writer = REGIONS[usize::try_from(n % IDS % 3).unwrap()];
            let found = numbers(&lab, writer)[id];
            assert!(found == *n || (killed && found == last + 1), "{id}: {n} became {found}");
        }
        lab.tables().converge().unwrap();
        let equal = numbers(&lab, REGIONS[0]);
        for region in REGIONS {
            assert_eq!(numbers(&lab, region), equal, "{region} after converging");
        }
        // What was seen once must stay, acknowledged or not.
        self.last = equal;
    }
}

/// A process that is killed if the test fails.
struct Writer(Child);

impl Writer {
    fn start(dir: &Path, shell: Option<&str>) -> Self {
        let test = std::env::current_exe().unwrap();
        let mut command = match shell {
            None => Command::new(test),
            Some(script) => {
                let mut command = Command::new("sh");
                command.arg("-c").arg(script).arg("sh").arg(test);
                command
            }
        };
        command.args(["writer", "--exact", "--ignored", "--nocapture", "--test-threads=1"]);
        let command = command.env(DIR, dir).stdout(Stdio::piped());
        Self(command.spawn().unwrap())
    }

    fn lines(&mut self) -> impl Iterator<Item = String> + use<> {
        BufReader::new(self.0.stdout.take().unwrap()).lines().map(Result::unwrap)
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

struct Temporary(PathBuf);

impl Temporary {
    fn new(name: &str) -> Self {
        let name = format!("itemseal-crash-{}-{name}", std::process::id());
        let path = std::env::temp_dir().join(name);
        let _ = std::fs::remove_dir_all(&path);
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

#[test]
fn a_lab_that_is_killed_has_lost_nothing_that_it_acknowledged() {
    let crashes = std::env::var("ITEMSEAL_CRASHES").map_or(20, |count| count.parse().unwrap());
    let random = SeededEntropy::new(21);
    let dir = Temporary::new("killed");
    let mut acknowledged = Acknowledged::default();
    for _ in 0..crashes {
        let mut bytes = [0; 1];
        random.fill(&mut bytes).unwrap();
        let mut writer = Writer::start(&dir.0, None);
        let mut lines = writer.lines().skip_while(|line| line != "ready").skip(1);
        // From the first write on, so that a new directory is killed too.
        let before = bytes[0] % 100;
        for line in lines.by_ref().take(usize::from(before)) {
            assert!(acknowledged.read(&line), "{line}");
        }
        writer.0.kill().unwrap();
        // What it said before it died counts as well.
        for line in lines {
            acknowledged.read(&line);
        }
        drop(writer);
        acknowledged.check(&dir.0, true);
    }
    assert!(acknowledged.count > 10 * crashes, "{} writes", acknowledged.count);
    println!("{crashes} kills, {} acknowledged writes, none missing", acknowledged.count);
}

/// The operating system refuses to let any file grow beyond a size: for SQLite an I/O error, in the
/// middle of the log. (Ignored, the signal becomes an error of the write.)
#[test]
fn a_lab_that_cannot_write_refuses_and_has_lost_nothing() {
    let dir = Temporary::new("refused");
    let mut acknowledged = Acknowledged::default();
    // In units of 512 bytes.
    let script = "trap '' XFSZ; ulimit -f 700; exec \"$@\"";
    let mut writer = Writer::start(&dir.0, Some(script));
    let mut refused = None;
    for line in writer.lines().skip_while(|line| line != "ready").skip(1) {
        if !acknowledged.read(&line) && line.starts_with("refused") {
            refused = Some(line);
        }
    }
    drop(writer);
    let refused = refused.expect("the limit is reached");
    assert!(refused.ends_with(" 500"), "{refused}");
    assert!(acknowledged.count > 10, "{}", acknowledged.count);
    acknowledged.check(&dir.0, false);
}
