//! Versions of items: optimistic locking.

use itemseal::{AttributeValue, Result, normalize_number};

use super::Names;
use super::both::both;
use crate::table::misuse;

/// Placeholders of what is added to a condition.
const NAME: &str = "#itemseal_version";
const VALUE: &str = ":itemseal_version";

/// A version that is raised, and what the stored item has to have for that.
#[derive(Clone, Debug)]
pub struct Raised<'t> {
    attribute: &'t str,
    old: Option<u64>,
    new: u64,
}

impl<'t> Raised<'t> {
    /// Raises the version that an item has in `attribute`.
    ///
    /// # Errors
    /// [`Misuse`](itemseal::ErrorKind::Misuse) if that is no version, or the last one.
    pub fn from_item(attribute: &'t str, found: Option<&AttributeValue>) -> Result<Self> {
        let old = version_of(attribute, found)?;
        let Some(new) = old.unwrap_or(0).checked_add(1) else {
            return Err(misuse("the version cannot be raised any more").with_attribute(attribute));
        };
        Ok(Self { attribute, old, new })
    }

    /// The version that is written.
    pub fn version(&self) -> u64 {
        self.new
    }

    /// The caller's own condition, and that nobody has written the item since it was read.
    pub fn condition(&self, given: Option<&str>) -> String {
        let unchanged = match self.old {
            Some(_) => format!("{NAME} = {VALUE}"),
            None => format!("attribute_not_exists({NAME})"),
        };
        both(given, unchanged)
    }

    /// The names of that condition.
    pub fn names(&self, given: Option<&Names>) -> Names {
        let mut names = given.cloned().unwrap_or_default();
        names.insert(NAME.to_owned(), self.attribute.to_owned());
        names
    }

    /// The value that the condition needs beside the caller's own, if any: its placeholder, and a number.
    pub fn value(&self) -> Option<(&'static str, String)> {
        self.old.map(|old| (VALUE, old.to_string()))
    }
}

pub(crate) fn version_of(attribute: &str, found: Option<&AttributeValue>) -> Result<Option<u64>> {
    let refuse = || {
        misuse("a version is a whole number from 0 to 2^64 - 1, as it was read")
            .with_attribute(attribute)
    };
    match found {
        None => Ok(None),
        Some(AttributeValue::N(number)) => {
            let number = normalize_number(number).map_err(|_| refuse())?;
            number.parse().map(Some).map_err(|_| refuse())
        }
        Some(_) => Err(refuse()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_whole_numbers_in_any_spelling() {
        let of = |version: Option<AttributeValue>| version_of("V", version.as_ref()).ok();
        let number = |text: &str| Some(AttributeValue::N(text.to_owned()));
        assert_eq!(of(None), Some(None));
        for (text, version) in
            [("0", 0), ("7", 7), ("7.0", 7), ("7e0", 7), ("18446744073709551615", u64::MAX)]
        {
            assert_eq!(of(number(text)), Some(Some(version)), "{text}");
        }
        for text in ["-1", "1.5", "18446744073709551616", "x"] {
            assert_eq!(of(number(text)), None, "{text}");
        }
        assert_eq!(of(Some("7".into())), None);
    }

    #[test]
    fn the_condition_is_added_to_the_callers_own() {
        let known = Raised { attribute: "V", old: Some(3), new: 4 };
        let expected = "(a = :a OR b = :a) AND #itemseal_version = :itemseal_version";
        assert_eq!(known.condition(Some("a = :a OR b = :a")), expected);
        assert_eq!(known.value(), Some((VALUE, "3".to_owned())));
        let new = Raised { attribute: "V", old: None, new: 1 };
        assert_eq!(new.condition(None), "attribute_not_exists(#itemseal_version)");
        assert_eq!((new.names(None)[NAME].as_str(), new.value()), ("V", None));
    }
}
