//! DynamoDB JSON: the form of DynamoDB's API, with bytes in base64.

use super::{Item, MAX_DEPTH};
use crate::error::{Error, ErrorKind, Result};

impl Item {
    /// Reads an item in DynamoDB JSON, `{"OrderID": {"S": "12345"}, …}`.
    ///
    /// # Errors
    /// [`Malformed`](ErrorKind::Malformed), with line and column.
    ///
    /// ```
    /// let item = itemseal::Item::from_json(r#"{"OrderID": {"S": "12345"}}"#)?;
    /// assert_eq!(item.to_json(), r#"{"OrderID":{"S":"12345"}}"#);
    /// # Ok::<(), itemseal::Error>(())
    /// ```
    pub fn from_json(json: impl AsRef<[u8]>) -> Result<Self> {
        serde_json::from_slice(json.as_ref()).map_err(|error| {
            // serde_json stops at 128 levels, which is deeper than an item may be.
            if error.to_string().starts_with("recursion limit") {
                Error::new(
                    ErrorKind::Malformed,
                    format!("nested deeper than the {MAX_DEPTH} levels that DynamoDB allows"),
                )
            } else {
                Error::new(ErrorKind::Malformed, format!("not DynamoDB JSON: {}", told(&error)))
            }
        })
    }

    /// The item in DynamoDB JSON, on one line, attributes in the order of their names.
    pub fn to_json(&self) -> String {
        // A map with text keys and no failing value: serde_json has no error to give here.
        serde_json::to_string(self).unwrap_or_default()
    }
}

/// What serde_json says, without the value that it found there: it may be a secret.
fn told(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let found = ["invalid type: ", "invalid value: "].iter().any(|start| text.starts_with(start));
    // A value can hold any text, what is expected cannot.
    match text.rsplit_once(", expected ") {
        Some((_, expected)) if found => format!("expected {expected}"),
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::item::AttributeValue;

    const ALL_TYPES: &str = r#"{"b":{"B":"AAH/"},"bo":{"BOOL":true},"bs":{"BS":["AA==","AQ=="]},"l":{"L":[{"S":"x"},{"L":[]}]},"m":{"M":{"":{"S":""},"é":{"N":"1E3"}}},"n":{"N":"-0.50"},"ns":{"NS":["1","2"]},"nu":{"NULL":true},"s":{"S":"𝄞 \"quoted\""},"ss":{"SS":["a","b"]}}"#;

    #[test]
    fn all_ten_types_round_trip() {
        let item = Item::from_json(ALL_TYPES).unwrap();
        assert_eq!(item.len(), 10);
        assert_eq!(item.to_json(), ALL_TYPES);
        assert_eq!(item.get("n"), Some(&AttributeValue::N("-0.50".into())));
    }

    #[test]
    fn errors_say_where_and_what() {
        for (json, says) in [
            (r#"{"a":{"S":1}}"#, "line 1 column 11"),
            (r#"{"a":{"X":"1"}}"#, "the types are"),
            (r#"{"a":{}}"#, "names none"),
            (r#"{"a":{"S":"1","N":"1"}}"#, "names several"),
            (r#"{"a":{"NULL":false}}"#, "NULL must be true"),
            (r#"{"a":{"B":"*"}}"#, "not base64"),
            (r#"{"a":{"S":"1"},"a":{"S":"2"}}"#, "given twice"),
            (r#"{"m":{"M":{"a":{"S":"1"},"a":{"S":"2"}}}}"#, "given twice"),
            (r#"{"a":"1"}"#, "an attribute value such as"),
            (r#"{"a":{"S":"1"}} x"#, "trailing"),
            (r#"[]"#, "attributes by name"),
        ] {
            let error = Item::from_json(json).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Malformed);
            assert!(error.to_string().contains(says), "{json}: {error}");
        }
    }

    #[test]
    fn depth_is_bounded() {
        let deep =
            format!("{{\"a\":{}{{\"NULL\":true}}{}}}", "{\"L\":[".repeat(300), "]}".repeat(300));
        assert!(Item::from_json(deep).unwrap_err().to_string().contains("32 levels"));
    }
}
