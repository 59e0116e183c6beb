//! `itemseal rewrap`: a table's items under other keys.

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use itemseal::Item;
use itemseal_lab::faults::{Fault, OutageMode, Service};

use crate::bench::{HOME, World, error};
use crate::items::orders;

const TO_BRANCH: [&str; 5] = ["rewrap", "--config", "c.toml", "--to", "b.toml"];
const ROTATED: [&str; 3] = ["rewrap", "--config", "b.toml"];
const ROTATE: [&str; 6] = ["keystore", "rotate", "--config", "b.toml", "--id", "tenant-1"];
const CHECKPOINT: [&str; 2] = ["--checkpoint", "at.json"];

/// With `count` orders in the table, under the MRK, and a branch key.
fn world(name: &str, count: usize) -> World {
    let world = World::new(name);
    world.branch_keys();
    world.says(&["keystore", "create", "--config", "b.toml"]);
    let key = ["keystore", "new-key", "--config", "b.toml", "--id", "tenant-1"];
    world.says(&[&key[..], &["--context", "a=b"]].concat());
    world.folder.write("plain.jsonl", &orders(count));
    let encrypt = ["encrypt", "--config", "c.toml", "--in", "plain.jsonl", "--out", "s.jsonl"];
    world.says(&encrypt);
    for line in world.folder.read("s.jsonl").lines() {
        let line =
            line.strip_prefix("{\"Item\":").and_then(|line| line.strip_suffix('}')).unwrap_or(line);
        world.lab.region(HOME).unwrap().put("Orders", Item::from_json(line).unwrap()).unwrap();
    }
    world
}

fn stored(world: &World) -> Vec<Item> {
    world.lab.region(HOME).unwrap().scan_all("Orders").unwrap()
}

/// All that is stored opens under a configuration.
fn opens(world: &World, config: &str, count: usize) {
    let lines: String = stored(world).iter().map(|item| item.to_json() + "\n").collect();
    world.folder.write("now.jsonl", &lines);
    let opened = world.says(&["decrypt", "--config", config, "--in", "now.jsonl", "--reveal"]);
    let sorted = |text: &str| {
        let lines = text.lines().map(|line| line.replace("{\"Item\":", "").replace("}}}", "}}"));
        let mut lines: Vec<String> = lines.collect();
        lines.sort();
        lines
    };
    assert_eq!(sorted(&opened), sorted(&orders(count)));
}

fn told(world: &World, arguments: &[&str]) -> String {
    let output = world.run(arguments);
    assert!(output.status.success(), "{arguments:?}: {}", error(&output));
    error(&output)
}

#[test]
fn to_branch_keys_to_their_next_version_and_then_there_is_nothing_to_do() {
    let world = world("rewrap", 60);
    let before = stored(&world);
    assert_eq!(
        told(&world, &[&TO_BRANCH[..], &["--dry-run"]].concat()),
        "itemseal: 60 items read: 60 to re-wrap (0 of them whole), 0 current\n"
    );
    assert_eq!(stored(&world), before);
    let done = "itemseal: 60 items read: 60 re-wrapped (0 of them whole), 0 current\n";
    let begun = Instant::now();
    let slowly = [&TO_BRANCH[..], &CHECKPOINT, &["--rate", "20"]].concat();
    assert_eq!(told(&world, &slowly), done);
    assert!(begun.elapsed() >= Duration::from_millis(59 * 50), "{:?}", begun.elapsed());
    assert!(!world.folder.path("at.json").exists());
    opens(&world, "b.toml", 60);
    for (before, after) in before.iter().zip(stored(&world)) {
        assert_eq!(before.get("Card"), after.get("Card"));
    }
    let nothing = "itemseal: 60 items read: 0 re-wrapped (0 of them whole), 60 current\n";
    assert_eq!(told(&world, &ROTATED), nothing);
    world.says(&ROTATE);
    let whole = "itemseal: 60 items read: 60 re-wrapped (60 of them whole), 0 current\n";
    assert_eq!(told(&world, &[&ROTATED[..], &["--whole"]].concat()), whole);
    assert_eq!(told(&world, &ROTATED), nothing);
    opens(&world, "b.toml", 60);
}

#[test]
fn bad_items_are_told_by_their_keys_and_the_rest_is_done() {
    let world = world("rewrap-bad", 10);
    let region = world.lab.region(HOME).unwrap();
    let altered = stored(&world)[3].clone().with("OrderStatus", "paid");
    let plain =
        Item::new().with("OrderID", "\u{1b}[2J").with("CustomerID", "c").with("Card", "4222");
    region.put("Orders", altered.clone()).unwrap();
    region.put("Orders", plain).unwrap();
    let output = world.run(&TO_BRANCH);
    assert_eq!(output.status.code(), Some(1));
    let says = error(&output);
    assert!(
        says.contains("11 items read: 9 re-wrapped (0 of them whole), 0 current, 2 bad"),
        "{says}"
    );
    let id = altered.get("OrderID").unwrap().as_s().unwrap();
    let key = format!(
        "itemseal: key {{\"CustomerID\":{{\"S\":\"c\"}},\"OrderID\":{{\"S\":\"{id}\"}}}}: the item could"
    );
    assert!(says.contains(&key), "{says}");
    assert!(
        says.contains("\\u001b[2J") && !says.contains('\u{1b}') && !says.contains("4222"),
        "{says}"
    );
    // Plaintext is encrypted where that is chosen; the altered item is as it was.
    let output = world.run(&[&TO_BRANCH[..], &["--encrypt-plaintext"]].concat());
    assert_eq!(output.status.code(), Some(1));
    assert!(error(&output).contains("1 re-wrapped (1 of them whole), 9 current, 1 bad"));
    assert!(stored(&world).contains(&altered));
    assert!(!stored(&world).iter().any(|item| item.to_json().contains("4222")));
}

#[cfg(unix)]
#[test]
fn ctrl_c_ends_after_the_page_and_the_same_command_goes_on() {
    use std::os::unix::fs::PermissionsExt;
    let world = world("rewrap-int", 30);
    let pages = ["--segments", "1", "--page-items", "2"];
    let slow = [&TO_BRANCH[..], &CHECKPOINT, &pages, &["--rate", "20"]].concat();
    let mut command = world.command(&slow);
    let child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    let (at, begun) = (world.folder.path("at.json"), Instant::now());
    while !at.exists() {
        assert!(begun.elapsed() < Duration::from_secs(60), "no checkpoint");
        std::thread::yield_now();
    }
    let id = child.id().to_string();
    assert!(Command::new("kill").args(["-s", "INT", &id]).status().unwrap().success());
    let output = child.wait_with_output().unwrap();
    let says = error(&output);
    assert_eq!(output.status.code(), Some(130), "{says}");
    assert!(says.contains("interrupted; the same command goes on where this one ended"), "{says}");
    assert_eq!(std::fs::metadata(&at).unwrap().permissions().mode() & 0o777, 0o600);
    assert!(!world.folder.path("at.json.next").exists());
    let saved: serde_json::Value = serde_json::from_str(&world.folder.read("at.json")).unwrap();
    let read = saved["counts"]["read"].as_u64().unwrap();
    assert!((2..30).contains(&read) && read.is_multiple_of(2), "{saved}");
    assert_eq!(saved["counts"]["rewrapped"].as_u64(), Some(read));
    // Of another run.
    let other = world.run(&[&TO_BRANCH[..], &CHECKPOINT, &["--segments", "3"]].concat());
    assert!(
        error(&other).contains("in 1 segments, and this one has 3; run with 1"),
        "{}",
        error(&other)
    );
    let toml = world.folder.read("b.toml").replace("Orders", "Others");
    world.folder.write("o.toml", &toml);
    let keys = |name| itemseal_lab::tables::KeyAttribute::s(name);
    let sort = Some(keys("CustomerID"));
    world.lab.tables().create_table(HOME, "Others", keys("OrderID"), sort).unwrap();
    let other = world.run(&[&["rewrap", "--config", "o.toml"], &CHECKPOINT[..], &pages].concat());
    assert!(
        error(&other).contains("of the table \"Orders\", and this run is of \"Others\""),
        "{}",
        error(&other)
    );
    assert!(at.exists());
    let says = told(&world, &[&TO_BRANCH[..], &CHECKPOINT, &pages].concat());
    let done = "itemseal: 30 items read: 30 re-wrapped (0 of them whole), 0 current\n";
    assert_eq!(says, format!("itemseal: going on after {read} items\n{done}"));
    assert!(!at.exists());
    opens(&world, "b.toml", 30);
}

#[test]
fn what_goes_away_leaves_a_checkpoint() {
    let world = world("rewrap-away", 10);
    let (region, mode) = (HOME.to_owned(), OutageMode::Error(503));
    let outage = Fault::Outage { region, service: Service::DynamoDb, mode };
    let rotated = [&ROTATED[..], &CHECKPOINT, &["--page-items", "2"]].concat();
    // All KMS keys are away, in every Region that has one.
    for region in [HOME, crate::bench::AWAY] {
        let (region, service) = (region.to_owned(), Service::Kms);
        world.lab.faults().add(Fault::Outage { region, service, mode }).unwrap();
    }
    let to_branch = [&TO_BRANCH[..], &CHECKPOINT, &["--segments", "1"]].concat();
    let output = world.run(&to_branch);
    let says = error(&output);
    assert_eq!(output.status.code(), Some(1), "{says}");
    assert!(says.contains("not all is done; the same command goes on"), "{says}");
    assert!(world.folder.path("at.json").exists());
    world.lab.faults().clear();
    assert!(told(&world, &to_branch).contains("10 re-wrapped"));
    opens(&world, "b.toml", 10);
    world.lab.faults().add(outage).unwrap();
    let output = world.run(&rotated);
    assert_eq!(output.status.code(), Some(1));
    assert!(error(&output).contains("DescribeTable"), "{}", error(&output));
}
