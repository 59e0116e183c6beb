//! All items of a table under other keys, in place.

mod builder;
mod calls;
mod checkpoint;
mod one_item;
mod pages;
mod rate;
mod seal;
mod write;

use std::fmt;

use itemseal::{ItemEncryptor, Result};

use self::calls::Table;
use self::checkpoint::Segment;
use self::rate::Rate;
use crate::observe::CallCounts;
use crate::table::{BadItem, misuse};

pub use self::builder::RewrapBuilder;
pub use self::checkpoint::{RewrapCheckpoint, RewrapCounts};

/// Brings the items of a table under other keys, in place: to the active version of their branch key, to another
/// keyring, or to another configuration.
///
/// ```no_run
/// # async fn run(aws: aws_types::SdkConfig, from: itemseal::ItemEncryptor, to: itemseal::ItemEncryptor)
/// # -> itemseal::Result<()> {
/// use itemseal_aws::Rewrap;
///
/// let mut rewrap = Rewrap::builder("Orders", from, to).region("eu-west-1").rate(500).build(&aws).await?;
/// while rewrap.next_pages().await? {
///     std::fs::write("orders.checkpoint", rewrap.checkpoint().to_json()).ok();
/// }
/// for bad in rewrap.take_bad_items() {
///     eprintln!("{}: {}", bad.key_json(), bad.error());
/// }
/// # Ok(())
/// # }
/// ```
///
/// Items that [are current](ItemEncryptor::is_current) are passed by: nothing of them is verified. Of the others only
/// header and footer are written where they keep their form, and all that changes where they do not, always under
/// the condition that nobody else has written since they were read; otherwise they are read again. Unsigned
/// attributes that stay unsigned are never written, so they may be updated meanwhile. An item that neither `from`
/// nor `to` opens is a [bad item](Self::take_bad_items), and stays as it is. Versions of items are not raised, since
/// their content is the same.
///
/// It reads and writes in one Region. A write in another one at the same time is one of two that the later wins, and
/// may bring an item back under its old keys: when writers use the new keys everywhere, a second run finds those.
/// A table that is read through a keyring that cannot tell what is current is written anew by every run.
pub struct Rewrap {
    table: Table,
    from: ItemEncryptor,
    to: ItemEncryptor,
    rate: Rate,
    options: Options,
    segments: Vec<Segment>,
    counts: RewrapCounts,
    bad: Vec<BadItem>,
}

/// What was chosen.
#[derive(Clone, Copy, Debug, Default)]
struct Options {
    whole: bool,
    encrypt_plaintext: bool,
    dry_run: bool,
    page_items: i32,
}

impl Rewrap {
    /// Starts the work on a table, by its name in DynamoDB. Items are opened by `from`, and those that it does not
    /// open by `to`, under which all of them will be.
    pub fn builder(
        table: impl Into<String>,
        from: ItemEncryptor,
        to: ItemEncryptor,
    ) -> RewrapBuilder {
        RewrapBuilder::new(table.into(), from, to)
    }

    /// Goes on where another run, of the same table, Region and number of segments, was. `from` and `to` should
    /// be the same too: what that run has done is not looked at again.
    ///
    /// # Errors
    /// [`Misuse`](itemseal::ErrorKind::Misuse) if table, Region or segments are others.
    pub fn resume(mut self, checkpoint: &RewrapCheckpoint) -> Result<Self> {
        let ours = [self.table.name(), self.table.region()];
        for ((theirs, ours), what) in
            checkpoint.place().into_iter().zip(ours).zip(["table", "Region"])
        {
            if theirs != ours {
                return Err(misuse(format!(
                    "the checkpoint is of the {what} {theirs:?}, and this run is of {ours:?}; start without it"
                )));
            }
        }
        let (theirs, ours) = (checkpoint.segments().len(), self.segments.len());
        if theirs != ours {
            return Err(misuse(format!(
                "the checkpoint is of a run in {theirs} segments, and this one has {ours}; run with {theirs} \
                 segments, or start without it"
            )));
        }
        self.segments = checkpoint.segments().to_vec();
        self.counts = checkpoint.counts();
        Ok(self)
    }

    /// Does the next page of every segment that is not at its end, and says whether there are more. Between two
    /// calls nothing is half done. Dropped, or ended by an error, it leaves each page done or to be begun again.
    ///
    /// # Errors
    /// What DynamoDB or a keyring says when it does not work after eight attempts, or cannot: such an error
    /// [is retryable](itemseal::Error::is_retryable) if the same work may go on later. The
    /// [checkpoint](Self::checkpoint) then has what was done.
    pub async fn next_pages(&mut self) -> Result<bool> {
        self.do_pages().await?;
        Ok(self.segments.iter().any(|segment| *segment != Segment::Done))
    }

    /// Does all that is left.
    ///
    /// # Errors
    /// As of [`next_pages`](Self::next_pages).
    pub async fn run(&mut self) -> Result<RewrapCounts> {
        while self.next_pages().await? {}
        Ok(self.counts)
    }

    /// How far it has come: what [`resume`](Self::resume) takes.
    pub fn checkpoint(&self) -> RewrapCheckpoint {
        let place = [self.table.name(), self.table.region()];
        RewrapCheckpoint::new(place, self.segments.clone(), self.counts)
    }

    /// What has been done, with all that was done before the checkpoint that it began at.
    pub fn counts(&self) -> RewrapCounts {
        self.counts
    }

    /// The items that did not open, or could not be written, since this was asked last.
    pub fn take_bad_items(&mut self) -> Vec<BadItem> {
        std::mem::take(&mut self.bad)
    }

    /// How many items DynamoDB says that the table has. It counts about every six hours.
    ///
    /// # Errors
    /// [`Service`](itemseal::ErrorKind::Service) if the table cannot be described.
    pub async fn approximate_items(&self) -> Result<u64> {
        self.table.items().await
    }

    /// How often which operation was called.
    pub fn call_counts(&self) -> Vec<CallCounts> {
        self.table.call_counts()
    }
}

impl fmt::Debug for Rewrap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Rewrap")
            .field("table", &self.table.name())
            .field("region", &self.table.region())
            .field("options", &self.options)
            .field("counts", &self.counts)
            .finish_non_exhaustive()
    }
}
