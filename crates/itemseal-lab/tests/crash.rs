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

use itemseal::{AttributeValue, EncryptionContext, Item};
use itemseal_lab::Lab;
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
    let lab = open(&dir);
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
            // A key is no use without what only it opens.
            let kms = lab.kms();
            let sealed = kms.create_key(REGIONS[1], true, "").and_then(|key| {
                kms.replicate_key(REGIONS[1], &key.key_id, REGIONS[2], "")?;
                kms.encrypt(REGIONS[1], &key.key_id, &n.to_be_bytes(), &EncryptionContext::new())
            });
            match sealed {
                Ok(sealed) => writeln!(out, "key {n} {}", hex::encode(sealed.ciphertext)).unwrap(),
                Err(error) => {
                    writeln!(out, "refused key {n} {}", error.code).unwrap();
                    return;
                }
            }
        }
        out.flush().unwrap();
    }
}

fn open(dir: &Path) -> Lab {
    Lab::builder().regions(REGIONS).dir(dir.join("lab")).build().unwrap()
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
    /// By number, what was encrypted under a key of its own.
    keys: BTreeMap<u64, Vec<u8>>,
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
            ["key", n, sealed] => {
                self.keys.insert(n.parse().unwrap(), hex::decode(sealed).unwrap());
                self.count += 1;
                true
            }
            _ => false,
        }
    }

    /// All of it is there. What was not acknowledged may be there too: one write of each kind.
    fn check(&mut self, dir: &Path, killed: bool) {
        let lab = open(dir);
        for (n, sealed) in &self.keys {
            for region in [REGIONS[1], REGIONS[2]] {
                let opened = lab.kms().decrypt(region, None, sealed, &EncryptionContext::new());
                assert_eq!(*opened.unwrap().plaintext, n.to_be_bytes(), "in {region}");
            }
        }
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
    assert!(!acknowledged.keys.is_empty());
    println!(
        "{crashes} kills, {} acknowledged writes, {} of them of keys, none missing",
        acknowledged.count,
        acknowledged.keys.len()
    );
}

/// Lets the writer write until it is refused, and checks what it acknowledged.
fn fill(dir: &Path, kept: &Path, script: &str) {
    let mut acknowledged = Acknowledged::default();
    let mut writer = Writer::start(dir, Some(script));
    let mut refused = None;
    for line in writer.lines().skip_while(|line| line != "ready").skip(1) {
        if !acknowledged.read(&line) && line.starts_with("refused") {
            refused = Some(line);
        }
    }
    writer.0.wait().unwrap();
    drop(writer);
    let refused = refused.expect("the limit is reached");
    assert!(refused.ends_with(" 500") || refused.ends_with(" KMSInternalException"), "{refused}");
    assert!(acknowledged.count > 10, "{}", acknowledged.count);
    acknowledged.check(kept, false);
}

/// The operating system refuses to let any file grow beyond a size: for SQLite an I/O error, in the
/// middle of the log. (Ignored, the signal becomes an error of the write.)
#[test]
fn a_lab_whose_files_cannot_grow_refuses_and_has_lost_nothing() {
    let dir = Temporary::new("refused");
    // In units of 512 bytes.
    fill(&dir.0, &dir.0, "trap '' XFSZ; ulimit -f 700; exec \"$@\"");
}

/// A file system of its own that is full, where a user may mount one.
#[test]
fn a_lab_on_a_full_disk_refuses_and_has_lost_nothing() {
    let dir = Temporary::new("full");
    let mount = "mount -t tmpfs -o size=1500k tmpfs \"$ITEMSEAL_CRASH_DIR\"";
    let allowed =
        Command::new("unshare").args(["-rm", "sh", "-c", mount]).env(DIR, &dir.0).output();
    if !allowed.is_ok_and(|done| done.status.success()) {
        println!("SKIPPED: no file system can be mounted here (unshare -rm)");
        return;
    }
    // The file system goes with the process, so what is on it is copied before.
    let kept = Temporary::new("full-kept");
    let script = format!(
        "exec unshare -rm sh -c '{mount}; \"$@\"; cp -r \"$ITEMSEAL_CRASH_DIR/lab\" {}' sh \"$@\"",
        kept.0.display()
    );
    fill(&dir.0, &kept.0, &script);
}
