//! One write: only of what changes, and only if nobody else wrote.

use itemseal::{CryptographicAction, Error, ErrorKind, Item, ItemEncryptor, Result};

use super::seal::is_bare;
use crate::sdk_items::dynamodb::{Attributes, to_sdk};
use crate::table::{FOOTER, HEADER};

/// The longest expression that DynamoDB takes.
/// Source: [limits](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html).
const MOST_BYTES: usize = 4096;
/// It takes 300 operators in a condition: an attribute has a comparison and an AND.
const MOST_COMPARED: usize = 150;

/// An item on its way: what was read, and what is stored in its place as far as is known. They differ after a write
/// of ours that has to be followed by another.
pub(super) struct Step<'a> {
    pub(super) read: &'a Item,
    pub(super) stored: &'a Item,
    pub(super) new: &'a Item,
}

/// The parts of an UpdateItem.
pub(super) struct Update {
    pub(super) key: Attributes,
    pub(super) update: String,
    pub(super) condition: String,
    pub(super) names: Vec<(String, String)>,
    pub(super) values: Attributes,
}

impl Step<'_> {
    /// Sets what differs. The condition is on header and footer, which stand for all that was signed, and on what was
    /// not and will be.
    pub(super) fn update(&self, from: &ItemEncryptor, to: &ItemEncryptor) -> Result<Update> {
        let is_ours =
            |name: &str| is_signed(name, to) || (!is_bare(self.read) && is_signed(name, from));
        let mut names = Vec::new();
        let (mut sets, mut conditions, mut values) = (Vec::new(), Vec::new(), Item::new());
        for name in self.names() {
            let (old, new) = (self.stored.get(name), self.new.get(name));
            let format = [HEADER, FOOTER].contains(&name);
            // What stays unsigned is not ours to write: it may have been updated meanwhile.
            let set = new.filter(|new| old != Some(*new) && (format || is_ours(name)));
            let compared = format || is_compared(self.read, name, from, to);
            if set.is_none() && !compared {
                continue;
            }
            let at = names.len();
            names.push((format!("#{at}"), name.to_owned()));
            if let Some(new) = set {
                sets.push(format!("#{at}=:n{at}"));
                values.insert(format!(":n{at}"), new.clone());
            }
            match old {
                Some(old) if compared => {
                    conditions.push(format!("#{at}=:o{at}"));
                    values.insert(format!(":o{at}"), old.clone());
                }
                None if compared => conditions.push(format!("attribute_not_exists(#{at})")),
                _ => {}
            }
        }
        let compared = conditions.len();
        let (update, condition) = (format!("SET {}", sets.join(",")), conditions.join(" AND "));
        if compared > MOST_COMPARED || update.len().max(condition.len()) > MOST_BYTES {
            let message = format!(
                "{} attributes change and {compared} have to be compared, which is more than one UpdateItem of \
                 DynamoDB takes; read the item and put it while nobody else writes it",
                sets.len()
            );
            return Err(Error::new(ErrorKind::TooLarge, message));
        }
        let table = from.table();
        let keys = std::iter::once(table.partition_key()).chain(table.sort_key());
        let key = keys.filter_map(|name| Some((name, self.stored.get(name)?.clone()))).collect();
        Ok(Update { key: to_sdk(key), update, condition, names, values: to_sdk(values) })
    }

    fn names(&self) -> impl Iterator<Item = &str> {
        let formats = [HEADER, FOOTER].into_iter();
        let others = self.stored.iter().map(|(name, _)| name.as_str());
        formats.chain(others.filter(|name| ![HEADER, FOOTER].contains(name)))
    }
}

/// What is there beside an item of ours, was not signed when it was read and is now: our signature lacks it.
pub(super) fn added(
    read: &Item,
    ours: &Item,
    there: &Item,
    from: &ItemEncryptor,
    to: &ItemEncryptor,
) -> Item {
    let more =
        there.iter().filter(|(name, _)| !ours.contains(name) && is_compared(read, name, from, to));
    more.map(|(name, value)| (name.clone(), value.clone())).collect()
}

fn is_compared(read: &Item, name: &str, from: &ItemEncryptor, to: &ItemEncryptor) -> bool {
    let is_key = name == from.table().partition_key() || Some(name) == from.table().sort_key();
    !is_key && is_signed(name, to) && (is_bare(read) || !is_signed(name, from))
}

fn is_signed(name: &str, by: &ItemEncryptor) -> bool {
    by.table().action(name) != CryptographicAction::DoNothing
}
