//! Versions of items: optimistic locking, and reads that do not go back.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue as Sdk;
use itemseal::Result;

use super::errors::misuse;
use super::one_table::Table;
use crate::rules::{Names, Raised, version_of};
use crate::sdk_items::dynamodb::{Attributes, value_from_sdk};

/// The values that `:…` stand for.
pub(super) type Values = HashMap<String, Sdk>;

/// What a put says about the stored item.
#[derive(Debug, PartialEq)]
pub(super) struct Condition {
    pub(super) expression: Option<String>,
    pub(super) names: Option<Names>,
    pub(super) values: Option<Values>,
}

impl Table {
    /// Raises the version of an item that is to be written; none if the table has no versions.
    ///
    /// # Errors
    /// [`Misuse`](itemseal::ErrorKind::Misuse) if it has one that is no version.
    pub(super) fn raise(&self, item: &mut Attributes) -> Result<Option<Raised<'_>>> {
        let Some(attribute) = self.version_attribute.as_deref() else { return Ok(None) };
        let found = item.get(attribute).cloned().map(value_from_sdk).transpose()?;
        let raised = Raised::from_item(attribute, found.as_ref())?;
        item.insert(attribute.to_owned(), Sdk::N(raised.version().to_string()));
        Ok(Some(raised))
    }

    /// Gives an item the version after that of the stored one; none if the table has no versions.
    ///
    /// # Errors
    /// [`Misuse`](itemseal::ErrorKind::Misuse) if the stored one has one that is no version.
    pub(super) fn raise_from(
        &self,
        stored: Option<&Attributes>,
        item: &mut Attributes,
    ) -> Result<Option<u64>> {
        let Some(attribute) = self.version_attribute.as_deref() else { return Ok(None) };
        match stored.and_then(|stored| stored.get(attribute)) {
            Some(version) => drop(item.insert(attribute.to_owned(), version.clone())),
            None => drop(item.remove(attribute)),
        }
        Ok(self.raise(item)?.map(|raised| raised.version()))
    }

    /// The version of an item, if it has one.
    ///
    /// # Errors
    /// [`Misuse`](itemseal::ErrorKind::Misuse) if the table has no versions, or this is none.
    pub(super) fn version(&self, item: &Attributes) -> Result<Option<u64>> {
        let attribute = self.version_attribute.as_deref().ok_or_else(|| {
            misuse(
                "the table's items have no versions; name their attribute with version_attribute",
            )
        })?;
        let found = item.get(attribute).cloned().map(value_from_sdk).transpose()?;
        version_of(attribute, found.as_ref())
    }
}

/// The condition of a put whose version was raised.
pub(super) fn condition(raised: &Raised<'_>, given: Condition) -> Condition {
    let mut values = given.values;
    if let Some((placeholder, number)) = raised.value() {
        values.get_or_insert_default().insert(placeholder.to_owned(), Sdk::N(number));
    }
    Condition {
        expression: Some(raised.condition(given.expression.as_deref())),
        names: Some(raised.names(given.names.as_ref())),
        values,
    }
}
