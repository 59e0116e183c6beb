//! What DynamoDB sends elsewhere: the images of stream records, and the data files of exports and imports.

mod checked;
mod data_files;
mod export_events;
mod export_file;
mod export_line;
mod export_manifest;
mod in_order;
mod json;
mod kinesis;
mod lambda;
mod lambda_records;
mod line_error;
mod lines;
mod open_manifest;
mod output;
mod record_error;
mod sdk;

use std::collections::BTreeMap;

use itemseal::ItemEncryptor;

pub use data_files::{DataFiles, LineCounts};
pub use export_events::{ExportCounts, ExportEvent};
pub use export_file::ExportFile;
pub use export_manifest::{ExportFiles, ExportManifest};
pub use lambda_records::LambdaRecords;
pub use line_error::LineError;
pub use lines::{DataLine, DataLines};
pub use record_error::RecordError;

/// Opens the images in change records of encrypted tables: those of
/// [DynamoDB Streams](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Streams.html), as the
/// SDK and as AWS Lambda give them, and of
/// [Kinesis Data Streams](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/kds.html).
///
/// New and old image are each verified and opened, and their keys compared with the record's `Keys`.
/// A record without an image (`KEYS_ONLY`) passes as it is, and so does one of a table that
/// was not given here. A record that does not open is reported in its place, and the others go on.
///
/// An image says what was written, not when: that it is the latest, or that `OldImage` came
/// before `NewImage`, nothing can verify, nor `Keys` where there is no image.
///
/// Several records are worked on at a time, on tokio's runtime: its methods panic outside of one.
///
/// ```
/// use itemseal::{Item, ItemEncryptor, RawAesKeyring, TableConfig};
/// use itemseal_aws::StreamOpener;
/// use serde_json::json;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let table = TableConfig::builder("Orders").partition_key("OrderID").build()?;
/// let orders = ItemEncryptor::new(table, RawAesKeyring::new("ns", "key-1", [7; 32])?);
/// # let image = orders.encrypt_item(Item::new().with("OrderID", "1").with("Card", "4111")).await?;
/// # let image: serde_json::Value = serde_json::from_str(&image.to_json())?;
/// let event = json!({"Records": [{
///     "eventSourceARN": "arn:aws:dynamodb:eu-west-1:111122223333:table/Orders/stream/2026-01-01T00:00:00.000",
///     "dynamodb": {"Keys": {"OrderID": {"S": "1"}}, "NewImage": image},
/// }]});
/// for record in StreamOpener::new().table("Orders", orders).open_lambda_event(event).await? {
///     match record {
///         Ok(record) => assert_eq!(record["dynamodb"]["NewImage"]["Card"]["S"], "4111"),
///         Err(error) => eprintln!("{error}"),
///     }
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, Default)]
pub struct StreamOpener {
    tables: BTreeMap<String, ItemEncryptor>,
}

impl StreamOpener {
    /// An opener that knows no table yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds an encrypted table by the name that it has in DynamoDB.
    #[must_use]
    pub fn table(mut self, name: impl Into<String>, encryptor: ItemEncryptor) -> Self {
        self.tables.insert(name.into(), encryptor);
        self
    }
}
