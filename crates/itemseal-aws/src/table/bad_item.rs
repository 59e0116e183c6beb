use std::fmt;
use std::sync::Arc;

use itemseal::Error;

use crate::sdk_items::dynamodb::Attributes;

/// An item that did not open, of a page whose other items did.
#[derive(Clone)]
pub struct BadItem {
    table: String,
    key: Attributes,
    error: Arc<Error>,
}

impl BadItem {
    pub(super) fn new(table: &str, key: Attributes, error: Error) -> Self {
        Self { table: table.to_owned(), key, error: Arc::new(error) }
    }

    /// The table that it is in.
    pub fn table(&self) -> &str {
        &self.table
    }

    /// Its key attributes: to find it, not to be believed.
    pub fn key(&self) -> &Attributes {
        &self.key
    }

    /// Why it did not open.
    pub fn error(&self) -> &Error {
        &self.error
    }
}

impl fmt::Debug for BadItem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BadItem")
            .field("table", &self.table)
            .field("error", &self.error)
            .finish_non_exhaustive()
    }
}
