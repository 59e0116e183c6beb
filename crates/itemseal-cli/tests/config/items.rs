//! `itemseal encrypt`, `describe` and `decrypt`.

use std::io::Write;
use std::process::Stdio;

use crate::bench::{AWAY, Folder, HOME, World, error, out};

fn order(number: usize) -> String {
    format!(
        r#"{{"Card":{{"S":"4111-{number}"}},"CustomerID":{{"S":"c"}},"OrderID":{{"S":"{number}"}},"OrderStatus":{{"S":"new"}}}}"#
    )
}

/// Half of them as an export has them.
pub(crate) fn orders(count: usize) -> String {
    let line = |n| if n % 2 == 0 { order(n) } else { format!("{{\"Item\":{}}}", order(n)) };
    (0..count).map(|n| line(n) + "\n").collect()
}

const ENCRYPT: [&str; 7] =
    ["encrypt", "--config", "c.toml", "--in", "plain.jsonl", "--out", "stored.jsonl"];
const DECRYPT: [&str; 7] =
    ["decrypt", "--config", "c.toml", "--in", "stored.jsonl", "--out", "opened.jsonl"];

#[test]
fn a_key_in_a_file_encrypts_describes_and_decrypts_in_order() {
    let folder = Folder::raw_aes("raw");
    folder.write("plain.jsonl", &orders(100));
    let output = folder.run(&ENCRYPT);
    assert!(output.status.success(), "{}", error(&output));
    let stored = folder.read("stored.jsonl");
    assert_eq!(stored.lines().count(), 100);
    assert!(!stored.contains("4111") && stored.contains("\"OrderStatus\":{\"S\":\"new\"}"));
    let output = folder.run(&DECRYPT);
    assert!(output.status.success(), "{}", error(&output));
    assert_eq!(folder.read("opened.jsonl"), orders(100), "in order, and wrapped as they were");
    assert_eq!(error(&output), "itemseal: 100 items decrypted\n", "no bar in a pipe");
    // Without a key.
    std::fs::remove_file(folder.path("wrapping.key")).unwrap();
    let output = folder.run(&["describe", "--in", "stored.jsonl"]);
    let text = out(&output);
    assert!(output.status.success(), "{}", error(&output));
    let first: Vec<&str> = text.lines().take(5).collect();
    assert_eq!(first[0], "line 1: version 1, suite ecdsa-p384 (0x6701)");
    assert_eq!(first[1], "  data key  \"ns\": \"key-1\"");
    assert!(first[2].starts_with("  context   \"aws-crypto-public-key\" = "), "{text}");
    assert_eq!(first[3], "  legend    1 encrypted and signed, 3 signed");
    assert!(first[4].starts_with("  overhead  ") && first[4].ends_with(" bytes"), "{text}");
    assert!(text.contains("line 100: "));
    let output = folder.run(&["describe", "--in", "stored.jsonl", "--config", "c.toml"]);
    let text = out(&output);
    assert!(text.contains("encrypted and signed: Card\n"), "{text}");
    assert!(text.contains("signed: CustomerID, OrderID, OrderStatus\n"), "{text}");
}

#[test]
fn a_multi_region_key_opens_in_the_region_that_is_left() {
    let world = World::new("mrk");
    world.folder.write("plain.jsonl", &orders(40));
    let output = world.run(&ENCRYPT);
    assert!(output.status.success(), "{}", error(&output));
    assert_eq!(world.lab.kms().calls(HOME, "GenerateDataKey"), 40);
    let text = out(&world.folder.run(&["describe", "--in", "stored.jsonl"]));
    let key = format!("data key  \"aws-kms\" in {HOME}: {}", world.key_arn);
    assert!(text.contains(&key), "{text}");
    let fault = ["lab", "fault", "outage", HOME, "--service", "kms", "--mode", "503"];
    let endpoint = world.command(&fault);
    let endpoint = endpoint.get_envs().find(|(name, _)| *name == "AWS_ENDPOINT_URL");
    let endpoint = endpoint.unwrap().1.unwrap().to_str().unwrap().to_owned();
    assert!(world.run(&[&fault[..], &["--endpoint", &endpoint]].concat()).status.success());
    let output = world.run(&DECRYPT);
    assert!(output.status.success(), "{}", error(&output));
    assert_eq!(world.folder.read("opened.jsonl"), orders(40));
    assert_eq!(world.lab.kms().calls(AWAY, "Decrypt"), 40);
}

#[test]
fn a_bad_line_is_told_by_its_number_and_the_rest_goes_on() {
    let folder = Folder::raw_aes("bad");
    folder.write("plain.jsonl", &orders(20));
    assert!(folder.run(&ENCRYPT).status.success());
    let stored = folder.read("stored.jsonl");
    let mut lines: Vec<String> = stored.lines().map(str::to_owned).collect();
    lines[3] = lines[3].replace("\"new\"", "\"old\"");
    lines[7] = "{\"OrderID\":\"S3CRET\"}".to_owned();
    lines[9] = order(9);
    lines.insert(11, String::new());
    folder.write("stored.jsonl", &(lines.join("\n") + "\n"));
    let output = folder.run(&DECRYPT);
    assert_eq!(output.status.code(), Some(1));
    let text = error(&output);
    let told: Vec<&str> = text.lines().collect();
    assert_eq!(told.len(), 4, "{text}");
    let key = |n| format!(r#"key {{"CustomerID":{{"S":"c"}},"OrderID":{{"S":"{n}"}}}}"#);
    let starts = |told: &str, start: &str| assert!(told.starts_with(start), "{text}");
    let altered = format!("itemseal: line 4, {}: the item could not be authenticated", key(3));
    starts(told[0], &altered);
    starts(told[1], "itemseal: line 8: not DynamoDB JSON: expected");
    starts(told[2], &format!("itemseal: line 10, {}: the item has neither header", key(9)));
    assert!(!text.contains("4111"), "keys and no other values: {text}");
    assert_eq!(told[3], "itemseal: 17 items decrypted, 3 lines were bad");
    assert!(!text.contains("S3CRET"));
    let opened = folder.read("opened.jsonl");
    let numbers = |text: &str| {
        let part =
            |line: &str| line.split("4111-").nth(1).unwrap().split('"').next().unwrap().to_owned();
        text.lines().map(part).collect::<Vec<_>>()
    };
    let left = (0..20).filter(|n| ![3, 7, 9].contains(n)).map(|n: i32| n.to_string());
    assert_eq!(numbers(&opened), left.collect::<Vec<_>>());
    let described = folder.run(&["describe", "--in", "stored.jsonl"]);
    assert_eq!(described.status.code(), Some(1));
    assert!(error(&described).contains("line 10: the item has neither header"));
    assert!(out(&described).contains("line 21: version 1"), "counted with the blank line");
}

#[cfg(unix)]
#[test]
fn plaintext_is_in_a_new_file_that_nobody_else_reads() {
    use std::os::unix::fs::PermissionsExt;
    let folder = Folder::raw_aes("mode");
    let mode = |name| folder.path(name).metadata().unwrap().permissions().mode() & 0o777;
    folder.write("plain.jsonl", &orders(2));
    assert!(folder.run(&ENCRYPT).status.success());
    assert!(folder.run(&DECRYPT).status.success());
    assert_eq!(mode("opened.jsonl"), 0o600);
    assert_eq!(mode("stored.jsonl"), 0o600);
    folder.write("opened.jsonl", "mine");
    let open = std::fs::Permissions::from_mode(0o644);
    std::fs::set_permissions(folder.path("opened.jsonl"), open).unwrap();
    let output = folder.run(&DECRYPT);
    assert!(!output.status.success());
    assert!(error(&output).contains("opened.jsonl exists; --force overwrites it"));
    assert_eq!(folder.read("opened.jsonl"), "mine");
    assert!(folder.run(&[&DECRYPT[..], &["--force"]].concat()).status.success());
    assert_eq!((folder.read("opened.jsonl"), mode("opened.jsonl")), (orders(2), 0o600));
    let same = ["--in", "stored.jsonl", "--out", "stored.jsonl", "--force"];
    let output = folder.run(&[&["decrypt", "--config", "c.toml"], &same[..]].concat());
    assert!(error(&output).contains("is the input"), "{}", error(&output));
    assert!(folder.read("stored.jsonl").contains("aws_dbe_head"), "it is still there");
}

#[test]
fn plaintext_is_printed_only_if_that_is_asked_for() {
    let folder = Folder::raw_aes("reveal");
    folder.write("plain.jsonl", &orders(3));
    assert!(folder.run(&ENCRYPT).status.success());
    let base = ["decrypt", "--config", "c.toml", "--in", "stored.jsonl"];
    for (more, says) in [(&[][..], "--out"), (&["--out", "-"], "--reveal only")] {
        let output = folder.run(&[&base[..], more].concat());
        assert!(!output.status.success() && out(&output).is_empty());
        assert!(error(&output).contains(says), "{}", error(&output));
    }
    let output = folder.run(&[&base[..], &["--reveal"]].concat());
    assert_eq!(out(&output), orders(3));
    // And through pipes.
    let mut command = folder.command(&["decrypt", "--config", "c.toml", "--reveal"]);
    let mut process =
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let stored = folder.read("stored.jsonl");
    process.stdin.take().unwrap().write_all(stored.as_bytes()).unwrap();
    assert_eq!(out(&process.wait_with_output().unwrap()), orders(3));
    let encrypted = folder.run(&["encrypt", "--config", "c.toml", "--in", "plain.jsonl"]);
    assert!(out(&encrypted).contains("aws_dbe_head"), "what is encrypted may be printed");
}

#[test]
fn what_cannot_be_is_said_before_anything_is_written() {
    let folder = Folder::raw_aes("wrong");
    folder.write("plain.jsonl", &orders(1));
    std::fs::write(folder.path("plain.zst"), [0x28, 0xb5, 0x2f, 0xfd, 0]).unwrap();
    let two = folder.read("c.toml") + "[table.More]\npartition_key = 'id'\n";
    folder.write("two.toml", &two);
    folder.write("bad.toml", "[table.T]\npartition_key = 'k'\nsuit = 'hmac-only'\n");
    for (arguments, says) in [
        (["--config", "no.toml", "--in", "plain.jsonl"], "no.toml cannot be read"),
        (["--config", "bad.toml", "--in", "plain.jsonl"], "bad.toml: table.\"T\".suit: unknown"),
        (["--config", "two.toml", "--in", "plain.jsonl"], "--table with one of More, Orders"),
        (["--config", "c.toml", "--in", "no.jsonl"], "no.jsonl: No such file"),
        (["--config", "c.toml", "--in", "."], ". is a folder"),
        (["--config", "c.toml", "--in", "plain.zst"], "plain.zst: the file is compressed with Zst"),
    ] {
        let more = ["--out", "stored.jsonl"];
        let output = folder.run(&[&["encrypt"], &arguments[..], &more].concat());
        assert_eq!(output.status.code(), Some(1), "{arguments:?}");
        assert!(error(&output).contains(says), "{}", error(&output));
        assert!(!folder.path("stored.jsonl").exists());
    }
    let table = ["--config", "two.toml", "--table", "Orders", "--in", "plain.jsonl"];
    assert!(folder.run(&[&["encrypt"], &table[..]].concat()).status.success());
}
