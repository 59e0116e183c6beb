//! Serves a lab until its standard input ends, and prints the endpoint's URL on one line.
//!
//! With `--manual`, the clock and replication stand still until they are told to go on, through the
//! lab's own API under `/_lab/`. With `--slow-keys`, a new replica of a key, and a change of the
//! primary, take a minute.

use std::io::{Read, Write};
use std::time::Duration;

use itemseal_lab::clock::ManualClock;
use itemseal_lab::http::LabServer;
use itemseal_lab::{Lab, Replication};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut lab = Lab::builder().every_region();
    let mut replication = Replication::Automatic;
    for option in std::env::args().skip(1) {
        match option.as_str() {
            "--manual" => {
                lab = lab.clock(ManualClock::default());
                replication = Replication::Manual;
            }
            "--slow-keys" => {
                let minute = Duration::from_secs(60);
                lab = lab.keys_creating_for(minute).keys_updating_for(minute);
            }
            other => return Err(format!("there is no option {other}").into()),
        }
    }
    let lab = lab.build()?;
    let server = LabServer::builder(&lab).replication(replication).start()?;
    println!("{}", server.endpoint());
    std::io::stdout().flush()?;
    // Whoever started this holds the other end, so it never outlives them.
    std::io::stdin().read_to_end(&mut Vec::new())?;
    Ok(())
}
