//! How far long work has come: one line on standard error, on a terminal only.

use std::io::{self, IsTerminal, Write};
use std::time::{Duration, Instant};

const EVERY: Duration = Duration::from_millis(100);
const WIDTH: u64 = 30;

pub(crate) struct Progress {
    shown: bool,
    start: Instant,
    last: Instant,
}

impl Progress {
    pub(crate) fn new() -> Self {
        let now = Instant::now();
        Self { shown: io::stderr().is_terminal(), start: now, last: now }
    }

    /// `(read, size)` in bytes.
    pub(crate) fn show(&mut self, items: u64, (read, size): (u64, Option<u64>)) {
        if !self.shown || self.last.elapsed() < EVERY {
            return;
        }
        self.last = Instant::now();
        let text = text(items, read, size, self.start.elapsed());
        // A bar that cannot be shown is no reason to stop.
        let _ = write!(io::stderr(), "\r\x1b[K{text}");
    }

    /// Of an export: `(read, of)` in items, and how many files are done.
    pub(crate) fn show_files(&mut self, items: u64, read: (u64, Option<u64>), files: u64) {
        if !self.shown || self.last.elapsed() < EVERY {
            return;
        }
        self.last = Instant::now();
        let text = text(items, read.0, read.1, self.start.elapsed());
        let _ = write!(io::stderr(), "\r\x1b[K{text}, {files} files done");
    }

    /// Makes room for another line.
    pub(crate) fn clear(&self) {
        if self.shown {
            let _ = write!(io::stderr(), "\r\x1b[K");
        }
    }
}

fn text(items: u64, read: u64, size: Option<u64>, took: Duration) -> String {
    let rate = items as f64 / took.as_secs_f64().max(0.001);
    let bar = size.filter(|size| *size > 0).map(|size| {
        let filled = (WIDTH * read.min(size) / size) as usize;
        let empty = WIDTH as usize - filled;
        let percent = 100 * read.min(size) / size;
        format!("{}{} {percent} %  ", "█".repeat(filled), "░".repeat(empty))
    });
    format!("{}{items} items, {rate:.0} items/s", bar.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bar_is_as_long_as_the_part_that_is_read() {
        let took = Duration::from_secs(2);
        let half = format!("{}{} 50 %  10 items, 5 items/s", "█".repeat(15), "░".repeat(15));
        assert_eq!(text(10, 50, Some(100), took), half);
        assert_eq!(text(10, 50, None, took), "10 items, 5 items/s");
        assert!(text(10, 101, Some(100), took).starts_with(&"█".repeat(30)));
    }
}
