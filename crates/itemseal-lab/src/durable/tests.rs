use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;

use itemseal::{AttributeValue, Item};

use super::*;
use crate::Lab;
use crate::clock::{Clock, ManualClock};
use crate::faults::Fault;
use crate::tables::Tables;

const US: &str = "us-east-1";
const EU: &str = "eu-west-1";
const T: &str = "Orders";

/// A new directory, deleted with this.
struct Temporary(PathBuf);

impl Temporary {
    fn new(name: &str) -> Self {
        let name = format!("itemseal-lab-{}-{name}", std::process::id());
        let path = std::env::temp_dir().join(name);
        let _ = fs::remove_dir_all(&path);
        Self(path)
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn open(dir: &Temporary, clock: &ManualClock) -> Lab {
    Lab::builder().regions([US, EU]).dir(&dir.0).clock(clock.clone()).seed(1).build().unwrap()
}

fn order(id: &str) -> Item {
    Item::new().with("id", id)
}

fn status(tables: &Tables, region: &str, id: &str) -> Option<String> {
    let item = tables.region(region).unwrap().get(T, order(id)).unwrap()?;
    item.get("status").and_then(AttributeValue::as_s).map(str::to_owned)
}

#[test]
fn a_lab_goes_on_where_it_stopped() {
    let (dir, clock) = (Temporary::new("goes-on"), ManualClock::default());
    let version = {
        let lab = open(&dir, &clock);
        lab.tables().create_table(US, T, "id", None).unwrap();
        lab.tables().add_replica(T, EU).unwrap();
        lab.faults().add(Fault::lag(US, EU, std::time::Duration::from_secs(1))).unwrap();
        lab.faults().add(Fault::skew(US, 60_000_000)).unwrap();
        lab.region(US).unwrap().put(T, order("a").with("status", "new")).unwrap();
        lab.region(US).unwrap().put(T, order("b")).unwrap();
        lab.region(US).unwrap().delete(T, order("b")).unwrap();
        lab.region(US).unwrap().version(T, &order("a")).unwrap().unwrap()
    };
    // Only the Regions of the directory, and the lab knows them by itself.
    let lab = Lab::builder().dir(&dir.0).clock(clock.clone()).build().unwrap();
    assert_eq!(lab.tables().regions().collect::<Vec<_>>(), [EU, US]);
    assert_eq!(lab.faults().list(), [], "faults are not kept");
    assert_eq!(lab.tables().replicas(EU, T).unwrap(), [EU, US]);
    assert_eq!(lab.region(US).unwrap().version(T, &order("a")).unwrap(), Some(version.clone()));
    assert_eq!(lab.tables().pending(US, EU).unwrap().len(), 3);
    assert_eq!(status(lab.tables(), EU, "a"), None);
    lab.tables().converge().unwrap();
    assert_eq!(status(lab.tables(), EU, "a").as_deref(), Some("new"));
    // The clock of the first life ran ahead: what is written now is later all the same.
    lab.region(US).unwrap().put(T, order("a").with("status", "sent")).unwrap();
    assert!(lab.region(US).unwrap().version(T, &order("a")).unwrap().unwrap() > version);
    lab.tables().converge().unwrap();
    assert_eq!(status(lab.tables(), EU, "a").as_deref(), Some("sent"));
}

#[test]
fn a_directory_is_one_labs() {
    let (dir, clock) = (Temporary::new("one"), ManualClock::default());
    let first = open(&dir, &clock);
    let error = Lab::builder().regions([US]).dir(&dir.0).build().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Misuse);
    assert!(error.to_string().contains("another lab has"), "{error}");
    // Handles keep it as well as the lab itself.
    let tables = first.tables().clone();
    drop(first);
    Lab::builder().dir(&dir.0).build().unwrap_err();
    drop(tables);
    Lab::builder().dir(&dir.0).build().unwrap();
}

#[test]
fn a_directory_that_cannot_be_is_named() {
    let dir = Temporary::new("cannot");
    fs::write(&dir.0, "a file").unwrap();
    let error = Lab::builder().regions([US]).dir(&dir.0).build().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Internal);
    assert!(error.to_string().contains("cannot be made"), "{error}");
    fs::remove_file(&dir.0).unwrap();
}

#[test]
fn the_directory_and_the_keys_are_for_their_owner_and_say_what_they_are() {
    let dir = Temporary::new("owner");
    let opened = Dir::open(&dir.0).unwrap();
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&dir.0), 0o700);
    let keys = opened.key_file();
    assert!(keys.load().unwrap().is_none());
    // What a killed process left behind, for all to read.
    fs::write(dir.0.join("keys.new"), "half a").unwrap();
    keys.store(b"first").unwrap();
    assert_eq!(mode(keys.path()), 0o600);
    keys.store(b"second").unwrap();
    assert_eq!(keys.load().unwrap().unwrap().as_slice(), b"second");
    assert_eq!(mode(keys.path()), 0o600);
    assert!(!dir.0.join("keys.new").exists());
    let readme = fs::read_to_string(dir.0.join("README.txt")).unwrap();
    assert!(readme.contains("key material in the clear"));
}

#[test]
fn a_snapshot_that_cannot_be_written_leaves_the_one_before() {
    let dir = Temporary::new("unwritable");
    let keys = Dir::open(&dir.0).unwrap().key_file();
    keys.store(b"first").unwrap();
    // A directory in the way: also root cannot write there.
    fs::create_dir(dir.0.join("keys.new")).unwrap();
    keys.store(b"second").unwrap_err();
    assert_eq!(keys.load().unwrap().unwrap().as_slice(), b"first");
}

#[test]
fn each_commit_is_synced() {
    let dir = Temporary::new("synced");
    let storage = Dir::open(&dir.0).unwrap().open_region(US).unwrap();
    let pragma = |name: &str| {
        let value = storage
            .conn()
            .query_row(&format!("PRAGMA {name}"), [], |row| Ok(format!("{:?}", row.get_ref(0)?)));
        value.unwrap()
    };
    assert_eq!(pragma("synchronous"), "Integer(2)", "FULL");
    assert_eq!(pragma("journal_mode"), "Text([119, 97, 108])", "wal");
}

#[test]
fn a_region_is_no_path() {
    let dir = Temporary::new("path");
    let opened = Dir::open(&dir.0).unwrap();
    for region in ["", "../elsewhere", "a/b", "A"] {
        assert!(opened.open_region(region).is_err(), "{region}");
    }
}

/// What SQLite does on a full disk, by its own limit: `SQLITE_FULL`.
#[test]
fn a_full_disk_refuses_and_never_acknowledges() {
    let (dir, clock) = (Temporary::new("full"), ManualClock::default());
    let mut acknowledged = 0;
    {
        let lab = open(&dir, &clock);
        lab.tables().create_table(US, T, "id", None).unwrap();
        lab.tables().add_replica(T, EU).unwrap();
        lab.tables().limit_pages(US, 150).unwrap();
        let region = lab.region(US).unwrap();
        let text = "x".repeat(1_000);
        let put = |n: usize| region.put(T, order(&format!("{n:04}")).with("text", text.as_str()));
        let error = loop {
            match put(acknowledged) {
                Ok(()) => acknowledged += 1,
                Err(error) => break error,
            }
        };
        assert!(acknowledged > 20, "{acknowledged}");
        assert_eq!((error.code(), error.status()), ("InternalServerError", 500), "{error}");
        // Again and again, and with every kind of write.
        for _ in 0..3 {
            put(acknowledged).unwrap_err();
        }
        assert!(region.get(T, order(&format!("{acknowledged:04}"))).unwrap().is_none());
        assert_eq!(region.scan_all(T).unwrap().len(), acknowledged, "reads go on");
        // With space it goes on.
        lab.tables().limit_pages(US, 1_000_000).unwrap();
        put(acknowledged).unwrap();
        acknowledged += 1;
    }
    let lab = Lab::builder().dir(&dir.0).clock(clock.clone()).build().unwrap();
    assert_eq!(lab.region(US).unwrap().scan_all(T).unwrap().len(), acknowledged);
    assert_eq!(lab.tables().pending(US, EU).unwrap().len(), acknowledged);
    lab.tables().converge().unwrap();
    assert_eq!(lab.region(EU).unwrap().scan_all(T).unwrap().len(), acknowledged);
    assert_eq!(clock.now_micros(), lab.clock().now_micros());
}
