//! The events with which AWS Lambda hands over records of DynamoDB Streams.

use itemseal::{Item, Result};
use serde_json::Value;

use super::in_order::InOrder;
use super::json::{about, malformed, open_record, text};
use super::record_error::{About, RecordError};
use super::{StreamOpener, table_in_arn};

impl StreamOpener {
    /// Opens the images in a
    /// [Lambda event](https://docs.aws.amazon.com/lambda/latest/dg/with-ddb.html), and gives its `Records`
    /// in their order. The table is the one in a record's `eventSourceARN`; records of other tables
    /// and of other services pass as they are, and so does everything that is not an image.
    ///
    /// # Errors
    /// [`Malformed`](itemseal::ErrorKind::Malformed) if the event has no list `Records`. A single record
    /// that does not open is a [`RecordError`] in its place.
    pub async fn open_lambda_event(
        &self,
        mut event: Value,
    ) -> Result<Vec<std::result::Result<Value, RecordError>>> {
        let Some(Value::Array(records)) = event.get_mut("Records").map(Value::take) else {
            return Err(malformed("the event has no list \"Records\"; is DynamoDB its source?"));
        };
        let mut opened = Vec::with_capacity(records.len());
        let mut work = InOrder::new();
        let mut records = records.into_iter();
        loop {
            if !work.is_full(0)
                && let Some(record) = records.next()
            {
                work.begin(0, self.clone().open_one(record));
                continue;
            }
            let Some(result) = work.next().await else { return Ok(opened) };
            opened.push(result.unwrap_or_else(|error| {
                Err(RecordError::new(About::default(), None, Item::new(), error))
            }));
        }
    }

    async fn open_one(self, record: Value) -> std::result::Result<Value, RecordError> {
        let of_dynamodb = record.get("dynamodb").is_some();
        let arn = text(&record, "eventSourceARN");
        let table = arn.and_then(table_in_arn);
        match (table, table.and_then(|table| self.tables.get(table))) {
            (Some(table), Some(encryptor)) => {
                open_record(encryptor.clone(), table.to_owned(), record).await
            }
            (None, _) if of_dynamodb => {
                let error = malformed("eventSourceARN does not say of which table the record is");
                Err(RecordError::new(about(&record, None), None, Item::new(), error))
            }
            _ => Ok(record),
        }
    }
}
