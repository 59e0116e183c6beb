//! What cbindgen makes of the crate whose test this is in: bindings/c, or bindings/c-lab, which has it by path.

use std::fs;
use std::path::{Path, PathBuf};

use cbindgen::{Builder, Config};

pub(crate) struct Header {
    /// In `include`.
    pub(crate) file: &'static str,
    /// What all functions begin with.
    pub(crate) prefix: &'static str,
    /// Sources in the header's order; what is not named comes last.
    pub(crate) first: &'static [&'static str],
    /// There are more functions than that.
    pub(crate) functions: usize,
}

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

impl Header {
    fn made(&self) -> String {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let src = root.join("src");
        let mut paths = Vec::new();
        sources(&src, &mut paths);
        let place = |path: &PathBuf| {
            let name = path.strip_prefix(&src).unwrap().to_str().unwrap().replace('\\', "/");
            let first = self.first.iter().position(|first| *first == name);
            (first.unwrap_or(self.first.len()), name.replace("mod.rs", ""))
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

    /// The committed header is what is made of the code. `ITEMSEAL_WRITE_HEADER=1` writes it.
    pub(crate) fn is_made_from_the_code(&self) {
        let made = self.made();
        let file = self.file;
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../include").join(file);
        if std::env::var_os("ITEMSEAL_WRITE_HEADER").is_some() {
            fs::write(&path, &made).unwrap();
        }
        let committed = fs::read_to_string(&path).unwrap_or_default();
        let differs =
            made.lines().zip(committed.lines()).find(|(made, committed)| made != committed);
        assert!(
            made == committed,
            "include/{file} is not what the code says, first at {differs:?}; run: make c-header"
        );
    }

    /// Each exported function is in it once, under the prefix.
    pub(crate) fn has_every_exported_function(&self) {
        let mut paths = Vec::new();
        sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut paths);
        let header = self.made();
        let mut exported = 0;
        for path in &paths {
            let text = fs::read_to_string(path).unwrap();
            for after in text.split("#[unsafe(no_mangle)]").skip(1) {
                let (_, name) = after.split_once("extern \"C\" fn ").unwrap();
                let (name, _) = name.split_once('(').unwrap();
                assert!(name.starts_with(self.prefix), "{name}");
                let count = |declared: String| header.matches(&declared).count();
                assert_eq!(count(format!(" {name}(")) + count(format!("*{name}(")), 1, "{name}");
                exported += 1;
            }
        }
        assert!(exported > self.functions, "{exported}");
    }
}
