//! The command at work: its output line by line, and its memory.

use std::error::Error;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Instant;

use crate::make::Export;
use crate::plain::item;

/// How much more memory the whole export may take than its first tenth.
const GROWTH_PERCENT: u64 = 10;

/// Decrypts to a pipe, which holds less than 1,000 lines: the command is not ahead of what is read here.
pub(crate) fn decrypt(
    command: &Path,
    directory: &Path,
    items: u64,
    export: &Export,
) -> Result<(), Box<dyn Error>> {
    let begun = Instant::now();
    let mut command = Command::new(command);
    command.args(["decrypt", "--config", "itemseal.toml", "--in", "export", "--reveal"]);
    command.current_dir(directory).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut process = Running(command.spawn()?);
    let output = process.0.stdout.take().ok_or("a pipe was asked for")?;
    let numbers = (0..items).filter(|n| *n != export.altered);
    let mut lines = 0;
    let (mut memory, mut at_tenth) = (Memory::default(), Memory::default());
    let mut input = BufReader::new(output);
    let mut text = String::new();
    for n in numbers {
        text.clear();
        input.read_line(&mut text)?;
        if text != item(n) {
            return Err(format!("item {n} is missing, late, or not what it was").into());
        }
        lines += 1;
        let is_part = [10, 50, 100].map(|percent| lines == ((items - 1) * percent).div_ceil(100));
        if lines % 1_000 == 0 || is_part.contains(&true) {
            // The last time it may be gone already.
            memory = Memory::of(process.0.id()).unwrap_or(memory);
        }
        for (percent, _) in [10, 50, 100].iter().zip(is_part).filter(|(_, is_part)| *is_part) {
            println!("{percent:>4} %: {lines} items, {}, {memory}", rate(lines, begun));
            at_tenth = if at_tenth.peak_kib == 0 { memory } else { at_tenth };
        }
    }
    if input.read_line(&mut text)? > 0 {
        return Err("there is more than there should be".into());
    }
    let mut told = String::new();
    process.0.stderr.take().ok_or("a pipe was asked for")?.read_to_string(&mut told)?;
    let status = process.0.wait()?;
    print!("{told}");
    check(&told, lines, export)?;
    if status.code() != Some(1) {
        return Err(format!("the exit code is 1 if a line is bad, not {status}").into());
    }
    let most = at_tenth.peak_kib * (100 + GROWTH_PERCENT) / 100;
    if memory.peak_kib == 0 || memory.peak_kib > most {
        return Err(format!("memory grew: {at_tenth} after a tenth, {memory} at the end").into());
    }
    println!("one line was reported, the others are what they were, and memory is flat");
    Ok(())
}

/// Ends with whoever watches it.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// One line is reported, by number and key, and one says how many there are.
fn check(told: &str, lines: u64, export: &Export) -> Result<(), Box<dyn Error>> {
    let Export { altered, part, line, .. } = export;
    let bad = format!(
        "itemseal: {part}: line {line}, key {{\"OrderID\":{{\"S\":\"{altered:032}\"}}}}: the item"
    );
    let all = format!("itemseal: {lines} items decrypted, 1 lines were bad");
    match told.lines().collect::<Vec<_>>()[..] {
        [first, second] if first.starts_with(&bad) && second == all => Ok(()),
        _ => Err(format!("expected {bad:?} and {all:?}").into()),
    }
}

pub(crate) fn rate(items: u64, begun: Instant) -> String {
    let seconds = begun.elapsed().as_secs_f64();
    format!("{seconds:.1} s, {:.0} items/s", items as f64 / seconds)
}

/// Of a process: now, and at most so far.
#[derive(Clone, Copy, Default)]
struct Memory {
    now_kib: u64,
    peak_kib: u64,
}

impl Memory {
    fn of(process: u32) -> Option<Self> {
        let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
        let field = |name: &str| {
            let line = status.lines().find_map(|line| line.strip_prefix(name))?;
            line.trim().strip_suffix(" kB")?.parse().ok()
        };
        Some(Self { now_kib: field("VmRSS:")?, peak_kib: field("VmHWM:")? })
    }
}

impl std::fmt::Display for Memory {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mib = |kib: u64| kib as f64 / 1024.0;
        write!(f, "{:.1} MiB, at most {:.1} MiB", mib(self.now_kib), mib(self.peak_kib))
    }
}
