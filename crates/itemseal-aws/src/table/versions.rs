//! Versions of items: optimistic locking, and reads that do not go back.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue as Sdk;
use itemseal::{Result, normalize_number};

use super::errors::misuse;
use super::expressions::Names;
use super::one_table::Table;
use crate::sdk_items::dynamodb::Attributes;

/// Placeholders of what is added to a condition.
const NAME: &str = "#itemseal_version";
const VALUE: &str = ":itemseal_version";

/// The values that `:…` stand for.
pub(super) type Values = HashMap<String, Sdk>;

/// A version that was raised, and what the stored item has to have for that.
pub(super) struct Raised<'t> {
    attribute: &'t str,
    old: Option<u64>,
    pub(super) new: u64,
}

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
        let old = version_of(attribute, item)?;
        let Some(new) = old.unwrap_or(0).checked_add(1) else {
            return Err(misuse("the version cannot be raised any more").with_attribute(attribute));
        };
        item.insert(attribute.to_owned(), Sdk::N(new.to_string()));
        Ok(Some(Raised { attribute, old, new }))
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
        Ok(self.raise(item)?.map(|raised| raised.new))
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
        version_of(attribute, item)
    }
}

fn version_of(attribute: &str, item: &Attributes) -> Result<Option<u64>> {
    let refuse = || {
        misuse("a version is a whole number from 0 to 2^64 - 1, as it was read")
            .with_attribute(attribute)
    };
    match item.get(attribute) {
        None => Ok(None),
        Some(Sdk::N(number)) => {
            let number = normalize_number(number).map_err(|_| refuse())?;
            number.parse().map(Some).map_err(|_| refuse())
        }
        Some(_) => Err(refuse()),
    }
}

impl Raised<'_> {
    /// The caller's own condition, and that nobody has written the item since it was read.
    pub(super) fn condition(&self, given: Condition) -> Condition {
        let mut names = given.names.unwrap_or_default();
        names.insert(NAME.to_owned(), self.attribute.to_owned());
        let mut values = given.values;
        let unchanged = match self.old {
            Some(old) => {
                let values = values.get_or_insert_default();
                values.insert(VALUE.to_owned(), Sdk::N(old.to_string()));
                format!("{NAME} = {VALUE}")
            }
            None => format!("attribute_not_exists({NAME})"),
        };
        let expression = match given.expression {
            Some(given) => format!("({given}) AND {unchanged}"),
            None => unchanged,
        };
        Condition { expression: Some(expression), names: Some(names), values }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item(version: Option<Sdk>) -> Attributes {
        version.map(|version| ("V".to_owned(), version)).into_iter().collect()
    }

    #[test]
    fn versions_are_whole_numbers_in_any_spelling() {
        let of = |version| version_of("V", &item(version)).ok();
        let number = |text: &str| Some(Sdk::N(text.to_owned()));
        assert_eq!(of(None), Some(None));
        for (text, version) in
            [("0", 0), ("7", 7), ("7.0", 7), ("7e0", 7), ("18446744073709551615", u64::MAX)]
        {
            assert_eq!(of(number(text)), Some(Some(version)), "{text}");
        }
        for text in ["-1", "1.5", "18446744073709551616", "x"] {
            assert_eq!(of(number(text)), None, "{text}");
        }
        assert_eq!(of(Some(Sdk::S("7".to_owned()))), None);
    }

    #[test]
    fn the_condition_is_added_to_the_callers_own() {
        let given = || Condition {
            expression: Some("a = :a OR b = :a".to_owned()),
            names: None,
            values: None,
        };
        let known = Raised { attribute: "V", old: Some(3), new: 4 }.condition(given());
        let expected = "(a = :a OR b = :a) AND #itemseal_version = :itemseal_version";
        assert_eq!(known.expression.as_deref(), Some(expected));
        assert_eq!(known.values.unwrap()[VALUE], Sdk::N("3".to_owned()));
        let none = Condition { expression: None, names: None, values: None };
        let new = Raised { attribute: "V", old: None, new: 1 }.condition(none);
        assert_eq!(new.expression.as_deref(), Some("attribute_not_exists(#itemseal_version)"));
        assert_eq!((new.names.unwrap()[NAME].as_str(), new.values), ("V", None));
    }
}
