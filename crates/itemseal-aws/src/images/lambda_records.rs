use serde_json::{Value, json};

use super::record_error::RecordError;

/// The records of an event of AWS Lambda, opened: each as it was but for its images, or why not, in the
/// order of the event.
#[derive(Debug)]
pub struct LambdaRecords(Vec<Result<Value, RecordError>>);

impl LambdaRecords {
    pub(super) fn new(records: Vec<Result<Value, RecordError>>) -> Self {
        Self(records)
    }

    /// The records in their order.
    pub fn iter(&self) -> std::slice::Iter<'_, Result<Value, RecordError>> {
        self.0.iter()
    }

    /// What a function answers Lambda with, so that it hands over again what did not open:
    /// `{"batchItemFailures": [{"itemIdentifier": "<SequenceNumber>"}, …]}`. The list is empty if all
    /// opened. Lambda goes by it only if the event source has `ReportBatchItemFailures` among its
    /// `FunctionResponseTypes`, and begins again at the lowest number: what comes after it is handed over
    /// again too, also what had opened.
    ///
    /// A record that does not say its sequence number has the identifier `""`, with which Lambda hands over
    /// the whole batch again.
    ///
    /// Sources: [DynamoDB](https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-batchfailurereporting.html),
    /// [Kinesis](https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-batchfailurereporting.html).
    pub fn batch_item_failures(&self) -> Value {
        let failed = self.0.iter().filter_map(|record| record.as_ref().err());
        let failures: Vec<Value> = failed
            .map(|error| json!({"itemIdentifier": error.sequence_number().unwrap_or_default()}))
            .collect();
        json!({ "batchItemFailures": failures })
    }
}

impl IntoIterator for LambdaRecords {
    type Item = Result<Value, RecordError>;
    type IntoIter = std::vec::IntoIter<Self::Item>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl<'r> IntoIterator for &'r LambdaRecords {
    type Item = &'r Result<Value, RecordError>;
    type IntoIter = std::slice::Iter<'r, Result<Value, RecordError>>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}
