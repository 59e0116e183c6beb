//! The committed header is what cbindgen makes of the crate. `ITEMSEAL_WRITE_HEADER=1` writes it.

#![allow(clippy::unwrap_used, reason = "a test")]

use std::fs;
use std::path::{Path, PathBuf};

use cbindgen::{Builder, Config};

/// In the header's order; what is not named comes last.
const FIRST: [&str; 6] =
    ["version.rs", "status.rs", "error.rs", "views.rs", "buffer.rs", "item/mod.rs"];

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else {
            found.push(path);
        }
    }
}

fn header() -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let src = root.join("src");
    let mut paths = Vec::new();
    sources(&src, &mut paths);
    let place = |path: &PathBuf| {
        let name = path.strip_prefix(&src).unwrap().to_str().unwrap().replace('\\', "/");
        let first = FIRST.iter().position(|first| *first == name).unwrap_or(FIRST.len());
        (first, name.replace("mod.rs", ""))
    };
    // cbindgen follows a module to those in it.
    let is_top = |path: &PathBuf| {
        let depth = path.strip_prefix(&src).unwrap().components().count();
        depth == 1 && !path.ends_with("lib.rs") || depth == 2 && path.ends_with("mod.rs")
    };
    paths.retain(is_top);
    paths.sort_by_key(place);
    let config = Config::from_file(root.join("cbindgen.toml")).unwrap();
    let builder = paths.iter().fold(Builder::new().with_config(config), Builder::with_src);
    let mut header = Vec::new();
    builder.generate().unwrap().write(&mut header);
    String::from_utf8(header).unwrap()
}

#[test]
fn the_header_is_made_from_the_code() {
    let made = header();
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../include/itemseal.h");
    if std::env::var_os("ITEMSEAL_WRITE_HEADER").is_some() {
        fs::write(&path, &made).unwrap();
    }
    let committed = fs::read_to_string(&path).unwrap_or_default();
    let differs = made.lines().zip(committed.lines()).find(|(made, committed)| made != committed);
    assert!(
        made == committed,
        "include/itemseal.h is not what the code says, first at {differs:?}; run: make c-header"
    );
}

#[test]
fn every_exported_function_is_in_it() {
    let mut paths = Vec::new();
    sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut paths);
    let header = header();
    let mut exported = 0;
    for path in &paths {
        let text = fs::read_to_string(path).unwrap();
        for after in text.split("#[unsafe(no_mangle)]").skip(1) {
            let (_, name) = after.split_once("extern \"C\" fn ").unwrap();
            let (name, _) = name.split_once('(').unwrap();
            assert!(name.starts_with("itemseal_"), "{name}");
            assert_eq!(
                header.matches(&format!(" {name}(")).count()
                    + header.matches(&format!("*{name}(")).count(),
                1,
                "{name}"
            );
            exported += 1;
        }
    }
    assert!(exported > 60, "{exported}");
    assert!(!header.contains("itemseal_test_"));
}
