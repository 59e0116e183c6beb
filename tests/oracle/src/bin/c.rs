//! libitemseal beside AWS's crate, itemseal in Rust, the command and Python: one file of items that C encrypted opens in all of
//! them, and C opens what each of them encrypted.
//!
//! ```text
//! cargo run --bin c -- LINES ITEMSEAL PYTHON
//! ```
//! LINES is the program made of bindings/c/tests/interop/lines.c, ITEMSEAL the command, PYTHON an interpreter that has the
//! wheel. Versions 1 and 2, both suites, a raw AES key in a file.

use std::fs::File;
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use fastrand::Rng;
use itemseal::{AlgorithmSuite, Item};
use itemseal_oracle::compare;
use itemseal_oracle::generate::{self, seed_of};
use itemseal_oracle::keys::WrappingKey;
use itemseal_oracle::parties::{Party, Side};
use itemseal_oracle::table::{Action, Table, suite_name};
use itemseal_oracle::world::{self, Outcome, table};

/// Items for each version and suite.
const ITEMS: usize = 60;
const SEED: u64 = 7;

/// Who writes and reads beside C.
#[derive(Clone, Copy, Debug)]
enum Other {
    Aws,
    Rust,
    Command,
    Python,
}

const OTHERS: [Other; 4] = [Other::Aws, Other::Rust, Other::Command, Other::Python];

fn main() -> ExitCode {
    let mut given = std::env::args_os().skip(1).map(PathBuf::from);
    let (Some(lines), Some(command), Some(python)) = (given.next(), given.next(), given.next())
    else {
        eprintln!("c: say which program of lines.c, which command, and which interpreter");
        return ExitCode::FAILURE;
    };
    world::run("c", story(Programs { lines, command, python }))
}

struct Programs {
    lines: PathBuf,
    command: PathBuf,
    python: PathBuf,
}

async fn story(programs: Programs) -> Outcome {
    let folder = std::env::temp_dir().join(format!("itemseal-c-{}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    let mut total = 0;
    for suite in [AlgorithmSuite::HmacOnly, AlgorithmSuite::EcdsaP384] {
        for version in [1, 2] {
            let table = table(&format!("Orders-{}-{version}", suite.id() & 1), suite, version);
            let setting = Setting::new(&programs, &folder, table).await?;
            setting.both_ways().await?;
            println!("version {version}, suite 0x{:04x}: {ITEMS} items each way", suite.id());
            total += ITEMS;
        }
    }
    std::fs::remove_dir_all(&folder)?;
    println!("c: {total} items each way with {OTHERS:?}, 0 differences");
    Ok(())
}

struct Setting<'a> {
    programs: &'a Programs,
    folder: &'a Path,
    table: Table,
    party: Party,
    items: Vec<Item>,
}

impl<'a> Setting<'a> {
    async fn new(programs: &'a Programs, folder: &'a Path, table: Table) -> Outcome<Self> {
        let key = WrappingKey::from_seed(SEED, "tests", "key-1", 32);
        let mut file = File::options();
        let file = file.create(true).truncate(true).write(true).mode(0o600);
        file.open(folder.join("key"))?.write_all(&key.bytes)?;
        std::fs::write(folder.join("itemseal.toml"), toml(&table, &key))?;
        let item = |n| generate::item(&mut Rng::with_seed(seed_of(SEED, "item", n)), &table);
        let items = (0..ITEMS).map(item).collect();
        let party = Party::new(&table, &[key]).await;
        Ok(Self { programs, folder, table, party, items })
    }

    async fn both_ways(&self) -> Outcome {
        let by_c = self.c("encrypt", &self.items)?;
        for (item, stored) in self.items.iter().zip(&by_c) {
            compare::stored_form(&self.table, 1, item, stored)?;
        }
        for other in OTHERS {
            let opened = self.other(other, "decrypt", &by_c).await?;
            self.compare(&format!("C's, opened by {other:?}"), &opened)?;
            let stored = self.other(other, "encrypt", &self.items).await?;
            self.compare(&format!("{other:?}'s, opened by C"), &self.c("decrypt", &stored)?)?;
        }
        Ok(())
    }

    fn compare(&self, what: &str, opened: &[Item]) -> Outcome {
        if opened.len() != ITEMS {
            return Err(format!("{what}: {} items of {ITEMS}", opened.len()).into());
        }
        for (n, (item, opened)) in self.items.iter().zip(opened).enumerate() {
            compare::same_item(&compare::expected(&self.table, item), opened)
                .map_err(|message| format!("{what}, {}, item {n}: {message}", self.name()))?;
        }
        Ok(())
    }

    fn name(&self) -> &str {
        &self.table.logical_name
    }

    async fn other(&self, other: Other, way: &str, items: &[Item]) -> Outcome<Vec<Item>> {
        let side = match other {
            Other::Aws => Side::Aws,
            Other::Rust => Side::Ours,
            Other::Command => return self.command(way, items),
            Other::Python => return self.python(way, items),
        };
        let mut done = Vec::with_capacity(items.len());
        for item in items {
            done.push(match way {
                "encrypt" => self.party.encrypt(side, item).await?,
                _ => self.party.decrypt(side, item).await?,
            });
        }
        Ok(done)
    }

    fn c(&self, way: &str, items: &[Item]) -> Outcome<Vec<Item>> {
        self.lines(Command::new(&self.programs.lines), way, items)
    }

    fn python(&self, way: &str, items: &[Item]) -> Outcome<Vec<Item>> {
        let program = "../../bindings/c/tests/interop/lines.py";
        let mut command = Command::new(&self.programs.python);
        command.arg(Path::new(env!("CARGO_MANIFEST_DIR")).join(program));
        self.lines(command, way, items)
    }

    /// A program that has items as lines in and out.
    fn lines(&self, mut program: Command, way: &str, items: &[Item]) -> Outcome<Vec<Item>> {
        program.arg(way).arg(self.folder.join("itemseal.toml")).arg(self.name());
        let done = program.stdin(File::open(self.write(items)?)?).output()?;
        ended(done.status, &done.stderr, way)?;
        read(&done.stdout)
    }

    fn command(&self, way: &str, items: &[Item]) -> Outcome<Vec<Item>> {
        let to = self.folder.join("out.jsonl");
        let _ = std::fs::remove_file(&to);
        let mut command = Command::new(&self.programs.command);
        command.arg(way).arg("--config").arg(self.folder.join("itemseal.toml"));
        command.arg("--in").arg(self.write(items)?).arg("--out").arg(&to);
        let done = command.output()?;
        ended(done.status, &done.stderr, way)?;
        read(&std::fs::read(to)?)
    }

    fn write(&self, items: &[Item]) -> Outcome<PathBuf> {
        let path = self.folder.join("in.jsonl");
        std::fs::write(&path, items.iter().map(|item| item.to_json() + "\n").collect::<String>())?;
        Ok(path)
    }
}

fn ended(status: std::process::ExitStatus, said: &[u8], way: &str) -> Outcome {
    let said = String::from_utf8_lossy(said);
    if status.success() { Ok(()) } else { Err(format!("{way}: {status}: {said}").into()) }
}

fn read(lines: &[u8]) -> Outcome<Vec<Item>> {
    let lines = lines.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
    Ok(lines.map(Item::from_json).collect::<Result<_, _>>()?)
}

/// The table's configuration as the file has it.
fn toml(table: &Table, key: &WrappingKey) -> String {
    let names =
        |action| table.names(action).map(|name| format!("{name:?}")).collect::<Vec<_>>().join(", ");
    format!(
        "[table.{:?}]\npartition_key = {:?}\nsort_key = {:?}\nsign_only = [{}]\ncontext = [{}]\nsuite = {:?}\n\n\
         [keyring]\nkind = \"raw-aes\"\nkey_file = \"key\"\nnamespace = {:?}\nname = {:?}\n",
        table.logical_name,
        table.partition_key,
        table.sort_key.as_deref().unwrap_or_default(),
        names(Action::Sign),
        names(Action::Context),
        suite_name(table.suite),
        key.namespace,
        key.name,
    )
}
