//! Several contenders, turn by turn, and the median of each: what disturbs the machine disturbs all of them.

use std::time::{Duration, Instant};

/// Somebody who does a row's work so many times and says how long it took.
pub type Contender<'a> = Box<dyn FnMut(u32) -> Result<Duration, String> + 'a>;

/// How long one turn takes, about.
const TURN: Duration = Duration::from_millis(2);

/// The median time of one item for each contender, in nanoseconds, over turns that fill `time` together.
///
/// # Errors
/// What a contender says.
pub fn race(contenders: &mut [Contender<'_>], time: Duration) -> Result<Vec<f64>, String> {
    let mut counts = Vec::new();
    for run in contenders.iter_mut() {
        // Warm, and then as many as make a turn.
        run(3)?;
        let one = run(3)?.as_secs_f64() / 3.0;
        counts.push((TURN.as_secs_f64() / one.max(1e-9)).clamp(1.0, 1000.0) as u32);
    }
    let mut times = vec![Vec::new(); contenders.len()];
    let begun = Instant::now();
    while begun.elapsed() < time || times.iter().any(|times| times.len() < 9) {
        for ((run, &count), times) in contenders.iter_mut().zip(&counts).zip(&mut times) {
            times.push(run(count)?.as_secs_f64() * 1e9 / f64::from(count));
        }
    }
    Ok(times.into_iter().map(median).collect())
}

/// The middle one.
pub fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or_default()
}
