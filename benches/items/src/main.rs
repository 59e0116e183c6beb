//! Prints the table: `itemseal-benches [seconds for each row]`.

use std::time::Duration;

use itemseal_benches::allocations::Counting;
use itemseal_benches::case::Case;
use itemseal_benches::{items, table};

#[global_allocator]
static ALLOCATOR: Counting = Counting::new();

fn main() -> Result<(), String> {
    let seconds = std::env::args().nth(1).map_or(Ok(1.0), |text| text.parse());
    let time = Duration::from_secs_f64(seconds.map_err(|_| "give the seconds for each row")?);
    println!("{}", table::head(false));
    for case in Case::all(&items::samples()) {
        println!("{}", table::measure(&case, time, None)?);
    }
    Ok(())
}
