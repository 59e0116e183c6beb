//! The `itemseal` command.

mod demo;
mod lab;
mod terminal;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Client-side encryption for DynamoDB global tables.
#[derive(Debug, Parser)]
#[command(version, arg_required_else_help = true)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Encrypt orders in one Region, open them in two others, and try to cheat.
    ///
    /// Needs no AWS account: a KMS with multi-Region keys and a table in three Regions run inside
    /// of the command. Every step is checked; the exit code is 0 only if all checks held.
    Demo(demo::Options),
    /// KMS multi-Region keys and DynamoDB global tables on this machine, for any AWS SDK.
    #[command(subcommand)]
    Lab(lab::Command),
}

fn main() -> ExitCode {
    let Arguments { command } = Arguments::parse();
    let outcome = match command {
        Command::Demo(options) => demo::run(&options),
        Command::Lab(command) => lab::run(&command),
    };
    match outcome {
        Ok(code) => code,
        Err(error) => {
            terminal::print_error(&*error);
            ExitCode::FAILURE
        }
    }
}
