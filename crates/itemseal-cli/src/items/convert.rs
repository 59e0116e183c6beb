//! Many items at a time, in order, with bounded memory.

use std::collections::VecDeque;
use std::error::Error;

use itemseal::ItemEncryptor;
use tokio::task::JoinHandle;

use super::input::{Input, RawLine};
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
}

struct Started {
    number: u64,
    task: JoinHandle<itemseal::Result<String>>,
}

/// Converts every line. A bad one is told on standard error by its number, and the rest goes on.
pub(super) async fn run(
    direction: Direction,
    encryptor: &ItemEncryptor,
    mut input: Input,
    mut output: Output,
) -> Result<Done, Box<dyn Error>> {
    let mut done = Done::default();
    let mut progress = Progress::new();
    let mut started: VecDeque<Started> = VecDeque::with_capacity(IN_FLIGHT);
    let mut more = true;
    loop {
        while more && started.len() < IN_FLIGHT {
            match input.next_line()? {
                Some(line) => started.push_back(start(direction, encryptor.clone(), line)),
                None => more = false,
            }
        }
        let Some(Started { number, task }) = started.pop_front() else { break };
        match task.await? {
            Ok(text) => {
                output.line(&text)?;
                done.good += 1;
            }
            Err(error) => {
                progress.clear();
                eprintln!("itemseal: line {number}: {error}");
                done.bad += 1;
            }
        }
        progress.show(done.good, input.position());
    }
    progress.clear();
    output.finish()?;
    Ok(done)
}

fn start(direction: Direction, encryptor: ItemEncryptor, line: RawLine) -> Started {
    let RawLine { number, bytes } = line;
    let task = tokio::spawn(async move {
        let Some(bytes) = bytes else {
            let says = "longer than 4 MiB, and no item is";
            return Err(itemseal::Error::new(itemseal::ErrorKind::TooLarge, says));
        };
        let Line { item, wrapped } = Line::parse(&bytes)?;
        drop(bytes);
        let item = match direction {
            Direction::Encrypt => encryptor.encrypt_item(item).await?,
            Direction::Decrypt => encryptor.decrypt_item(item).await?,
        };
        Ok(Line { item, wrapped }.to_json())
    });
    Started { number, task }
}
