//! Parameters that DynamoDB itself calls legacy.

use itemseal::Result;

use crate::table::refused;

/// Refuses a parameter that expressions have taken the place of: its values would not be compared
/// with what is stored.
///
/// # Errors
/// [`Refused`](itemseal::ErrorKind::Refused).
pub fn refuse_legacy(name: &str, is_given: bool) -> Result<()> {
    if !is_given {
        return Ok(());
    }
    Err(refused(format!(
        "{name} is a legacy parameter of DynamoDB, and is not supported on an encrypted table; use the \
         expression that replaced it"
    )))
}
