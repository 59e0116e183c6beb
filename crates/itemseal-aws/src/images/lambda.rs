//! The events with which AWS Lambda hands over records of DynamoDB Streams and of Kinesis.

use std::future::Future;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use itemseal::{Error, ErrorKind, Item, Result};
use serde_json::Value;

use super::StreamOpener;
use super::in_order::InOrder;
use super::json::{about, malformed, open_record, text};
use super::lambda_records::LambdaRecords;
use super::record_error::{About, RecordError};
use crate::rules::table_in_arn;

type Opened = std::result::Result<Value, RecordError>;

impl StreamOpener {
    /// Opens the images in a
    /// [Lambda event](https://docs.aws.amazon.com/lambda/latest/dg/with-ddb.html), and gives its `Records`
    /// in their order. The table is the one in a record's `eventSourceARN`; records of other tables
    /// and of other services pass as they are, and so does everything that is not an image.
    ///
    /// # Errors
    /// [`Malformed`](ErrorKind::Malformed) if the event has no list `Records`. A single record
    /// that does not open is a [`RecordError`] in its place.
    pub async fn open_lambda_event(&self, event: Value) -> Result<LambdaRecords> {
        self.each_record(event, Self::open_one).await
    }

    /// Opens the images in a
    /// [Lambda event of Kinesis](https://docs.aws.amazon.com/lambda/latest/dg/with-kinesis.html) whose stream
    /// has the [changes of DynamoDB tables](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/kds.html),
    /// and gives its `Records` in their order. `kinesis.data` is base64 before and after; what is in it is
    /// opened as [`open_kinesis_record`](Self::open_kinesis_record) does, and everything else stays.
    ///
    /// [`RecordError::sequence_number`] is the one that Kinesis gave the record.
    ///
    /// # Errors
    /// As of [`open_lambda_event`](Self::open_lambda_event).
    pub async fn open_lambda_kinesis_event(&self, event: Value) -> Result<LambdaRecords> {
        self.each_record(event, Self::open_one_of_kinesis).await
    }

    async fn each_record<F>(
        &self,
        mut event: Value,
        open: impl Fn(Self, Value) -> F,
    ) -> Result<LambdaRecords>
    where
        F: Future<Output = Opened> + Send + 'static,
    {
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
                work.begin(0, open(self.clone(), record));
                continue;
            }
            let Some(result) = work.next().await else { return Ok(LambdaRecords::new(opened)) };
            opened.push(result.unwrap_or_else(|error| {
                Err(RecordError::new(About::default(), None, Item::new(), error))
            }));
        }
    }

    async fn open_one(self, record: Value) -> Opened {
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

    async fn open_one_of_kinesis(self, mut record: Value) -> Opened {
        let kinesis = record.get("kinesis");
        let sequence_number = kinesis.and_then(|kinesis| text(kinesis, "sequenceNumber"));
        let about = About {
            table: None,
            event_id: text(&record, "eventID").map(str::to_owned),
            sequence_number: sequence_number.map(str::to_owned),
        };
        let data = kinesis.and_then(|kinesis| text(kinesis, "data"));
        let Some(data) = data.and_then(|data| STANDARD.decode(data).ok()) else {
            let error =
                malformed("the record has no base64 in kinesis.data; is Kinesis its source?");
            return Err(RecordError::new(about, None, Item::new(), error));
        };
        let opened = match self.open_kinesis_record(&data).await {
            Ok(opened) => opened,
            Err(error) => return Err(error.in_kinesis(about)),
        };
        if text(&opened, "tableName").is_none_or(|table| !self.tables.contains_key(table)) {
            return Ok(record);
        }
        let text = serde_json::to_vec(&opened).map_err(|_| {
            let error = Error::new(ErrorKind::Internal, "a record has no JSON form");
            RecordError::new(about, None, Item::new(), error)
        })?;
        if let Some(data) = record.get_mut("kinesis").and_then(|kinesis| kinesis.get_mut("data")) {
            *data = Value::String(STANDARD.encode(text));
        }
        Ok(record)
    }
}
