//! `itemseal keystore`: branch keys are made, rotated and listed.

use serde_json::Value;

use crate::bench::{HOME, World, error};

const CREATE: [&str; 4] = ["keystore", "create", "--config", "b.toml"];
const NEW: [&str; 4] = ["keystore", "new-key", "--config", "b.toml"];
const ROTATE: [&str; 6] = ["keystore", "rotate", "--config", "b.toml", "--id", "tenant-1"];
const LIST: [&str; 5] = ["keystore", "list", "--config", "b.toml", "--json"];

fn list(world: &World) -> Value {
    serde_json::from_str(&world.says(&LIST)).unwrap()
}

fn active(key: &Value) -> Vec<&Value> {
    let versions = key["versions"].as_array().unwrap().iter();
    versions.filter(|version| version["active"] == true).collect()
}

#[test]
fn a_key_is_made_rotated_and_listed() {
    let world = World::new("keystore");
    world.branch_keys();
    let arn = world.says(&CREATE);
    assert!(arn.starts_with(&format!("arn:aws:dynamodb:{HOME}:")), "{arn}");
    assert!(arn.ends_with(":table/Keys\n"), "{arn}");
    assert_eq!(world.says(&CREATE), arn, "it is there");
    assert_eq!(list(&world), serde_json::json!([]));
    let tenant = [&NEW[..], &["--id", "tenant-1", "--context", "department=admin"]].concat();
    assert_eq!(world.says(&tenant), "tenant-1\n");
    let other = world.says(&NEW);
    assert_eq!(other.trim_end().len(), 36, "a UUID: {other}");
    let before = list(&world);
    assert_eq!(before.as_array().unwrap().len(), 2);
    let key = |keys: &Value| {
        let keys = keys.as_array().unwrap().iter();
        keys.clone().find(|key| key["id"] == "tenant-1").unwrap().clone()
    };
    let made = key(&before);
    assert_eq!(
        (&made["kms_arn"], &made["context"]["department"]),
        (&world.key_arn.as_str().into(), &"admin".into())
    );
    assert_eq!((made["versions"].as_array().unwrap().len(), active(&made).len()), (1, 1));
    assert_eq!(world.says(&ROTATE), "");
    let rotated = key(&list(&world));
    assert_eq!((rotated["versions"].as_array().unwrap().len(), active(&rotated).len()), (2, 1));
    assert_ne!(active(&rotated)[0]["version"], active(&made)[0]["version"]);
    let text = world.says(&LIST[..4]);
    assert!(
        text.contains(&format!("tenant-1  under {}  department=admin\n", world.key_arn)),
        "{text}"
    );
    assert_eq!(text.matches("  active\n").count(), 2, "{text}");
}

#[test]
fn what_cannot_be_is_told() {
    let world = World::new("keystore-wrong");
    world.branch_keys();
    let told = |arguments: &[&str], says: &str| {
        let output = world.run(arguments);
        assert!(!output.status.success(), "{arguments:?}");
        assert!(error(&output).contains(says), "{}", error(&output));
    };
    told(&LIST, "ResourceNotFoundException");
    world.says(&CREATE);
    told(&[&NEW[..], &["--id", "tenant-1"]].concat(), "context");
    told(&[&NEW[..], &["--context", "admin"]].concat(), "NAME=VALUE");
    told(&ROTATE, "tenant-1");
    let tenant = [&NEW[..], &["--id", "tenant-1", "--context", "department=admin"]].concat();
    world.says(&tenant);
    told(&tenant, "has such a branch key already");
    told(&["keystore", "list", "--config", "c.toml"], "only a hierarchical keyring");
}
