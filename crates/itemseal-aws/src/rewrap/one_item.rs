//! One item: read, sealed, written, and read again if somebody else was faster.

use std::future::Future;

use itemseal::{Error, ErrorKind, Item, Result};

use super::Rewrap;
use super::seal::{Sealed, ends};
use super::write::{Step, added};
use crate::sdk_items::dynamodb::{Attributes, from_sdk};
use crate::table::{BadItem, HEADER, MOST_ATTEMPTS, pause};

/// What became of an item.
pub(super) struct Done {
    pub(super) end: End,
    pub(super) conflicts: u64,
}

pub(super) enum End {
    Current,
    Gone,
    Rewrapped { whole: bool },
    Bad(BadItem),
}

/// Why an item was not done.
enum Undone {
    /// It is about this item.
    Item(Error),
    /// The next one would fare no better.
    Run(Error),
}

impl Rewrap {
    /// # Errors
    /// What would happen to the next item too.
    pub(super) async fn one_item(&self, stored: Attributes) -> Result<Done> {
        let key = self.table.key_of(&stored);
        let mut conflicts = 0;
        let end = match self.bring(&key, stored, &mut conflicts).await {
            Ok(end) => end,
            Err(Undone::Item(error)) => End::Bad(BadItem::new(self.table.name(), key, error)),
            Err(Undone::Run(error)) => return Err(error),
        };
        Ok(Done { end, conflicts })
    }

    async fn bring(
        &self,
        key: &Attributes,
        stored: Attributes,
        conflicts: &mut u64,
    ) -> Result<End, Undone> {
        let mut read = from_sdk(stored).map_err(Undone::Item)?;
        let (mut first, mut stored) = (read.clone(), read.clone());
        // What we know to be in place, of a write that has to be followed by another.
        let mut written: Option<Item> = None;
        for attempt in 1..=MOST_ATTEMPTS {
            let sealed = repeated(|| self.seal(&read)).await.map_err(of_keys)?;
            let Sealed::Anew { item: new, whole } = sealed else { return Ok(End::Current) };
            let step = Step { read: &read, stored: &stored, new: &new };
            let update = step.update(&self.from, &self.to).map_err(Undone::Item)?;
            self.rate.turn().await;
            if self.options.dry_run {
                return Ok(End::Rewrapped { whole });
            }
            let there = match repeated(|| self.table.update(&update)).await {
                Ok(found) => over(found, &new),
                Err(error) if error.kind() == ErrorKind::Conflict => {
                    pause(attempt).await;
                    let there = repeated(|| self.table.get(key)).await.map_err(of_calls)?;
                    let Some(there) = there else { return Ok(End::Gone) };
                    there
                }
                Err(error) => return Err(of_calls(error)),
            };
            // Ours is there, also if its answer was lost and a repetition was refused, or the one before it.
            let ours = [Some(new), written.take()].into_iter().flatten();
            written = ours.into_iter().find(|ours| ours.get(HEADER) == there.get(HEADER));
            if let Some(ours) = &written {
                let added = added(&read, ours, &there, &self.from, &self.to);
                if added.is_empty() {
                    return Ok(End::Rewrapped { whole });
                }
                // Nothing is lost, and the item has no valid signature until the next write.
                read = over(first.clone(), &added);
            } else {
                (first, read) = (there.clone(), there.clone());
            }
            stored = there;
            *conflicts += 1;
        }
        let message = format!(
            "it was changed by others each of {MOST_ATTEMPTS} times between its read and its write; run again"
        );
        Err(Undone::Item(Error::new(ErrorKind::Conflict, message)))
    }
}

/// The one with the attributes of the other.
fn over(item: Item, other: &Item) -> Item {
    other.iter().fold(item, |item, (name, value)| item.with(name, value.clone()))
}

/// Again while it may work later, some times.
pub(super) async fn repeated<T, F>(mut call: impl FnMut() -> F) -> Result<T>
where
    F: Future<Output = Result<T>>,
{
    let mut attempt = 1;
    loop {
        match call().await {
            Err(error)
                if error.is_retryable()
                    && attempt < MOST_ATTEMPTS
                    && error.kind() != ErrorKind::Conflict =>
            {
                pause(attempt).await;
                attempt += 1;
            }
            answer => return answer,
        }
    }
}

fn of_keys(error: Error) -> Undone {
    if ends(&error) { Undone::Run(error) } else { Undone::Item(error) }
}

/// DynamoDB validates the request of one item: it would be too large, or a key of an index is gone wrong.
fn of_calls(error: Error) -> Undone {
    match error.code() {
        Some("ValidationException") => Undone::Item(error),
        _ => Undone::Run(error),
    }
}
