//! The table: a row for each item, suite and direction.

use std::fmt;
use std::time::Duration;

use crate::allocations;
use crate::case::Case;
use crate::floor::Floor;
use crate::ours::Ours;
use crate::race::{Contender, race};
use crate::sizes::Sizes;

/// A row: times in microseconds, medians of one run.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Row {
    /// Which.
    pub name: String,
    /// itemseal.
    pub ours: f64,
    /// The bare cryptography.
    pub floor: f64,
    /// Somebody else, if anybody ran.
    pub peer: Option<f64>,
    /// How often itemseal allocates for one item; the thread's allocator must be [`allocations::Counting`].
    pub allocations: u64,
    /// How many bytes together.
    pub bytes: u64,
}

/// Measures a row for about `time`.
///
/// # Errors
/// What a contender says.
pub fn measure(case: &Case, time: Duration, peer: Option<Contender<'_>>) -> Result<Row, String> {
    let ours = Ours::new(case).map_err(|error| error.to_string())?;
    let sizes = Sizes::of(case).map_err(|error| error.to_string())?;
    let mut floor = Floor::new(&sizes, case.direction).map_err(|error| error.to_string())?;
    let given = ours.given();
    let (done, allocations, bytes) = allocations::of(|| ours.one(given));
    drop(done.map_err(|error| error.to_string())?);
    let mut contenders: Vec<Contender<'_>> = vec![
        Box::new(|count| ours.time(count).map_err(|error| error.to_string())),
        Box::new(|count| floor.time(count).map_err(|error| error.to_string())),
    ];
    contenders.extend(peer);
    let times = race(&mut contenders, time)?;
    let mut times = times.into_iter().map(|nanoseconds| nanoseconds / 1e3);
    let mut next = || times.next().ok_or_else(|| "all ran".to_owned());
    let (ours, floor) = (next()?, next()?);
    Ok(Row { name: case.name(), ours, floor, peer: next().ok(), allocations, bytes })
}

/// What stands above the rows.
pub fn head(with_peer: bool) -> String {
    let peer =
        if with_peer { format!(" {:>10} {:>9}", "peer µs", "peer/ours") } else { String::new() };
    format!(
        "{:<24} {:>9} {:>9} {:>10}{peer} {:>6} {:>9}",
        "", "ours µs", "floor µs", "ours/floor", "alloc.", "bytes"
    )
}

impl fmt::Display for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { name, ours, floor, .. } = self;
        write!(f, "{name:<24} {ours:>9.2} {floor:>9.2} {:>10.2}", ours / floor)?;
        if let Some(peer) = self.peer {
            write!(f, " {peer:>10.1} {:>9.1}", peer / ours)?;
        }
        write!(f, " {:>6} {:>9}", self.allocations, self.bytes)
    }
}
