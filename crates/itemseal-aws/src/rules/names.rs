//! `ExpressionAttributeNames`, of which DynamoDB wants none that is not used.

use super::{Names, placeholders};

/// The names that these expressions use; none if they use none.
pub fn still_used(names: Option<Names>, expressions: &[Option<&str>]) -> Option<Names> {
    let mut names = names?;
    let used: Vec<String> =
        expressions.iter().flatten().flat_map(|expression| placeholders(expression)).collect();
    names.retain(|placeholder, _| used.contains(placeholder));
    (!names.is_empty()).then_some(names)
}
