//! Many items at a time: each may wait for its key.

use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::task::Poll;

use itemseal::Result;

/// The most that are worked on at a time, by one caller.
const MOST: usize = 16;

/// What the futures give, in their order, sixteen at a time; the first error ends all.
///
/// # Errors
/// That of the first future that failed.
pub async fn together<T, F>(futures: impl IntoIterator<Item = F>) -> Result<Vec<T>>
where
    F: Future<Output = Result<T>>,
{
    let mut waiting = futures.into_iter();
    let mut running: Vec<(usize, Pin<Box<F>>)> = Vec::with_capacity(MOST);
    let mut results: Vec<Option<T>> = Vec::new();
    poll_fn(|context| {
        loop {
            for future in waiting.by_ref().take(MOST - running.len()) {
                running.push((results.len(), Box::pin(future)));
                results.push(None);
            }
            if running.is_empty() {
                return Poll::Ready(Ok(()));
            }
            let before = running.len();
            let mut failed = None;
            running.retain_mut(|(at, future)| match future.as_mut().poll(context) {
                Poll::Pending => true,
                Poll::Ready(Ok(result)) => {
                    if let Some(place) = results.get_mut(*at) {
                        *place = Some(result);
                    }
                    false
                }
                Poll::Ready(Err(error)) => {
                    failed.get_or_insert(error);
                    false
                }
            });
            match failed {
                Some(error) => return Poll::Ready(Err(error)),
                None if running.len() == before => return Poll::Pending,
                None => {}
            }
        }
    })
    .await?;
    Ok(results.into_iter().flatten().collect())
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;
    use std::time::Duration;

    use itemseal::{Error, ErrorKind};
    use tokio::time::{Instant, sleep};

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn results_keep_their_order_and_sixteen_wait_at_a_time() {
        let (now, most) = (Cell::new(0), Cell::new(0));
        let start = Instant::now();
        let (now, most) = (&now, &most);
        let work = (0..40_u64).map(|n| async move {
            now.set(now.get() + 1);
            most.set(most.get().max(now.get()));
            sleep(Duration::from_millis(100 - n)).await;
            now.set(now.get() - 1);
            Ok(n)
        });
        assert_eq!(together(work).await.unwrap(), (0..40).collect::<Vec<_>>());
        assert_eq!(most.get(), MOST);
        assert!(start.elapsed() < Duration::from_millis(301), "three rounds");
    }

    #[tokio::test(start_paused = true)]
    async fn the_first_error_ends_all() {
        let begun = Cell::new(0);
        let begun = &begun;
        let start = Instant::now();
        let work = (0..100_u64).map(|n| async move {
            begun.set(begun.get() + 1);
            sleep(Duration::from_secs(1 + n)).await;
            match n {
                3 => Err(Error::new(ErrorKind::KeyUnavailable, "3")),
                n => Ok(n),
            }
        });
        let error = together(work).await.unwrap_err();
        assert_eq!((error.to_string(), start.elapsed().as_secs()), ("3".to_owned(), 4));
        assert_eq!(begun.get(), MOST + 3);
    }
}
