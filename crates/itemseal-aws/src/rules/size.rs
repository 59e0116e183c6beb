//! How large an item may be.

use itemseal::{Error, ErrorKind, Result};

/// The most that an item may have, in bytes, names included.
/// Source: [quotas](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ServiceQuotas.html).
const MAX_ITEM_LEN_BYTES: usize = 400 * 1024;

/// Refuses an item that is too large when it is encrypted; sizes are in bytes, as DynamoDB counts them.
///
/// # Errors
/// [`TooLarge`](ErrorKind::TooLarge) with both sizes.
pub fn check_size(before: usize, encrypted: usize) -> Result<()> {
    if encrypted <= MAX_ITEM_LEN_BYTES {
        return Ok(());
    }
    let message = format!(
        "the item has {before} bytes, and {encrypted} when it is encrypted; DynamoDB stores at most \
         {MAX_ITEM_LEN_BYTES}. Split it, or keep its largest attribute elsewhere"
    );
    Err(Error::new(ErrorKind::TooLarge, message))
}
