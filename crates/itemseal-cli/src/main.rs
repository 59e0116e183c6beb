//! The `itemseal` command.

mod demo;
mod doctor;
mod items;
mod keystore;
mod lab;
mod rewrap;
mod setup;
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
    /// Encrypt items: DynamoDB JSON in and out, one item a line.
    Encrypt(items::EncryptOptions),
    /// Verify and decrypt stored items, to a file that only you can read.
    ///
    /// A line that does not open is told by its number and key, and the rest goes on; the exit code is then 1.
    Decrypt(items::DecryptOptions),
    /// Print the headers of stored items: version, suite, keys, context. It needs no key, and verifies
    /// nothing.
    Describe(items::DescribeOptions),
    /// Check tables and keys in every Region, and say what to run to mend them.
    ///
    /// It changes nothing. The exit code is 0 only if all is well.
    Doctor(doctor::Options),
    /// Branch keys for a hierarchical keyring: one KMS call for any number of items.
    #[command(subcommand)]
    Keystore(keystore::Command),
    /// Bring a table's items under other keys, in place: a branch key's active version, another keyring, or another
    /// configuration.
    ///
    /// It may be interrupted and run again, and others may write meanwhile. Items that do not open are told by their
    /// keys, and the rest goes on; the exit code is then 1.
    Rewrap(rewrap::Options),
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
        Command::Encrypt(options) => items::encrypt(&options),
        Command::Decrypt(options) => items::decrypt(&options),
        Command::Describe(options) => items::describe(&options),
        Command::Doctor(options) => doctor::run(&options),
        Command::Keystore(command) => keystore::run(&command),
        Command::Rewrap(options) => rewrap::run(&options),
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
