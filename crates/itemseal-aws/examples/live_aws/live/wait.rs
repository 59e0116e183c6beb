use std::future::Future;
use std::time::Duration;

use tokio::time::Instant;

use super::Outcome;

/// AWS takes minutes for a replica.
const LONGEST: Duration = Duration::from_secs(30 * 60);
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

/// Looks again and again, at first at once, until `look` gives something. It says how things stand if not, which
/// is told whenever it changes.
pub(crate) async fn until<T, F>(what: &str, look: impl Fn() -> F) -> Outcome<T>
where
    F: Future<Output = Outcome<Result<T, String>>>,
{
    let start = Instant::now();
    let mut pause = Duration::from_millis(20);
    let mut told = String::new();
    loop {
        let state = match look().await? {
            Ok(there) => return Ok(there),
            Err(state) => state,
        };
        let waited = start.elapsed();
        if waited > LONGEST {
            return Err(
                format!("{what}: still {state} after {} minutes", waited.as_secs() / 60).into()
            );
        }
        if state != told && pause >= LONGEST_PAUSE {
            eprintln!("  waiting for {what}: {state} ({} s)", waited.as_secs());
            told = state;
        }
        tokio::time::sleep(pause).await;
        pause = (pause * 2).min(LONGEST_PAUSE);
    }
}
