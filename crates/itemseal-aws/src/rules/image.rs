//! The images of one record or line of an export: whole stored items, beside the keys that they should have.

use itemseal::{AttributeValue, Error, ErrorKind, Item, ItemEncryptor, Result, normalize_number};

/// Opens a stored item and compares its keys with those that stand beside it, which nothing verifies.
///
/// # Errors
/// As of [`ItemEncryptor::decrypt_item`]; [`Authentication`](ErrorKind::Authentication) if the keys differ.
pub async fn open_image(
    encryptor: &ItemEncryptor,
    keys: Option<&Item>,
    stored: Item,
) -> Result<Item> {
    let item = encryptor.decrypt_item(stored).await?;
    for (name, value) in keys.into_iter().flatten() {
        if !item.get(name).is_some_and(|own| same(own, value)) {
            let message = "Keys and the image beside it disagree: one of the two was altered";
            return Err(Error::new(ErrorKind::Authentication, message).with_attribute(name));
        }
    }
    Ok(item)
}

/// Whether two keys are one to DynamoDB.
fn same(one: &AttributeValue, other: &AttributeValue) -> bool {
    match (one.as_n(), other.as_n()) {
        (Some(one), Some(other)) => {
            one == other
                || matches!((normalize_number(one), normalize_number(other)), (Ok(a), Ok(b)) if a == b)
        }
        _ => one == other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_compared_as_dynamodb_compares_them() {
        let number = |text: &str| AttributeValue::N(text.to_owned());
        assert!(same(&number("1.0"), &number("1")));
        assert!(!same(&number("1"), &number("2")));
        assert!(!same(&number("1"), &"1".into()));
        assert!(!same(&number("x"), &number("y")));
        assert!(same(&"a".into(), &"a".into()));
    }
}
