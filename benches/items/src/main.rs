//! Prints the table: `itemseal-benches [seconds for each row]`.

use std::time::Duration;

use itemseal_benches::allocations::{self, Counting};
use itemseal_benches::case::Case;
use itemseal_benches::floor::Floor;
use itemseal_benches::items;
use itemseal_benches::ours::Ours;
use itemseal_benches::race::{Contender, race};
use itemseal_benches::sizes::Sizes;

#[global_allocator]
static ALLOCATOR: Counting = Counting::new();

fn main() -> Result<(), String> {
    let seconds = std::env::args().nth(1).map_or(Ok(1.0), |text| text.parse());
    let time = Duration::from_secs_f64(seconds.map_err(|_| "give the seconds for each row")?);
    println!(
        "{:<24} {:>10} {:>10} {:>10} {:>6} {:>9}",
        "", "ours µs", "floor µs", "ours/floor", "alloc.", "bytes"
    );
    for case in Case::all(&items::samples()) {
        row(&case, time)?;
    }
    Ok(())
}

fn row(case: &Case, time: Duration) -> Result<(), String> {
    let ours = Ours::new(case).map_err(|error| error.to_string())?;
    let sizes = Sizes::of(case).map_err(|error| error.to_string())?;
    let mut floor = Floor::new(&sizes, case.direction).map_err(|error| error.to_string())?;
    let given = ours.given();
    let (done, count, bytes) = allocations::of(|| ours.one(given));
    drop(done.map_err(|error| error.to_string())?);
    let mut contenders: [Contender<'_>; 2] = [
        Box::new(|count| ours.time(count).map_err(|error| error.to_string())),
        Box::new(|count| floor.time(count).map_err(|error| error.to_string())),
    ];
    let times = race(&mut contenders, time)?;
    let [ours, floor] = times[..] else { return Err("two ran".to_owned()) };
    println!(
        "{:<24} {:>10.2} {:>10.2} {:>10.2} {count:>6} {bytes:>9}",
        case.name(),
        ours / 1e3,
        floor / 1e3,
        ours / floor
    );
    Ok(())
}
