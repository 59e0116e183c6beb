//! Prints the table of `benches/items` with AWS's crate in it: `itemseal-oracle-bench [seconds for each row]`.

mod peer;

use std::time::Duration;

use itemseal_benches::allocations::Counting;
use itemseal_benches::case::Case;
use itemseal_benches::{items, table};
use peer::Peer;

#[global_allocator]
static ALLOCATOR: Counting = Counting::new();

/// AWS's crate wants more stack than a thread has.
const STACK_BYTES: usize = 64 << 20;

fn run() -> Result<(), String> {
    let seconds = std::env::args().nth(1).map_or(Ok(1.0), |text| text.parse());
    let time = Duration::from_secs_f64(seconds.map_err(|_| "give the seconds for each row")?);
    println!("peer: aws-db-esdk 1.3.0\n{}", table::head(true));
    for case in Case::all(&items::samples()) {
        let mut peer = Peer::new(&case)?;
        let row = table::measure(&case, time, Some(Box::new(|count| peer.time(count))))?;
        println!("{row}");
    }
    Ok(())
}

fn main() -> Result<(), String> {
    let thread = std::thread::Builder::new().stack_size(STACK_BYTES).spawn(run);
    thread.map_err(|error| error.to_string())?.join().map_err(|_| "AWS's crate panicked")?
}
