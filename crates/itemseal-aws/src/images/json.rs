//! A change record in JSON, as Lambda and Kinesis have it: what is not an image stays as it is.

use itemseal::{Error, ErrorKind, Item, ItemEncryptor};
use serde_json::{Map, Value};

use super::record_error::{About, RecordError};
use crate::rules::open_image;

/// A record's text field.
pub(super) fn text<'r>(record: &'r Value, name: &str) -> Option<&'r str> {
    record.get(name)?.as_str()
}

/// What a record says of itself.
pub(super) fn about(record: &Value, table: Option<&str>) -> About {
    let owned = |text: Option<&str>| text.map(str::to_owned);
    let change = record.get("dynamodb");
    About {
        table: owned(table),
        event_id: owned(text(record, "eventID")),
        sequence_number: owned(change.and_then(|change| text(change, "SequenceNumber"))),
    }
}

/// Opens the images of a record of an encrypted table.
pub(super) async fn open_record(
    encryptor: ItemEncryptor,
    table: String,
    mut record: Value,
) -> Result<Value, RecordError> {
    let about = about(&record, Some(&table));
    let Some(Value::Object(change)) = record.get_mut("dynamodb") else {
        let error = malformed("the record has no object \"dynamodb\"; is it one of DynamoDB?");
        return Err(RecordError::new(about, None, Item::new(), error));
    };
    let keys = match change.get("Keys").cloned().map(|keys| item_of(keys, "Keys")).transpose() {
        Ok(keys) => keys,
        Err(error) => return Err(RecordError::new(about, None, Item::new(), error)),
    };
    for what in ["NewImage", "OldImage"] {
        if let Err(error) = open_member(&encryptor, keys.as_ref(), change, what).await {
            let key = keys.unwrap_or_default();
            return Err(RecordError::new(about, Some(what), key, error));
        }
    }
    Ok(record)
}

async fn open_member(
    encryptor: &ItemEncryptor,
    keys: Option<&Item>,
    change: &mut Map<String, Value>,
    what: &'static str,
) -> itemseal::Result<()> {
    let Some(image) = change.get_mut(what).filter(|image| !image.is_null()) else {
        return Ok(());
    };
    let opened = open_image(encryptor, keys, item_of(image.take(), what)?).await?;
    *image = serde_json::to_value(&opened)
        .map_err(|_| Error::new(ErrorKind::Internal, "an item has no JSON form"))?;
    Ok(())
}

/// An item in a JSON value. The parser's own words can hold values, so they are left out.
fn item_of(value: Value, what: &str) -> itemseal::Result<Item> {
    serde_json::from_value(value).map_err(|_| {
        malformed(format!(
            "{what} is not DynamoDB JSON, attributes like {{\"ID\": {{\"S\": \"1\"}}}}"
        ))
    })
}

pub(super) fn malformed(message: impl Into<std::borrow::Cow<'static, str>>) -> Error {
    Error::new(ErrorKind::Malformed, message)
}
