use std::error::Error as StdError;
use std::fmt;

use itemseal::{Error, Item};

/// A change record that did not open.
///
/// `Display` names the record, and never a value. The key is in [`key`](Self::key).
pub struct RecordError(Box<Inner>);

struct Inner {
    about: About,
    image: Option<&'static str>,
    key: Item,
    error: Error,
}

/// What a record says of itself.
#[derive(Clone, Default)]
pub(super) struct About {
    pub(super) table: Option<String>,
    pub(super) event_id: Option<String>,
    pub(super) sequence_number: Option<String>,
}

impl RecordError {
    pub(super) fn new(about: About, image: Option<&'static str>, key: Item, error: Error) -> Self {
        Self(Box::new(Inner { about, image, key, error }))
    }

    /// The same with the event's id and the sequence number that Kinesis gave the record.
    pub(super) fn in_kinesis(mut self, record: About) -> Self {
        self.0.about = About { table: self.0.about.table.take(), ..record };
        self
    }

    /// The table's name, if the record says it.
    pub fn table(&self) -> Option<&str> {
        self.0.about.table.as_deref()
    }

    /// The record's `eventID`.
    pub fn event_id(&self) -> Option<&str> {
        self.0.about.event_id.as_deref()
    }

    /// The record's `SequenceNumber`: what Lambda wants as `itemIdentifier` in
    /// [`batchItemFailures`](https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-batchfailurereporting.html).
    /// The data of Kinesis has none of its own: Kinesis gives it beside the data, in Lambda's event
    /// [`kinesis.sequenceNumber`](crate::StreamOpener::open_lambda_kinesis_event).
    pub fn sequence_number(&self) -> Option<&str> {
        self.0.about.sequence_number.as_deref()
    }

    /// `NewImage` or `OldImage`; none if the record as a whole could not be read.
    pub fn image(&self) -> Option<&'static str> {
        self.0.image
    }

    /// The record's `Keys`, as they are there: unverified. Empty if they could not be read.
    pub fn key(&self) -> &Item {
        &self.0.key
    }

    /// Why it did not open.
    pub fn error(&self) -> &Error {
        &self.0.error
    }

    /// The same, without the rest.
    pub fn into_error(self) -> Error {
        self.0.error
    }
}

impl fmt::Display for RecordError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("record")?;
        for (what, value) in [
            ("", self.sequence_number()),
            ("event ", self.event_id()),
            ("of table ", self.table()),
            ("", self.image()),
        ] {
            if let Some(value) = value {
                write!(f, " {what}{value}")?;
            }
        }
        write!(f, ": {}", self.0.error)
    }
}

impl fmt::Debug for RecordError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RecordError")
            .field("message", &self.to_string())
            .field("key", &self.0.key)
            .field("error", &self.0.error)
            .finish()
    }
}

impl StdError for RecordError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0.error.source()
    }
}
