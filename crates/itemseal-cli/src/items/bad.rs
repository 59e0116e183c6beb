use std::fmt;

use itemseal::{Error, Item};
use itemseal_aws::LineError;

/// A line that was left out: its number, the item's key, and why. No other value of the item is told.
pub(super) struct BadLine {
    number: u64,
    image: Option<&'static str>,
    key: Item,
    error: Error,
}

impl BadLine {
    pub(super) fn new(number: u64, key: Item, error: Error) -> Self {
        Self { number, image: None, key, error }
    }
}

impl From<LineError> for BadLine {
    fn from(error: LineError) -> Self {
        let image = error.image().filter(|image| *image != "Item");
        Self { number: error.line(), image, key: error.key().clone(), error: error.into_error() }
    }
}

/// `line 4, key {"OrderID":{"S":"3"}}: …`: JSON, since a key can have any character.
impl fmt::Display for BadLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}", self.number)?;
        if let Some(image) = self.image {
            write!(f, ", {image}")?;
        }
        if !self.key.is_empty() {
            write!(f, ", key {}", printable(&self.key.to_json()))?;
        }
        write!(f, ": {}", self.error)
    }
}

/// JSON escapes the control characters of ASCII; a terminal obeys others too.
pub(crate) fn printable(json: &str) -> String {
    let mut text = String::with_capacity(json.len());
    for c in json.chars() {
        match c {
            '\u{7f}'..='\u{9f}'
            | '\u{200e}'
            | '\u{200f}'
            | '\u{2028}'..='\u{202e}'
            | '\u{2066}'..='\u{2069}' => {
                text += &format!("\\u{:04x}", u32::from(c));
            }
            _ => text.push(c),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_does_nothing_to_a_terminal() {
        let key = Item::new().with("ID", "\u{1b}[2J\u{9b}2J\u{202e}ü");
        let error = Error::new(itemseal::ErrorKind::Malformed, "bad");
        let told = BadLine::new(3, key, error).to_string();
        assert_eq!(told, r#"line 3, key {"ID":{"S":"\u001b[2J\u009b2J\u202eü"}}: bad"#);
    }
}
