//! Conditions that are added for the sake of signatures.

use super::Names;
use super::both::both;

/// The placeholder of the header's name in the condition that is added.
const HEADER: &str = "#itemseal_header";

/// A condition that holds for items that are encrypted only, and with it what the caller's own says: an update
/// of an item that is not there would make one without a signature.
pub fn only_if_encrypted(condition: Option<&str>, names: Option<&Names>) -> (String, Names) {
    let mut names = names.cloned().unwrap_or_default();
    names.insert(HEADER.to_owned(), crate::table::HEADER.to_owned());
    let encrypted = format!("attribute_exists({HEADER})");
    (both(condition, encrypted), names)
}
