//! What is printed: styled on a terminal, plain in a pipe.

use std::error::Error;
use std::fmt::Display;
use std::io::{self, IsTerminal, Write};

/// Prints an error and what caused it, a line each.
pub(crate) fn print_error(error: &dyn Error) {
    eprintln!("itemseal: {error}");
    let mut cause = error.source();
    while let Some(error) = cause {
        eprintln!("  because: {error}");
        cause = error.source();
    }
}

/// Standard output, with or without styles.
pub(crate) struct Terminal {
    styled: bool,
}

impl Terminal {
    /// Styles a terminal, unless `NO_COLOR` is set (<https://no-color.org>).
    pub(crate) fn stdout() -> Self {
        let refused = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        Self { styled: io::stdout().is_terminal() && !refused }
    }

    pub(crate) fn heading(&self, text: &str) {
        println!("\n{}", self.style("1", text));
    }

    pub(crate) fn line(&self, text: impl Display) {
        println!("  {text}");
    }

    /// A check's outcome.
    pub(crate) fn check(&self, held: bool, text: &str) {
        let mark = if held { self.style("32", "✓") } else { self.style("1;31", "✗ FAILED:") };
        println!("  {mark} {text}");
    }

    pub(crate) fn dim(&self, text: &str) -> String {
        self.style("2", text)
    }

    pub(crate) fn secret(&self, text: &str) -> String {
        self.style("33", text)
    }

    fn style(&self, code: &str, text: &str) -> String {
        if self.styled { format!("\x1b[{code}m{text}\x1b[0m") } else { text.to_owned() }
    }

    /// Shows how far long work has come, on a terminal only.
    pub(crate) fn progress(&self, what: &str, done: usize, of: usize) {
        const WIDTH: usize = 30;
        if !self.styled || of == 0 || !(done == of || done.is_multiple_of(25)) {
            return;
        }
        let filled = (WIDTH * done / of).min(WIDTH);
        let bar = format!("{}{}", "█".repeat(filled), "░".repeat(WIDTH - filled));
        print!("\r  {what} {bar} {done}/{of}");
        if done == of {
            print!("\r\x1b[K");
        }
        // A bar that cannot be shown is no reason to stop.
        let _ = io::stdout().flush();
    }

    /// Rows under each other; the first column left, the others right.
    pub(crate) fn table(&self, rows: &[Vec<String>]) {
        let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
        let width = |column: usize| {
            let cells = rows.iter().filter_map(|row| row.get(column));
            cells.map(|cell| cell.chars().count()).max().unwrap_or(0)
        };
        let widths: Vec<usize> = (0..columns).map(width).collect();
        for (index, row) in rows.iter().enumerate() {
            let mut line = String::new();
            for (column, (cell, width)) in row.iter().zip(&widths).enumerate() {
                let padding = " ".repeat(width.saturating_sub(cell.chars().count()));
                if column == 0 {
                    line += &format!("{cell}{padding}");
                } else {
                    line += &format!("  {padding}{cell}");
                }
            }
            println!(
                "  {}",
                if index == 0 { self.dim(line.trim_end()) } else { line.trim_end().to_owned() }
            );
        }
    }
}
