//! One line of a data file.

use itemseal::{Error, ErrorKind, Item, ItemEncryptor, Result};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::json::malformed;
use super::line_error::LineError;
use super::lines::{DataLine, MAX_LINE_LEN_BYTES};
use crate::rules::open_image;

/// The most that an item may have, in bytes, names included.
/// Source: [quotas](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ServiceQuotas.html).
const MAX_ITEM_LEN_BYTES: usize = 400 * 1024;

/// Full exports and imports have `Item`; incremental exports the others.
/// Source: [export output](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/S3DataExport.Output.html).
#[derive(Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct Line {
    #[serde(skip_serializing_if = "Option::is_none")]
    metadata: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    keys: Option<Item>,
    #[serde(skip_serializing_if = "Option::is_none")]
    old_image: Option<Item>,
    #[serde(skip_serializing_if = "Option::is_none")]
    new_image: Option<Item>,
    #[serde(skip_serializing_if = "Option::is_none")]
    item: Option<Item>,
}

impl Line {
    fn read(line: DataLine) -> std::result::Result<Self, LineError> {
        let bad = |error| LineError::new(line.number, None, Item::new(), error);
        let Some(text) = &line.text else {
            let message = format!("longer than {MAX_LINE_LEN_BYTES} bytes, which no item is");
            return Err(bad(Error::new(ErrorKind::TooLarge, message)));
        };
        // The parser's own words can hold values, so they are left out.
        serde_json::from_slice(text).map_err(|error| {
            bad(malformed(format!(
                "not a line of DynamoDB JSON as exports have it, at column {}: {{\"Item\": {{…}}}}, or Metadata, \
                 Keys, NewImage and OldImage",
                error.column()
            )))
        })
    }

    fn write(&self) -> Result<Vec<u8>> {
        let mut text = serde_json::to_vec(self)
            .map_err(|_| Error::new(ErrorKind::Internal, "an item has no JSON form"))?;
        text.push(b'\n');
        Ok(text)
    }
}

/// Opens what a line of an export has.
pub(super) async fn open_line(
    encryptor: ItemEncryptor,
    line: DataLine,
) -> std::result::Result<Vec<u8>, LineError> {
    let number = line.number;
    let mut line = Line::read(line)?;
    if line.item.is_none() && line.keys.is_none() {
        let error =
            malformed("the line has neither Item, as full exports, nor Keys, as incremental");
        return Err(LineError::new(number, None, Item::new(), error));
    }
    for (what, image) in [
        ("Item", &mut line.item),
        ("NewImage", &mut line.new_image),
        ("OldImage", &mut line.old_image),
    ] {
        let Some(stored) = image.take() else { continue };
        let key = encryptor.table().key_of(line.keys.as_ref().unwrap_or(&stored));
        match open_image(&encryptor, line.keys.as_ref(), stored).await {
            Ok(item) => *image = Some(item),
            Err(error) => return Err(LineError::new(number, Some(what), key, error)),
        }
    }
    line.write().map_err(|error| LineError::new(number, None, Item::new(), error))
}

/// Encrypts the item of a line for an import.
pub(super) async fn seal_line(
    encryptor: ItemEncryptor,
    line: DataLine,
) -> std::result::Result<Vec<u8>, LineError> {
    let number = line.number;
    let line = Line::read(line)?;
    let Line { metadata: None, keys: None, old_image: None, new_image: None, item: Some(item) } =
        line
    else {
        let error = malformed("ImportTable takes lines that have Item and nothing else");
        return Err(LineError::new(number, None, Item::new(), error));
    };
    let key = encryptor.table().key_of(&item);
    let sealed = async {
        let sealed = encryptor.encrypt_item(item).await?;
        let len = sealed.size_bytes();
        if len > MAX_ITEM_LEN_BYTES {
            let message = format!(
                "the item has {len} bytes when it is encrypted; DynamoDB stores at most {MAX_ITEM_LEN_BYTES}. \
                 Split it, or keep its largest attribute elsewhere"
            );
            return Err(Error::new(ErrorKind::TooLarge, message));
        }
        let item = Some(sealed);
        Line { metadata: None, keys: None, old_image: None, new_image: None, item }.write()
    };
    sealed.await.map_err(|error| LineError::new(number, Some("Item"), key, error))
}
