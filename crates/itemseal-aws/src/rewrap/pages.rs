//! A page of each segment at a time.

use std::sync::atomic::{AtomicBool, Ordering};

use itemseal::{Error, Result};

use super::Rewrap;
use super::checkpoint::{RewrapCounts, Segment};
use super::one_item::{Done, End, repeated};
use crate::rules::together;
use crate::table::BadItem;

/// What became of a page.
struct PageDone {
    counts: RewrapCounts,
    bad: Vec<BadItem>,
    /// Where the segment goes on; or why this page has to be begun again.
    next: Result<Segment>,
}

impl Rewrap {
    /// # Errors
    /// The first of the pages that could not be done. The others are done all the same.
    pub(super) async fn do_pages(&mut self) -> Result<()> {
        let of = self.segments.len();
        // A loop: the compiler cannot tell of closures over references that their futures may be sent.
        let mut pages = Vec::with_capacity(of);
        for (at, begins) in self.segments.iter().enumerate() {
            if *begins != Segment::Done {
                pages.push(self.page_at((at, of), begins));
            }
        }
        let pages = together(pages).await?;
        let mut result = Ok(());
        for (at, page) in pages {
            self.counts.add(page.counts);
            self.bad.extend(page.bad);
            match (page.next, self.segments.get_mut(at)) {
                (Ok(next), Some(segment)) => *segment = next,
                (Err(error), _) if result.is_ok() => result = Err(error),
                _ => {}
            }
        }
        result
    }

    async fn page_at(&self, at: (usize, usize), begins: &Segment) -> Result<(usize, PageDone)> {
        Ok((at.0, self.page(at, begins).await))
    }

    async fn page(&self, at: (usize, usize), begins: &Segment) -> PageDone {
        let (mut counts, mut bad) = (RewrapCounts::default(), Vec::new());
        let page = match repeated(|| self.table.page(at, begins, self.options.page_items)).await {
            Ok(page) => page,
            Err(error) => return PageDone { counts, bad, next: Err(error) },
        };
        // What would fail for the next item too is not tried with each.
        let stopped = &AtomicBool::new(false);
        let read = page.items.len() as u64;
        let items = page.items.into_iter().map(|item| async move {
            if stopped.load(Ordering::Relaxed) {
                return Ok(None);
            }
            let done = self.one_item(item).await;
            if done.is_err() {
                stopped.store(true, Ordering::Relaxed);
            }
            Ok(Some(done))
        });
        let done: Vec<Result<Done>> = match together(items).await {
            Ok(done) => done.into_iter().flatten().collect(),
            Err(error) => return PageDone { counts, bad, next: Err(error) },
        };
        let mut error: Option<Error> = None;
        for done in done {
            match done {
                Ok(done) => counts.count(done, &mut bad),
                Err(one) => error = error.or(Some(one)),
            }
        }
        let Some(error) = error else {
            return PageDone { counts: RewrapCounts { read, ..counts }, bad, next: Ok(page.next) };
        };
        // The page is begun again, and what was written stays written.
        let RewrapCounts { rewrapped, whole, conflicts, .. } = counts;
        let counts = RewrapCounts { rewrapped, whole, conflicts, ..RewrapCounts::default() };
        PageDone { counts, bad: Vec::new(), next: Err(error) }
    }
}

impl RewrapCounts {
    fn count(&mut self, done: Done, bad: &mut Vec<BadItem>) {
        self.conflicts += done.conflicts;
        match done.end {
            End::Current => self.current += 1,
            End::Gone => self.gone += 1,
            End::Rewrapped { whole } => {
                self.rewrapped += 1;
                self.whole += u64::from(whole);
            }
            End::Bad(item) => {
                self.bad += 1;
                bad.push(item);
            }
        }
    }

    fn add(&mut self, more: Self) {
        let Self { read, current, gone, bad, rewrapped, whole, conflicts } = more;
        self.read += read;
        self.current += current;
        self.gone += gone;
        self.bad += bad;
        self.rewrapped += rewrapped;
        self.whole += whole;
        self.conflicts += conflicts;
    }
}
