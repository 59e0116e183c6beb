//! Many items at a time, in order, with bounded memory.

use std::collections::VecDeque;
use std::error::Error;

use itemseal::ItemEncryptor;
use itemseal_aws::{DataFiles, DataLine};
use tokio::task::JoinHandle;

use super::bad::BadLine;
use super::input::Input;
use super::line::Line;
use super::output::Output;
use super::progress::Progress;

/// How many items are worked on at once: enough that KMS is not waited for one by one, and not so
/// many that it throttles.
const IN_FLIGHT: usize = 16;

/// Which way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Direction {
    Encrypt,
    Decrypt,
}

/// How it ended.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Done {
    pub(super) good: u64,
    pub(super) bad: u64,
    /// Of an export: whether its files are what its manifest says.
    pub(super) damaged: bool,
}

type Converted = Result<Vec<u8>, BadLine>;

/// Converts every line. A bad one is told on standard error by its number and key, and the rest goes on.
pub(super) async fn run(
    direction: Direction,
    encryptor: &ItemEncryptor,
    mut input: Input,
    mut output: Output,
) -> Result<Done, Box<dyn Error>> {
    let mut done = Done::default();
    let mut progress = Progress::new();
    let mut started: VecDeque<JoinHandle<Converted>> = VecDeque::with_capacity(IN_FLIGHT);
    let mut read = Ok(());
    let mut more = true;
    loop {
        while more && started.len() < IN_FLIGHT {
            match input.next_line() {
                Ok(Some(line)) => {
                    started.push_back(tokio::spawn(one(direction, encryptor.clone(), line)));
                }
                Ok(None) => more = false,
                // What was read before is delivered.
                Err(error) => (read, more) = (Err(error), false),
            }
        }
        let Some(task) = started.pop_front() else { break };
        match task.await? {
            Ok(text) => {
                output.line(&text)?;
                done.good += 1;
            }
            Err(bad) => {
                progress.clear();
                eprintln!("itemseal: {bad}");
                done.bad += 1;
            }
        }
        progress.show(done.good, input.position());
    }
    progress.clear();
    output.finish()?;
    if let Err(error) = read {
        eprintln!("itemseal: {} items were done when the input ended:", done.good);
        return Err(error.into());
    }
    Ok(done)
}

async fn one(direction: Direction, encryptor: ItemEncryptor, line: DataLine) -> Converted {
    let number = line.number();
    let bad = |key, error| BadLine::new(number, key, error);
    let Some(text) = line.text() else {
        let says = "longer than 8 MiB, and no item is";
        return Err(bad(
            Default::default(),
            itemseal::Error::new(itemseal::ErrorKind::TooLarge, says),
        ));
    };
    let Line { item, wrapped } = match Line::parse(text) {
        Ok(line) => line,
        Err(_) if direction == Direction::Decrypt && Line::is_change(text) => {
            let mut opened = DataFiles::new(encryptor).open_line(line).await?;
            opened.pop_if(|last| *last == b'\n');
            return Ok(opened);
        }
        Err(error) => return Err(bad(Default::default(), error)),
    };
    drop(line);
    let key = encryptor.table().key_of(&item);
    let item = match direction {
        Direction::Encrypt => encryptor.encrypt_item(item).await,
        Direction::Decrypt => encryptor.decrypt_item(item).await,
    };
    let item = item.map_err(|error| bad(key, error))?;
    Ok(Line { item, wrapped }.to_json().into_bytes())
}
