//! What DynamoDB sends elsewhere: the images of stream records, and the data files of exports and imports.

mod checked;
mod data_files;
mod export_events;
mod export_file;
mod export_line;
mod export_manifest;
mod image;
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

/// The name in the ARN of a table or of its stream, `arn:aws:dynamodb:…:table/Orders/stream/…`.
fn table_in_arn(arn: &str) -> Option<&str> {
    let mut parts = arn.splitn(6, ':');
    if parts.next() != Some("arn") || parts.nth(1) != Some("dynamodb") {
        return None;
    }
    let mut resource = parts.nth(2)?.split('/');
    let is_table = resource.next() == Some("table");
    resource.next().filter(|name| is_table && !name.is_empty())
}

#[cfg(test)]
mod tests {
    use super::table_in_arn;

    #[test]
    fn the_table_of_an_arn() {
        let stream = "arn:aws:dynamodb:us-west-2:1:table/Orders/stream/2015-06-27T00:48:05.899";
        assert_eq!(table_in_arn(stream), Some("Orders"));
        assert_eq!(table_in_arn("arn:aws-cn:dynamodb:r:1:table/a.b_c"), Some("a.b_c"));
        for arn in [
            "",
            "Orders",
            "arn:aws:dynamodb:r:1:table/",
            "arn:aws:dynamodb:r:1:backup/Orders",
            "arn:aws:kinesis:r:1:stream/Orders",
            "arn:aws:dynamodb",
        ] {
            assert_eq!(table_in_arn(arn), None, "{arn}");
        }
    }
}
