//! `itemseal demo`: the whole story on one machine.

mod orders;
mod story;
mod world;

use std::error::Error;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;

use crate::terminal::Terminal;
use story::Story;

/// Options of `itemseal demo`.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// Orders to use instead of the 1,000 that ship with the command: a file of DynamoDB JSON, one
    /// item a line, each with OrderID and CustomerID of type S and OrderStatus.
    #[arg(long, value_name = "FILE")]
    orders: Option<PathBuf>,
}

/// Tells the story; the exit code says whether every check in it held.
pub(crate) fn run(options: &Options) -> Result<ExitCode, Box<dyn Error>> {
    let orders = orders::read(options.orders.as_deref())?;
    let runtime = tokio::runtime::Builder::new_current_thread().build()?;
    let failed = runtime.block_on(Story::tell(Terminal::stdout(), orders))?;
    Ok(if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
