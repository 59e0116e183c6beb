//! Serves a lab until its standard input ends, and prints the endpoint's URL on one line.

use std::io::{Read, Write};

use itemseal_lab::Lab;
use itemseal_lab::http::LabServer;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let lab = Lab::builder().every_region().build()?;
    let server = LabServer::start(&lab)?;
    println!("{}", server.endpoint());
    std::io::stdout().flush()?;
    // Whoever started this holds the other end, so it never outlives them.
    std::io::stdin().read_to_end(&mut Vec::new())?;
    Ok(())
}
