//! The vectors in `tests/vectors`, written by AWS's crate: every case does what it says.
//!
//! The form of a case is in that directory's README.

#![allow(clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

use std::collections::BTreeSet;
use std::path::Path;

use itemseal::{
    AlgorithmSuite, ErrorKind, Item, ItemEncryptor, MultiKeyring, RawAesKeyring, TableConfig,
};
use serde_json::Value;

/// Every file with how many of its cases open and how many are refused: a file that is not there
/// or not read is a failure.
const FILES: [(&str, usize, usize); 4] = [
    ("opens.json", 24, 0),
    ("values.json", 24, 0),
    ("still-opens.json", 9, 0),
    ("refused.json", 6, 81),
];

#[tokio::test]
async fn every_case_does_what_it_says() {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/vectors");
    let mut failures = Vec::new();
    let mut total = 0;
    for (name, opens, refused) in FILES {
        let path = directory.join(name);
        let text = std::fs::read(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        let file: Value = serde_json::from_slice(&text).expect("a file of JSON");
        let cases = file["cases"].as_array().expect("an array of cases");

        let names: BTreeSet<&str> = cases.iter().map(|case| text_of(case, "name")).collect();
        assert_eq!(names.len(), cases.len(), "{name}: two cases have one name");
        let open = cases.iter().filter(|case| text_of(case, "expect") == "ok").count();
        assert_eq!((open, cases.len() - open), (opens, refused), "{name}: number of cases");

        for case in cases {
            if let Err(message) = run(case).await {
                failures.push(format!("{name}, {}: {message}", text_of(case, "name")));
            }
        }
        println!("{name}: {opens} open, {refused} are refused");
        total += cases.len();
    }
    assert!(failures.is_empty(), "{} of {total} cases:\n{}", failures.len(), failures.join("\n"));
    println!("{total} cases");
}

#[test]
fn no_file_is_left_out() {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/vectors");
    let files = std::fs::read_dir(directory).expect("the directory of the vectors");
    let names: BTreeSet<String> = files
        .map(|entry| entry.expect("a file").file_name().to_string_lossy().into_owned())
        .filter(|name| name.ends_with(".json"))
        .collect();
    assert_eq!(names, FILES.iter().map(|(name, ..)| (*name).to_owned()).collect());
}

async fn run(case: &Value) -> Result<(), String> {
    let stored = item(case, "stored");
    let reader = ItemEncryptor::new(table(&case["config"]), keyring(case));
    match (text_of(case, "expect"), reader.decrypt_item(stored).await) {
        ("ok", Ok(got)) => {
            let plain = item(case, "plain");
            if got == plain { Ok(()) } else { Err(format!("opens to {}", got.to_json())) }
        }
        ("ok", Err(error)) => Err(format!("refused: {error:?}")),
        (expect, Ok(_)) => Err(format!("opens, and is to be refused: {expect}")),
        (expect, Err(error)) if expect == kind_name(error.kind()) => Ok(()),
        (expect, Err(error)) => Err(format!("{error:?}, and not {expect}")),
    }
}

fn kind_name(kind: ErrorKind) -> &'static str {
    match kind {
        ErrorKind::Authentication => "authentication",
        ErrorKind::Malformed => "malformed",
        ErrorKind::NotEncrypted => "not-encrypted",
        _ => "a kind that no case expects",
    }
}

fn text_of<'a>(value: &'a Value, member: &str) -> &'a str {
    value[member].as_str().unwrap_or_else(|| panic!("{member} is no text in {value}"))
}

fn item(case: &Value, member: &str) -> Item {
    let json = case.get(member).unwrap_or_else(|| panic!("no {member} in {case}"));
    Item::from_json(json.to_string()).expect("an item in DynamoDB JSON")
}

fn table(config: &Value) -> TableConfig {
    let names = |member: &str| -> Vec<String> {
        let names = config[member].as_array().expect("a list of names");
        names.iter().map(|name| name.as_str().expect("a name").to_owned()).collect()
    };
    let mut builder = TableConfig::builder(text_of(config, "logical_name"))
        .partition_key(text_of(config, "partition_key"))
        .sign_only(names("sign_only"))
        .context(names("context"))
        .unsigned(names("unsigned"))
        .suite(match text_of(config, "suite") {
            "hmac-only" => AlgorithmSuite::HmacOnly,
            "ecdsa-p384" => AlgorithmSuite::EcdsaP384,
            other => panic!("{other} is no suite"),
        });
    if let Some(name) = config["sort_key"].as_str() {
        builder = builder.sort_key(name);
    }
    if let Some(prefix) = config["unsigned_prefix"].as_str() {
        builder = builder.unsigned_prefix(prefix);
    }
    builder.build().expect("a table configuration")
}

fn keyring(case: &Value) -> MultiKeyring {
    let keys = case["keys"].as_array().expect("a list of keys");
    let mut keyrings = keys.iter().map(|key| {
        assert_eq!(text_of(key, "kind"), "raw-aes");
        let bytes = hex::decode(text_of(key, "wrapping_key")).expect("hexadecimal digits");
        RawAesKeyring::new(text_of(key, "namespace"), text_of(key, "name"), bytes)
            .expect("a wrapping key")
    });
    let first = keyrings.next().expect("at least one key");
    keyrings.fold(MultiKeyring::new(first), MultiKeyring::and)
}
