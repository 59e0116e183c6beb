//! Items of before their table was encrypted.

use crate::config::{CryptographicAction, TableConfig};
use crate::error::{Error, Result};
use crate::format::value::TypeId;
use crate::format::{FOOTER_ATTRIBUTE, HEADER_ATTRIBUTE};
use crate::item::{AttributeValue, Item};

/// An encrypted value of nothing: type id and tag.
const LEAST_LEN_BYTES: usize = 2 + 16;

/// Whether an item was never encrypted.
///
/// # Errors
/// [`Malformed`](crate::ErrorKind::Malformed) if it has neither header nor footer, and yet an attribute that
/// is encrypted.
pub(super) fn is_plaintext(table: &TableConfig, stored: &Item) -> Result<bool> {
    if stored.contains(HEADER_ATTRIBUTE) || stored.contains(FOOTER_ATTRIBUTE) {
        return Ok(false);
    }
    let encrypted = stored.iter().find(|(name, value)| {
        table.action(name) == CryptographicAction::EncryptAndSign && is_encrypted(value)
    });
    match encrypted {
        None => Ok(true),
        Some((name, _)) => Err(Error::malformed(
            "it has the form of an encrypted value, in an item without header and footer: they were taken \
             away, or left out by a projection or an index",
        )
        .with_attribute(name)),
    }
}

/// Whether it is `type id ‖ ciphertext ‖ tag`. Of random binary values of that length one in 6,500 is.
fn is_encrypted(value: &AttributeValue) -> bool {
    let AttributeValue::B(bytes) = value else { return false };
    let type_id = bytes.first_chunk::<2>().copied().and_then(TypeId::of);
    bytes.len() >= LEAST_LEN_BYTES && type_id.is_some()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::ErrorKind;

    #[test]
    fn an_item_that_lost_its_header_and_footer_is_no_plaintext() {
        let table = TableConfig::builder("T").partition_key("pk").sign_only(["Photo"]);
        let table = table.unsigned(["Raw"]).build().unwrap();
        let item = || Item::new().with("pk", "1").with("Card", "4111");
        assert!(is_plaintext(&table, &item()).unwrap());
        for format in [HEADER_ATTRIBUTE, FOOTER_ATTRIBUTE] {
            assert!(!is_plaintext(&table, &item().with(format, vec![0])).unwrap());
        }
        let mut encrypted = vec![0x00, 0x01];
        encrypted.extend([7; 16]);
        let error = is_plaintext(&table, &item().with("Note", encrypted.clone())).unwrap_err();
        assert_eq!((error.kind(), error.attribute()), (ErrorKind::Malformed, Some("Note")));
        // Too short, of no type, or not to be encrypted at all.
        assert!(is_plaintext(&table, &item().with("Note", encrypted[..17].to_vec())).unwrap());
        let mut other = encrypted.clone();
        other[0] = 9;
        assert!(is_plaintext(&table, &item().with("Note", other)).unwrap());
        for readable in ["Photo", "Raw"] {
            assert!(is_plaintext(&table, &item().with(readable, encrypted.clone())).unwrap());
        }
    }
}
