//! `itemseal lab`: KMS and DynamoDB in several Regions, on this machine.

mod client;
mod fault;
mod ready;
mod reset;
mod status;
mod up;

use std::error::Error;
use std::process::ExitCode;

use clap::{Args, Subcommand};

use client::Client;

/// The port of `lab up` unless another is given, and where the other commands look.
const PORT: u16 = 8320;

/// The parts of `itemseal lab`.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Start a lab, and keep it until Ctrl-C or SIGTERM.
    ///
    /// Prints what to export, so that every AWS SDK, boto3 and the AWS CLI talk to the lab instead
    /// of AWS. Any credentials do.
    Up(up::Options),
    /// Show Regions, tables, what waits to be replicated, calls and faults.
    Status(status::Options),
    /// Let something go wrong, see what does, and end it.
    Fault(fault::Options),
    /// Delete all tables, end all faults, and count calls from zero. Keys stay.
    Reset(reset::Options),
}

/// Where the lab is.
#[derive(Debug, Args)]
struct Endpoint {
    /// The lab's URL, as `lab up` prints it.
    #[arg(long, value_name = "URL", global = true, default_value_t = format!("http://127.0.0.1:{PORT}"))]
    endpoint: String,
}

impl Endpoint {
    fn client(&self) -> Result<Client, Box<dyn Error>> {
        Client::new(&self.endpoint)
    }
}

pub(crate) fn run(command: &Command) -> Result<ExitCode, Box<dyn Error>> {
    match command {
        Command::Up(options) => up::run(options)?,
        Command::Status(options) => status::run(options)?,
        Command::Fault(options) => fault::run(options)?,
        Command::Reset(options) => reset::run(options)?,
    }
    Ok(ExitCode::SUCCESS)
}
