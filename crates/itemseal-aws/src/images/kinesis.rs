//! The records that DynamoDB puts into Kinesis Data Streams.

use itemseal::Item;
use serde_json::Value;

use super::StreamOpener;
use super::json::{about, malformed, open_record, text};
use super::record_error::{About, RecordError};

impl StreamOpener {
    /// Opens the images in the data of one record of
    /// [Kinesis Data Streams for DynamoDB](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/kds.html),
    /// which is JSON with `tableName` and `dynamodb`. A record of another table passes as it is.
    /// In Lambda's event the data is in base64:
    /// [`open_lambda_kinesis_event`](Self::open_lambda_kinesis_event) takes it as it is.
    ///
    /// # Errors
    /// A [`RecordError`] if the data is not such JSON, or an image does not open.
    pub async fn open_kinesis_record(&self, data: &[u8]) -> Result<Value, RecordError> {
        let record: Value = serde_json::from_slice(data).map_err(|error| {
            let (line, column) = (error.line(), error.column());
            let message = format!(
                "the data is not JSON from line {line} column {column} on; if it is base64, decode it first"
            );
            RecordError::new(About::default(), None, Item::new(), malformed(message))
        })?;
        let Some(table) = text(&record, "tableName") else {
            let error = malformed("the record has no \"tableName\"; is it one of DynamoDB?");
            return Err(RecordError::new(about(&record, None), None, Item::new(), error));
        };
        match self.tables.get(table) {
            Some(encryptor) => open_record(encryptor.clone(), table.to_owned(), record).await,
            None => Ok(record),
        }
    }
}
