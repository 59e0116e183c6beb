//! Encrypted tables: DynamoDB's operations, on items that only their readers see.

mod answer;
mod bad_item;
mod batch_get;
mod batch_write;
mod builder;
mod cancelled;
mod capacity;
mod delete_item;
mod errors;
mod get_item;
mod items;
mod keys;
mod not_before;
mod one_table;
mod options;
mod page;
mod partiql;
mod put_item;
mod query;
mod regions;
mod repeat;
mod scan;
mod shape;
mod transact_get;
mod transact_write;
mod update_item;
mod update_item_with;
mod versions;
mod view;
mod writes;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;

use itemseal::{Result, TableConfig};

pub use answer::Answer;
pub use bad_item::BadItem;
pub use builder::GlobalTableBuilder;
pub use cancelled::{CancellationReason, TransactionCancelled};
pub use errors::ConditionFailed;
pub use items::Items;
pub use shape::TableShape;
pub use writes::Writes;

pub(crate) use builder::describe;
pub(crate) use errors::{Failed, misuse, refused};
use one_table::Table;
use regions::Regions;
pub(crate) use repeat::{MOST_ATTEMPTS, pause};
use view::Mode;

use crate::StreamOpener;
use crate::observe::{CallCounts, ItemCounts};

/// The attribute with the header: every encrypted item has it.
pub(crate) const HEADER: &str = "aws_dbe_head";
/// And the one with the footer.
pub(crate) const FOOTER: &str = "aws_dbe_foot";

/// A client for encrypted tables: the SDK's own inputs in, the SDK's own outputs out, in an [`Answer`]
/// that says which Region gave it.
///
/// Every operation on items has its rule; what it does not know, it does not have. Items are
/// encrypted and signed before they are sent, and verified and opened when they arrive.
///
/// Reads are sent to the first Region that answers: one that refuses, hangs, is throttled or answers
/// 5xx is passed over, at first for a second. Writes stay in the home Region, the first one, unless
/// [`Writes::Failover`] is chosen: a write elsewhere is one of two that the later wins.
#[derive(Clone)]
pub struct GlobalTable {
    inner: Arc<Inner>,
    mode: Mode,
}

struct Inner {
    tables: BTreeMap<String, Table>,
    /// Tables whose items pass as they are.
    plaintext: BTreeSet<String>,
    regions: Regions,
    writes: Writes,
    complete_index_reads: bool,
    /// How often a batch is sent until nothing of it is left.
    batch_attempts: u32,
    tokens: transact_write::Sent,
    items: Arc<crate::observe::Items>,
}

impl Inner {
    fn note_failover(&self, operation: &'static str, region: &str) {
        let home = self.regions.home().0;
        if region != home {
            self.items.failover(operation, home, region);
        }
    }
}

impl fmt::Debug for GlobalTable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("GlobalTable")
            .field("tables", &self.inner.tables.keys().collect::<Vec<_>>())
            .field("regions", &self.regions().collect::<Vec<_>>())
            .finish_non_exhaustive()
    }
}

impl GlobalTable {
    /// The configuration of a table, by the table's name.
    pub fn config(&self, table: &str) -> Option<&TableConfig> {
        self.inner.tables.get(table).map(Table::config)
    }

    /// The Regions, the home Region first.
    pub fn regions(&self) -> impl Iterator<Item = &str> {
        self.inner.regions.names()
    }

    /// What opens the images in this client's tables' streams, under the same keys. An image that is not encrypted
    /// is an error, also of a table whose old items are read as they are.
    pub fn stream_opener(&self) -> StreamOpener {
        let tables = self.inner.tables.iter();
        tables.fold(StreamOpener::new(), |opener, (name, table)| {
            opener.table(name, table.encryptor.clone())
        })
    }

    /// How often which operation was called in which Region: since the client was built, and by all its clones.
    /// A KMS client [counts its own](crate::AwsKms::call_counts).
    pub fn call_counts(&self) -> Vec<CallCounts> {
        self.inner.regions.calls.counts()
    }

    /// How many items were encrypted and opened, since the client was built, and by all its clones.
    pub fn item_counts(&self) -> ItemCounts {
        self.inner.items.counts()
    }

    /// The encrypted table of a request.
    fn table(&self, name: Option<&str>) -> Result<&Table> {
        let name = name.unwrap_or_default();
        self.inner.tables.get(name).ok_or_else(|| self.unknown(name))
    }

    /// The table of a part of a request: none if its items pass as they are.
    fn table_or_plaintext(&self, name: &str) -> Result<Option<&Table>> {
        match self.inner.tables.get(name) {
            Some(table) => Ok(Some(table)),
            None if self.inner.plaintext.contains(name) => Ok(None),
            None => Err(self.unknown(name)),
        }
    }

    fn unknown(&self, name: &str) -> itemseal::Error {
        let known: Vec<&str> = self.inner.tables.keys().map(String::as_str).collect();
        let known = known.join(", ");
        misuse(match name {
            "" => format!("the request names no table; this client has: {known}"),
            arn if arn.starts_with("arn:") => {
                "the request names its table by ARN, which fixes a Region; give the table's name"
                    .to_owned()
            }
            name => format!(
                "this client has no configuration for the table {name:?}, only for: {known}; add it to the \
                 builder, with plaintext_table if its items are not encrypted"
            ),
        })
    }
}
