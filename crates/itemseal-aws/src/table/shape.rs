//! What a table looks like to DynamoDB: its keys, its indexes, its time to live.

use std::collections::BTreeMap;

use aws_sdk_dynamodb::types::{
    KeySchemaElement, KeyType, MultiRegionConsistency, Projection, ProjectionType, TableDescription,
};
use itemseal::{CryptographicAction, Error, ErrorKind, Result, TableConfig};

use super::errors::misuse;

/// A table's keys, indexes and time to live: what a configuration has to leave readable.
///
/// [`GlobalTable`](super::GlobalTable) reads it once from DynamoDB, unless it is given.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TableShape {
    keys: Vec<String>,
    indexes: BTreeMap<String, Index>,
    ttl_attribute: Option<String>,
    strong: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Index {
    keys: Vec<String>,
    whole: bool,
}

impl TableShape {
    /// A table with these key attributes: partition key, and sort key if it has one.
    pub fn new<N: Into<String>>(keys: impl IntoIterator<Item = N>) -> Self {
        Self { keys: keys.into_iter().map(Into::into).collect(), ..Self::default() }
    }

    /// A secondary index by its key attributes. `whole` says that all attributes are projected.
    #[must_use]
    pub fn index<N: Into<String>>(
        mut self,
        name: impl Into<String>,
        keys: impl IntoIterator<Item = N>,
        whole: bool,
    ) -> Self {
        let keys = keys.into_iter().map(Into::into).collect();
        self.indexes.insert(name.into(), Index { keys, whole });
        self
    }

    /// The attribute with the items' time to live.
    #[must_use]
    pub fn ttl_attribute(mut self, name: impl Into<String>) -> Self {
        self.ttl_attribute = Some(name.into());
        self
    }

    /// A global table with strong consistency between Regions (MRSC).
    #[must_use]
    pub fn strongly_consistent(mut self) -> Self {
        self.strong = true;
        self
    }

    pub(super) fn is_strong(&self) -> bool {
        self.strong
    }

    pub(crate) fn of(table: &TableDescription) -> Self {
        let mut shape = Self::new(names(table.key_schema()));
        shape.strong = table.multi_region_consistency() == Some(&MultiRegionConsistency::Strong);
        let mut add =
            |name: Option<&str>, keys: &[KeySchemaElement], projection: Option<&Projection>| {
                let whole =
                    projection.and_then(Projection::projection_type) == Some(&ProjectionType::All);
                let index = Index { keys: names(keys), whole };
                shape.indexes.insert(name.unwrap_or_default().to_owned(), index);
            };
        for index in table.global_secondary_indexes() {
            add(index.index_name(), index.key_schema(), index.projection());
        }
        for index in table.local_secondary_indexes() {
            add(index.index_name(), index.key_schema(), index.projection());
        }
        shape
    }

    /// Whether an index has every attribute of its items.
    ///
    /// # Errors
    /// [`Misuse`](ErrorKind::Misuse) for an index that the table does not have.
    pub fn is_whole(&self, index: &str) -> Result<bool> {
        let found = self.indexes.get(index).ok_or_else(|| {
            let known: Vec<&str> = self.indexes.keys().map(String::as_str).collect();
            misuse(format!("the table has no index {index:?}; it has: {}", known.join(", ")))
        })?;
        Ok(found.whole)
    }

    /// Refuses a configuration that would hide what DynamoDB has to read.
    ///
    /// # Errors
    /// [`Misuse`](ErrorKind::Misuse) with the attribute's name.
    pub fn check(&self, table: &TableConfig) -> Result<()> {
        let configured: Vec<&str> =
            std::iter::once(table.partition_key()).chain(table.sort_key()).collect();
        if self.keys != configured {
            let message = format!(
                "the table's key attributes are {}, and the configuration says {}",
                self.keys.join(" and "),
                configured.join(" and ")
            );
            return Err(Error::new(ErrorKind::Misuse, message));
        }
        for (name, index) in &self.indexes {
            for key in &index.keys {
                must_be_readable(table, key, &format!("a key of the index {name}"))?;
            }
        }
        match &self.ttl_attribute {
            Some(ttl) => must_be_readable(table, ttl, "the table's time to live"),
            None => Ok(()),
        }
    }
}

fn must_be_readable(table: &TableConfig, name: &str, what: &str) -> Result<()> {
    if table.action(name) != CryptographicAction::EncryptAndSign {
        return Ok(());
    }
    let message = format!("it is {what}, which DynamoDB has to read; declare it sign_only");
    Err(misuse(message).with_attribute(name))
}

/// Partition key first.
fn names(keys: &[KeySchemaElement]) -> Vec<String> {
    let mut keys: Vec<&KeySchemaElement> = keys.iter().collect();
    keys.sort_by_key(|key| key.key_type() != &KeyType::Hash);
    keys.iter().map(|key| key.attribute_name().to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(shape: TableShape, table: &TableConfig) -> Option<String> {
        let error = shape.check(table).err()?;
        assert_eq!(error.kind(), ErrorKind::Misuse);
        Some(error.attribute().unwrap_or("-").to_owned())
    }

    #[test]
    fn what_dynamodb_reads_must_stay_readable() {
        let table = TableConfig::builder("T").partition_key("pk").sort_key("sk").sign_only(["a"]);
        let table = table.unsigned(["ttl"]).build().unwrap();
        let shape = || TableShape::new(["pk", "sk"]);
        assert_eq!(refused(shape(), &table), None);
        assert_eq!(refused(shape().index("by-a", ["a", "pk"], true), &table), None);
        assert_eq!(refused(shape().index("by-b", ["a", "b"], true), &table), Some("b".into()));
        assert_eq!(refused(shape().ttl_attribute("ttl"), &table), None);
        assert_eq!(refused(shape().ttl_attribute("expires"), &table), Some("expires".into()));
        assert_eq!(refused(TableShape::new(["pk"]), &table), Some("-".into()));
        assert_eq!(refused(TableShape::new(["sk", "pk"]), &table), Some("-".into()));
    }
}
