use std::ops::Deref;

use super::bad_item::BadItem;

/// An answer of DynamoDB with its items opened, and the Region that gave it.
#[derive(Clone, Debug)]
pub struct Answer<T> {
    output: T,
    region: String,
    version: Option<u64>,
    bad_items: Vec<BadItem>,
}

impl<T> Answer<T> {
    pub(super) fn new(output: T, region: &str) -> Self {
        Self { output, region: region.to_owned(), version: None, bad_items: Vec::new() }
    }

    pub(super) fn with_version(self, version: Option<u64>) -> Self {
        Self { version, ..self }
    }

    pub(super) fn with_bad_items(self, bad_items: Vec<BadItem>) -> Self {
        Self { bad_items, ..self }
    }

    /// The Region that answered.
    pub fn region(&self) -> &str {
        &self.region
    }

    /// The version that an item was written with, if its table has a
    /// [version attribute](super::GlobalTableBuilder::version_attribute).
    pub fn version(&self) -> Option<u64> {
        self.version
    }

    /// The items that did not open, if they were [to be reported](super::GlobalTable::reporting_bad_items).
    pub fn bad_items(&self) -> &[BadItem] {
        &self.bad_items
    }

    /// The SDK's output.
    pub fn into_output(self) -> T {
        self.output
    }
}

impl<T> Deref for Answer<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.output
    }
}
