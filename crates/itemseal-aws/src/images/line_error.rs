use std::error::Error as StdError;
use std::fmt;

use itemseal::{Error, Item};

/// A line of a data file that was left out, since it could not be opened or encrypted.
///
/// `Display` names the line, and never a value. The item's key is in [`key`](Self::key).
pub struct LineError(Box<Inner>);

struct Inner {
    line: u64,
    image: Option<&'static str>,
    key: Item,
    error: Error,
}

impl LineError {
    pub(super) fn new(line: u64, image: Option<&'static str>, key: Item, error: Error) -> Self {
        Self(Box::new(Inner { line, image, key, error }))
    }

    /// The line's number; the first is 1, and blank ones count.
    pub fn line(&self) -> u64 {
        self.0.line
    }

    /// `Item`, `NewImage` or `OldImage`; none if the line as a whole could not be read.
    pub fn image(&self) -> Option<&'static str> {
        self.0.image
    }

    /// The key attributes, as they are there: unverified. Empty if they could not be read.
    pub fn key(&self) -> &Item {
        &self.0.key
    }

    /// Why.
    pub fn error(&self) -> &Error {
        &self.0.error
    }

    /// The same, without the rest.
    pub fn into_error(self) -> Error {
        self.0.error
    }
}

impl fmt::Display for LineError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}", self.0.line)?;
        if let Some(image) = self.0.image {
            write!(f, ", {image}")?;
        }
        write!(f, ": {}", self.0.error)
    }
}

impl fmt::Debug for LineError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LineError")
            .field("line", &self.0.line)
            .field("image", &self.0.image)
            .field("key", &self.0.key)
            .field("error", &self.0.error)
            .finish()
    }
}

impl StdError for LineError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0.error.source()
    }
}
