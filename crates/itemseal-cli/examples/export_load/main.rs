//! A large export through the `itemseal` command: makes it, alters one line, decrypts it, and says how fast
//! that is and how much memory it takes on the way. It fails if another line than the altered one is left
//! out, if an item is not what it was, or if memory grows with the export.
//!
//! `make export-load`, or: `export_load <itemseal> <directory> [items] [suite]`

mod make;
mod plain;
mod watch;

use std::error::Error;
use std::path::Path;
use std::time::Instant;

use make::Export;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let (command, directory, items, suite) = match arguments[..] {
        [command, directory] => (command, directory, "1000000", "hmac-only"),
        [command, directory, items] => (command, directory, items, "hmac-only"),
        [command, directory, items, suite] => (command, directory, items, suite),
        _ => return Err("usage: export_load <itemseal> <directory> [items] [suite]".into()),
    };
    let directory = Path::new(directory).join(format!("export-load-{}", std::process::id()));
    std::fs::create_dir_all(&directory)?;
    let outcome = run(&Path::new(command).canonicalize()?, &directory, items.parse()?, suite);
    std::fs::remove_dir_all(&directory)?;
    outcome
}

fn run(command: &Path, directory: &Path, items: u64, suite: &str) -> Result<(), Box<dyn Error>> {
    let begun = Instant::now();
    let export = Export::make(directory, items, suite)?;
    println!(
        "encrypted {items} items, {suite}, in {} parts of {} MB together: {}",
        make::PARTS,
        export.len_bytes / 1_000_000,
        watch::rate(items, begun)
    );
    println!("altered one bit of item {}, line {} of {}", export.altered, export.line, export.part);
    watch::decrypt(command, directory, items, &export)
}
