//! A line: an item, as it is or in `{"Item": …}` as DynamoDB's exports have it.

use std::collections::BTreeMap;

use itemseal::{Item, Result};
use serde_json::value::RawValue;

/// An item and how it was written.
pub(super) struct Line {
    pub(super) item: Item,
    pub(super) wrapped: bool,
}

impl Line {
    /// No text can be both: what would be an item in the one reading has a value of no type in the other.
    pub(super) fn parse(bytes: &[u8]) -> Result<Self> {
        let fields = serde_json::from_slice::<BTreeMap<String, &RawValue>>(bytes).ok();
        let inner = fields.as_ref().filter(|fields| fields.len() == 1);
        let Some(inner) = inner.and_then(|fields| fields.get("Item")) else {
            return Ok(Self { item: Item::from_json(bytes)?, wrapped: false });
        };
        match (Item::from_json(inner.get()), Item::from_json(bytes)) {
            (Ok(item), _) => Ok(Self { item, wrapped: true }),
            (_, Ok(item)) => Ok(Self { item, wrapped: false }),
            (Err(error), _) => Err(error),
        }
    }

    /// Whether a line that is no item is one of an incremental export.
    pub(super) fn is_change(bytes: &[u8]) -> bool {
        let fields = serde_json::from_slice::<BTreeMap<String, &RawValue>>(bytes).ok();
        fields.is_some_and(|fields| fields.contains_key("Keys"))
    }

    pub(super) fn to_json(&self) -> String {
        let item = self.item.to_json();
        if self.wrapped { format!("{{\"Item\":{item}}}") } else { item }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_written_as_it_was_read() {
        for (text, wrapped) in [
            (r#"{"a":{"S":"x"}}"#, false),
            (r#"{"Item":{"a":{"S":"x"}}}"#, true),
            (r#"{"Item":{"Item":{"S":"x"}}}"#, true),
            (r#"{"Item":{}}"#, true),
            // An attribute whose name is Item.
            (r#"{"Item":{"S":"x"}}"#, false),
            (r#"{"Item":{"M":{"S":{"S":"x"}}}}"#, false),
            (r#"{"Item":{"M":{}}}"#, false),
            (r#"{"Item":{"S":"x"},"a":{"S":"x"}}"#, false),
        ] {
            let line = Line::parse(text.as_bytes()).unwrap();
            assert_eq!((line.wrapped, line.to_json()), (wrapped, text.to_owned()));
        }
    }

    /// No item has attributes of such types.
    #[test]
    fn a_change_is_no_item() {
        for (text, change) in [
            (r#"{"Keys":{"ID":{"S":"x"}}}"#, true),
            (r#"{"Keys":{"S":{"S":"x"}},"NewImage":{"S":{"S":"x"}}}"#, true),
            (r#"{"Keys":{"M":{"S":"x"}},"Metadata":{"WriteTimestampMicros":{"N":"1"}}}"#, true),
            (r#"{"Kays":{"ID":{"S":"x"}}}"#, false),
        ] {
            assert!(Line::parse(text.as_bytes()).is_err(), "{text}");
            assert_eq!(Line::is_change(text.as_bytes()), change, "{text}");
        }
        assert!(Line::parse(br#"{"Keys":{"S":"x"}}"#).is_ok(), "an attribute of that name");
    }

    #[test]
    fn what_is_told_of_a_bad_line_has_no_value() {
        for (text, says) in [
            ("S3CRET", "not DynamoDB JSON"),
            ("{\"a\":\"S3CRET\"}", "expected an attribute value"),
            ("{\"a\":{\"S\":4111222}}", "expected a string"),
            ("{\"a\":{\"S\":[\"S3CRET, expected a string\"]}}", "expected a string"),
            ("{\"Item\":{\"a\":\"S3CRET\"}}", "expected an attribute value"),
            ("{\"Item\":\"S3CRET\"}", "expected attributes by name"),
            ("{\"a\":{\"BOOL\":\"S3CRET, expected x\"}}", "expected a boolean"),
        ] {
            let error = Line::parse(text.as_bytes()).err().expect(text).to_string();
            assert!(error.contains(says), "{text}: {error}");
            assert!(!error.contains("S3CRET") && !error.contains("4111"), "{error}");
        }
    }
}
