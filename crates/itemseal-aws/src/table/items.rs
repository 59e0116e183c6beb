//! All items of a query or a scan, page after page.

use std::collections::VecDeque;
use std::fmt;
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::task::{Context, Poll};

use aws_sdk_dynamodb::operation::query::builders::QueryInputBuilder;
use aws_sdk_dynamodb::operation::scan::builders::ScanInputBuilder;
use futures_core::Stream;
use itemseal::Result;

use super::GlobalTable;
use super::bad_item::BadItem;
use super::errors::misuse;
use crate::sdk_items::dynamodb::Attributes;

type Fetch = Pin<Box<dyn Future<Output = Result<Page>> + Send>>;
type Ask = Box<dyn Fn(Option<Attributes>) -> Fetch + Send + Sync>;

struct Page {
    items: Vec<Attributes>,
    bad_items: Vec<BadItem>,
    /// Where the next page begins; none after the last one.
    next: Option<Attributes>,
}

/// A part of a scan, or a query.
struct Segment {
    ask: Ask,
    /// Where the page begins that is being fetched.
    begins: Option<Attributes>,
    fetch: Fetch,
}

/// The items of a query or a scan, opened, as they arrive: a [`Stream`], and [`next`](Self::next). A page
/// is fetched when the items of the one before it have been taken; all segments at the same time.
///
/// After an error that [can be repeated](itemseal::Error::is_retryable) it may be asked again, and goes on with the
/// page that failed: no item is left out.
pub struct Items {
    segments: Vec<Segment>,
    ready: VecDeque<Attributes>,
    bad_items: Vec<BadItem>,
}

/// How pages are asked for. The SDK's queries and scans share no trait.
macro_rules! ask {
    ($client:ident, $input:ident, $operation:ident) => {
        Box::new(move |begins: Option<Attributes>| {
            let (client, mut input) = ($client.clone(), $input.clone());
            if begins.is_some() {
                input = input.set_exclusive_start_key(begins);
            }
            Box::pin(async move {
                let answer = client.$operation(input).await?;
                let bad_items = answer.bad_items().to_vec();
                let output = answer.into_output();
                let items = output.items.unwrap_or_default();
                let next = output.last_evaluated_key.filter(|key| !key.is_empty());
                Ok(Page { items, bad_items, next })
            }) as Fetch
        }) as Ask
    };
}

impl GlobalTable {
    /// All items that a query finds, page after page, in the order of the sort key.
    pub fn query_items(&self, input: QueryInputBuilder) -> Items {
        let client = self.clone();
        Items::new([ask!(client, input, query)])
    }

    /// All items of a table or an index, in no order: from 1 to 1,000,000 `segments` are scanned at the same time.
    ///
    /// # Errors
    /// [`Misuse`](itemseal::ErrorKind::Misuse) for no segment, or an input that has a segment of its own.
    pub fn scan_items(&self, input: ScanInputBuilder, segments: u32) -> Result<Items> {
        let total = i32::try_from(segments).ok().filter(|total| (1..=1_000_000).contains(total));
        let total = total.ok_or_else(|| misuse("a scan has from 1 to 1,000,000 segments"))?;
        if input.get_segment().is_some() || input.get_total_segments().is_some() {
            return Err(misuse("scan_items sets Segment and TotalSegments itself; leave them out"));
        }
        Ok(Items::new((0..total).map(|segment| {
            let client = self.clone();
            let input = match total {
                1 => input.clone(),
                _ => input.clone().segment(segment).total_segments(total),
            };
            ask!(client, input, scan)
        })))
    }
}

impl Items {
    fn new(asks: impl IntoIterator<Item = Ask>) -> Self {
        let segment = |ask: Ask| Segment { fetch: ask(None), begins: None, ask };
        let segments = asks.into_iter().map(segment).collect();
        Self { segments, ready: VecDeque::new(), bad_items: Vec::new() }
    }

    /// The next item; none after the last one.
    ///
    /// # Errors
    /// As of [`GlobalTable::query`] and [`GlobalTable::scan`].
    pub async fn next(&mut self) -> Option<Result<Attributes>> {
        poll_fn(|context| self.poll(context)).await
    }

    /// The items that did not open and were met since this was called last, if they are
    /// [to be reported](GlobalTable::reporting_bad_items).
    pub fn take_bad_items(&mut self) -> Vec<BadItem> {
        std::mem::take(&mut self.bad_items)
    }

    fn poll(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Attributes>>> {
        loop {
            if let Some(item) = self.ready.pop_front() {
                return Poll::Ready(Some(Ok(item)));
            }
            // All of them, so that all go on.
            let mut arrived = Vec::new();
            for (at, segment) in self.segments.iter_mut().enumerate() {
                if let Poll::Ready(page) = segment.fetch.as_mut().poll(context) {
                    arrived.push((at, page));
                }
            }
            if arrived.is_empty() {
                return match self.segments.is_empty() {
                    true => Poll::Ready(None),
                    false => Poll::Pending,
                };
            }
            let mut failed = None;
            // From the last, so that taking one away moves none of those that are left.
            for (at, page) in arrived.into_iter().rev() {
                if let Err(error) = self.take(at, page) {
                    failed = Some(error);
                }
            }
            if let Some(error) = failed {
                return Poll::Ready(Some(Err(error)));
            }
        }
    }

    fn take(&mut self, at: usize, page: Result<Page>) -> Result<()> {
        let Some(segment) = self.segments.get_mut(at) else { return Ok(()) };
        match page {
            Err(error) => {
                segment.fetch = (segment.ask)(segment.begins.clone());
                Err(error)
            }
            Ok(page) => {
                self.ready.extend(page.items);
                self.bad_items.extend(page.bad_items);
                match page.next {
                    None => drop(self.segments.remove(at)),
                    next => {
                        segment.fetch = (segment.ask)(next.clone());
                        segment.begins = next;
                    }
                }
                Ok(())
            }
        }
    }
}

impl Stream for Items {
    type Item = Result<Attributes>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.get_mut().poll(context)
    }
}

impl fmt::Debug for Items {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Items").field("segments", &self.segments.len()).finish_non_exhaustive()
    }
}
