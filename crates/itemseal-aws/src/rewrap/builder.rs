use std::fmt;

use aws_types::SdkConfig;
use itemseal::{ItemEncryptor, Result};

use super::calls::Table;
use super::checkpoint::Segment;
use super::rate::Rate;
use super::{Options, Rewrap, RewrapCounts};
use crate::table::{describe, misuse};

/// How many segments there are unless told.
const SEGMENTS: u32 = 4;
/// As many as DynamoDB takes.
/// Source: [Scan](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Scan.html).
const MOST_SEGMENTS: u32 = 1_000_000;
/// How many items a page has unless told: some are written at a time, and not so many that a checkpoint is far.
const PAGE_ITEMS: u32 = 100;
const MOST_PAGE_ITEMS: u32 = 10_000;

/// Builds a [`Rewrap`].
pub struct RewrapBuilder {
    table: String,
    from: ItemEncryptor,
    to: ItemEncryptor,
    region: Option<String>,
    segments: u32,
    page_items: u32,
    rate: Option<u32>,
    options: Options,
}

impl RewrapBuilder {
    pub(super) fn new(table: String, from: ItemEncryptor, to: ItemEncryptor) -> Self {
        Self {
            table,
            from,
            to,
            region: None,
            segments: SEGMENTS,
            page_items: PAGE_ITEMS,
            rate: None,
            options: Options::default(),
        }
    }

    /// The Region whose replica is read and written: the one where the table is written otherwise. The one of the
    /// SDK's configuration unless given.
    #[must_use]
    pub fn region(mut self, region: impl Into<String>) -> Self {
        self.region = Some(region.into());
        self
    }

    /// In how many parts the table is read at a time; 4 unless given. A checkpoint is of one number.
    #[must_use]
    pub fn segments(mut self, segments: u32) -> Self {
        self.segments = segments;
        self
    }

    /// How many items are read at a time in each segment; 100 unless given, 10,000 at most.
    #[must_use]
    pub fn page_items(mut self, items: u32) -> Self {
        self.page_items = items;
        self
    }

    /// The most items that are written in a second, over all segments; without this as many as can be.
    #[must_use]
    pub fn rate(mut self, items_per_second: u32) -> Self {
        self.rate = Some(items_per_second);
        self
    }

    /// Items that are not current get new data keys, and everything in them is encrypted again.
    #[must_use]
    pub fn whole(mut self) -> Self {
        self.options.whole = true;
        self
    }

    /// Items that have neither header nor footer are encrypted. Without this they are bad items. Whoever can write
    /// the table can put such items there: what they wrote is then signed.
    #[must_use]
    pub fn encrypt_plaintext(mut self) -> Self {
        self.options.encrypt_plaintext = true;
        self
    }

    /// Does everything but write: the counts are what a run would do.
    #[must_use]
    pub fn dry_run(mut self) -> Self {
        self.options.dry_run = true;
        self
    }

    /// Asks DynamoDB what the table looks like, and checks both configurations against it. Credentials, endpoint
    /// and HTTP client are those of `config`.
    ///
    /// # Errors
    /// [`Misuse`](itemseal::ErrorKind::Misuse) if there is no Region, a number is out of its range, or a configuration
    /// does not fit the table; [`Service`](itemseal::ErrorKind::Service) if the table cannot be described.
    pub async fn build(self, config: &SdkConfig) -> Result<Rewrap> {
        let Self { table, from, to, region, segments, page_items, rate, mut options } = self;
        let region = region.or_else(|| config.region().map(|region| region.as_ref().to_owned()));
        let region = region.ok_or_else(|| {
            misuse("there is no Region; give the table's home Region with region(…)")
        })?;
        if table.is_empty() {
            return Err(misuse("the table has no name"));
        }
        for (what, number, most) in [
            ("segments", segments, MOST_SEGMENTS),
            ("items of a page", page_items, MOST_PAGE_ITEMS),
            ("items a second", rate.unwrap_or(1), u32::MAX),
        ] {
            if number == 0 || number > most {
                return Err(misuse(format!("the {what} are from 1 to {most}, not {number}")));
            }
        }
        options.page_items = i32::try_from(page_items).unwrap_or(i32::MAX);
        let table = Table::new(config, table, region, from.table());
        let shape = describe(table.home(), table.name()).await?;
        shape.check(from.table())?;
        shape.check(to.table())?;
        let segments = (0..segments).map(|_| Segment::Begin).collect();
        let counts = RewrapCounts::default();
        let rate = Rate::new(rate);
        Ok(Rewrap { table, from, to, rate, options, segments, counts, bad: Vec::new() })
    }
}

impl fmt::Debug for RewrapBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RewrapBuilder")
            .field("table", &self.table)
            .field("region", &self.region)
            .field("segments", &self.segments)
            .field("rate", &self.rate)
            .field("options", &self.options)
            .finish_non_exhaustive()
    }
}
