//! The demo as a user runs it: the command itself, in a pipe.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "tests fail by panicking"
)]

use std::process::{Command, Output};

fn demo(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_itemseal"));
    command.arg("demo").args(arguments).output().expect("the command starts")
}

#[test]
fn every_check_holds_and_a_pipe_gets_plain_text() {
    let output = demo(&[]);
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{text}{}", String::from_utf8_lossy(&output.stderr));
    assert!(!text.contains('\x1b') && !text.contains('\r'), "no styles in a pipe");
    for part in [
        "us-east-1 has 1000 items",
        "eu-west-1: 1000 of 1000",
        "ap-southeast-1: 1000 of 1000",
        "the later write survived",
        "one bit of the stored Card flipped: refused in eu-west-1",
        "KMS says NotFoundException",
        "KMS says AccessDeniedException",
        "18 of 18 checks held",
    ] {
        assert!(text.contains(part), "{part:?} is missing in\n{text}");
    }
    assert!(!text.contains("FAILED"));
}

#[test]
fn orders_that_cannot_be_read_say_where() {
    let folder = std::env::temp_dir().join(format!("itemseal-demo-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let file = folder.join("orders.jsonl");
    for (text, says) in [
        ("{\"OrderID\":{\"S\":\"1\"}}\n", "line 1: attribute \"CustomerID\""),
        ("{}\n\n{\"OrderID\":1}\n", "line 1"),
        ("", "at least three orders"),
    ] {
        std::fs::write(&file, text).unwrap();
        let output = demo(&["--orders", file.to_str().unwrap()]);
        let error = String::from_utf8(output.stderr).unwrap();
        assert!(!output.status.success() && error.contains(says), "{error}");
    }
    let output = demo(&["--orders", folder.join("missing.jsonl").to_str().unwrap()]);
    assert!(!output.status.success());
    assert!(String::from_utf8_lossy(&output.stderr).contains("missing.jsonl"));
    std::fs::remove_dir_all(folder).unwrap();
}
