use std::fmt;
use std::sync::Arc;

use itemseal::Error;

use crate::sdk_items::dynamodb::{Attributes, from_sdk};

/// An item that did not open, or could not be written by a [re-wrapping](crate::Rewrap), of a page whose other items did.
#[derive(Clone)]
pub struct BadItem {
    table: String,
    key: Attributes,
    error: Arc<Error>,
}

impl BadItem {
    pub(crate) fn new(table: &str, key: Attributes, error: Error) -> Self {
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

    /// The same in DynamoDB JSON.
    pub fn key_json(&self) -> String {
        // Keys are of types that every version knows.
        from_sdk(self.key.clone()).unwrap_or_default().to_json()
    }

    /// Why it did not open, or could not be written.
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
