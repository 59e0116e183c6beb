//! The records that `GetRecords` of DynamoDB Streams answers with.

use aws_sdk_dynamodbstreams::types::Record;
use itemseal::{Item, ItemEncryptor};

use super::StreamOpener;
use super::in_order::InOrder;
use super::record_error::{About, RecordError};
use crate::rules::{open_image, table_in_arn};
use crate::sdk_items::streams::{from_sdk, to_sdk};

impl StreamOpener {
    /// Opens the images of records as
    /// [GetRecords](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_GetRecords.html)
    /// answers them, in their order. They do not say of which table they are: `table` is its name, its
    /// ARN, or the stream's ARN.
    pub async fn open_records(
        &self,
        table: &str,
        records: Vec<Record>,
    ) -> Vec<Result<Record, RecordError>> {
        let name = table_in_arn(table).unwrap_or(table);
        let Some(encryptor) = self.tables.get(name) else {
            return records.into_iter().map(Ok).collect();
        };
        let mut opened = Vec::with_capacity(records.len());
        let mut work = InOrder::new();
        let mut records = records.into_iter().peekable();
        loop {
            if !work.is_full(0)
                && let Some(record) = records.next()
            {
                work.begin(0, open_record(encryptor.clone(), name.to_owned(), record));
                continue;
            }
            let Some(result) = work.next().await else { return opened };
            opened.push(result.unwrap_or_else(|error| {
                Err(RecordError::new(About::default(), None, Item::new(), error))
            }));
        }
    }
}

async fn open_record(
    encryptor: ItemEncryptor,
    table: String,
    mut record: Record,
) -> Result<Record, RecordError> {
    let Some(change) = &mut record.dynamodb else { return Ok(record) };
    if change.new_image.is_none() && change.old_image.is_none() {
        return Ok(record);
    }
    let about = || About {
        table: Some(table.clone()),
        event_id: record.event_id.clone(),
        sequence_number: change.sequence_number.clone(),
    };
    let keys = match change.keys.clone().map(from_sdk).transpose() {
        Ok(keys) => keys,
        Err(error) => return Err(RecordError::new(about(), None, Item::new(), error)),
    };
    let about = about();
    for (what, image) in [("NewImage", &mut change.new_image), ("OldImage", &mut change.old_image)]
    {
        let Some(stored) = image.take() else { continue };
        let opened = match from_sdk(stored) {
            Ok(stored) => open_image(&encryptor, keys.as_ref(), stored).await,
            Err(error) => Err(error),
        };
        match opened {
            Ok(item) => *image = Some(to_sdk(item)),
            Err(error) => {
                let key = keys.unwrap_or_default();
                return Err(RecordError::new(about, Some(what), key, error));
            }
        }
    }
    Ok(record)
}
